"""A trajectory at many epochs at once, and at which epochs two of them can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import TrajectoryError
from spiralcore.trajectory.trajectory import Trajectory
from spiralcore.trajectory.unrecorded import is_unknown, unknown

Floats = NDArray[np.float32]

BLOCK = 64
"""Epochs that are looked at together: many enough to be quick, few enough for any memory."""


@dataclass(frozen=True, eq=False)
class SharedEpochs:
    """Epochs at which two trajectories can be compared.

    Attributes
    ----------
    epochs
        Increasing, shape (T,).
    margins
        How far the straight lines of those that did not keep the epoch may be from their runs,
        as a part of the panel's width, shape (T,).
    common
        How many of them both have kept.
    """

    epochs: NDArray[np.int64]
    margins: NDArray[np.float64]
    common: int

    def blocks(self) -> Iterator[NDArray[np.int64]]:
        """The epochs in portions of `BLOCK` at most."""
        for start in range(0, len(self.epochs), BLOCK):
            yield self.epochs[start : start + BLOCK]


def shared_epochs(one: Trajectory, other: Trajectory) -> SharedEpochs:
    """Find the epochs at which two trajectories can be compared.

    These are all that one of them has kept, as far as both reach. Where a trajectory has not
    kept an epoch it is on the straight line between its neighbours, and the margin there is the
    largest error that it states of its straight lines (`Fidelity.max`). One that states none is
    compared at the epochs that it has kept, and no others.

    Raises
    ------
    TrajectoryError
        If there is no such epoch.
    """
    low = max(one.epochs[0], other.epochs[0])
    high = min(one.epochs[-1], other.epochs[-1])
    either = np.union1d(one.epochs, other.epochs)
    either = either[(either >= low) & (either <= high)]
    margins = np.zeros(len(either))
    usable = np.ones(len(either), dtype=bool)
    common = np.ones(len(either), dtype=bool)
    for path in (one, other):
        between = ~np.isin(either, path.epochs)
        common &= ~between
        if path.fidelity is None:
            usable &= ~between
        else:
            margins += np.where(between, path.fidelity.max, 0.0)
    if not usable.any():
        raise TrajectoryError(
            f"{one.source} and {other.source} cannot be compared: they have no kept epoch in "
            f"common, {one.epochs[0]:,} to {one.epochs[-1]:,} and {other.epochs[0]:,} to "
            f"{other.epochs[-1]:,}.",
            "a common epoch, or files that state their 'fidelity' and overlap.",
        )
    return SharedEpochs(either[usable], margins[usable], int(common.sum()))


def values_at(path: Trajectory, values: Floats, epochs: NDArray[np.int64]) -> Floats:
    """Values of an array of the kept epochs, shape (T, ...), at other epochs of the run.

    At a kept epoch they are exactly what was kept, between two of them on the straight line. What
    was not recorded stays so.
    """
    if is_unknown(values):
        return unknown(len(epochs), *values.shape[1:])
    after = np.clip(np.searchsorted(path.epochs, epochs), 0, len(path.epochs) - 1)
    kept = path.epochs[after] == epochs
    if kept.all():
        return values[after]
    before = np.maximum(after - 1, 0)
    steps = np.maximum(path.epochs[after] - path.epochs[before], 1)
    share = np.where(kept, 1.0, (epochs - path.epochs[before]) / steps).astype(np.float32)
    share = share.reshape(-1, *([1] * (values.ndim - 1)))
    return np.asarray(values[before] * (1 - share) + values[after] * share)


def part(path: Trajectory, first: int, last: int) -> Trajectory:
    """The epochs of a run from a first to a last one, as if no others were known.

    Where one of these two was not kept, it is on the straight line between its neighbours.
    """
    inner = path.epochs[(path.epochs > first) & (path.epochs < last)]
    epochs = np.unique(np.concatenate([[first], inner, [last]]))
    hidden = values_at(path, path.hidden, epochs)
    known = None if path.parameter_epochs is None else path.parameter_epochs <= last
    return replace(
        path,
        epochs=epochs,
        hidden=hidden,
        hidden_mean=_means_of_part(path, epochs, hidden),
        readout_weight=values_at(path, path.readout_weight, epochs),
        readout_bias=values_at(path, path.readout_bias, epochs),
        layers={layer: values_at(path, values, epochs) for layer, values in path.layers.items()},
        cross_entropy=path.cross_entropy[: last + 1],
        loss=path.loss[: last + 1],
        accuracy=path.accuracy[: last + 1],
        counts=None if path.counts is None else path.counts[: last + 1],
        parameters=_some(path.parameters, known),
        parameter_epochs=_some(path.parameter_epochs, known),
    )


def _some(values: NDArray[Any] | None, known: NDArray[np.bool_] | None) -> NDArray[Any] | None:
    """Rows of an array; None where that leaves none."""
    return None if values is None or known is None or not known.any() else values[known]


def _means_of_part(path: Trajectory, epochs: NDArray[np.int64], hidden: Floats) -> Floats | None:
    """Means since the epoch before: recorded ones where both ends were kept, else of the line."""
    if path.hidden_mean is None:
        return None
    means = hidden.copy()
    steps = np.diff(epochs)
    late = ((steps + 1) / (2 * steps)).astype(np.float32)[:, None, None]
    means[1:] = hidden[:-1] * (1 - late) + hidden[1:] * late
    at = np.minimum(np.searchsorted(path.epochs, epochs), len(path.epochs) - 1)
    kept = path.epochs[at] == epochs
    recorded = kept & np.concatenate([[True], kept[:-1]])
    means[recorded] = path.hidden_mean[at[recorded]]
    return means
