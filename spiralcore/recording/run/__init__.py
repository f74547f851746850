"""A run: what is known of each of its states, and a trajectory of all of them."""
