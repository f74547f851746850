"""The network of an epoch is the mix that puts the points where they are."""

from __future__ import annotations

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.trajectory.play.network_mix import PAIRS, NetworkMix

POINTS = np.random.default_rng(3).uniform(-0.5, 0.5, (40, 2)).astype(np.float32)
TURN = np.array([[0.0, -1.0], [1.0, 0.0]], dtype=np.float32)


def run(places: list[float], activation: str = "tanh", units: int = 2) -> Trajectory:
    """Points that turn by so much at each epoch, in all units alike."""
    hidden = np.stack([POINTS * np.cos(p) + POINTS @ TURN * np.sin(p) for p in places])
    hidden = np.tile(hidden, units // 2).astype(np.float32)
    return Trajectory.of(
        {"activation": activation},
        epochs=np.arange(len(places)),
        hidden=np.maximum(hidden, 0) if activation == "relu" else hidden,
        inputs=POINTS,
        labels=np.arange(len(POINTS)) % 2,
        readout_weight=np.zeros((len(places), 2, units), np.float32),
        readout_bias=np.zeros((len(places), 2), np.float32),
    )


def weights(
    path: Trajectory, known: list[int], epoch: float, clipped: bool = False
) -> dict[int, float]:
    """What each known epoch counts."""
    mix = NetworkMix(path, np.array(known), path.units, clipped).at(epoch)
    assert mix.weights.sum() == pytest.approx(1.0, abs=1e-6)
    shares = zip(mix.indices, mix.weights.tolist(), strict=True)
    return {known[index]: round(weight, 3) for index, weight in shares}


def test_where_a_network_is_known_it_is_that_and_beyond_the_last_one_that() -> None:
    path = run(np.linspace(0, 1, 31).tolist())
    assert weights(path, [5, 15, 25], 15) == {15: 1}
    assert weights(path, [5, 15, 25], 2) == {5: 1}
    assert weights(path, [5, 15, 25], 30) == {25: 1}
    assert weights(path, [7], 9.5) == {7: 1}


def test_points_that_stand_still_leave_the_epochs_to_decide() -> None:
    path = run([0.0] * 31)
    assert weights(path, [0, 10, 20, 30], 14) == {10: 0.6, 20: 0.4}


def test_points_that_move_evenly_do_so_too() -> None:
    found = weights(run((np.arange(31) * 1e-3).tolist()), [0, 10, 20, 30], 14)
    assert found[10] == pytest.approx(0.6, abs=0.02)
    assert found[20] == pytest.approx(0.4, abs=0.02)


@pytest.mark.parametrize("known", [[0, 10, 20], [0, 3, 10, 20, 30]])
def test_a_jump_is_made_when_the_points_make_it(known: list[int]) -> None:
    path = run([0.0] * 17 + [1.0] * 14)
    for epoch, moved in ((16, 0), (17, 1)):
        found = weights(path, known, epoch)
        after = sum(found.get(epoch, 0.0) for epoch in (20, 30))
        assert after == pytest.approx(moved, abs=0.03)


def test_a_spike_that_was_seen_before_is_followed() -> None:
    places = [0.0] * 31
    places[5] = places[14] = 1.2
    assert weights(run(places), [0, 5, 10, 20, 30], 14)[5] == pytest.approx(1, abs=0.03)


def test_so_many_networks_count_and_of_a_wide_layer_a_pair() -> None:
    places = np.cumsum(np.random.default_rng(0).normal(0, 0.3, 61)).tolist()
    known = list(range(0, 61, 4))
    narrow = weights(run(places), known, 30)
    assert min(narrow) >= 28 - 4 * (PAIRS - 1)
    assert max(narrow) <= 32 + 4 * (PAIRS - 1)
    assert set(weights(run(places, units=10), known, 30)) <= {28, 32}


def test_below_the_kink_of_an_activation_points_tell_nothing() -> None:
    places = [0.0] * 15 + [0.4] * 16
    path = run(places, "relu")
    assert weights(path, [0, 10, 20], 16, clipped=True)[20] == pytest.approx(1, abs=0.03)
    hidden = np.zeros_like(path.hidden)
    hidden[:, :4] = path.hidden[:, :4]
    few = Trajectory.of(path.recipe, **{**path.arrays(), "hidden": hidden})
    assert weights(few, [0, 10, 20], 16, clipped=True) == {10: 0.4, 20: 0.6}
