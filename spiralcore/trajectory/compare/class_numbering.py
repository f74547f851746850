"""Which class of one trajectory belongs to which of another, also where one of them is turned."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import TrajectoryError
from spiralcore.trajectory.trajectory import Trajectory

Doubles = NDArray[np.float64]

MOST_TRIED = 7
"""Classes up to which all numberings are tried with a rotation: 7! = 5,040."""

STARTS = 200
"""Rotations, at random, that the search for more classes starts from."""

ROUNDS = 50


def rotation(cross: Doubles) -> Doubles:
    """The orthogonal R that maximises tr(R^T cross): U V^T of its decomposition U S V^T."""
    left, _, right = np.linalg.svd(cross)
    return np.asarray(left @ right)


def numbering(
    pairs: Doubles, fits: NDArray[np.bool_], paths: tuple[Trajectory, Trajectory], turning: bool
) -> NDArray[np.int64]:
    """Which class of the other trajectory belongs to each class of the one.

    Parameters
    ----------
    pairs
        For each class of the one and of the other the sum of the products of their points, shape
        (K, K, D, D).
    fits
        Whether they have as many points, shape (K, K).
    paths
        The trajectories, for messages.
    turning
        Whether the other may also be turned and mirrored.

    Returns
    -------
    NDArray
        A permutation, shape (K,).

    Raises
    ------
    TrajectoryError
        If classes of the one have no counterpart with as many points.
    """
    first = _assigned(np.einsum("ijdd->ij", pairs), fits, *paths)
    count, units = pairs.shape[1:3]
    if not turning:
        return first
    if count <= MOST_TRIED:
        tried = np.array(list(permutations(range(count))))
        tried = tried[fits[np.arange(count), tried].all(axis=1)]
        return np.asarray(max(tried, key=lambda p: _agreement(pairs, p)))
    rng = np.random.default_rng(0)
    starts = np.linalg.qr(rng.normal(size=(STARTS, units, units)))[0]
    starts *= rng.choice([-1.0, 1.0], size=(STARTS, 1, units))
    found = [_settled(pairs, fits, turn, paths) for turn in starts]
    return np.asarray(max([first, *found], key=lambda p: _agreement(pairs, p)))


def _agreement(pairs: Doubles, order: NDArray[np.int64]) -> float:
    """What the best rotation makes of a numbering: the sum of singular values."""
    whole = pairs[np.arange(len(order)), order].sum(axis=0)
    return float(np.linalg.svd(whole, compute_uv=False).sum())


def _settled(
    pairs: Doubles, fits: NDArray[np.bool_], turn: Doubles, paths: tuple[Trajectory, Trajectory]
) -> NDArray[np.int64]:
    """Number and turn by turns, until nothing changes."""
    found = _assigned(np.einsum("de,ijde->ij", turn, pairs), fits, *paths)
    for _ in range(ROUNDS):
        turn = rotation(pairs[np.arange(len(found)), found].sum(axis=0))
        better = _assigned(np.einsum("de,ijde->ij", turn, pairs), fits, *paths)
        if np.array_equal(better, found):
            break
        found = better
    return found


def _assigned(
    gains: Doubles, fits: NDArray[np.bool_], one: Trajectory, other: Trajectory
) -> NDArray[np.int64]:
    from scipy.optimize import linear_sum_assignment  # here, so that reading files is quick

    try:
        return np.asarray(linear_sum_assignment(np.where(fits, -gains, np.inf))[1])
    except ValueError:
        sizes = [
            ", ".join(map(str, np.bincount(path.labels, minlength=path.classes).tolist()))
            for path in (one, other)
        ]
        raise TrajectoryError(
            f"The classes of {other.source} cannot be renumbered as those of {one.source}: they "
            f"have {sizes[1]} points, and not {sizes[0]}.",
            "as many points in each class, in whatever order.",
            "compare them without the alignment 'classes'",
        ) from None


def order_of(
    ours: NDArray[np.int64], theirs: NDArray[np.int64], classes: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The n-th point of a class belongs to the n-th of the other's."""
    order = np.empty(len(ours), dtype=np.int64)
    for k, c in enumerate(classes):
        order[ours == k] = np.flatnonzero(theirs == c)
    return order
