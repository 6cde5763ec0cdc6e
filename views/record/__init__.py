"""Screens of the record of changes."""
