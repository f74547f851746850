"""From frames to files of each format."""
