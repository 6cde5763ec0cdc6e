"""The record of changes: its check."""
