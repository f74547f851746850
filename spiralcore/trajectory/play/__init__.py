"""A trajectory over film time: its timeline, its smoothed path, its view."""
