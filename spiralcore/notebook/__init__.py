"""Trajectories and films inside a notebook."""
