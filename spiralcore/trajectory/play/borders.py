"""Whose the places of a space are: what a read-out gives to each class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spiralcore.trajectory.play.probes import probes_of
from spiralcore.trajectory.trajectory import Trajectory

Floats = NDArray[np.float32]

PROBES = 300
"""Places at which it is asked whose they are."""

NEAR = 1 << 17
"""Logits that are computed at a time, so that they stay in near memory."""


def owners(places: Floats, weight: Floats, bias: Floats) -> NDArray[np.int64]:
    """The class with the largest logit at each place, at each of T epochs.

    Parameters
    ----------
    places
        The same at all epochs, shape (P, D), or others at each, shape (T, P, D).
    weight, bias
        Read-outs, shapes (T, K, D) and (T, K).

    Returns
    -------
    NDArray
        Shape (T, P); the first class where several are the largest.
    """
    count, classes = bias.shape
    found = np.zeros((count, places.shape[-2]), np.int64)
    block = max(NEAR // (classes * places.shape[-2]), 1)
    for start in range(0, count, block):
        some = slice(start, start + block)
        asked = places if places.ndim == 2 else places[some]
        logits = weight[some] @ np.swapaxes(asked, -1, -2) + bias[some, :, None]
        best, owner = logits[:, 0], found[some]
        # Class by class: to look for the largest of a few numbers takes NumPy far longer.
        for label in range(1, classes):
            np.putmask(owner, logits[:, label] > best, label)
            best = np.maximum(best, logits[:, label])
    return found


class Borders:
    """Whose the places of a space are, so that it can be told how much of it changes hands.

    Parameters
    ----------
    trajectory
        Its read-out decides; where that was not recorded nothing ever changes hands.
    count
        How many places are asked for, see `probes_of`.
    """

    def __init__(self, trajectory: Trajectory, count: int = PROBES) -> None:
        self._known = trajectory.knows_readout
        self._bounded = trajectory.space.bounded
        probes = probes_of(trajectory.space, trajectory.units, count)
        self._probes = probes.astype(np.float32)

    def owners(self, weight: Floats, bias: Floats, widths: Floats) -> NDArray[np.int64]:
        """The class that owns each place, of the part of the space that a panel shows.

        Parameters
        ----------
        weight, bias
            Read-outs at T epochs, shapes (T, K, D) and (T, K).
        widths
            Of the panel, shape (T,).

        Returns
        -------
        NDArray
            Shape (T, P).
        """
        if not self._known:
            return np.zeros((len(bias), 1), np.int64)
        bounded, probes = self._bounded, self._probes
        return owners(probes if bounded else widths[:, None, None] * probes, weight, bias)
