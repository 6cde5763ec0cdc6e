"""One search box over everything in scope."""
