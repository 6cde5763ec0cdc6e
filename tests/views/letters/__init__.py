"""Tests of the screens of letters."""
