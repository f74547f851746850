from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from spiralcore import Trajectory
from spiralcore.trajectory.play.pacing import timeline
from spiralcore.trajectory.play.playback import BLOCK, FrameGrid, Playback
from spiralcore.trajectory.play.timeline import Timeline
from spiralcore.trajectory.play.view import Frame, View, Zoom
from tests.conftest import made_trajectory

EVEN = Timeline(np.array([0.0, 10.0]), np.array([0.0, 100.0]))


def test_without_smoothing_it_is_the_recorded_path(trajectory: Trajectory) -> None:
    playback = Playback(trajectory, timeline([trajectory], 8), smoothing=0)
    for second in (0.0, 1.3, 7.9):
        epoch = playback.timeline.epoch_at(second)
        np.testing.assert_array_equal(playback.at(second).hidden, trajectory.evaluate(epoch).hidden)


def test_the_holds_show_the_first_and_the_last_epoch(trajectory: Trajectory) -> None:
    playback = Playback(trajectory, timeline([trajectory], 8))
    np.testing.assert_array_equal(playback.at(-1).hidden, trajectory.hidden[0])
    np.testing.assert_array_equal(playback.at(9).hidden, trajectory.hidden[-1])


@settings(max_examples=15)
@given(second=st.floats(-1, 11))
def test_smoothing_is_the_integral_over_a_gaussian(second: float) -> None:
    rng = np.random.default_rng(5)
    epochs = np.array([0, 3, 4, 30, 31, 32, 60, 100])
    path = made_trajectory(rng.uniform(-1, 1, (8, 2, 2)), epochs)
    playback = Playback(path, EVEN, smoothing=0.2)
    times = np.linspace(second - 1.6, second + 1.6, 6401)
    weights = norm.pdf(times, second, 0.2)
    values = np.stack([path.evaluate(10 * time).hidden for time in times])
    expected = (weights[:, None, None] * values).sum(0) / weights.sum()
    np.testing.assert_allclose(playback.at(second).hidden, expected, atol=2e-3)


@pytest.mark.parametrize("activation", ["tanh", "relu", "sphere"])
def test_frames_are_smoothed_in_blocks_as_they_are_alone(activation: str) -> None:
    rng = np.random.default_rng(7)
    epochs = np.unique(np.concatenate([[0, 100], rng.integers(1, 100, 40)]))
    hidden = rng.uniform(0.1, 0.9, (len(epochs), 5, 2))
    if activation == "sphere":
        hidden /= np.linalg.norm(hidden, axis=2, keepdims=True)
    path = made_trajectory(hidden, epochs, activation=activation)
    path = dataclasses.replace(path, hidden_mean=np.roll(path.hidden, 1, axis=0))
    alone, grid = Playback(path, EVEN, smoothing=0.2), FrameGrid(2.3, 30.0)
    seconds = [frame / grid.rate - grid.start for frame in range(0, 30 * 15, 7)]
    assert len(seconds) > 2 * BLOCK
    shown = {second: Playback(path, EVEN, 0.2, grid).at(second) for second in seconds}
    in_order, backwards = (Playback(path, EVEN, 0.2, grid) for _ in range(2))
    later = {second: backwards.at(second) for second in reversed(seconds)}
    between = seconds[9] + 0.011
    for second in (*seconds, between):
        for one, other in zip(in_order.at(second), alone.at(second), strict=True):
            # Alone the Gaussian ends after four deviations, beyond which 6e-5 of it is.
            np.testing.assert_allclose(one, other, atol=6e-5)
    for second in seconds:
        for one, *others in zip(shown[second], in_order.at(second), later[second], strict=True):
            for other in others:
                np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_several_times_at_once_are_each_of_them(smoothing: float) -> None:
    rng = np.random.default_rng(8)
    for activation in ("tanh", "sphere"):
        path = made_trajectory(
            rng.uniform(0.2, 0.9, (11, 4, 2)), np.arange(0, 101, 10), activation=activation
        )
        playback = Playback(path, EVEN, smoothing)
        seconds = np.linspace(-1, 11, 25)
        together = playback.moments(seconds)
        for i, second in enumerate(seconds):
            for one, other in zip(playback.at(float(second)), together, strict=True):
                np.testing.assert_allclose(one, other[i], atol=1e-6)


def test_a_read_out_is_smoothed_as_the_points_are() -> None:
    rng = np.random.default_rng(6)
    path = made_trajectory(rng.uniform(-1, 1, (6, 3, 2)), np.array([0, 10, 15, 40, 70, 100]))
    weight, bias = rng.normal(size=(6, 2, 2)), rng.normal(size=(6, 2))
    path = dataclasses.replace(
        path, readout_weight=weight.astype(np.float32), readout_bias=bias.astype(np.float32)
    )
    playback = Playback(path, EVEN, smoothing=0.3)
    times = np.linspace(0.0, 8.0, 4001)
    weights = norm.pdf(times, 4.0, 0.3) / norm.pdf(times, 4.0, 0.3).sum()
    moments = [path.evaluate(10 * time) for time in times]
    shown = playback.at(4.0)
    for name in ("readout_weight", "readout_bias"):
        values = np.stack([getattr(moment, name) for moment in moments])
        expected = np.tensordot(weights, values, 1)
        np.testing.assert_allclose(getattr(shown, name), expected, atol=2e-3)


def test_numbers_on_screen_are_those_of_the_epoch_that_is_over() -> None:
    path = made_trajectory(np.zeros((2, 1, 2)), np.array([0, 100]))
    playback = Playback(path, EVEN)
    curve = np.arange(101, dtype=np.float32)
    # 0.3 * 10 epochs a second is a little less than 3 in floating point.
    shown = {-1: 0, 0: 0, 0.099: 0, 0.1: 1, 0.3: 3, 9.99: 99, 10: 100, 12: 100}
    assert {second: playback.epoch(second) for second in shown} == shown
    assert {second: playback.curve_value(curve, second) for second in shown} == shown
    assert playback.curve_value(curve[:51], 8) == 50


def test_recorded_means_enter_the_smoothed_path() -> None:
    """Between two kept epochs the run was elsewhere; its mean says so."""
    hidden = np.zeros((2, 1, 2))
    plain = made_trajectory(hidden, np.array([0, 100]))
    means = np.array([[[0.0, 0.0]], [[0.4, -0.2]]], dtype=np.float32)
    with_means = dataclasses.replace(plain, hidden_mean=means)
    np.testing.assert_allclose(Playback(plain, EVEN).at(5).hidden, 0, atol=1e-6)
    np.testing.assert_allclose(Playback(with_means, EVEN).at(5).hidden, [[0.4, -0.2]], atol=1e-4)


def test_trembling_is_gone_and_the_whole_run_is_averaged(
    tanh_run: tuple[Trajectory, bytes, np.ndarray],
) -> None:
    trajectory, _, everything = tanh_run
    linear = timeline([trajectory], 6, "linear")
    playback = Playback(trajectory, linear, smoothing=0.12)
    seconds = np.arange(len(everything)) / 50
    for second in (2.0, 4.0):
        weights = norm.pdf(seconds, second, 0.12)
        expected = np.tensordot(weights / weights.sum(), everything, axes=1)
        assert np.abs(playback.at(second).hidden - expected).max() < 0.01


def test_views_of_unbounded_spaces_hold_all_points_and_move_smoothly() -> None:
    radius = np.concatenate([np.geomspace(1, 40, 60), np.geomspace(40, 10, 41)])
    hidden = radius[:, None, None] * np.array([[[1.0, 0.3], [0.5, 0.9]]])
    path = made_trajectory(hidden, activation="relu")
    playback = Playback(path, EVEN)
    view = View(playback)
    limits = []
    for second in np.arange(-1, 11, 1 / 30):
        lower, upper = view.at(second)
        moment = playback.at(second).hidden
        assert moment.max() <= upper
        assert lower < 0
        limits.append(upper)
    steps = np.diff(np.log(limits))
    assert np.abs(steps).max() < 0.12
    assert np.abs(np.diff(steps)).max() < 0.02


def test_views_of_bounded_spaces_never_move(trajectory: Trajectory) -> None:
    view = View(Playback(trajectory, timeline([trajectory], 8)))
    assert {view.at(second) for second in (-1, 0, 3, 9)} == {view.at(0)}
    lower, upper = view.at(0)
    assert lower == pytest.approx(-upper)
    assert upper > 1


def test_the_view_of_a_space_without_bounds_reaches_both_ways() -> None:
    run = (
        np.random.default_rng(1).normal(size=(6, 20, 2))
        * np.array([1, 2, 9, 9, 3, 1])[:, None, None]
    )
    path = made_trajectory(run, np.arange(6) * 20, activation="leaky_relu")
    playback = Playback(path, timeline([path], 8))
    view = View(playback)
    for second in np.linspace(-1, 9, 60):
        lower, upper = view.at(float(second))
        shown = playback.at(float(second)).hidden
        assert lower <= shown.min()
        assert upper >= shown.max()
        assert lower < 0 < upper


def test_a_view_without_borders_is_as_narrow_as_the_points_allow() -> None:
    rng = np.random.default_rng(3)
    run = rng.normal(size=(9, 30, 2)) * [1.0, 0.1] + [0.0, 4.0]
    path = made_trajectory(run, np.arange(9) * 20, activation="leaky_relu")
    playback = Playback(path, timeline([path], 8))
    view = View(playback)
    spans = []
    for second in np.linspace(-1, 9, 60):
        (lower, upper), rise = view.frame(float(second))
        shown = playback.at(float(second)).hidden
        assert lower <= shown[:, 0].min()
        assert upper >= shown[:, 0].max()
        assert lower + rise <= min(shown[:, 1].min(), 0.0)
        assert upper + rise >= shown[:, 1].max()
        common = view.at(float(second))
        spans.append((upper - lower) / (common[1] - common[0]))
    assert max(spans) < 0.85
    assert np.abs(np.diff(spans, 2)).max() < 0.05


def test_a_quadrant_has_the_same_limits_on_both_axes() -> None:
    run = np.abs(np.random.default_rng(1).normal(size=(6, 20, 2))) * [1.0, 5.0]
    path = made_trajectory(run, activation="relu")
    view = View(Playback(path, timeline([path], 8)))
    for second in (0.0, 3.3, 9.0):
        assert view.frame(second).limits == view.at(second)
        assert view.frame(second).rise == 0.0


@pytest.mark.parametrize(
    ("reach", "limits", "rise"),
    [
        # A wide and a high rectangle around the origin, in the middle of their squares.
        ((3, 5, 1, 1), (-3, 5), -1),
        ((1, 1, 2, 6), (-2, 2), 2),
        ((2, 2, 2, 2), (-2, 2), 0),
    ],
)
def test_a_square_holds_a_rectangle_closely(
    reach: tuple[float, ...], limits: tuple[float, float], rise: float
) -> None:
    left, right, below, above = reach
    frame = Frame.around(*reach, share=1, margin=0)
    lower, upper = frame.limits
    slack = 0.05 * max(left + right, below + above)
    assert -left - slack <= lower <= -left + 1e-9 or lower + frame.rise <= -below
    assert lower <= -left
    assert upper >= right
    assert lower + frame.rise <= -below
    assert upper + frame.rise >= above
    side = max(left + right, below + above)
    assert side <= upper - lower <= side + 2 * slack
    with_room = Frame.around(*reach, share=1, margin=0.1)
    width = upper - lower
    assert with_room.limits == pytest.approx((lower - 0.1 * width, upper + 0.1 * width))


def test_equal_limits_are_the_largest_reach_without_rounding() -> None:
    assert Frame.around(3, 5, 1, 1, share=0, margin=0) == Frame((-3, 5), 0)
    assert Frame.around(1, 1, 2, 6, share=0, margin=0) == Frame((-2, 6), 0)


def test_a_zoom_is_the_reach_where_it_does_not_change() -> None:
    seconds = np.array([0.0, 5.0, 5.5, 10.0])
    zoom = Zoom(seconds, np.array([1.0, 1.0, 4.0, 4.0]), 10.0)
    assert zoom.at(0) == pytest.approx(1)
    assert zoom.at(2) == pytest.approx(1)
    assert zoom.at(9) == pytest.approx(4)
    assert 1 < zoom.at(5) < 4.0001
    assert zoom.at(-3) == pytest.approx(1)
    assert zoom.at(20) == pytest.approx(4)


def test_a_panel_shows_a_little_of_what_is_below_the_origin() -> None:
    hidden = np.full((2, 3, 2), 2.0)
    view = View(Playback(made_trajectory(hidden, activation="gelu"), EVEN), margin=0)
    path = view._below
    if path:
        assert path[0].at(3) == pytest.approx(max(View.LEAST / 10, -hidden.min()))
