"""What of a record is in its file, where all of it is too much."""
