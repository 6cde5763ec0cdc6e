"""Tests of the room of who chases."""
