from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiralcore.analysis.packing.class_points import Layer
from spiralcore.analysis.packing.collapse import disagreement, least_simplex_distance
from spiralcore.analysis.packing.readings import COLLAPSE, of_means
from spiralcore.registry.spaces import PLANE
from tests.analysis.configurations import polygon, simplex, turn


def collapse(
    points: np.ndarray, labels: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None
) -> dict[str, float]:
    bias = np.zeros(len(weight)) if bias is None else bias
    layer = Layer.of_arrays(points[None], labels, weight[None], bias[None])
    found = of_means(layer, PLANE, COLLAPSE)
    return {key: float(values[0]) for key, values in found._asdict().items()}


@pytest.mark.parametrize(("count", "dimension"), [(2, 1), (2, 2), (3, 2), (4, 3), (4, 7), (7, 6)])
def test_a_collapsed_simplex_is_zero_everywhere(count: int, dimension: int) -> None:
    means = 3 * simplex(count, dimension) @ turn(dimension, 5) + 10
    labels = np.arange(5 * count) % count
    weight = 0.2 * (means - 10)
    bias = -weight @ np.full(dimension, 10.0)
    found = collapse(means[labels], labels, weight, bias)
    assert found == {key: pytest.approx(0, abs=1e-7) for key in (entry.name for entry in COLLAPSE)}


def test_nc1_by_hand() -> None:
    # Class means -2 and 2: S_B = 4. Points one off on each side: S_W = 1. tr(S_W / S_B) / 2.
    points = np.array([[-3.0], [-1.0], [1.0], [3.0]])
    assert collapse(points, np.array([0, 0, 1, 1]), np.ones((2, 1)))["nc1"] == pytest.approx(1 / 8)


def test_nc1_is_the_trace_with_the_pseudo_inverse() -> None:
    rng = np.random.default_rng(0)
    for count, dimension in ((3, 5), (6, 2), (4, 4)):
        labels = np.repeat(np.arange(count), 30)
        points = rng.normal(size=(count, dimension))[labels] + 0.3 * rng.normal(
            size=(len(labels), dimension)
        )
        means = np.array([points[labels == k].mean(axis=0) for k in range(count)])
        away = points - means[labels]
        within = away.T @ away / len(points)
        between = np.cov(means.T, bias=True)
        wanted = np.trace(within @ np.linalg.pinv(between, hermitian=True, rcond=1e-10)) / count
        weight = np.zeros((count, dimension))
        assert collapse(points, labels, weight)["nc1"] == pytest.approx(wanted)


def test_scatter_where_class_means_do_not_differ_counts_not() -> None:
    points = np.array([[-3.0, 5.0], [-1.0, -5.0], [1.0, -5.0], [3.0, 5.0]])
    assert collapse(points, np.array([0, 0, 1, 1]), np.ones((2, 2)))["nc1"] == pytest.approx(1 / 8)


def test_equal_class_means_have_no_nc1() -> None:
    points = np.array([[-1.0], [1.0], [-1.0], [1.0]])
    found = collapse(points, np.array([0, 0, 1, 1]), np.ones((2, 1)))
    assert np.isnan([found["nc1"], found["nc2_equinorm"], found["nc2_simplex_angle"]]).all()


def test_random_labels_are_far_from_collapse() -> None:
    rng = np.random.default_rng(2)
    points, labels = rng.normal(size=(3000, 2)), rng.integers(0, 3, size=3000)
    found = collapse(points, labels, rng.normal(size=(3, 2)))
    assert found["nc1"] > 100
    assert found["nc4"] > 0.4


@pytest.mark.parametrize("count", range(4, 10))
def test_regular_polygons_are_as_close_to_a_simplex_as_the_plane_allows(count: int) -> None:
    corners = polygon(count)
    found = collapse(corners, np.arange(count), corners)
    cosines = np.cos(2 * np.pi * np.arange(1, count) / count)
    assert found["nc2_equinorm"] == pytest.approx(0, abs=1e-9)
    assert found["nc2_equiangular"] == pytest.approx(cosines.std())
    assert found["nc2_simplex_angle"] == pytest.approx(np.abs(cosines + 1 / (count - 1)).mean())
    least = least_simplex_distance(count, 2)
    assert found["nc2_simplex_distance"] == pytest.approx(least)
    assert found["nc3"] == pytest.approx(0, abs=1e-12)


@given(seed=st.integers(0, 10_000), count=st.integers(2, 9), dimension=st.integers(1, 5))
def test_no_arrangement_is_closer_to_a_simplex(seed: int, count: int, dimension: int) -> None:
    means = np.random.default_rng(seed).normal(size=(count, dimension))
    found = collapse(means, np.arange(count), means)
    assert found["nc2_simplex_distance"] >= least_simplex_distance(count, dimension) - 1e-9


def test_nc3_by_hand() -> None:
    corners = simplex(3, 2)
    labels = np.arange(3)
    assert collapse(corners, labels, 4 * corners)["nc3"] == pytest.approx(0)
    assert collapse(corners, labels, -corners)["nc3"] == pytest.approx(4)
    across = corners @ np.array([[0.0, 1.0], [-1.0, 0.0]])
    assert collapse(corners, labels, across)["nc3"] == pytest.approx(2)


def test_an_epoch_without_a_head_leaves_the_others_alone() -> None:
    points = np.array([[-1.0], [1.0]])
    twice, weight = np.stack([points, points]), np.ones((2, 2, 1)) * np.array([[-1.0], [1.0]])
    bias = np.array([[0.0, 0.0], [np.nan, 0.0]])
    found = disagreement(Layer.of_arrays(twice, np.array([0, 1]), weight, bias), PLANE)
    np.testing.assert_array_equal(found, [0.0, np.nan])


def test_nc4_counts_where_head_and_nearest_mean_differ() -> None:
    points = np.array([[-2.0], [0.5], [1.0], [3.0]])
    labels = np.array([0, 0, 1, 1])
    # Means -0.75 and 2, halfway 0.625. The head's border is at 0.75, then at 0.2.
    weight = np.array([[-1.0], [1.0]])
    assert collapse(points, labels, weight, np.array([0.75, -0.75]))["nc4"] == 0
    assert collapse(points, labels, weight, np.array([0.2, -0.2]))["nc4"] == 1 / 4


@given(seed=st.integers(0, 10_000), dimension=st.integers(1, 4))
def test_turning_shifting_scaling_and_renaming_changes_nothing(seed: int, dimension: int) -> None:
    rng = np.random.default_rng(seed)
    points, labels = rng.normal(size=(40, dimension)), np.arange(40) % 4
    weight, bias = rng.normal(size=(4, dimension)), rng.normal(size=4)
    turned, shift = turn(dimension, seed), rng.normal(size=dimension)
    renamed = rng.permutation(4)
    order = rng.permutation(40)
    before = collapse(points, labels, weight, bias)
    moved = 5 * points @ turned + shift
    new_weight = (weight @ turned)[np.argsort(renamed)]
    new_bias = (5 * bias - (weight @ turned) @ shift)[np.argsort(renamed)]
    after = collapse(moved[order], renamed[labels][order], new_weight, new_bias)
    assert after == {key: pytest.approx(value, rel=1e-6, abs=1e-7) for key, value in before.items()}
