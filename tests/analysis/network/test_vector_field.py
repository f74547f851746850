from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.analysis.network.class_directions import angles
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.analysis.network.vector_field import field_directions, grid, mapped, reach


def test_the_network_maps_the_data_to_where_they_were_recorded(trajectory: Trajectory) -> None:
    network = RecordedNetwork(trajectory)
    many = np.tile(trajectory.inputs, (200, 1))  # more than goes through at once
    found = mapped(network, many)
    recorded = np.tile(trajectory.hidden[-1], (200, 1))
    np.testing.assert_allclose(found.hidden, recorded, atol=2e-3)  # files keep 16 bits
    right = found.logits.argmax(axis=1)[: trajectory.points] == trajectory.labels
    np.testing.assert_allclose(right.mean(), trajectory.accuracy[-1], atol=0.02)


def test_a_grid_covers_the_square() -> None:
    x, nodes = grid(2.0, 3)
    assert x.tolist() == [-2, 0, 2]
    assert nodes.tolist()[:4] == [[-2, -2], [0, -2], [2, -2], [-2, 0]]
    assert nodes.shape == (9, 2)


def test_the_square_holds_all_data(trajectory: Trajectory) -> None:
    assert np.abs(trajectory.inputs).max() < reach(trajectory)


def test_directions_over_the_plane_are_those_of_the_network(trajectory: Trajectory) -> None:
    field = field_directions(trajectory, nodes=11)
    _, nodes = grid(reach(trajectory), 11)
    found = mapped(RecordedNetwork(trajectory), nodes)
    np.testing.assert_array_equal(field.degrees, angles(found.hidden))
    np.testing.assert_array_equal(field.labels, found.logits.argmax(axis=1))
    assert field.directions.points.sum() + field.directions.undirected.sum() == 121


def test_the_drawn_layer_is_the_last_but_one(trajectory: Trajectory) -> None:
    network = RecordedNetwork(trajectory)
    index = len(network.epochs) // 2
    before = network.drawn(index, trajectory.inputs)
    kept = int(np.searchsorted(trajectory.epochs, network.epochs[index]))
    if trajectory.epochs[kept] == network.epochs[index]:
        np.testing.assert_allclose(np.tanh(before), trajectory.hidden[kept], atol=2e-3)
    weight, bias = network.linear(index, network.depth)
    logits = network.logits(index, trajectory.inputs)
    np.testing.assert_allclose(np.tanh(before) @ weight + bias, logits, atol=1e-5)
    first, offset = network.linear(index, 0)
    values = network.activations[0].apply(trajectory.inputs @ first + offset)
    np.testing.assert_array_equal(network.drawn(index, values, layer=1), before)


def test_a_network_that_does_not_fit_its_recipe_is_not_in_the_file(trajectory: Trajectory) -> None:
    assert RecordedNetwork.is_in(trajectory)
    assert trajectory.parameters is not None
    short = dataclasses.replace(trajectory, parameters=trajectory.parameters[:, :-1])
    assert not RecordedNetwork.is_in(short)
    with pytest.raises(ValueError, match=r"^the parameters do not fit the widths in the recipe$"):
        RecordedNetwork(short)
    bare = dataclasses.replace(trajectory, parameters=None, parameter_epochs=None)
    assert not RecordedNetwork.is_in(bare)
    with pytest.raises(ValueError, match=r"^the trajectory has no parameters$"):
        RecordedNetwork(bare)
