"""Networks are kept where the regions change, and what is wrong in between is measured."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.recipe.perceptron import Perceptron
from spiralcore.recording.kept_regions import WORST, WRONG, kept_regions
from spiralcore.recording.network_candidates import EARLY, STRIDE, NetworkCandidates
from spiralcore.registry.activations import activation
from spiralcore.training.step_recorder import StepRecorder
from spiralcore.training.trainer import points_of, train
from spiralcore.trajectory.play.network_mix import NetworkMix
from spiralcore.trajectory.play.pacing import timeline
from tests.conftest import small_recipe

LINE = Perceptron((2, 2, 2), [activation("hardtanh")])
"""Its only border is where the first coordinate is as large as the bias of the second class."""


def borders(places: list[float]) -> list[np.ndarray]:
    """Parameters of networks whose border stands at these places."""
    identity = [1.0, 0.0, 0.0, 1.0]
    head = [1.0, 0.0, 0.0, 0.0]  # the first class by the first coordinate
    return [np.array([*identity, *head, 0, 0, 0, place], np.float32) for place in places]


def run(epochs: list[int]) -> Trajectory:
    """Points that go from here to there at one speed."""
    corners = np.array([[-1.0, -1.0], [1.0, 1.0]], dtype=np.float32)
    hidden = np.array([corners * (0.3 + 0.5 * epoch / epochs[-1]) for epoch in epochs], np.float32)
    return Trajectory.of(
        {"activation": "hardtanh"}, epochs=np.array(epochs), hidden=hidden,
        inputs=corners, labels=np.array([0, 1]),
        readout_weight=np.tile(np.eye(2, dtype=np.float32), (len(epochs), 1, 1)),
        readout_bias=np.zeros((len(epochs), 2), np.float32),
    )  # fmt: skip


def kept(places: list[float], most: int = 50) -> tuple[list[int], tuple[float, ...]]:
    every = np.arange(len(places))
    found = kept_regions(LINE, borders(places), every, run(every.tolist()), most)
    return found.indices.tolist(), found.fidelity


def test_a_border_that_moves_evenly_needs_its_ends_only() -> None:
    indices, fidelity = kept(np.linspace(-0.9, 0.9, 65).tolist())
    assert indices == [0, 64]
    assert fidelity == (0, 0, 0)


def test_networks_are_kept_where_a_border_turns() -> None:
    there = np.interp(range(65), [0, 16, 64], [-0.9, 0.9, -0.9]).tolist()
    indices, fidelity = kept(there)
    assert 16 in indices
    assert fidelity.max <= WRONG


def test_of_too_few_networks_what_is_wrong_is_told() -> None:
    there = np.interp(range(65), [0, 16, 64], [-1.1, 1.1, -1.1]).tolist()
    indices, fidelity = kept(there, most=2)
    assert indices == [0, 64]
    # The border of the mix stands still at the left edge: at the turn everything is wrong.
    assert fidelity.max == pytest.approx(1.0, abs=0.04)
    assert fidelity.p50 == pytest.approx(0.5, abs=0.06)


def test_early_epochs_and_changed_classes_are_candidates_though_no_point_moves() -> None:
    candidates, still = NetworkCandidates(), np.zeros((1000, 2), dtype=np.float32)
    classes = np.zeros(1000, dtype=np.int64)
    parameters = np.zeros(12, np.float32)
    seen = []
    for epoch in range(2 * EARLY):
        if epoch == EARLY + 3:
            classes = classes.copy()
            classes[:5] = 1
        if candidates.see(epoch, still, lambda: 1.0, classes, parameters.copy, last=False):
            seen.append(epoch)
    assert seen == [*range(EARLY), EARLY, EARLY + 3, *range(EARLY + STRIDE, 2 * EARLY, STRIDE)]


def test_a_run_says_how_true_its_regions_are(tmp_path: Path) -> None:
    """Held against the networks of all epochs, by other means than the recorder's."""
    recipe = small_recipe()
    points = points_of(recipe)
    recorder, every = StepRecorder(recipe, points), []
    for step in train(recipe, points):
        recorder.record(step)
        every.append(step.parameters.copy())
    trajectory, data = recorder.finish()
    assert data
    fidelity = trajectory.region_fidelity
    assert fidelity is not None
    (tmp_path / "a.npz").write_bytes(data)
    assert Trajectory.load(tmp_path / "a.npz").region_fidelity == fidelity

    network = Perceptron((2, *recipe.network.widths, 3), recipe.layer_activations())
    nodes = np.random.default_rng(0).uniform(-1.1, 1.1, (2000, 2)).astype(np.float32)
    nodes *= np.abs(points.inputs).max()
    parameters = trajectory.parameters
    mixes = NetworkMix(trajectory, trajectory.parameter_epochs, 2, clipped=False)
    wrong = []
    for epoch, true in enumerate(every):
        mix = mixes.at(epoch)
        rows = [parameters[index] for index in mix.indices]
        drawn = [np.tanh(network.forward(row, nodes)[-2]) for row in rows]
        heads = [network.linear(row, network.depth) for row in rows]
        weight = np.tensordot(mix.weights, [w for w, _ in heads], 1)
        logits = np.tensordot(mix.weights, drawn, 1) @ weight
        shown = (logits + np.tensordot(mix.weights, [b for _, b in heads], 1)).argmax(axis=1)
        wrong.append(np.mean(shown != network.forward(true, nodes)[-1].argmax(axis=1)))
    seconds = timeline([trajectory], FilmSettings().seconds).seconds_at(np.arange(len(every)))
    order = np.argsort(wrong)
    over_film = np.cumsum(np.gradient(seconds)[order])
    p90 = np.array(wrong)[order][np.searchsorted(over_film, 0.9 * over_film[-1])]
    assert fidelity.p50 <= fidelity.p90 <= fidelity.max
    assert p90 == pytest.approx(fidelity.p90, abs=0.006)
    assert max(wrong) <= fidelity.max + 0.03


def test_regions_of_a_run_are_wrong_for_a_hundredth_of_the_plane_at_most(
    trajectory: Trajectory,
) -> None:
    fidelity = trajectory.region_fidelity
    assert fidelity is not None
    assert fidelity.p90 <= WRONG
    assert fidelity.max <= WORST
