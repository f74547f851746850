from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spiralcore.training.chords import LOOKAHEAD, Chords, cone, cut, scheduled


def widths(path: np.ndarray, width: float = 2.0) -> np.ndarray:
    return np.full((len(path), 1), width, dtype=np.float32)


def chords_of(path: np.ndarray, tolerance: float, width: float = 2.0) -> Chords:
    run = np.ascontiguousarray(path, dtype=np.float32)
    return cut(run, widths(path, width), cone(run, widths(path, width), tolerance))


def interpolated(chords: Chords, count: int) -> np.ndarray:
    flat = chords.hidden.reshape(len(chords.epochs), -1)
    columns = [np.interp(np.arange(count), chords.epochs, column) for column in flat.T]
    return np.stack(columns, axis=1).reshape(count, *chords.hidden.shape[1:])


paths = arrays(
    np.float32,
    st.tuples(st.integers(2, 60), st.integers(1, 4), st.just(2)),
    elements=st.floats(-1, 1, width=16),
)


@given(path=paths, tolerance=st.floats(0.005, 0.3))
def test_the_cone_keeps_every_coordinate_within_the_tolerance(
    path: np.ndarray, tolerance: float
) -> None:
    chords = chords_of(path, tolerance)
    error = np.abs(interpolated(chords, len(path)) - path).max()
    assert error <= tolerance * 2.0 + 1e-3
    assert chords.epochs[0] == 0
    assert chords.epochs[-1] == len(path) - 1


@given(path=paths)
def test_errors_are_those_of_the_straight_lines(path: np.ndarray) -> None:
    last = len(path) - 1
    epochs = np.unique(np.minimum([0, 10, 11, 30, last], last))
    chords = cut(path, widths(path), epochs)
    distance = np.linalg.norm(interpolated(chords, len(path)) - path, axis=-1).max(axis=1)
    np.testing.assert_allclose(chords.errors, distance / 2.0, atol=1e-5)
    assert len(chords.errors) == len(path)


@given(path=paths)
def test_means_add_up_to_the_whole_run(path: np.ndarray) -> None:
    chords = chords_of(path, 0.05)
    steps = np.diff(chords.epochs, prepend=-1)
    total = sum(
        mean.astype(np.float64) * step for mean, step in zip(chords.means, steps, strict=True)
    )
    np.testing.assert_allclose(total, path.sum(axis=0, dtype=np.float64), atol=2e-3 * len(path))


def test_a_straight_path_needs_its_ends_only() -> None:
    path = np.linspace(0, 1, 200)[:, None, None] * np.ones((1, 3, 2))
    chords = chords_of(path, 0.01)
    assert chords.epochs.tolist() == [0, 199]


def test_a_spike_of_one_epoch_is_kept() -> None:
    path = np.zeros((200, 3, 2))
    path[120] = 1.0
    epochs = chords_of(path, 0.01).epochs
    assert {119, 120, 121} <= set(epochs.tolist())
    assert len(epochs) <= 8


def test_trembling_below_the_tolerance_costs_little() -> None:
    rng = np.random.default_rng(0)
    path = 0.5 + 0.005 * rng.standard_normal((2000, 20, 2)).clip(-1.5, 1.5)
    assert len(chords_of(path, 0.01).epochs) < 2000 / LOOKAHEAD * 3


def test_values_beyond_half_precision_stay_exact() -> None:
    path = np.full((3, 1, 2), 1e5)
    chords = chords_of(path, 0.1, width=1e5)
    assert chords.hidden[-1].max() == pytest.approx(1e5)


def test_the_log_schedule_of_the_original_keeps_249_epochs() -> None:
    epochs = scheduled("log", 350, 10_000)
    assert len(set(epochs.tolist()) - {0, 10_000}) == 249
