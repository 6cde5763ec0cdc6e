"""Certificates of the results of agencies: released by NACC, printed by whoever may read the result."""
