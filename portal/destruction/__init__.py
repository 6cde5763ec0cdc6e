"""Certificates that the keys of a round were destroyed: what the portal itself saw, and what people state."""
