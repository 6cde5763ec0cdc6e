"""Words of an opened round that are corrected, and what is no correction."""
