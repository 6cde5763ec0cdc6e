"""The acts of the main journey, one module per room; tests/journeys/test_main_journey.py plays them."""
