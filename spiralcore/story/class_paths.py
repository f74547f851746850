"""What each class does at every kept epoch: where it is, how much land it has, how right it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from spiralcore.story.land import land
from spiralcore.story.places import Places, in_units
from spiralcore.trajectory.play.borders import owners
from spiralcore.trajectory.play.motion import panel_widths
from spiralcore.trajectory.trajectory import Trajectory

Doubles = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ClassPaths:
    """T kept epochs, K classes, D units.

    Attributes
    ----------
    epochs
        Shape (T,).
    shown
        The classes that have points, in order.
    means
        In the units of `Places`, shape (T, K, D); NaN for classes without points.
    right
        Share of the points of each class that the read-out puts into it, shape (T, K). NaN where
        the read-out was not recorded.
    land
        Share of the space, shape (T, K), see `spiralcore.story.land`.
    places
        Of the space; None where they have no names.
    """

    epochs: NDArray[np.int64]
    shown: tuple[int, ...]
    means: Doubles
    right: Doubles
    land: Doubles
    places: Places | None

    def others_right(self, label: int) -> Doubles:
        """Mean accuracy of all other classes, shape (T,)."""
        others = [other for other in self.shown if other != label]
        if not others:
            return np.full(len(self.epochs), np.nan)
        return np.asarray(self.right[:, others].mean(axis=1))


@lru_cache(maxsize=2)
def class_paths(trajectory: Trajectory) -> ClassPaths:
    """Measure a trajectory."""
    path = trajectory
    shown = tuple(np.unique(path.labels).tolist())
    means = np.full((len(path.epochs), path.classes, path.units), np.nan)
    right = np.full((len(path.epochs), path.classes), np.nan)
    predicted = None
    if path.knows_readout:
        predicted = owners(path.hidden, path.readout_weight, path.readout_bias)
    for label in shown:
        own = path.labels == label
        means[:, label] = path.hidden[:, own].mean(axis=1)
        if predicted is not None:
            right[:, label] = (predicted[:, own] == label).mean(axis=1)
    widths = panel_widths(path.hidden, path.space)
    return ClassPaths(
        path.epochs,
        shown,
        in_units(means, path.space, widths),
        right,
        land(path),
        Places.of(path.space, path.units),
    )
