"""Rosters of external stakeholders: read, kept, imported, shown."""
