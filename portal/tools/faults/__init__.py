"""``make faults``: everything is broken while people answer; each acknowledged answer counts exactly once."""
