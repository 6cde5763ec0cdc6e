"""What is proved beside the password: apps, passkeys, recovery codes."""
