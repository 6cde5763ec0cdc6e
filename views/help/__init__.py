"""The guides as a person reads them, and the "?" of every screen."""
