from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiralcore.analysis.packing.nearest_in_hull import is_nearest, nearest_weights, wolfe_weights


@given(seed=st.integers(0, 10_000), count=st.integers(1, 14), dimension=st.integers(1, 8),
       kind=st.sampled_from(["cloud", "lattice", "corners", "repeated", "flat"]))  # fmt: skip
def test_both_algorithms_end_at_the_same_closest_point(
    seed: int, count: int, dimension: int, kind: str
) -> None:
    rng = np.random.default_rng(seed)
    points = {
        "cloud": rng.normal(size=(count, dimension)) + rng.normal(size=dimension),
        "lattice": rng.integers(-2, 3, size=(count, dimension)) + 0.5,
        "corners": rng.choice([-1.0, 1.0], size=(count, dimension)) + 0.5,
        "repeated": np.repeat(rng.normal(size=(count, dimension)), 3, axis=0),
        "flat": rng.normal(size=(count, dimension)) * ([1.0] + [0.0] * (dimension - 1)) + 1,
    }[kind]
    size = float(np.abs(points).max())
    found = [solve(points) for solve in (nearest_weights, wolfe_weights)]
    for weights in found:
        assert weights.min() >= 0
        assert weights.sum() == pytest.approx(1, abs=1e-12)
        # The proof: nothing lies farther against it.
        assert is_nearest(weights @ points, points, size, 1e-10)
    assert found[0] @ points == pytest.approx(found[1] @ points, abs=1e-8 * size)


def test_the_check_refuses_what_is_not_closest() -> None:
    points = np.array([[1.0, -1.0], [1.0, 1.0]])
    assert is_nearest(np.array([1.0, 0.0]), points, 1.0, 1e-10)
    assert not is_nearest(np.array([1.0, 1e-3]), points, 1.0, 1e-10)
    assert is_nearest(np.zeros(2), np.vstack([points, -points]), 1.0, 1e-10)


def test_where_least_squares_alone_stop_too_early() -> None:
    """Margins of six points in the cube: 30 vectors of 18 numbers that depend on each other."""
    means = np.array([
        [-1, -1, 1], [1, -1, 1], [1, 1, 1], [-1, 1, -1], [1, -1, -1], [-1, -1, -1],
    ], dtype=float)  # fmt: skip
    rng = np.random.default_rng(0)
    right, wrong = np.nonzero(~np.eye(6, dtype=bool))
    for _ in range(40):
        features = means[rng.permutation(6)] * rng.choice([-1.0, 1.0], size=3)
        vectors = np.zeros((30, 6, 3))
        vectors[np.arange(30), right] = features[right]
        vectors[np.arange(30), wrong] = -features[right]
        flat = vectors.reshape(30, -1)
        assert is_nearest(nearest_weights(flat) @ flat, flat, 1.0, 1e-10)
