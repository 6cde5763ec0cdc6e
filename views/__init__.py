"""The signed-in desks."""
