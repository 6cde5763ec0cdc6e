"""What ``make bench`` measures: the work of the portal beside the physical limit of the same work."""
