"""What the explaining film says of networks that have learned: each fact is computed."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.optima.arrangement import Quantity
from spiralcore.analysis.optima.containers import container_of, directions_of
from spiralcore.analysis.optima.table import is_tabled, optimum
from spiralcore.analysis.packing.convex_hulls import hull_to_hull
from spiralcore.analysis.packing.metrics import leading
from spiralcore.analysis.packing.over_epochs import measure
from spiralcore.story.corners import cornerless, corners_of
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.unrecorded import is_unknown

Doubles = NDArray[np.float64]

RIGHT = 0.99
"""Accuracy from which on a network is said to tell its classes apart."""

AT_WALL, MIDDLE = 0.9, 0.5
"""A class lies at a wall whose mean is farther out than the first part of the way there; the middle
is empty that no mean is nearer to than by the second."""

RIM = 0.75
"""Distance from the middle of a disk from which on a class mean belongs to a ring."""

FANNED = 10.0
"""Degrees between the directions of two classes at least that are fanned out."""

WELL = 0.8
"""Part of the best possible from which on a network is said to pack."""


def accuracy(path: Trajectory) -> float:
    """Share of the points that are right in the end; NaN where it was not recorded."""
    return float("nan") if is_unknown(path.accuracy) else float(path.accuracy[-1])


def is_tangled(path: Trajectory) -> bool:
    """Whether no straight line separates any two classes: their convex hulls meet."""
    if path.inputs.shape[1] != 2:
        return False
    groups = [path.inputs[path.labels == label] for label in np.unique(path.labels)]
    pairs = list(combinations(groups, 2))
    return bool(pairs) and all(hull_to_hull(a, b).distance == 0 for a, b in pairs)


def class_means(path: Trajectory) -> Doubles:
    """Means of the classes that have points in the end, shape (K, 2)."""
    final = path.hidden[-1].astype(np.float64)
    return np.array([final[path.labels == label].mean(axis=0) for label in np.unique(path.labels)])


def fills_corners(path: Trajectory) -> bool:
    """Whether there are as many classes as corners, and each has its own."""
    places = corners_of(path)
    shown = len(np.unique(path.labels))
    return places is not None and shown == len(places.names) and not cornerless(path)


def is_opposite(path: Trajectory) -> bool:
    """Whether two classes lie in opposite corners."""
    places, means = corners_of(path), class_means(path)
    if places is None or len(means) != 2 or cornerless(path):
        return False
    one, other = np.sign(means - _centre(path))
    return bool((one == -other).all())


def _centre(path: Trajectory) -> float:
    space = path.space
    assert space.lower is not None
    assert space.upper is not None
    return (space.lower + space.upper) / 2


def lines_walls(path: Trajectory) -> bool:
    """Whether all classes of a square lie along its walls, and none in the middle."""
    if corners_of(path) is None:
        return False
    half = (path.space.upper or 0.0) - _centre(path)
    reach = np.abs((class_means(path) - _centre(path)) / half).max(axis=1)
    return bool((reach >= AT_WALL).all() and (reach > MIDDLE).all())


def makes_ring(path: Trajectory) -> bool:
    """Whether all classes of a disk lie around its middle."""
    if not path.space.is_round or path.units != 2:
        return False
    return bool((np.linalg.norm(class_means(path), axis=1) >= RIM).all())


def fans_out(path: Trajectory) -> bool:
    """Whether classes of a quadrant have directions of their own, but for one at the origin."""
    space = path.space
    if space.bounded or space.lower is None or path.units != 2:
        return False
    means = class_means(path)
    lengths = np.linalg.norm(means, axis=1)
    away = means[lengths > 0.1 * lengths.max()]
    angles = np.sort(np.degrees(np.arctan2(away[:, 1], away[:, 0])))
    return len(away) >= max(len(means) - 1, 2) and bool((np.diff(angles) >= FANNED).all())


def nearness(path: Trajectory) -> float:
    """How near the closest two come to the best possible; NaN where that is not known."""
    space, classes = path.space, len(np.unique(path.labels))
    container = container_of(space) or directions_of(space)
    if classes < 2 or path.shown is not None or not is_tabled(container, path.units, classes):
        return float("nan")
    return float(measure(path, kept=slice(-1, None)).part(leading(space))[-1])


def closest(path: Trajectory) -> float:
    """Distance of the closest two class means, as a part of the largest that two can have."""
    pairs = combinations(class_means(path), 2)
    return float(min(np.linalg.norm(a - b) for a, b in pairs)) / _best(path, 2)


def best_closest(path: Trajectory) -> float:
    """The same of the best possible arrangement; NaN where that is not in the table."""
    return _best(path, len(np.unique(path.labels))) / _best(path, 2)


def _best(path: Trajectory, count: int) -> float:
    container = container_of(path.space)
    if container is None or count < 2 or not is_tabled(container, path.units, count):
        return float("nan")
    return optimum(Quantity.DISTANCE, container, path.units, count).value
