"""A draft's content, changed step by step on screen; each step can be taken back."""
