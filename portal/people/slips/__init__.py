"""Slips with one-time codes: ordered, made, kept sealed for a day, handed over and signed for."""
