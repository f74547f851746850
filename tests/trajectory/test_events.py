from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.trajectory.events import Event, Spike, events, leap, passed, spikes
from spiralcore.trajectory.play.motion import panel_widths
from tests.conftest import made_trajectory

EPOCHS = 200


def still() -> np.ndarray:
    return np.zeros((EPOCHS + 1, 6, 2), np.float32)


def run(
    accuracy: np.ndarray | None = None,
    loss: np.ndarray | None = None,
    hidden: np.ndarray | None = None,
) -> Trajectory:
    """A run of two classes whose curves fall and rise evenly where they are not given."""
    path = made_trajectory(still() if hidden is None else hidden)
    curves = {}
    if accuracy is not None:
        curves["accuracy"] = accuracy.astype(np.float32)
    if loss is not None:
        curves["cross_entropy"] = loss.astype(np.float32)
    return replace(path, **curves)


def test_accuracies_are_passed_where_the_curve_says() -> None:
    rising = np.linspace(0.5, 1.0, EPOCHS + 1)
    assert passed(run(rising)) == {0.9: 160, 0.99: 196}


def test_what_guessing_reaches_is_no_event() -> None:
    rising = np.linspace(0.3, 0.6, EPOCHS + 1)
    assert passed(run(rising)) == {}
    labels = np.arange(6) % 3
    of_three = Trajectory.from_arrays(
        {"activation": "tanh"}, epochs=np.arange(EPOCHS + 1), inputs=np.ones((6, 2)),
        labels=labels, hidden=still(), accuracy=rising,
    )  # fmt: skip
    assert passed(of_three) == {0.5: int(np.argmax(rising >= np.float32(0.5)))}


def test_only_the_first_passing_counts() -> None:
    curve = np.full(EPOCHS + 1, 0.6)
    curve[[50, 120]] = 0.95
    assert passed(run(curve)) == {0.9: 50}


def test_spikes_are_found_with_their_start_and_peak() -> None:
    loss = np.linspace(0.6, 0.2, EPOCHS + 1)
    loss[100:104] = [0.9, 1.4, 1.1, 0.7]
    loss[150:152] = [1.0, 0.8]
    first, second = spikes(run(loss=loss))
    assert (first.start, first.peak, second.start, second.peak) == (99, 101, 149, 150)
    assert first.height == pytest.approx(1.4 - loss[99])


def test_a_spike_that_trembles_is_one() -> None:
    loss = np.linspace(0.6, 0.2, EPOCHS + 1)
    loss[100:110] = [0.9, 0.5, 1.4, 0.5, 1.1, 0.6, 1.0, 0.5, 0.9, 0.6]
    assert [(spike.start, spike.peak) for spike in spikes(run(loss=loss))] == [(99, 102)]


def test_a_loss_that_never_comes_back_is_one_spike_and_noise_is_none() -> None:
    loss = np.linspace(0.6, 0.2, EPOCHS + 1)
    loss[120:] = np.log(2)
    (only,) = spikes(run(loss=loss))
    assert only == Spike(only.height, 119, 120)
    noise = 0.4 + 0.05 * np.random.default_rng(1).uniform(size=EPOCHS + 1)
    assert spikes(run(loss=noise)) == []


def test_a_spike_is_told_with_what_it_does_to_the_accuracy() -> None:
    loss, accuracy = np.linspace(0.6, 0.2, EPOCHS + 1), np.full(EPOCHS + 1, 0.55)
    loss[100] = 1.25
    accuracy[100] = 0.31
    told = "now the loss jumps from 0.40 to 1.25, and accuracy falls from 55 % to 31 %"
    assert events([run(accuracy, loss)]) == [Event(99, told)]


def test_the_three_highest_spikes_are_told() -> None:
    loss = np.full(EPOCHS + 1, 0.2)
    loss[[40, 80, 120, 160]] = [1.0, 2.0, 1.5, 3.0]
    found = events([run(np.full(EPOCHS + 1, 0.5), loss)])
    assert [event.epoch for event in found] == [79, 119, 159]


def test_the_leap_is_the_farthest_way_after_the_opening() -> None:
    hidden = still()
    hidden[1:] += 1.0  # the first step, which does not count
    hidden[101:, :, 0] -= 0.6
    hidden[141:, :, 0] += 0.2
    told = "now the largest leap: in one epoch the points move by 30 % of the panel's width"
    assert leap(run(hidden=hidden)) == [Event(100, told)]
    assert leap(run()) == []


def test_a_leap_is_measured_in_the_panel_that_it_leads_to() -> None:
    hidden = np.full((EPOCHS + 1, 6, 2), 10.0)
    hidden[101:] = 30.0
    path = made_trajectory(hidden, activation="relu")
    before, after = panel_widths(path.hidden[100:102], path.space)
    assert after > 2 * before
    (told,) = leap(path)
    part = 100 * 20 * np.sqrt(2) / after
    assert told == Event(
        100, f"now the largest leap: in one epoch the points move by {part:.0f} % of the panel's "
        "width"
    )  # fmt: skip


def test_a_leap_between_far_epochs_says_so() -> None:
    hidden = np.zeros((3, 4, 2))
    hidden[2] = 0.5
    path = made_trajectory(hidden, np.array([0, 10, 25]))
    told = "now the largest leap: in 15 epochs the points move by 35 % of the panel's width"
    assert leap(path) == [Event(10, told)]


def test_several_networks_are_told_together() -> None:
    early, late = np.full(EPOCHS + 1, 0.5), np.full(EPOCHS + 1, 0.5)
    early[50:], late[90:] = 1.0, 0.95
    loss = np.full(EPOCHS + 1, 0.2)
    loss[70] = 1.0
    paths = [run(early, loss), run(late, np.full(EPOCHS + 1, 0.2))]
    assert events(paths, ["tanh", "ReLU"]) == [
        Event(50, "99 % of the points are right with tanh, the only one of 2 networks that gets "
              "there"),
        Event(69, "tanh: now the loss jumps from 0.20 to 1.00"),
        Event(90, "90 % of the points are right with ReLU, the last of 2 networks"),
    ]  # fmt: skip


def test_what_was_not_recorded_is_not_told() -> None:
    path = Trajectory.from_arrays(
        {}, epochs=[0, 1], inputs=np.ones((4, 2)), labels=[0, 1, 0, 1], hidden=np.zeros((2, 4, 2))
    )
    assert events([path]) == []
    assert events([path, path], ["one", "other"]) == []


def test_events_of_a_real_run_are_in_order_and_within_it(trajectory: Trajectory) -> None:
    found = events([trajectory])
    assert found
    assert found == sorted(found)
    assert all(0 <= event.epoch <= trajectory.trained_epochs for event in found)
    assert all(event.text.isprintable() for event in found)
