"""What can be wrong with an installation, looked for one by one (``run.py check``)."""
