"""The page of what the one search box found."""
