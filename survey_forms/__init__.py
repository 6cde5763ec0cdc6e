"""The anonymous public forms of the surveys."""
