"""Mutants: small faults put into a rule on purpose, to see whether a test notices. See docs/testing.md."""
