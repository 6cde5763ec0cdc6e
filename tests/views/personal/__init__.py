"""Tests of the room of personal data."""
