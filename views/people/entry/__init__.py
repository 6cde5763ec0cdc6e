"""Coming in: signing in, activation, forgotten passwords, the second step."""
