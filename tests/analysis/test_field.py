from __future__ import annotations

import numpy as np

from spiralcore import Trajectory
from spiralcore.analysis.directions import angles
from spiralcore.analysis.field import field_directions, grid, mapped, reach
from spiralcore.analysis.network import RecordedNetwork


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
