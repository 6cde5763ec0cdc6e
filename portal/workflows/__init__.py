"""Transition tables, one file per thing that has a state."""
