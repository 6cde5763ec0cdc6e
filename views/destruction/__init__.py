"""The room of destroyed keys: what is written down after a round, its paper, and its corrections."""
