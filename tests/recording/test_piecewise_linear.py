from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spiralcore.recording.piecewise_linear import (
    LOOKAHEAD,
    PiecewiseLinear,
    approximate,
    in_half_precision,
    swing_filter,
)


def widths(path: np.ndarray, width: float = 2.0) -> np.ndarray:
    return np.full((len(path), 1), width, dtype=np.float32)


def lines_of(path: np.ndarray, tolerance: float, width: float = 2.0) -> PiecewiseLinear:
    run = np.ascontiguousarray(path, dtype=np.float32)
    return approximate(run, widths(path, width), swing_filter(run, widths(path, width), tolerance))


def interpolated(lines: PiecewiseLinear, count: int) -> np.ndarray:
    flat = lines.hidden.reshape(len(lines.epochs), -1)
    columns = [np.interp(np.arange(count), lines.epochs, column) for column in flat.T]
    return np.stack(columns, axis=1).reshape(count, *lines.hidden.shape[1:])


paths = arrays(
    np.float32,
    st.tuples(st.integers(2, 60), st.integers(1, 4), st.just(2)),
    elements=st.floats(-1, 1, width=16),
)


@given(path=paths, tolerance=st.floats(0.005, 0.3))
def test_the_filter_keeps_every_coordinate_within_the_tolerance(
    path: np.ndarray, tolerance: float
) -> None:
    lines = lines_of(path, tolerance)
    error = np.abs(interpolated(lines, len(path)) - path).max()
    assert error <= tolerance * 2.0 + 1e-3
    assert lines.epochs[0] == 0
    assert lines.epochs[-1] == len(path) - 1


@given(path=paths)
def test_errors_are_those_of_the_straight_lines(path: np.ndarray) -> None:
    last = len(path) - 1
    epochs = np.unique(np.minimum([0, 10, 11, 30, last], last))
    lines = approximate(path, widths(path), epochs)
    distance = np.linalg.norm(interpolated(lines, len(path)) - path, axis=-1).max(axis=1)
    np.testing.assert_allclose(lines.errors, distance / 2.0, atol=1e-5)
    assert len(lines.errors) == len(path)


@given(path=paths)
def test_means_add_up_to_the_whole_run(path: np.ndarray) -> None:
    lines = lines_of(path, 0.05)
    steps = np.diff(lines.epochs, prepend=-1)
    total = sum(
        mean.astype(np.float64) * step for mean, step in zip(lines.means, steps, strict=True)
    )
    np.testing.assert_allclose(total, path.sum(axis=0, dtype=np.float64), atol=2e-3 * len(path))


def test_a_straight_path_needs_its_ends_only() -> None:
    path = np.linspace(0, 1, 200)[:, None, None] * np.ones((1, 3, 2))
    lines = lines_of(path, 0.01)
    assert lines.epochs.tolist() == [0, 199]


def test_a_spike_of_one_epoch_is_kept() -> None:
    path = np.zeros((200, 3, 2))
    path[120] = 1.0
    epochs = lines_of(path, 0.01).epochs
    assert {119, 120, 121} <= set(epochs.tolist())
    assert len(epochs) <= 8


def test_trembling_below_the_tolerance_costs_little() -> None:
    rng = np.random.default_rng(0)
    path = 0.5 + 0.005 * rng.standard_normal((2000, 20, 2)).clip(-1.5, 1.5)
    assert len(lines_of(path, 0.01).epochs) < 2000 / LOOKAHEAD * 3


def test_values_beyond_half_precision_stay_exact() -> None:
    path = np.full((3, 1, 2), 1e5)
    lines = lines_of(path, 0.1, width=1e5)
    assert lines.hidden[-1].max() == pytest.approx(1e5)


@given(bits=st.integers(0, 2**32 - 1))
def test_rounding_is_that_of_half_precision(bits: int) -> None:
    value = np.array([bits], np.uint32).view(np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        half = value.astype(np.float16).astype(np.float32)
    wanted = np.where(np.isfinite(half), half, value)
    assert in_half_precision(value).view(np.uint32) == wanted.view(np.uint32)


def test_rounding_meets_every_number_of_half_precision_and_what_lies_between() -> None:
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16).astype(np.float32)
    bits = halves[np.isfinite(halves)].view(np.uint32)
    for step in (0, 1, 0xFFF, 0x1000, 0x1001, 0x1FFF):
        values = (bits + np.uint32(step)).view(np.float32)
        with np.errstate(over="ignore"):
            half = values.astype(np.float16).astype(np.float32)
        wanted = np.where(np.isfinite(half), half, values)
        np.testing.assert_array_equal(in_half_precision(values), wanted)
