"""The rooms of announcements: of who writes them, and of who reads them."""
