from __future__ import annotations

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.trajectory.play.pacing import BORDERS, motion_clock, timeline
from spiralcore.trajectory.play.stops import SHARE, with_room
from spiralcore.trajectory.play.timeline import Timeline
from tests.conftest import made_trajectory

EVEN = Timeline(np.linspace(0, 20, 201), np.linspace(0, 1000, 201))


def starts(paced: Timeline, stops: list[float]) -> list[float]:
    return paced.seconds_at(np.array(stops)).tolist()


def check(paced: Timeline) -> None:
    assert (np.diff(paced.seconds) > 0).all()
    assert (np.diff(paced.epochs) > 0).all()
    assert (paced.seconds[0], paced.epochs[0]) == (0, 0)
    assert paced.duration == pytest.approx(EVEN.duration)
    assert paced.epochs[-1] == 1000


def test_events_get_their_seconds_and_the_rest_goes_faster() -> None:
    stops = [500.0, 550.0, 580.0]
    paced = with_room(EVEN, stops, 2.5)
    check(paced)
    first, second, third = starts(paced, stops)
    assert second - first == pytest.approx(2.5)
    assert third - second == pytest.approx(2.5)
    assert paced.duration - third > 2.5
    # Before and after it goes as fast as each other.
    assert first / 500 == pytest.approx((paced.duration - third) / 420)


def test_where_there_is_room_nothing_changes() -> None:
    assert with_room(EVEN, [], 2.5) is EVEN
    paced = with_room(EVEN, [100.0, 300.0, 600.0], 2.5)
    check(paced)
    np.testing.assert_allclose(starts(paced, [100, 300, 600, 800]), [2, 6, 12, 16])


def test_the_most_important_come_first_where_not_all_have_room() -> None:
    stops = [900.0, *np.arange(0.0, 900.0, 60.0).tolist()]
    paced = with_room(EVEN, stops, 2.5)
    check(paced)
    kept = int(SHARE * 20 / 2.5)
    chosen = sorted(stops[:kept])
    for one, other in zip(starts(paced, chosen), starts(paced, chosen)[1:], strict=False):
        assert other - one >= 2.5 - 1e-6


def test_what_is_too_close_together_to_be_slowed_down_is_left_out() -> None:
    stops = [500.0, 501.0, 980.0, 999.0]
    paced = with_room(EVEN, stops, 2.5)
    check(paced)
    first, close, late, last = starts(paced, stops)
    assert close - first < 0.2
    assert 20 - last < 0.4
    assert late - first >= 2.5


def owners(share: np.ndarray) -> Trajectory:
    """Points that stand still, and a border that moves over a part of the square, shape (T,)."""
    path = made_trajectory(np.tile(np.float32([0.0, 0.5]), (len(share), 4, 1)))
    arrays = {**path.arrays(), "readout_bias": np.stack([-share, share], axis=1)}
    return Trajectory.from_arrays({"activation": "tanh"}, **arrays)


def test_borders_that_move_take_time_too() -> None:
    # Class 0 where x > place: from all of the right half to nothing.
    path = owners(np.concatenate([np.zeros(50), np.linspace(0, 1, 51)]))
    clock = motion_clock(path)
    assert clock[49] == pytest.approx(0, abs=1e-9)
    assert clock[-1] == pytest.approx(BORDERS / 2, rel=0.05)
    paced = timeline([path], 10)
    calm, busy = paced.seconds_at(np.array([49])).item(), 10.0
    assert busy - calm > 6


def test_half_of_the_epochs_never_go_by_in_a_second() -> None:
    # All movement is in the first hundred of ten thousand epochs.
    epochs = np.append(np.arange(101), 10_000)
    hidden = np.append(np.linspace(-1, 1, 101), 1.0)[:, None, None] * np.ones((1, 4, 2))
    paced = timeline([made_trajectory(hidden, epochs)], 20)
    seconds = np.arange(0, 19.01, 0.1)
    passed = [paced.epoch_at(second + 1) - paced.epoch_at(second) for second in seconds]
    assert max(passed) < 0.4 * 10_000


def test_a_film_gives_time_to_the_events_of_its_training() -> None:
    hidden = np.zeros((400, 6, 2))
    hidden[:, :, 0] = np.linspace(-1, 1, 400)[:, None]
    path = made_trajectory(hidden)
    stops = [200.0, 210.0]
    first, second = starts(timeline([path], 20, stops=stops), stops)
    assert second - first == pytest.approx(2.5, abs=0.01)
    even = timeline([path], 20, "linear", stops=stops)
    assert starts(even, stops) == pytest.approx([200 * 20 / 399, 210 * 20 / 399])
