"""Accounts in bulk: made, filled in a workbook, listed by state, printed on slips."""
