"""Rows of the table of `make bench`, a module for each subject."""
