"""Homes: where a person lands, and what to do next."""
