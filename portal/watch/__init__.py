"""What is watched: whether the portal can serve, what it counts, and what the office sees of it."""
