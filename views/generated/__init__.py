"""The base of generated screens."""
