from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.analysis.network.at_layer import at_layer
from spiralcore.analysis.network.projection import projected
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.errors import UsageError
from spiralcore.recipe import NetworkSettings
from spiralcore.registry.activations import ACTIVATIONS
from tests.conftest import record, small_recipe


def test_the_last_layer_is_the_trajectory_itself(trajectory: Trajectory) -> None:
    assert at_layer(trajectory, 4) is trajectory


def test_an_inner_layer_is_what_the_recorded_network_computes(trajectory: Trajectory) -> None:
    inner = at_layer(trajectory, 2)
    network = RecordedNetwork(trajectory)
    assert inner.hidden.shape == (len(network.epochs), trajectory.points, 80)
    np.testing.assert_array_equal(inner.epochs, network.epochs)
    for index in (0, len(network.epochs) - 1):
        value = trajectory.inputs
        for layer in range(2):
            weight, bias = network.linear(index, layer)
            value = np.tanh(value @ weight + bias)
        np.testing.assert_allclose(inner.hidden[index], value, atol=1e-5)
        np.testing.assert_allclose(
            network.logits(index, inner.hidden[index], 2),
            network.logits(index, trajectory.inputs),
            atol=1e-4,
        )
    assert inner.fidelity is None
    assert inner.shown is not None
    assert (inner.shown.layer, inner.shown.layers, inner.shown.units) == (2, 4, 80)
    assert inner.shown.known_epochs == len(network.epochs)
    assert inner.shown.share is None
    assert inner.space.name(2) == "square"


def test_a_recorded_layer_is_taken_as_it_is(stacked_trajectory: Trajectory) -> None:
    inner = at_layer(stacked_trajectory, 2)
    np.testing.assert_array_equal(inner.hidden, stacked_trajectory.layers[2])
    np.testing.assert_array_equal(inner.epochs, stacked_trajectory.epochs)
    assert inner.fidelity == stacked_trajectory.fidelity
    assert inner.shown is not None
    assert (inner.shown.layer, inner.shown.known_epochs) == (2, 0)


def test_recorded_and_computed_layers_agree(stacked_trajectory: Trajectory) -> None:
    recorded = at_layer(stacked_trajectory, 2)
    computed = at_layer(dataclasses.replace(stacked_trajectory, layers={}), 2)
    epoch = int(computed.epochs[-1])
    np.testing.assert_allclose(
        recorded.evaluate(epoch).hidden, computed.evaluate(epoch).hidden, atol=2e-3
    )


def test_inner_layers_of_a_radial_network_have_their_own_space(tmp_path: Path) -> None:
    network = NetworkSettings(widths=(2, 8, 3))
    made = record(small_recipe(activation="ball", network=network))[0]
    inner = at_layer(made, 1)
    assert made.space is ACTIVATIONS["ball"].space
    assert inner.space is ACTIVATIONS["tanh"].space
    inner.save(tmp_path / "inner.npz")
    assert Trajectory.load(tmp_path / "inner.npz").space is ACTIVATIONS["tanh"].space


def test_an_inner_layer_has_no_read_out(stacked_trajectory: Trajectory, tmp_path: Path) -> None:
    for layer in (1, 2):
        inner = at_layer(stacked_trajectory, layer)
        assert not inner.knows_readout
        inner.save(tmp_path / "inner.npz")
        again = Trajectory.load(tmp_path / "inner.npz")
        assert not again.knows_readout
        assert again.shown == inner.shown
        assert again.classes == inner.classes
        flat = projected(at_layer(stacked_trajectory, 3))
        assert not flat.knows_readout


@pytest.mark.parametrize("layer", [0, 5, -1])
def test_there_is_no_such_layer(trajectory: Trajectory, layer: int) -> None:
    with pytest.raises(UsageError) as error:
        at_layer(trajectory, layer)
    assert str(error.value) == (
        f"the given arrays: there is no hidden layer {layer}.\n"
        "expected: 1 to 4, with the widths 120 80 40 2."
    )


def test_a_network_that_was_not_recorded_cannot_be_asked(trajectory: Trajectory) -> None:
    bare = dataclasses.replace(trajectory, parameters=None, parameter_epochs=None)
    with pytest.raises(UsageError) as error:
        at_layer(bare, 2)
    assert str(error.value) == (
        "the given arrays does not hold the network, so that layer 2 cannot be computed.\n"
        "expected: 'parameters' and 'parameter_epochs', and the widths in the recipe.\n"
        "next: spiral train makes such files"
    )
    inner = at_layer(dataclasses.replace(bare, layers={2: bare.hidden}), 2)
    np.testing.assert_array_equal(inner.hidden, bare.hidden)
