"""Languages of captions: one file each, all with the same sentences."""
