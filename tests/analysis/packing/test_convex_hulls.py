from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog
from scipy.spatial import ConvexHull

from spiralcore.analysis.packing.convex_hulls import hull_to_hull, nearest_weights, point_to_hull
from tests.analysis.configurations import SQUARE_CORNERS, orthoplex, polygon, simplex, turn

coordinates = st.floats(-3, 3, allow_subnormal=False).map(lambda x: round(x, 6))


def test_a_point_beside_a_square() -> None:
    beside, before, inside = [3.0, 0.5], [2.0, 3.0], [0.5, -0.9]
    gap = point_to_hull(beside, SQUARE_CORNERS)
    assert gap.distance == pytest.approx(2, abs=1e-14)
    assert gap.first == pytest.approx(beside)
    assert gap.second == pytest.approx([1, 0.5])
    assert point_to_hull(before, SQUARE_CORNERS).distance == pytest.approx(np.sqrt(5))
    assert point_to_hull(before, SQUARE_CORNERS).second == pytest.approx([1, 1])
    assert point_to_hull(inside, SQUARE_CORNERS).distance == 0
    assert point_to_hull([1, 1], SQUARE_CORNERS).distance == 0


@pytest.mark.parametrize("dimension", range(1, 9))
def test_heights_of_simplex_and_orthoplex(dimension: int) -> None:
    corners = simplex(dimension + 1, dimension) @ turn(dimension, 1)
    assert point_to_hull(corners[0], corners[1:]).distance == pytest.approx(
        (dimension + 1) / dimension, abs=1e-12
    )
    if dimension > 1:
        crossed = orthoplex(2 * dimension, dimension)
        assert point_to_hull(crossed[0], crossed[1:]).distance == pytest.approx(1, abs=1e-12)


def test_equal_and_collinear_points() -> None:
    assert point_to_hull([0, 1], [[0, 0]] * 5).distance == 1
    assert point_to_hull([2, 2], [[2, 2]] * 3).distance == 0
    line = np.column_stack([np.arange(6.0), np.zeros(6), np.zeros(6)])
    gap = point_to_hull([2.25, 3, 4], line)
    assert gap.distance == pytest.approx(5)
    assert gap.second == pytest.approx([2.25, 0, 0])
    assert point_to_hull([7, 0, 0], line).distance == pytest.approx(2)
    assert hull_to_hull(line, line + np.array([0, 0, 3])).distance == pytest.approx(3)
    assert hull_to_hull(line, line).distance == 0
    assert hull_to_hull([[1, 1]], [[1, 1]]).distance == 0


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
def test_far_from_the_origin_and_in_any_unit(size: float) -> None:
    place = np.array([5.0, -3.0]) * size
    gap = point_to_hull(np.array([3.0, 0.0]) * size + place, polygon(4) * size + place)
    assert gap.distance == pytest.approx(2 * size, rel=1e-9)


def test_two_squares() -> None:
    gap = hull_to_hull(SQUARE_CORNERS, SQUARE_CORNERS + np.array([5, 1]))
    assert gap.distance == pytest.approx(3)
    assert gap.second - gap.first == pytest.approx([3, 0])
    assert hull_to_hull(SQUARE_CORNERS, 0.1 * SQUARE_CORNERS).distance == 0
    # A cross: no corner of one lies in the other.
    assert hull_to_hull(SQUARE_CORNERS * [9, 1], SQUARE_CORNERS * [1, 9]).distance == 0


@given(data=st.data(), dimension=st.integers(1, 4), first=st.integers(1, 7),
       second=st.integers(1, 7))  # fmt: skip
def test_the_way_between_hulls_is_proven_shortest(
    data: st.DataObject, dimension: int, first: int, second: int
) -> None:
    a = data.draw(arrays(np.float64, (first, dimension), elements=coordinates))
    b = data.draw(arrays(np.float64, (second, dimension), elements=coordinates))
    gap = hull_to_hull(a, b)
    way = gap.first - gap.second
    assert is_in_hull(gap.first, a)
    assert is_in_hull(gap.second, b)
    # No points of the two are closer: the slab between them, across the way, is that wide.
    if gap.distance > 1e-6:
        width = ((a @ way).min() - (b @ way).max()) / gap.distance
        assert width == pytest.approx(gap.distance, abs=1e-9)
    assert gap.distance == pytest.approx(np.linalg.norm(way), abs=1e-9)
    assert hull_to_hull(b, a).distance == pytest.approx(gap.distance, abs=1e-9)
    assert point_to_hull(a[0], b).distance == pytest.approx(
        hull_to_hull(a[:1], b).distance, abs=1e-9
    )


def is_in_hull(point: np.ndarray, corners: np.ndarray) -> bool:
    """Whether the mixture of corners that comes closest to a point, along every axis, meets it."""
    count = len(corners)
    slack = -np.ones((len(point), 1))
    found = linprog(
        [*np.zeros(count), 1],
        A_ub=np.vstack([np.hstack([corners.T, slack]), np.hstack([-corners.T, slack])]),
        b_ub=[*point, *-point],
        A_eq=[[*np.ones(count), 0]],
        b_eq=[1],
    )
    return bool(found.status == 0 and found.x[-1] < 1e-7)


@pytest.mark.parametrize("dimension", [2, 3, 5])
def test_weights_are_those_of_a_convex_combination(dimension: int) -> None:
    rng = np.random.default_rng(dimension)
    for _ in range(50):
        points = rng.normal(size=(12, dimension)) + rng.normal(size=dimension)
        weights = nearest_weights(points)
        assert weights.min() >= 0
        assert weights.sum() == pytest.approx(1, abs=1e-14)
        way = weights @ points
        assert (points @ way).min() >= way @ way - 1e-12


def test_inside_means_a_distance_of_zero() -> None:
    rng = np.random.default_rng(0)
    cloud = rng.normal(size=(300, 3))
    faces = ConvexHull(cloud).equations
    for point in rng.uniform(-3, 3, size=(200, 3)):
        inside = (faces @ [*point, 1] <= 0).all()
        assert (point_to_hull(point, cloud).distance == 0) == inside
