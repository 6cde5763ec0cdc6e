"""What people do, one file per errand: verbs that flush and never commit."""
