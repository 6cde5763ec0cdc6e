"""Screens of the OIT checklist."""
