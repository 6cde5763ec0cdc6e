"""How far the assessment has come."""
