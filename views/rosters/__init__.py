"""Screens of rosters."""
