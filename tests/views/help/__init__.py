"""Tests of the screens of help."""
