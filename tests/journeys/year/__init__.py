"""The acts of a new year, one module per part of it; tests/journeys/test_new_year.py plays them."""
