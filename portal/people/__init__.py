"""Accounts, rights and what is done with them."""
