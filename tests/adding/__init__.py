"""What CONTRIBUTING says of additions is true: they touch the files it names, and work."""
