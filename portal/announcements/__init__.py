"""Announcements of the back office: written and sent, read and acknowledged at desks."""
