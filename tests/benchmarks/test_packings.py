"""The table of optima, and what others have published."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.facts.packings import Published, confirmation, published, references
from spiralcore.analysis.optima.arrangement import Quantity
from spiralcore.analysis.optima.containers import CONTAINERS
from spiralcore.analysis.optima.table import MOST_POINTS, largest_angle, optimum


def distance(name: str, dimension: int, count: int) -> float:
    return optimum(Quantity.DISTANCE, CONTAINERS[name], dimension, count).value


@pytest.mark.parametrize("key", list(published()))
def test_nothing_that_is_published_is_better(key: tuple[str, int, int]) -> None:
    other = published()[key]
    found = distance(*key)
    assert found >= other.least * (1 - 1e-11)
    if key == ("sphere", 5, 11):
        assert confirmation(*key) == "Sloane, Tables of spherical codes: 82.3652, less than here"
    else:
        assert other.agrees(found)
        assert confirmation(*key) in (other.source, "upper bound")


def test_seven_points_in_the_cube() -> None:
    # Schaer 1994, Gensane 2004, for the side 1.
    assert distance("unit_cube", 3, 7) == pytest.approx(1.001089825, abs=5e-10)
    assert distance("cube", 3, 7) == pytest.approx(2.00217965, abs=5e-9)


def test_twelve_points_in_the_cube_lie_at_the_end_of_a_ridge() -> None:
    # Gensane 2004: sqrt(2 + 2 e + e²) / 2 with the smallest root e of a polynomial of degree 24.
    assert distance("unit_cube", 3, 12) == pytest.approx(0.7071068064673, abs=5e-12)
    assert distance("cube", 3, 12) > np.sqrt(2) + 5e-8
    assert confirmation("unit_cube", 3, 12) == "Gensane 2004"


def test_eleven_points_on_the_sphere_of_five_dimensions() -> None:
    assert largest_angle(CONTAINERS["sphere"], 5, 11) >= 82.3652


def test_every_distance_in_two_and_three_dimensions_is_confirmed() -> None:
    for name in ("cube", "unit_cube", "ball", "sphere"):
        for dimension in (2, 3):
            for count in range(2, MOST_POINTS + 1):
                assert confirmation(name, dimension, count), (name, dimension, count)
    assert confirmation("sphere", 2, 7) == "regular polygon"
    assert confirmation("ball", 3, 9) == "Cohn, Table of spherical codes"
    assert confirmation("unit_cube", 3, 11) == "Gensane 2004"
    assert confirmation("sphere", 4, 10) == "Bachoc and Vallentin 2009"
    # Nobody is named who has not said it.
    assert confirmation("sphere", 4, 9) == ""
    assert confirmation("cube", 4, 11) == ""


def test_a_ball_has_the_optima_of_its_sphere_where_they_are_above_the_radius() -> None:
    for dimension in range(1, 9):
        for count in range(2, MOST_POINTS + 1):
            best = distance("sphere", dimension, count)
            if best > 1:
                assert distance("ball", dimension, count) == pytest.approx(best, abs=1e-10)


def test_digits_that_are_not_published_are_not_compared() -> None:
    cut = Published(1.2345, 1.2346, "1.2345", "somebody")
    assert cut.agrees(1.2345)
    assert cut.agrees(1.23459)
    assert not cut.agrees(1.2344)
    assert not cut.agrees(1.2347)


def test_sources() -> None:
    assert len(references()) == len(set(references())) >= 8
    assert any("Gensane" in each for each in references())
