"""Talks: films as slides, with notes that say what to see and pauses where it happens."""
