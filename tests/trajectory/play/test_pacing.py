from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiralcore import Trajectory
from spiralcore.errors import UsageError
from spiralcore.trajectory.play.motion import panel_width
from spiralcore.trajectory.play.pacing import MOTION_STEP, TIMELINES, motion_clock, timeline
from spiralcore.trajectory.play.playback import Playback
from tests.conftest import made_trajectory


@pytest.mark.parametrize("kind", TIMELINES)
def test_ends_are_exact_and_time_never_stands_still(
    trajectory: Trajectory, relu_trajectory: Trajectory, kind: str
) -> None:
    paced = timeline([trajectory, relu_trajectory], 7.5, kind)
    assert paced.seconds[0] == 0
    assert paced.seconds[-1] == pytest.approx(7.5)
    assert paced.epochs[0] == 0
    assert paced.epochs[-1] == pytest.approx(300)
    assert (np.diff(paced.seconds) > 0).all()
    assert (np.diff(paced.epochs) > 0).all()


@settings(max_examples=25)
@given(second=st.floats(-2, 12))
def test_epochs_and_seconds_are_each_others_inverse(second: float) -> None:
    path = made_trajectory(np.cumsum(np.ones((20, 2, 2)), axis=0) / 20)
    paced = timeline([path], 10.0)
    epoch = paced.epoch_at(second)
    assert 0 <= epoch <= 19
    back = float(paced.seconds_at(np.array([epoch]))[0])
    assert back == pytest.approx(min(max(second, 0), 10), abs=1e-6)


def test_linear_and_log_are_what_they_say(trajectory: Trajectory) -> None:
    linear = timeline([trajectory], 10, "linear")
    assert linear.epoch_at(2.5) == pytest.approx(75)
    log = timeline([trajectory], 10, "log")
    factors = [(log.epoch_at(s + 1) + 1) / (log.epoch_at(s) + 1) for s in range(9)]
    assert max(factors) / min(factors) < 1.01


def test_motion_gives_each_second_about_the_same_movement() -> None:
    # Fast for 100 epochs, then a hundred times slower for 1000.
    fast = np.linspace(-1, 0, 101)
    slow = np.linspace(0, 0.1, 1001)[1:]
    place = np.concatenate([fast, slow])[:, None, None] * np.ones((1, 5, 2))
    path = made_trajectory(place)
    playback = Playback(path, timeline([path], 10))
    moved = [np.linalg.norm(playback.at(s + 1).hidden - playback.at(s).hidden) for s in range(1, 7)]
    assert max(moved) / min(moved) < 1.4


def test_movement_is_the_same_wherever_it_is() -> None:
    rng = np.random.default_rng(4)
    steps = np.cumsum(rng.normal(scale=0.05, size=(60, 8, 2)), axis=0)
    clocks = [motion_clock(made_trajectory(steps + place)) for place in (0.0, 0.4, -0.7)]
    np.testing.assert_allclose(clocks[1], clocks[0], rtol=1e-4)
    np.testing.assert_allclose(clocks[2], clocks[0], rtol=1e-4)
    assert clocks[0][0] == 0
    assert clocks[0][1] > 0
    paced = [timeline([made_trajectory(steps + place)], 8).seconds for place in (0.0, 0.4)]
    np.testing.assert_allclose(paced[1], paced[0], atol=1e-3)
    # One step across a fifth of a square that is 2.2 wide, all of it in the first epoch.
    leap = np.zeros((3, 8, 2))
    leap[1:, :, 0] = 0.44
    width = panel_width(leap[0], made_trajectory(leap).space)
    np.testing.assert_allclose(motion_clock(made_trajectory(leap)), [0, 0.44 / width, 0.44 / width])


def test_a_spike_of_three_epochs_is_seen() -> None:
    hidden = np.zeros((2000, 10, 2))
    hidden[:, 0] = np.linspace(0, 1, 2000)[:, None]
    hidden[1500:1503, :5, 0] = 0.9
    path = made_trajectory(hidden)
    paced = timeline([path], 20)
    playback = Playback(path, paced)
    seen = max(playback.at(second).hidden[4, 0] for second in np.arange(0, 20, 1 / 60))
    assert seen > 0.5
    start, end = paced.seconds_at(np.array([1498, 1504]))
    assert 0.3 < end - start < 6


def test_trembling_does_not_count_as_motion() -> None:
    rng = np.random.default_rng(1)
    calm = made_trajectory(0.3 * MOTION_STEP * rng.standard_normal((500, 40, 2)))
    assert motion_clock(calm)[-1] < 2 * MOTION_STEP


def test_a_network_that_never_moves_has_a_timeline() -> None:
    paced = timeline([made_trajectory(np.zeros((5, 3, 2)))], 4)
    assert paced.duration == pytest.approx(4)
    assert (np.diff(paced.seconds) > 0).all()


def test_unknown_timelines_are_refused(trajectory: Trajectory) -> None:
    with pytest.raises(UsageError) as error:
        timeline([trajectory], 5, "motoin")
    assert str(error.value) == (
        "There is no timeline 'motoin'. Did you mean 'motion'?\n"
        "expected: one of motion, log, linear."
    )
