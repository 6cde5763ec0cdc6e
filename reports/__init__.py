"""Data in, bytes out: letters, summaries, posters, spreadsheets; no session, no request."""
