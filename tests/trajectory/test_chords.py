from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spiralcore.trajectory.chords import LOOKAHEAD, Chords, Cone, Frame, Rule, Schedule


def chords_of(path: np.ndarray, rule: Rule, width: float = 2.0) -> Chords:
    head = np.zeros((2, 2), np.float32), np.zeros(2, np.float32)
    frames = [Frame(i, hidden.astype(np.float32), width, *head) for i, hidden in enumerate(path)]
    chords = Chords(rule, frames[0])
    for frame in frames[1:]:
        chords.push(frame)
    chords.finish()
    return chords


def interpolated(chords: Chords, count: int) -> np.ndarray:
    epochs = [frame.epoch for frame in chords.kept]
    hidden = np.stack([frame.hidden for frame in chords.kept])
    flat = hidden.reshape(len(epochs), -1)
    columns = [np.interp(np.arange(count), epochs, column) for column in flat.T]
    return np.stack(columns, axis=1).reshape(count, *hidden.shape[1:])


paths = arrays(
    np.float32,
    st.tuples(st.integers(2, 60), st.integers(1, 4), st.just(2)),
    elements=st.floats(-1, 1, width=16),
)


@given(path=paths, tolerance=st.floats(0.005, 0.3))
def test_the_cone_keeps_every_coordinate_within_the_tolerance(
    path: np.ndarray, tolerance: float
) -> None:
    chords = chords_of(path, Cone(tolerance))
    error = np.abs(interpolated(chords, len(path)) - path).max()
    assert error <= tolerance * 2.0 + 1e-3
    assert chords.kept[0].epoch == 0
    assert chords.kept[-1].epoch == len(path) - 1


@given(path=paths)
def test_errors_are_those_of_the_straight_lines(path: np.ndarray) -> None:
    chords = chords_of(path, Schedule({10, 11, 30}))
    distance = np.linalg.norm(interpolated(chords, len(path)) - path, axis=-1).max(axis=1)
    np.testing.assert_allclose(chords.errors, distance / 2.0, atol=1e-5)
    assert len(chords.errors) == len(path)


@given(path=paths)
def test_means_add_up_to_the_whole_run(path: np.ndarray) -> None:
    chords = chords_of(path, Cone(0.05))
    epochs = [frame.epoch for frame in chords.kept]
    steps = np.diff(epochs, prepend=-1)
    total = sum(
        mean.astype(np.float64) * step for mean, step in zip(chords.means, steps, strict=True)
    )
    np.testing.assert_allclose(total, path.sum(axis=0, dtype=np.float64), atol=2e-3 * len(path))


def test_a_straight_path_needs_its_ends_only() -> None:
    path = np.linspace(0, 1, 200)[:, None, None] * np.ones((1, 3, 2))
    chords = chords_of(path, Cone(0.01))
    assert [frame.epoch for frame in chords.kept] == [0, 199]


def test_a_spike_of_one_epoch_is_kept() -> None:
    path = np.zeros((200, 3, 2))
    path[120] = 1.0
    epochs = [frame.epoch for frame in chords_of(path, Cone(0.01)).kept]
    assert {119, 120, 121} <= set(epochs)
    assert len(epochs) <= 8


def test_trembling_below_the_tolerance_costs_little() -> None:
    rng = np.random.default_rng(0)
    path = 0.5 + 0.005 * rng.standard_normal((2000, 20, 2)).clip(-1.5, 1.5)
    assert len(chords_of(path, Cone(0.01)).kept) < 2000 / LOOKAHEAD * 3


def test_values_beyond_half_precision_stay_exact() -> None:
    path = np.full((3, 1, 2), 1e5)
    chords = chords_of(path, Cone(0.1), width=1e5)
    assert chords.kept[-1].hidden.max() == pytest.approx(1e5)
