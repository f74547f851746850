"""Directions with known answers, and against SciPy's circular statistics."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import circmean, circstd

from spiralcore.analysis.network.class_directions import angles, class_directions, rose


def pointing(degrees: np.ndarray, length: float = 1.0) -> np.ndarray:
    return length * np.stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], axis=-1)


def test_angles_go_anticlockwise_from_the_first_axis() -> None:
    vectors = np.array([[2, 0], [0, 3], [-1, 0], [0, -5], [1, 1], [0, 0]])
    expected = [0, 90, 180, 270, 45, np.nan]
    np.testing.assert_allclose(angles(vectors), expected)


def test_the_mean_does_not_mind_where_the_circle_is_cut() -> None:
    found = class_directions(pointing(np.array([350.0, 10, 355, 5])), np.zeros(4, int), 1)
    assert min(found.mean[0], 360 - found.mean[0]) == pytest.approx(0, abs=1e-9)
    assert found.deviation[0] == pytest.approx(
        np.degrees(np.sqrt(-2 * np.log(0.9905012))), abs=1e-3
    )


@pytest.mark.parametrize("kappa", [0.5, 4.0, 60.0])
def test_mean_and_deviation_are_those_of_scipy(kappa: float) -> None:
    rng = np.random.default_rng(0)
    labels = np.arange(900) % 3
    degrees = np.degrees(rng.vonmises(np.array([0.2, 2.0, -3.1])[labels], kappa))
    lengths = rng.uniform(0.1, 9, (900, 1))
    found = class_directions(lengths * pointing(degrees), labels, 3)
    for k in range(3):
        own = degrees[labels == k]
        mean = circmean(own, high=360)
        assert found.mean[k] == pytest.approx(mean, abs=1e-6)
        assert found.deviation[k] == pytest.approx(circstd(own, high=360), abs=1e-6)
    assert found.points.tolist() == [300, 300, 300]
    assert found.by_mean() == sorted(range(3), key=lambda k: found.mean[k])


def test_points_at_the_origin_are_counted_and_not_hidden() -> None:
    hidden = np.concatenate([pointing(np.array([90.0, 90])), np.zeros((3, 2))])
    found = class_directions(hidden, np.array([0, 0, 0, 1, 1]), 2)
    assert found.points.tolist() == [2, 0]
    assert found.undirected.tolist() == [1, 2]
    assert found.mean[0] == pytest.approx(90)
    assert found.deviation[0] == pytest.approx(0, abs=1e-6)
    assert np.isnan(found.mean[1])
    assert np.isnan(found.deviation[1])
    assert found.by_mean() == [0, 1]


def test_opposite_points_have_no_mean() -> None:
    found = class_directions(pointing(np.array([10.0, 190])), np.zeros(2, int), 1)
    assert np.isnan(found.mean[0])
    assert found.resultant[0] == pytest.approx(0, abs=1e-9)


def test_a_rose_counts_every_direction_once() -> None:
    values = np.array([0.0, 4.999, 5.0, 359.999, 180, np.nan])
    counts = rose(values, 72)
    assert counts.sum() == 5
    assert (counts[0], counts[1], counts[36], counts[71]) == (2, 1, 1, 1)
