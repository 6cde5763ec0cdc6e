"""Signed-out pages that are not surveys."""
