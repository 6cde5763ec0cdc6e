"""Accounts of thousands of agencies: lacking, made, filled in a workbook, counted by state."""
