"""Rounds: made, dated, opened, closed."""
