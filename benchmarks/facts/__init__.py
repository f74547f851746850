"""What is measured once for the docs and the tables that ship: agreement, packings, colours."""
