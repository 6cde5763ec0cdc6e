"""Survey links, posters and minimum samples."""
