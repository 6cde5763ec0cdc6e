"""Incoming letters: at the desk of the addressee, received, passed on, and told by mail."""
