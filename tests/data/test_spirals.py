from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiralcore.data import spirals


def without_noise(classes: int, points: int = 50, **settings: float) -> np.ndarray:
    made = spirals(classes, points, rng=np.random.default_rng(0), noise=0.0, **settings)
    return made.inputs.reshape(classes, points, 2)


@pytest.mark.parametrize("classes", range(2, 13))
def test_arms_are_turned_copies_of_each_other(classes: int) -> None:
    arms = without_noise(classes)
    angle = 2 * np.pi / classes
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    for arm, following in pairwise(arms):
        np.testing.assert_allclose(arm @ turn, following, atol=1e-4)


def test_the_first_arm_starts_on_the_axis_and_sweeps_four_sectors() -> None:
    arm = without_noise(5)[0]
    radius = np.hypot(*arm.T)
    np.testing.assert_allclose(radius, np.linspace(2, 20, 50), rtol=1e-5)
    np.testing.assert_allclose(arm[0], [2, 0], atol=1e-5)
    swept = np.unwrap(np.arctan2(arm[:, 1], arm[:, 0]))
    np.testing.assert_allclose(swept[-1] - swept[0], 4 * 2 * np.pi / 5, rtol=1e-5)


def test_turns_set_the_sweep() -> None:
    arm = without_noise(3, 400, turns=2.5)[0]
    swept = np.unwrap(np.arctan2(arm[:, 1], arm[:, 0]))
    np.testing.assert_allclose(swept[-1] - swept[0], 2.5 * 2 * np.pi, rtol=1e-5)


@given(
    classes=st.integers(2, 12),
    points=st.integers(1, 60),
    noise=st.floats(0, 0.5),
    seed=st.integers(0, 2**32),
)
def test_noise_stays_within_its_bounds_and_keeps_the_radius(
    classes: int, points: int, noise: float, seed: int
) -> None:
    made = spirals(classes, points, rng=np.random.default_rng(seed), noise=noise)
    assert made.inputs.shape == (classes * points, 2)
    assert made.inputs.dtype == np.float32
    np.testing.assert_array_equal(np.bincount(made.labels), [points] * classes)
    exact = without_noise(classes, points).reshape(-1, 2)
    radius = np.hypot(*exact.T)
    np.testing.assert_allclose(np.hypot(*made.inputs.T), radius, rtol=1e-5)
    chord = np.hypot(*(made.inputs - exact).T)
    deviation = 2 * np.arcsin(np.clip(chord / (2 * radius), 0, 1))
    allowed = noise * np.tile(np.linspace(1, 1.5, points), classes)
    assert (deviation <= allowed + 1e-4).all()


def test_the_noise_grows_along_the_arm() -> None:
    made = spirals(2, 20_000, rng=np.random.default_rng(3), noise=0.2)
    exact = without_noise(2, 20_000).reshape(-1, 2)
    chord = np.hypot(*(made.inputs - exact).T) / np.hypot(*exact.T)
    inner, outer = chord[:2000].max(), chord[18_000:20_000].max()
    assert inner == pytest.approx(0.2, rel=0.06)
    assert outer == pytest.approx(0.3, rel=0.06)
