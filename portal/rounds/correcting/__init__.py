"""Words of an opened round that were spelt wrong: corrected, recorded, shown; nothing else changes."""
