"""What is asked in two years laid side by side, and what of it may be compared."""
