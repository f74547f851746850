"""What one may name in settings: one entry for each."""
