"""Ridges on which the smallest distance hardly rises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiralcore.analysis.optima.arrangement import Quantity, assess
from spiralcore.analysis.optima.central_path import follow
from spiralcore.analysis.optima.containers import CONTAINERS
from spiralcore.analysis.optima.polishing import polish

CUBE = CONTAINERS["cube"]


def ridge(width: float) -> np.ndarray:
    """Twelve points whose smallest distance is sqrt(2): corners and centres of faces without two.

    The two corners beside the gap have gone along their edge by ``width``.
    """
    grid = np.array(np.meshgrid(*[[-1.0, 0.0, 1.0]] * 3)).reshape(3, -1).T
    points = grid[np.isin((grid == 0).sum(axis=1), (0, 2))]
    gone = (points == (-1, 0, 0)).all(axis=1) | (points == (0, 0, -1)).all(axis=1)
    points = points[~gone]
    beside = (points[:, 0] == -1) & (points[:, 2] == -1)
    points[beside, 1] *= 1 - width
    return points


def test_the_ridge_of_twelve_points_in_the_cube() -> None:
    # For the side 1 sqrt(2) / 2 is 0.7071067812; Gensane 2004 has 0.7071068065, and the next lower
    # top is 0.7071068030.
    inner, direct = 0.0, 0.0
    for seed in (1, 2):
        moved = ridge(0.29) + 0.1 * np.random.default_rng(seed).normal(size=(12, 3))
        start = assess(Quantity.DISTANCE, CUBE.project(moved))
        middle = assess(Quantity.DISTANCE, follow(CUBE, start.points))
        inner = max(inner, polish(Quantity.DISTANCE, CUBE, middle).value)
        direct = max(direct, polish(Quantity.DISTANCE, CUBE, start).value)
    assert 0.7071068029 < inner / 2 < 0.7071068065
    assert direct / 2 < 0.7071067990


@settings(max_examples=8)
@given(
    name=st.sampled_from(["cube", "unit_cube"]),
    seed=st.integers(0, 10_000),
    count=st.integers(2, 6),
    dimension=st.integers(1, 3),
)
def test_the_end_is_inside_and_a_top(name: str, seed: int, count: int, dimension: int) -> None:
    box = CONTAINERS[name]
    points = box.scatter(np.random.default_rng(seed), (2, count, dimension))[seed % 2]
    end = follow(box, points)
    assert (box.lower < end).all()
    assert (end < box.upper).all()
    found = assess(Quantity.DISTANCE, end)
    polished = polish(Quantity.DISTANCE, box, found)
    assert polished.value == pytest.approx(found.value, rel=1e-4)


def test_points_at_one_place_go_nowhere_or_apart() -> None:
    """Without a word of a number that is none."""
    assert np.isfinite(follow(CUBE, np.zeros((3, 2)))).all()


@pytest.mark.parametrize("count", [3, 4, 5])
def test_known_tops_in_the_square(count: int) -> None:
    known = {3: np.sqrt(24) - np.sqrt(8), 4: 2, 5: np.sqrt(2)}
    ends = []
    for seed in range(4):
        start = CUBE.scatter(np.random.default_rng(seed), (1, count, 2))[0]
        ends.append(assess(Quantity.DISTANCE, follow(CUBE, start)).value)
    assert max(ends) == pytest.approx(known[count], abs=1e-6)
