"""Stays: from when to when something is so, without what only trembles."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEAST_EPOCHS, LEAST_SHARE = 10, 0.02
"""A stay lasts for so many epochs, and for such a part of the epoch at which it begins."""

PLACE_SHARE = 0.2
"""The same part for a stay at a place, between two moves."""


class Stay(NamedTuple):
    """From a kept epoch to another, both included.

    Attributes
    ----------
    first, last
        Their indices.
    state
        What is so.
    """

    first: int
    last: int
    state: int


def nearest(distances: NDArray[np.float64], epochs: NDArray[np.int64], lead: float) -> list[Stay]:
    """Which of several things is nearest, and changes only where another one is clearly nearer.

    Parameters
    ----------
    distances
        Shape (T, L).
    epochs
        Shape (T,).
    lead
        How much nearer the other one has to be.
    """
    state = int(distances[0].argmin())
    states = np.empty(len(distances), np.int64)
    best = distances.argmin(axis=1)
    for i, at in enumerate(best.tolist()):
        if at != state and distances[i, at] < distances[i, state] - lead:
            state = at
        states[i] = state
    return lasting(states, epochs, PLACE_SHARE)


def within(
    values: NDArray[np.float64], epochs: NDArray[np.int64], low: float, high: float
) -> list[Stay]:
    """When values are high: state 1 from ``high`` up until they fall below ``low``, else 0."""
    state = int(values[0] >= high)
    states = np.empty(len(values), np.int64)
    for i, value in enumerate(values.tolist()):
        if value >= high:
            state = 1
        elif value < low:
            state = 0
        states[i] = state
    return lasting(states, epochs)


def lasting(
    states: NDArray[np.int64], epochs: NDArray[np.int64], share: float = LEAST_SHARE
) -> list[Stay]:
    """Stays of states, shape (T,), without those that do not last; the state before then goes on.

    The last one counts however short it is, and so does the first.
    """
    starts = np.flatnonzero(np.diff(states, prepend=states[0] - 1))
    ends = [*(starts[1:] - 1).tolist(), len(states) - 1]
    stays: list[Stay] = []
    for first, last in zip(starts.tolist(), ends, strict=True):
        state, final = int(states[first]), last == len(states) - 1
        after = epochs[min(last + 1, len(epochs) - 1)]
        long = after - epochs[first] >= max(LEAST_EPOCHS, share * epochs[first])
        if stays and (stays[-1].state == state or not (long or final)):
            stays[-1] = stays[-1]._replace(last=last)
        else:
            stays.append(Stay(first, last, state))
    return stays
