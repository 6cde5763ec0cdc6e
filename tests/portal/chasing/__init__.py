"""Tests of who chases late agencies."""
