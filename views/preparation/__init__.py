"""Screens of the four steps."""
