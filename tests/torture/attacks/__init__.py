"""What is wrong with files, numbers and names, and what readers and films make of it."""
