"""Slips: who gets one, what is stored, what is kept sealed, and when it goes."""
