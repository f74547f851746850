"""The explorer of a file that is still being written, for a browser on this machine."""
