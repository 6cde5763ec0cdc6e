"""Readers of workbooks and CSV files: dry run, then apply."""

import os

# openpyxl takes lxml where it is installed (pyHanko brings it), whose parser passes over entities in silence;
# defusedxml refuses them. Read before openpyxl is imported, here and in the process that reads workbooks.
os.environ["OPENPYXL_LXML"] = "False"
