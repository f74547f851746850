from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiralcore.analysis.optima.arrangement import Quantity, assess
from spiralcore.analysis.optima.closest_fit import align
from spiralcore.analysis.optima.containers import CONTAINERS
from spiralcore.analysis.optima.table import optimum
from spiralcore.errors import UsageError
from tests.analysis.configurations import SQUARE_CORNERS, turn


def box_turn(dimension: int, rng: np.random.Generator) -> np.ndarray:
    return np.eye(dimension)[rng.permutation(dimension)] * rng.choice([-1.0, 1.0], size=dimension)


@given(seed=st.integers(0, 500), count=st.integers(2, 9), dimension=st.sampled_from([2, 3]),
       name=st.sampled_from(["cube", "unit_cube", "ball", "sphere"]))  # fmt: skip
def test_a_turned_and_renumbered_optimum_is_found_again(
    seed: int, count: int, dimension: int, name: str
) -> None:
    rng = np.random.default_rng(seed)
    container = CONTAINERS[name]
    points = optimum(Quantity.DISTANCE, container, dimension, count).points
    assert points is not None
    middle = 0.5 if name == "unit_cube" else 0.0
    turned = box_turn(dimension, rng) if container.shape == "box" else turn(dimension, seed)
    targets = ((points - middle) @ turned + middle)[rng.permutation(count)]
    noisy = targets + 1e-3 * rng.normal(size=targets.shape)
    found = align(points, noisy, container)
    assert found == pytest.approx(targets, abs=1e-2)
    again = assess(Quantity.DISTANCE, found).value
    assert again == pytest.approx(assess(Quantity.DISTANCE, points).value)
    assert container.project(found) == pytest.approx(found, abs=1e-9)


def test_directions_of_an_orthant_keep_its_side() -> None:
    points = optimum(Quantity.DISTANCE, CONTAINERS["orthant"], 2, 4).points
    assert points is not None
    found = align(points, points[::-1] * 3, CONTAINERS["orthant"])
    assert found == pytest.approx(points[::-1], abs=1e-9)
    assert found.min() >= 0


def test_the_same_input_gives_the_same_copy() -> None:
    targets = np.random.default_rng(1).normal(size=(5, 3))
    points = optimum(Quantity.MARGIN, CONTAINERS["ball"], 3, 5).points
    assert points is not None
    copies = [align(points, targets, CONTAINERS["ball"]) for _ in range(2)]
    assert (copies[0] == copies[1]).all()


def test_mistakes_are_named() -> None:
    with pytest.raises(UsageError) as error:
        align(SQUARE_CORNERS, SQUARE_CORNERS[:3], CONTAINERS["cube"])
    assert str(error.value) == (
        "Points of the shape (4, 2) cannot be aligned to targets of the shape (3, 2).\n"
        "expected: one point for each target, (n, D) both."
    )
    with pytest.raises(UsageError) as error:
        align(np.zeros((3, 8)), np.zeros((3, 8)), CONTAINERS["cube"])
    assert str(error.value) == (
        "The symmetries of a box in 8 dimensions are too many to try.\n"
        "expected: at most 5 dimensions."
    )
