"""Screens of status."""
