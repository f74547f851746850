"""One number that says how well classes are packed, at each kept epoch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.optima.containers import container_of, directions_of
from spiralcore.analysis.optima.table import is_tabled
from spiralcore.analysis.packing.class_points import Layer
from spiralcore.analysis.packing.metrics import leading
from spiralcore.analysis.packing.readings import best_of, of_means
from spiralcore.trajectory import Trajectory


def closeness_name(trajectory: Trajectory) -> str:
    """What `closeness` is; nothing where it is unknown.

    It is unknown where fewer than two classes have points, and where the best packing is not in
    the table of the best ones.
    """
    container = container_of(trajectory.space) or directions_of(trajectory.space)
    count = len(np.unique(trajectory.labels))
    if count < 2 or not is_tabled(container, trajectory.units, count):
        return ""
    return f"{leading(trajectory.space).about}, as a part of the largest possible"


def closeness(trajectory: Trajectory) -> NDArray[np.float64]:
    """How near the class means come to the best packing at each kept epoch.

    Returns
    -------
    NDArray
        Shape (T,): 1 is the best possible, NaN where it is undefined or unknown.
    """
    if not closeness_name(trajectory):
        return np.full(len(trajectory.epochs), np.nan)
    space, metric = trajectory.space, leading(trajectory.space)
    layer = Layer.of_trajectory(trajectory, slice(None))
    own = of_means(layer, space, [metric])
    return np.asarray(own.parts_of(best_of(layer, space))[metric.name])
