"""Chasing: which agencies lack what now, how to reach them, what they promised, and texts to send them."""
