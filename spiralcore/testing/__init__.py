"""Snapshot tests of trajectories."""
