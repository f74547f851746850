"""Configurations whose packing is known."""

from __future__ import annotations

import numpy as np
from scipy.stats import ortho_group


def polygon(count: int, radius: float = 1.0) -> np.ndarray:
    """Corners of a regular polygon, shape (n, 2)."""
    angles = 2 * np.pi * np.arange(count) / count
    return radius * np.column_stack([np.cos(angles), np.sin(angles)])


def simplex(count: int, dimension: int) -> np.ndarray:
    """Corners of a regular simplex on the unit sphere, shape (n, D), n at most D + 1."""
    corners = np.eye(count) - 1 / count
    flat = corners @ np.linalg.svd(corners)[2][: count - 1].T
    found = np.zeros((count, dimension))
    found[:, : count - 1] = flat / np.linalg.norm(flat, axis=1, keepdims=True)
    return found


def orthoplex(count: int, dimension: int) -> np.ndarray:
    """Some corners of the cross-polytope, shape (n, D)."""
    return np.vstack([np.eye(dimension), -np.eye(dimension)])[:count]


SQUARE_CORNERS = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


def turn(dimension: int, seed: int) -> np.ndarray:
    """A rotation or reflection at random."""
    if dimension == 1:
        return np.array([[-1.0 if seed % 2 else 1.0]])
    return np.asarray(ortho_group.rvs(dimension, random_state=seed))
