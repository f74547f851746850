"""Comparing two trajectories."""
