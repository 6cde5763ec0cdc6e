"""A form that was sent: its page and desk, its version, and what was typed on it, which is never lost."""
