"""The room of certificates."""
