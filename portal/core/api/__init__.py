"""The read-only API: who asks by a token, what is asked and answered, and how both are described."""
