"""Measuring what a network does to space. Needs NumPy and SciPy only."""
