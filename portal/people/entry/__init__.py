"""How people come in: with a slip, after a lost password, by a mail."""
