"""The plane in which data of any dimension are drawn."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.trajectory import Trajectory

Floats = NDArray[np.float32]

SMALL = 1024
"""Up to this size a matrix of products is decomposed whole, which finds all axes."""


class DataPlane(NamedTuple):
    """Points in the plane.

    Attributes
    ----------
    points
        Shape (N, 2): as they are where they have two coordinates, else along the two principal
        axes, about their mean.
    share
        Part of their variance that this shows; None where they are as they are.
    """

    points: Floats
    share: float | None


@lru_cache(maxsize=16)
def data_plane(trajectory: Trajectory) -> DataPlane:
    """Find the plane for the points of a trajectory.

    Principal components: Hotelling 1933, J. Educ. Psychol. 24:417. They come from the products of
    the points with each other where these are fewer than the coordinates.
    """
    inputs = trajectory.inputs
    if inputs.shape[1] == 2:
        return DataPlane(inputs, None)
    centred = inputs.astype(np.float64) - inputs.mean(axis=0, dtype=np.float64)
    whole = float((centred**2).sum())
    if whole == 0:
        return DataPlane(np.zeros((len(inputs), 2), np.float32), 1.0)
    axes = _axes(centred)
    farthest = np.abs(axes).argmax(axis=0)
    axes = axes * np.sign(axes[farthest, np.arange(axes.shape[1])])
    shown = np.zeros((len(inputs), 2))
    shown[:, : axes.shape[1]] = centred @ axes
    share = min(float((shown**2).sum()) / whole, 1.0)
    return DataPlane(shown.astype(np.float32), share)


def _axes(centred: NDArray[np.float64]) -> NDArray[np.float64]:
    """Columns of length 1, two at most, the one with most of the variance first."""
    count, size = centred.shape
    if size <= min(count, SMALL):
        return np.asarray(np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :2])
    if count <= SMALL:
        values, vectors = np.linalg.eigh(centred @ centred.T)
        kept = [i for i in (-1, -2)[:count] if values[i] > 1e-12 * values[-1]]
        axes = centred.T @ vectors[:, kept]
        return np.asarray(axes / np.linalg.norm(axes, axis=0))
    from scipy.sparse.linalg import svds  # here, so that reading files is quick

    right = svds(centred, k=2, v0=np.ones(min(count, size)))[2]
    return np.asarray(right[::-1].T)
