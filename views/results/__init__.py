"""Screens of results."""
