"""What should not hurt: the parts of `make torture`, and a short form of each."""
