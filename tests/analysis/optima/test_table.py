"""The shipped table, against what is known."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from spiralcore.analysis.optima.arrangement import Quantity, assess, upper_bound
from spiralcore.analysis.optima.containers import CONTAINERS, Container
from spiralcore.analysis.optima.search import Effort, search
from spiralcore.analysis.optima.table import (
    DRAWN_DIMENSIONS,
    MOST_DIMENSIONS,
    MOST_POINTS,
    about_table,
    largest_angle,
    optimum,
)

COUNTS = np.arange(2, MOST_POINTS + 1)

# OEIS A281065, for the square with side 1.
SQUARE = [1.414213562, 1.035276180, 1, 0.707106781, 0.600925213, 0.535898385, 0.517638090, 0.5,
          0.421279544, 0.398207310, 0.388730126]  # fmt: skip
# Circle packings in a circle, d = 2 / (R - 1).
DISK = [2, 1.732050808, 1.414213562, 1.175570505, 1, 1, 0.867767478, 0.765366865, 0.710978236,
        0.684040287, 0.660152735]  # fmt: skip
# OEIS A340918 and Cohn's table of spherical codes, degrees.
SPHERE = [180, 120, 109.4712206, 90, 90, 77.8695422, 74.8584922, 70.5287794, 66.1468220,
          63.4349488, 63.4349488]  # fmt: skip
# Distances in the cube with side 1: Gensane 2004, Electronic Journal of Combinatorics 11:R33.
CUBE = {2: np.sqrt(3), 3: np.sqrt(2), 4: np.sqrt(2), 5: np.sqrt(5) / 2, 6: 3 * np.sqrt(2) / 4,
        7: 1.0010898245489654, 8: 1, 9: np.sqrt(3) / 2, 10: 0.75, 11: 0.7101163824624}  # fmt: skip


def values(quantity: Quantity, name: str, dimension: int) -> np.ndarray:
    found = [optimum(quantity, CONTAINERS[name], dimension, int(n)).value for n in COUNTS]
    return np.array(found)


def test_distances_that_are_known() -> None:
    assert values(Quantity.DISTANCE, "cube", 2) / 2 == pytest.approx(SQUARE, abs=1e-8)
    assert values(Quantity.DISTANCE, "unit_cube", 2) == pytest.approx(SQUARE, abs=1e-8)
    assert values(Quantity.DISTANCE, "ball", 2) == pytest.approx(DISK, abs=1e-8)
    angles = [largest_angle(CONTAINERS["sphere"], 3, int(n)) for n in COUNTS]
    assert angles == pytest.approx(SPHERE, abs=1e-6)
    for count, distance in CUBE.items():
        found = optimum(Quantity.DISTANCE, CONTAINERS["unit_cube"], 3, count).value
        assert found == pytest.approx(distance, abs=1e-11)


@pytest.mark.parametrize(("count", "distance"), [(3, 1.000), (5, 0.604), (6, 0.558), (7, 0.515)])
def test_the_best_margin_in_the_square_is_not_the_best_distance(
    count: int, distance: float
) -> None:
    points = optimum(Quantity.MARGIN, CONTAINERS["cube"], 2, count).points
    assert assess(Quantity.DISTANCE, points).value / 2 == pytest.approx(distance, abs=6e-4)
    assert distance < SQUARE[count - 2] - 0.01
    free = optimum(Quantity.MARGIN_WITHOUT_BIAS, CONTAINERS["cube"], 2, count).points
    if count >= 6:
        assert np.abs(free).max(axis=1) == pytest.approx(np.ones(count))
    inside = (np.abs(points).max(axis=1) < 0.999).sum()
    assert inside == (1 if count >= 6 else 0)


@pytest.mark.parametrize("dimension", range(1, MOST_DIMENSIONS + 1))
def test_the_simplex_is_best_in_ball_and_sphere(dimension: int) -> None:
    n = np.arange(2, dimension + 2)
    for name in ("ball", "sphere"):
        chosen = {q: values(q, name, dimension)[: len(n)] for q in Quantity}
        assert chosen[Quantity.DISTANCE] == pytest.approx(np.sqrt(2 * n / (n - 1)))
        assert chosen[Quantity.ONE_VS_REST] == pytest.approx(n / (n - 1))
        for quantity in Quantity:
            if quantity.kind is not None:
                assert chosen[quantity] == pytest.approx(np.sqrt(n) / (n - 1))


@pytest.mark.parametrize("dimension", range(2, MOST_DIMENSIONS + 1))
def test_the_orthoplex_comes_next(dimension: int) -> None:
    last = min(2 * dimension, MOST_POINTS)
    for name in ("ball", "sphere"):
        part = slice(dimension, last - 1)
        assert values(Quantity.DISTANCE, name, dimension)[part] == pytest.approx(np.sqrt(2))
        assert values(Quantity.ONE_VS_REST, name, dimension)[part] == pytest.approx(1)
    # Seven points and more in the plane of the sphere: one more breaks the right angle.
    if 2 * dimension < MOST_POINTS:
        beyond = values(Quantity.DISTANCE, "sphere", dimension)[last - 1]
        assert beyond < np.sqrt(2) - 0.01


def test_corners_of_the_cube() -> None:
    # Four alternate corners of the cube are a regular simplex, and eight of the seven-dimensional
    # one (Hadamard's matrix of order 8).
    for dimension, count in ((1, 2), (3, 4), (7, 8)):
        for quantity in Quantity:
            cube = CONTAINERS["cube"]
            found = optimum(quantity, cube, dimension, count)
            assert found.value == pytest.approx(upper_bound(quantity, cube, dimension, count))
            assert found.certain
    # All corners.
    assert optimum(Quantity.DISTANCE, CONTAINERS["cube"], 3, 8).value == pytest.approx(2)
    assert optimum(Quantity.ONE_VS_REST, CONTAINERS["cube"], 2, 4).value == pytest.approx(
        np.sqrt(2)
    )


def test_bounds_of_boxes_that_are_reached() -> None:
    # An odd number of points in a cube cannot be a regular simplex of its corners, but as near.
    for dimension, count in ((2, 4), (3, 3), (3, 4), (6, 3), (7, 7), (4, 8), (8, 12)):
        for name in ("cube", "unit_cube"):
            assert optimum(Quantity.DISTANCE, CONTAINERS[name], dimension, count).certain
    for quantity in (Quantity.ONE_VS_REST, Quantity.MARGIN, Quantity.MARGIN_FREE_BIAS):
        assert optimum(quantity, CONTAINERS["cube"], 3, 3).certain
    # The squared distances of five corners, summed over all pairs, are at most 6 times 4 D.
    bound = upper_bound(Quantity.DISTANCE, CONTAINERS["cube"], 4, 5)
    assert bound == pytest.approx(np.sqrt(6 * 4 * 4 / 10))


def test_one_dimension() -> None:
    assert values(Quantity.DISTANCE, "cube", 1) == pytest.approx(2 / (COUNTS - 1))
    assert values(Quantity.DISTANCE, "ball", 1) == pytest.approx(2 / (COUNTS - 1))
    assert values(Quantity.DISTANCE, "sphere", 1)[1:] == pytest.approx(0)
    assert values(Quantity.ONE_VS_REST, "cube", 1)[1:] == pytest.approx(0, abs=1e-9)
    assert values(Quantity.MARGIN_WITHOUT_BIAS, "cube", 1)[1:] == pytest.approx(0, abs=1e-9)
    assert values(Quantity.MARGIN, "cube", 1)[1] == pytest.approx(np.sqrt(3 / 26))


def test_the_circle() -> None:
    assert values(Quantity.DISTANCE, "sphere", 2) == pytest.approx(2 * np.sin(np.pi / COUNTS))
    wanted = 1 - np.cos(2 * np.pi / COUNTS[1:])
    assert values(Quantity.ONE_VS_REST, "sphere", 2)[1:] == pytest.approx(wanted)


def test_angles_in_orthants() -> None:
    for count in COUNTS:
        assert largest_angle(CONTAINERS["orthant"], 2, int(count)) == pytest.approx(
            90 / (count - 1)
        )
    octant = [largest_angle(CONTAINERS["orthant"], 3, int(n)) for n in COUNTS]
    assert octant[:2] == pytest.approx([90, 90])
    # Three along the axes and one between all of them: arccos(1 / sqrt(3)).
    assert octant[2] >= 54.7356103 - 1e-6
    assert (np.diff(octant) <= 1e-6).all()
    assert np.isnan(largest_angle(CONTAINERS["orthant"], 2, 1))
    assert np.isnan(optimum(Quantity.DISTANCE, CONTAINERS["cube"], 2, 1).value)


BOUNDED = ["cube", "unit_cube", "ball", "sphere"]


@pytest.mark.parametrize("name", BOUNDED)
@pytest.mark.parametrize("quantity", Quantity)
def test_more_points_or_less_room_are_never_better(name: str, quantity: Quantity) -> None:
    table = np.array([values(quantity, name, d) for d in range(1, MOST_DIMENSIONS + 1)])
    slack = 1e-9 * table.max()
    assert (np.diff(table, axis=1) <= slack).all()
    if name != "unit_cube":
        assert (np.diff(table, axis=0) >= -slack).all()
    bounds = [
        [upper_bound(quantity, CONTAINERS[name], d, int(n)) for n in COUNTS]
        for d in range(1, MOST_DIMENSIONS + 1)
    ]
    assert (table <= np.array(bounds) * (1 + 1e-9)).all()


@pytest.mark.parametrize("dimension", range(1, MOST_DIMENSIONS + 1))
def test_what_is_allowed_more_reaches_more(dimension: int) -> None:
    def rises(*rows: np.ndarray) -> bool:
        return all((a <= b + 1e-9).all() for a, b in pairwise(rows))

    for quantity in Quantity:
        assert rises(*(values(quantity, name, dimension) for name in ("sphere", "ball", "cube")))
    for name in BOUNDED:
        assert rises(
            values(Quantity.MARGIN_WITHOUT_BIAS, name, dimension),
            values(Quantity.MARGIN, name, dimension),
            values(Quantity.MARGIN_FREE_BIAS, name, dimension),
        )


@pytest.mark.parametrize("name", [*BOUNDED, "orthant"])
@pytest.mark.parametrize("dimension", DRAWN_DIMENSIONS)
def test_the_points_reach_the_values(name: str, dimension: int) -> None:
    container = CONTAINERS[name]
    quantities = [Quantity.DISTANCE] if name == "orthant" else list(Quantity)
    for quantity in quantities:
        for count in COUNTS:
            found = optimum(quantity, container, dimension, int(count))
            assert found.points.shape == (count, dimension)
            assert container.project(found.points) == pytest.approx(found.points, abs=1e-9)
            # The best head with free biases is approached only.
            rel = 1e-4 if quantity is Quantity.MARGIN_FREE_BIAS else 1e-8
            reached = assess(quantity, found.points).value
            assert reached == pytest.approx(found.value, rel=rel)


def test_a_box_of_another_size_or_place() -> None:
    box = Container("box", "box", 3.0, 4.0)
    for quantity in (Quantity.DISTANCE, Quantity.ONE_VS_REST, Quantity.MARGIN_FREE_BIAS):
        found = optimum(quantity, box, 2, 5)
        cube = optimum(quantity, CONTAINERS["cube"], 2, 5)
        assert found.value == pytest.approx(cube.value / 2)
        assert assess(quantity, found.points).value == pytest.approx(found.value, rel=1e-4)
        assert found.points.min() >= 3
    # Biases that count prefer a box around the origin.
    far = optimum(Quantity.MARGIN, box, 2, 3).value
    assert far < optimum(Quantity.MARGIN, CONTAINERS["unit_cube"], 2, 3).value


def test_beyond_the_table_a_search_runs() -> None:
    found = optimum(Quantity.DISTANCE, CONTAINERS["sphere"], 2, 14)
    assert found.value == pytest.approx(2 * np.sin(np.pi / 14))
    assert found.points.shape == (14, 2)
    wide = optimum(Quantity.ONE_VS_REST, CONTAINERS["ball"], 40, 12)
    assert wide.value == pytest.approx(12 / 11)
    assert wide.certain


def test_a_new_search_finds_nothing_better() -> None:
    for quantity in Quantity:
        for name, dimension, count in (("cube", 2, 6), ("ball", 3, 7), ("cube", 4, 5)):
            table = optimum(quantity, CONTAINERS[name], dimension, count).value
            again = search(
                quantity, CONTAINERS[name], dimension, count, Effort(12, 300, 3), [99]
            ).value
            assert again <= table * (1 + 1e-8)


def test_the_table_says_how_it_was_made() -> None:
    about = about_table()
    assert about["seed"] == 1
    assert about["effort"]["2"]["starts"] > about["effort"]["8"]["starts"]
    assert "lower bounds" in about["what"]
