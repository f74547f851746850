"""An optimal arrangement, turned and numbered so that it lies closest to what was found."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product

import numpy as np
import scipy
from numpy.typing import NDArray

from spiralcore.analysis.optima.containers import Container
from spiralcore.errors import UsageError

Doubles = NDArray[np.float64]

TURNS = 200
"""Rotations and reflections, at random, that the search in round containers starts from."""

ROUNDS = 30

MOST_BOX_DIMENSIONS = 5
"""A box has 2^D D! symmetries, and all of them are tried."""


def align(points: Doubles, targets: Doubles, container: Container) -> Doubles:
    """Move an arrangement by a symmetry of its container, and give its points other numbers.

    Every optimum has many copies that are just as good. This is the copy with the smallest sum
    of squared distances to the targets; in a ball and on a sphere the smallest one that is
    reached from `TURNS` starts by numbering (Kuhn and Munkres) and turning (Schönemann 1966,
    Psychometrika 31:1) by turns. The same arrays give the same copy.

    Parameters
    ----------
    points
        The arrangement, shape (n, D).
    targets
        For example class means, shape (n, D).
    container
        Where the points are.

    Returns
    -------
    NDArray
        Shape (n, D); row k belongs to target k.

    Raises
    ------
    UsageError
        If the shapes differ, or a box has more than 5 dimensions.
    """
    if points.ndim != 2 or points.shape != targets.shape:
        raise UsageError(
            f"Points of the shape {points.shape} cannot be aligned to targets of the shape "
            f"{targets.shape}.",
            "one point for each target, (n, D) both.",
        )
    dimension = points.shape[1]
    if container.shape in ("box", "orthant"):
        if dimension > MOST_BOX_DIMENSIONS:
            raise UsageError(
                f"The symmetries of a box in {dimension} dimensions are too many to try.",
                f"at most {MOST_BOX_DIMENSIONS} dimensions.",
            )
        middle = 0.5 * (container.lower + container.upper) if container.shape == "box" else 0.0
        signs = (1.0, -1.0) if container.shape == "box" else (1.0,)
        copies = (
            _numbered(middle + (points - middle) @ turn, targets)
            for turn in _box_turns(dimension, signs)
        )
    else:
        rng = np.random.default_rng(0)
        turns = np.linalg.qr(rng.normal(size=(TURNS, dimension, dimension)))[0]
        # The factorisation fixes signs, in the plane so that all turns are reflections.
        turns *= rng.choice([-1.0, 1.0], size=(TURNS, 1, dimension))
        copies = (_settled(points, targets, turn) for turn in (np.eye(dimension), *turns))
    return min(copies, key=lambda copy: float(((copy - targets) ** 2).sum()))


def _box_turns(dimension: int, signs: tuple[float, ...]) -> Iterator[Doubles]:
    for order in permutations(range(dimension)):
        for factors in product(signs, repeat=dimension):
            yield np.eye(dimension)[list(order)] * np.array(factors)


def _settled(points: Doubles, targets: Doubles, turn: Doubles) -> Doubles:
    """Number and turn in turn, until nothing changes."""
    copy = _numbered(points @ turn, targets)
    for _ in range(ROUNDS):
        left, _, right = np.linalg.svd(copy.T @ targets)
        better = _numbered(copy @ (left @ right), targets)
        if np.allclose(better, copy, rtol=0.0, atol=1e-12):
            break
        copy = better
    return copy


def _numbered(points: Doubles, targets: Doubles) -> Doubles:
    squares = ((targets[:, None] - points[None]) ** 2).sum(axis=2)
    return np.asarray(points[scipy.optimize.linear_sum_assignment(squares)[1]])
