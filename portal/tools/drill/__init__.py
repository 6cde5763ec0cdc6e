"""The scripted walk through a whole assessment, counted against its own plan (``make drill``)."""
