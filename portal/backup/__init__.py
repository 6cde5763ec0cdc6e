"""Backups of the portal without any key, sealed to their holder, and the way back."""
