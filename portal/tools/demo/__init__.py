"""Demonstration data: content of a round, a registry, accounts."""
