"""Long work outside a request: the job table, its worker and the kinds of work."""
