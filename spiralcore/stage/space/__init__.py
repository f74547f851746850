"""Layers of three units, in perspective."""
