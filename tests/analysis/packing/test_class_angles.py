from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiralcore.analysis.packing.class_angles import Angles, measure_angles
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.spaces import PLANE, QUADRANT, SQUARE, Space
from tests.analysis.configurations import polygon, turn


def angles(means: np.ndarray, space: Space = QUADRANT) -> Angles:
    return measure_angles(np.asarray(means, dtype=float)[None], space).at(0)


def fan(count: int) -> np.ndarray:
    """Directions spread evenly over the quadrant, at various distances."""
    turned = np.linspace(0, np.pi / 2, count)
    return np.column_stack([np.cos(turned), np.sin(turned)]) * np.arange(2, 2 + count)[:, None]


@pytest.mark.parametrize("count", range(2, 13))
def test_a_fan_is_optimal_with_and_without_a_parked_class(count: int) -> None:
    found = angles(fan(count))
    assert found.smallest == pytest.approx(90 / (count - 1))
    assert found.part == pytest.approx(1)
    assert not found.parked.any()
    parked = angles(np.vstack([[0.01, 0.02], fan(count)]))
    assert parked.parked.tolist() == [True] + [False] * count
    assert parked.smallest == pytest.approx(90 / (count - 1))
    assert parked.part == pytest.approx(1)


def test_three_along_the_axes_of_the_octant() -> None:
    found = angles(np.diag([1.0, 5.0, 3.0]))
    assert (found.smallest, found.part) == pytest.approx((90, 1))
    assert angles(np.diag([1.0, 5.0, 3.0]) + 0.2).part < 0.9


def test_classes_on_one_ray() -> None:
    found = angles([[1, 1], [4, 4], [0, 3]])
    assert found.smallest == pytest.approx(0, abs=1e-6)
    assert found.part == pytest.approx(0, abs=1e-6)


def test_tiny_angles_are_exact() -> None:
    assert angles([[1, 0], [1, 1e-9]]).smallest == pytest.approx(np.degrees(1e-9), rel=1e-6)


def test_too_few_directions_have_no_angle() -> None:
    for means in ([[0, 0], [2, 3]], [[0, 0], [0, 0]]):
        found = angles(means)
        assert np.isnan(found.smallest)
        assert np.isnan(found.part)
    assert angles([[0, 0], [0, 0]]).parked.all()


def test_the_plane_has_directions_all_around() -> None:
    for count in (3, 5, 8):
        found = angles(7 * polygon(count), PLANE)
        assert found.smallest == pytest.approx(360 / count)
        assert found.part == pytest.approx(1)


def test_bounded_spaces_have_no_directions() -> None:
    found = angles(polygon(3), SQUARE)
    assert np.isnan([found.smallest, found.best, found.part]).all()
    assert not found.parked.any()


def test_the_corner_is_where_the_space_begins() -> None:
    space = ACTIVATIONS["gelu"].space
    assert space.lower is not None
    found = angles(fan(4) + space.lower, space)
    assert found.part == pytest.approx(1)
    # Where all GELUs are off is a little inside the corner.
    assert angles(np.vstack([[0, 0], 4 * fan(3)]), space).parked[0]
    below = Space(("a", "b", "c"), None, 2.0)
    assert angles(2 - fan(3), below).part == pytest.approx(1)


@given(seed=st.integers(0, 10_000), scale=st.floats(1e-3, 1e3), count=st.integers(2, 7),
       dimension=st.integers(1, 4))  # fmt: skip
def test_no_unit_and_no_numbering_matters(
    seed: int, scale: float, count: int, dimension: int
) -> None:
    rng = np.random.default_rng(seed)
    means = np.abs(rng.normal(size=(count, dimension)))
    order = rng.permutation(count)
    one, other = angles(means), angles(scale * means[order])
    assert other.smallest == pytest.approx(one.smallest, nan_ok=True, abs=1e-5)
    assert other.part == pytest.approx(one.part, nan_ok=True, abs=1e-6)
    assert (other.parked == one.parked[order]).all()
    if dimension > 1:
        assert np.isnan(one.part) or one.part <= 1 + 1e-6
        turned = angles((means - 0.5) @ turn(dimension, seed), PLANE)
        assert turned.smallest == pytest.approx(
            angles(means - 0.5, PLANE).smallest, nan_ok=True, abs=1e-5
        )
