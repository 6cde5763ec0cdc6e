"""The four steps of an agency before its surveys."""
