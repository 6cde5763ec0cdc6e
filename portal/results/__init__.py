"""Scores and grades of a round."""
