"""The machine: files that appear whole, archives, locks, worker processes."""
