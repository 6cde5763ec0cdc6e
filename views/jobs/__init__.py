"""Long work as its person sees it."""
