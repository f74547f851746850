"""The explorer of a trajectory as a widget of a notebook."""
