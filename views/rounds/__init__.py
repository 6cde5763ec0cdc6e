"""Screens of rounds."""
