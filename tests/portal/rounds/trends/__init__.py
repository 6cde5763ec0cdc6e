"""What two years have in common."""
