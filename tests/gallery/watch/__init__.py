"""A file that grows, followed in the page."""
