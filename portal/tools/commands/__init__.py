"""The command line, one file per subject; composed in run.py."""
