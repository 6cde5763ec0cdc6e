"""Official letters: ordered, made, kept."""
