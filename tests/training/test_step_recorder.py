from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.recipe import NetworkSettings, RecordingSettings, TrainingSettings
from spiralcore.registry.policies import POLICIES
from spiralcore.training.step_recorder import StepRecorder
from spiralcore.training.trainer import points_of, train
from spiralcore.trajectory.play.motion import panel_width
from tests.conftest import record, small_recipe

Run = tuple[Trajectory, bytes, np.ndarray]


@pytest.mark.parametrize("name", ["tanh_run", "relu_run"])
def test_the_stated_fidelity_is_the_measured_one(name: str, request: pytest.FixtureRequest) -> None:
    trajectory, _, everything = request.getfixturevalue(name)
    errors = [
        np.linalg.norm(trajectory.evaluate(epoch).hidden - hidden, axis=1).max()
        / panel_width(hidden, trajectory.space)
        for epoch, hidden in enumerate(everything)
    ]
    assert trajectory.fidelity is not None
    measured = [*np.quantile(errors, [0.5, 0.99]), max(errors)]
    np.testing.assert_allclose(trajectory.fidelity, measured, rtol=1e-3, atol=1e-6)
    # Each coordinate keeps to the tolerance, so two of them keep to sqrt(2) times that.
    assert trajectory.fidelity.max < 0.01 * 2**0.5 + 1e-3


@pytest.mark.parametrize("name", ["tanh_run", "relu_run"])
def test_kept_epochs_are_exact(name: str, request: pytest.FixtureRequest) -> None:
    trajectory, _, everything = request.getfixturevalue(name)
    exact = everything[trajectory.epochs].astype(np.float16).astype(np.float32)
    np.testing.assert_array_equal(trajectory.hidden, exact)
    assert trajectory.epochs[0] == 0
    assert trajectory.epochs[-1] == trajectory.trained_epochs == 300


def test_the_recorded_network_gives_the_recorded_layer(tanh_run: Run) -> None:
    trajectory = tanh_run[0]
    network = RecordedNetwork(trajectory)
    last = len(network.epochs) - 1
    assert network.epochs[last] == 300
    logits = network.logits(last, trajectory.inputs)
    right = (logits.argmax(1) == trajectory.labels).mean()
    assert right == pytest.approx(trajectory.accuracy[-1])
    moment = trajectory.evaluate(300)
    expected = moment.hidden @ moment.readout_weight.T + moment.readout_bias
    np.testing.assert_allclose(logits, expected, atol=0.02)


@pytest.mark.parametrize("keep", sorted(POLICIES.keys() - {"adaptive"}))
def test_schedules_keep_what_they_say(keep: str) -> None:
    settings = RecordingSettings.model_validate({"keep": keep, "frames": 20})
    trajectory, _, everything = record(small_recipe(recording=settings))
    wanted = {
        "log": [0, *np.geomspace(1, 299, 20).astype(int), 300],
        "linear": np.linspace(0, 300, 20).round(),
        "every": range(301),
    }
    assert trajectory.epochs.tolist() == sorted(set(wanted[keep]))
    if keep == "every":
        assert trajectory.fidelity.max < 1e-3
        assert len(trajectory.epochs) == len(everything)


def test_a_small_limit_makes_the_record_coarser_and_says_so() -> None:
    fine, _, _ = record(small_recipe())
    limit = 1.7 * fine.hidden.nbytes / 1e6
    coarse, smaller, _ = record(small_recipe(recording=RecordingSettings(max_megabytes=limit)))
    assert len(smaller) <= limit * 1e6 or len(coarse.epochs) < len(fine.epochs)
    assert coarse.fidelity.max > fine.fidelity.max


def test_a_run_of_one_epoch_is_a_trajectory() -> None:
    trajectory, _, _ = record(small_recipe(training=TrainingSettings(epochs=1)))
    assert trajectory.epochs.tolist() == [0, 1]


def test_all_layers_of_the_drawn_width_are_recorded_with_the_stated_fidelity() -> None:
    recipe = small_recipe(
        activation="relu", network=NetworkSettings(widths=(20, 2, 12, 2, 8, 2)), seed=2
    )
    points = points_of(recipe)
    recorder = StepRecorder(recipe, points)
    run: list[list[np.ndarray]] = []
    for step in train(recipe, points):
        recorder.record(step)
        run.append([layer.copy() for layer in step.layers])
    trajectory, _ = recorder.finish()
    everything = np.array(run)
    assert list(trajectory.layers) == [2, 4]
    recorded = [*trajectory.layers.values(), trajectory.hidden]
    worst = np.zeros(301)
    for layer, values in enumerate(recorded):
        exact = everything[trajectory.epochs, layer].astype(np.float16).astype(np.float32)
        np.testing.assert_array_equal(values, exact)
        for epoch, hidden in enumerate(everything[:, layer]):
            shown = replace(trajectory, hidden=values, hidden_mean=None).evaluate(epoch).hidden
            error = np.linalg.norm(shown - hidden, axis=1).max()
            worst[epoch] = max(worst[epoch], error / panel_width(hidden, trajectory.space))
    measured = [*np.quantile(worst, [0.5, 0.99]), worst.max()]
    np.testing.assert_allclose(trajectory.fidelity, measured, rtol=1e-3, atol=1e-6)
    network = RecordedNetwork(trajectory)
    last = len(network.epochs) - 1
    from_input = network.logits(last, trajectory.inputs)
    from_layer = network.logits(last, everything[-1, 1], layer=4)
    np.testing.assert_allclose(from_layer, from_input, atol=1e-4)


@pytest.mark.parametrize(("activation", "units"), [("disk", 2), ("sphere", 3), ("relu", 5)])
def test_layers_of_any_width_are_recorded(activation: str, units: int) -> None:
    recipe = small_recipe(activation=activation, network=NetworkSettings(widths=(20, units)))
    trajectory = record(recipe)[0]
    assert trajectory.units == units
    network = RecordedNetwork(trajectory)
    assert network.activations[-1].name == activation
    last = len(network.epochs) - 1
    values = network.activations[-1].apply(network.drawn(last, trajectory.inputs))
    np.testing.assert_allclose(values, trajectory.hidden[-1], atol=2e-3 * values.max())
    assert trajectory.fidelity.max < 0.01 * units**0.5 + 1e-3
