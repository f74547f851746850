from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiralcore.analysis.packing.margins import (
    Bias,
    ScaledHead,
    best_head,
    scaled_head,
    smallest_margin,
)
from tests.analysis.configurations import SQUARE_CORNERS, polygon, simplex, turn


def margin(head: ScaledHead, means: np.ndarray, kind: Bias) -> float:
    return float(smallest_margin(scaled_head(*head, kind), means))


def test_the_margin_of_a_head_by_hand() -> None:
    # Logits at (1, 0): 2, 0, 0.5; at (-1, 0): -2, 0, 0.5; at (0, 1): 0, 0, 0.5.
    means = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]])
    head = ScaledHead(np.array([[2.0, 0.0], [-2.0, 0.0], [0.0, 0.0]]), np.array([0.0, 0.0, 0.5]))
    assert smallest_margin(head, means) == pytest.approx(0.5)
    assert margin(head, means, Bias.FREE) == pytest.approx(0.5 / np.sqrt(8))
    # Centred, the biases are -1/6, -1/6 and 1/3.
    assert margin(head, means, Bias.COUNTED) == pytest.approx(0.5 / np.sqrt(8 + 1 / 6))
    assert margin(head, means, Bias.ABSENT) == pytest.approx(0)


@pytest.mark.parametrize("kind", Bias)
def test_what_softmax_does_not_see_changes_no_margin(kind: Bias) -> None:
    rng = np.random.default_rng(1)
    weight, bias, means = rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=(4, 3))
    one = margin(ScaledHead(weight, bias), means, kind)
    shifted = ScaledHead(7 * weight + rng.normal(size=3), 7 * bias - 3.0)
    assert margin(shifted, means, kind) == pytest.approx(one)


def test_a_head_of_zeros_has_no_margin() -> None:
    head = ScaledHead(np.ones((3, 2)), np.ones(3))
    assert margin(head, polygon(3), Bias.COUNTED) == 0


@pytest.mark.parametrize("dimension", [1, 2, 3, 7])
@pytest.mark.parametrize("with_bias", [True, False])
def test_the_best_head_of_a_simplex(dimension: int, with_bias: bool) -> None:
    count = dimension + 1
    means = simplex(count, dimension) @ turn(dimension, 3)
    head = best_head(means, with_bias)
    assert smallest_margin(head, means) == pytest.approx(np.sqrt(count) / (count - 1))
    assert head.bias == pytest.approx(np.zeros(count), abs=1e-12)
    assert head.weight == pytest.approx(means / np.sqrt(count))


def test_the_best_head_of_three_points_on_a_line() -> None:
    means = np.array([[-1.0], [0.0], [1.0]])
    head = best_head(means)
    assert smallest_margin(head, means) == pytest.approx(np.sqrt(3 / 26))
    # Without biases no head is right for the one in the middle.
    assert not best_head(means, with_bias=False).weight.any()


@given(seed=st.integers(0, 10_000), count=st.integers(2, 6), dimension=st.integers(1, 4))
def test_no_other_head_has_a_larger_margin(seed: int, count: int, dimension: int) -> None:
    rng = np.random.default_rng(seed)
    means = rng.normal(size=(count, dimension))
    best = best_head(means)
    reached = float(smallest_margin(best, means))
    assert reached >= -1e-9
    norm = (best.weight**2).sum() + (best.bias**2).sum()
    assert norm == pytest.approx(1 if reached > 0 else 0)
    for _ in range(20):
        other = ScaledHead(rng.normal(size=means.shape), rng.normal(size=count))
        near = ScaledHead(best.weight + 0.1 * other.weight, best.bias + 0.1 * other.bias)
        assert margin(other, means, Bias.COUNTED) <= reached + 1e-9
        assert margin(near, means, Bias.COUNTED) <= reached + 1e-9


def test_cheap_biases_are_as_good_as_free_ones() -> None:
    # With free biases only differences of the points matter.
    for shift in (0.0, 3.0):
        means = 0.5 * SQUARE_CORNERS + shift
        head = best_head(means, bias_unit=1e3)
        assert margin(head, means, Bias.FREE) == pytest.approx(np.sqrt(0.5) / 2, rel=1e-5)
