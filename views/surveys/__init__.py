"""The survey links of an agency."""
