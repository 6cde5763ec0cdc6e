"""What a round asks and by which rules, as plain data: read from its rows, written to them, taken over."""
