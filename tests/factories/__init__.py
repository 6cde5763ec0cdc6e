"""A factory per table: a row with what it needs to stand, so that a test names only what it is about."""
