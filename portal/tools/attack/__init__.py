"""The promise, attacked: a portal of its own, robbed while its boxes are open and after they were opened."""
