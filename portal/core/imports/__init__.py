"""Readers of workbooks and CSV files: dry run, then apply."""
