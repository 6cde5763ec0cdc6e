"""The room of destroyed keys."""
