"""Signing in, accounts and rights."""
