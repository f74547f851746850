"""The search itself, on problems whose solution is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiralcore.analysis.optima.arrangement import Quantity, assess, upper_bound
from spiralcore.analysis.optima.containers import CONTAINERS
from spiralcore.analysis.optima.polishing import polish
from spiralcore.analysis.optima.search import Effort, search
from tests.analysis.configurations import SQUARE_CORNERS, polygon

SMALL = Effort(16, 300, 4)


def best(
    quantity: Quantity, name: str, dimension: int, count: int, effort: Effort = SMALL
) -> float:
    return search(quantity, CONTAINERS[name], dimension, count, effort, [3]).value


@pytest.mark.parametrize("quantity", Quantity)
def test_two_points_lie_opposite(quantity: Quantity) -> None:
    # The margin of two points at a and -a: W = (u, -u) with |u| = 1 / sqrt(2), 2 u . a.
    unit = 2.0 if quantity.kind is None else np.sqrt(2)
    for name, half in (("cube", np.sqrt(3)), ("ball", 1), ("sphere", 1)):
        assert best(quantity, name, 3, 2) == pytest.approx(unit * half)


def test_five_points_in_the_square() -> None:
    assert best(Quantity.DISTANCE, "cube", 2, 5) == pytest.approx(np.sqrt(2))
    found = search(Quantity.MARGIN, CONTAINERS["cube"], 2, 5, SMALL, [1])
    assert found.value == pytest.approx(0.3444812742)
    assert assess(Quantity.DISTANCE, found.points).value == pytest.approx(2 * 0.604, abs=1e-3)


@pytest.mark.parametrize("count", [4, 5, 7])
def test_points_on_the_circle_are_regular_polygons(count: int) -> None:
    for quantity in Quantity:
        wanted = assess(quantity, polygon(count)).value
        rel = 1e-5 if quantity is Quantity.MARGIN_FREE_BIAS else 1e-7
        assert best(quantity, "sphere", 2, count) == pytest.approx(wanted, rel=rel)


@pytest.mark.parametrize("quantity", Quantity)
def test_the_same_seed_gives_the_same_points(quantity: Quantity) -> None:
    runs = [search(quantity, CONTAINERS["ball"], 2, 5, SMALL, [7]) for _ in range(2)]
    assert (runs[0].points == runs[1].points).all()
    assert runs[0].value == runs[1].value


@given(name=st.sampled_from(["cube", "unit_cube", "ball", "sphere"]), seed=st.integers(0, 10_000),
       quantity=st.sampled_from(list(Quantity)), count=st.integers(2, 9),
       dimension=st.integers(1, 5))  # fmt: skip
def test_no_arrangement_exceeds_the_bound(
    name: str, seed: int, quantity: Quantity, count: int, dimension: int
) -> None:
    container = CONTAINERS[name]
    points = container.scatter(np.random.default_rng(seed), (2, count, dimension))[seed % 2]
    bound = upper_bound(quantity, container, dimension, count)
    assert assess(quantity, points).value <= bound * (1 + 1e-9)


@given(name=st.sampled_from(list(CONTAINERS)), quantity=st.sampled_from(list(Quantity)),
       seed=st.integers(0, 10_000), count=st.integers(2, 6),
       dimension=st.integers(2, 3))  # fmt: skip
def test_polishing_stays_inside_and_makes_nothing_worse(
    name: str, quantity: Quantity, seed: int, count: int, dimension: int
) -> None:
    container = CONTAINERS[name]
    start = assess(
        quantity, container.scatter(np.random.default_rng(seed), (1, count, dimension))[0]
    )
    better = polish(quantity, container, start)
    assert better.value >= start.value
    assert container.project(better.points) == pytest.approx(better.points, abs=1e-12)
    # The value is that of the points, whatever the polishing says.
    assert assess(quantity, better.points).value == pytest.approx(better.value, rel=1e-4, abs=1e-9)


def test_known_arrangements_are_used() -> None:
    blind = Effort(1, 1, 0)
    found = search(
        Quantity.DISTANCE, CONTAINERS["cube"], 2, 4, blind, [1], known=[0.9 * SQUARE_CORNERS]
    )
    assert found.value == pytest.approx(2)


def test_seven_points_in_the_cube_which_few_starts_reach() -> None:
    # Corners have the distance 2; three hills are higher, the highest of them is 2.00217965.
    found = best(Quantity.DISTANCE, "cube", 3, 7, Effort(96, 400, 24, rounds=4, enough=60))
    assert 2.0018 < found < 2.0021796492


def test_a_search_ends_when_enough_starts_agree() -> None:
    quick, long = (
        search(
            Quantity.DISTANCE,
            CONTAINERS["sphere"],
            2,
            5,
            Effort(12, 200, 6, rounds=rounds, enough=4),
            [5],
        )
        for rounds in (1, 50)
    )
    # The first round is enough, so that the others are not begun.
    assert (quick.points == long.points).all()
    assert quick.value == pytest.approx(2 * np.sin(np.pi / 5))


def test_too_many_points_for_a_line_through_the_origin() -> None:
    assert best(Quantity.DISTANCE, "sphere", 1, 3) == 0
    assert best(Quantity.MARGIN, "sphere", 1, 3) == 0
    assert best(Quantity.ONE_VS_REST, "cube", 1, 3) == pytest.approx(0, abs=1e-9)
    assert best(Quantity.MARGIN_WITHOUT_BIAS, "cube", 1, 3) == pytest.approx(0, abs=1e-9)
    assert best(Quantity.MARGIN, "cube", 1, 3) == pytest.approx(np.sqrt(3 / 26))
