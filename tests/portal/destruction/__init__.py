"""The service of destroyed keys."""
