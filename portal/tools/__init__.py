"""Command lines, demonstration, drill and bench: may import everything, imported by nobody."""
