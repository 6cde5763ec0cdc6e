"""The screens of what is watched."""
