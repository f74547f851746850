from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.analysis.network.passage import PARTS, Passage
from spiralcore.analysis.network.projection import alignment
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.recipe import NetworkSettings
from tests.conftest import record, small_recipe


@pytest.fixture(scope="module", params=["tanh", "relu", "disk"])
def deep(request: pytest.FixtureRequest) -> Trajectory:
    network = NetworkSettings(widths=(12, 2, 10, 3, 2))
    return record(small_recipe(activation=request.param, network=network))[0]


def states(trajectory: Trajectory) -> list[np.ndarray]:
    """The values at the end of each step, computed by hand: the input first."""
    network = RecordedNetwork(trajectory)
    found = [trajectory.inputs]
    for layer, entry in enumerate(network.activations):
        weight, bias = network.linear(-1, layer)
        linear = found[-1] @ weight
        found += [linear, linear + bias, entry.apply(linear + bias)]
    return found


def test_each_step_ends_at_what_the_network_computes(deep: Trajectory) -> None:
    passage = Passage(deep)
    pictures = passage.pictures(deep.inputs)
    assert pictures.shape == (16, deep.points, 2)
    for step, values in enumerate(states(deep)):
        axes = passage.axes[-(-step // 3)]
        np.testing.assert_allclose(pictures[step], values @ axes, atol=1e-5)
        np.testing.assert_allclose(passage.at(step, pictures), pictures[step], atol=1e-12)
    np.testing.assert_array_equal(pictures[0], deep.inputs)
    np.testing.assert_allclose(pictures[-1], deep.hidden[-1], atol=2e-3)


def test_layers_of_two_units_are_shown_as_they_are(deep: Trajectory) -> None:
    passage = Passage(deep)
    for layer in (0, 2, 5):
        np.testing.assert_array_equal(passage.axes[layer], np.eye(2))
    for layer in (1, 3, 4):
        axes = passage.axes[layer]
        np.testing.assert_allclose(axes.T @ axes, np.eye(2), atol=1e-12)


def test_wide_layers_lie_on_the_picture_before_as_well_as_they_can(deep: Trajectory) -> None:
    passage = Passage(deep)
    pictures = passage.pictures(deep.inputs)
    for layer in (1, 3, 4):
        before, after = pictures[3 * layer - 3], pictures[3 * layer - 2]
        np.testing.assert_allclose(alignment(after, before), np.eye(2), atol=1e-6)
        assert passage.turns[layer - 1] == 0.0


def test_between_its_ends_a_step_goes_straight(deep: Trajectory) -> None:
    passage = Passage(deep)
    pictures = passage.pictures(deep.inputs)
    for step in (0, 1, 2, 4, 5, 6, 14):
        halfway = passage.at(step + 0.5, pictures)
        np.testing.assert_allclose(halfway, (pictures[step] + pictures[step + 1]) / 2, atol=1e-12)


def test_the_weights_act_linearly_at_any_moment(deep: Trajectory) -> None:
    passage = Passage(deep)
    values = states(deep)
    pictures = passage.pictures(deep.inputs)
    for layer in (2, 5):
        start = values[3 * layer - 3]
        found, *_ = np.linalg.lstsq(start, passage.at(3 * layer - 2.4, pictures), rcond=None)
        np.testing.assert_allclose(start @ found, passage.at(3 * layer - 2.4, pictures), atol=1e-4)


def test_points_and_grid_go_the_same_way(deep: Trajectory) -> None:
    passage = Passage(deep)
    together = passage.pictures(np.concatenate([deep.inputs[:5], [[7.0, -3.0]], deep.inputs[5:9]]))
    alone = passage.pictures(deep.inputs[:9])
    for position in (0.0, 0.7, 3.2, 8.5, 15.0):
        np.testing.assert_allclose(
            passage.at(position, together)[[0, 4, 6, 9]],
            passage.at(position, alone)[[0, 4, 5, 8]],
            atol=1e-5,
        )


def rotating(trajectory: Trajectory, angle: float) -> Trajectory:
    """A network of one hidden layer of two units, whose weights are a rotation."""
    cosine, sine = np.cos(angle), np.sin(angle)
    weights = [np.array([[cosine, sine], [-sine, cosine]]), np.ones((2, 3))]
    flat = np.concatenate([part.ravel() for part in (*weights, np.zeros(2), np.zeros(3))])
    recipe = {**trajectory.recipe, "network": {"widths": [2]}}
    return dataclasses.replace(
        trajectory,
        recipe=recipe,
        parameters=flat[None].astype(np.float32),
        parameter_epochs=np.array([300]),
    )


@pytest.mark.parametrize("angle", [0.0, 1.0, 3.0, -2.0])
def test_a_rotation_turns_the_picture_and_does_not_crush_it(
    trajectory: Trajectory, angle: float
) -> None:
    path = rotating(trajectory, angle)
    passage = Passage(path)
    assert passage.turns[0] == pytest.approx(angle, abs=1e-6)
    pictures = passage.pictures(path.inputs)
    length = np.linalg.norm(path.inputs, axis=1)
    for share in (0.2, 0.5, 0.9):
        moved = passage.at(share, pictures)
        np.testing.assert_allclose(np.linalg.norm(moved, axis=1), length, rtol=1e-5)
        turned = np.arctan2(moved[0, 1], moved[0, 0]) - np.arctan2(*path.inputs[0, ::-1])
        assert np.cos(turned - share * angle) == pytest.approx(1.0, abs=1e-6)


def test_places_are_named(deep: Trajectory) -> None:
    passage = Passage(deep)
    assert passage.steps == 15
    assert passage.place(0.0) == (1, "linear", 0.0)
    assert passage.place(0.25) == (1, "linear", 0.25)
    assert passage.place(1.0) == (1, "linear", 1.0)
    assert passage.place(1.5) == (1, "bias", 0.5)
    assert passage.place(6.0) == (2, "activation", 1.0)
    assert passage.place(99.0) == (5, "activation", 1.0)
    assert [passage.place(step + 0.5).part for step in range(6)] == [*PARTS, *PARTS]


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_variance_on_screen_is_that_of_the_picture(deep: Trajectory, share: float) -> None:
    passage = Passage(deep)
    values, pictures = states(deep), passage.pictures(deep.inputs)
    for layer in (1, 3, 4):
        whole = (1 - share) * values[3 * layer - 1] + share * values[3 * layer]
        picture = passage.at(3 * layer - 1 + share, pictures)
        expected = picture.var(axis=0).sum() / whole.astype(float).var(axis=0).sum()
        assert passage.variance_shown(layer, share) == pytest.approx(expected, rel=1e-4)
    assert passage.variance_shown(0, share) == 1.0
    assert passage.variance_shown(2, share) == 1.0


def test_the_read_out_is_that_of_the_network(deep: Trajectory) -> None:
    passage = Passage(deep)
    weight, bias = passage.readout()
    picture = passage.pictures(deep.inputs)[-1]
    expected = RecordedNetwork(deep).logits(-1, deep.inputs)
    np.testing.assert_allclose(picture @ weight.T + bias, expected, atol=1e-4)


def test_the_read_out_of_a_wide_layer_is_that_on_the_plane(wide_trajectory: Trajectory) -> None:
    passage = Passage(wide_trajectory)
    weight, bias = passage.readout()
    network = RecordedNetwork(wide_trajectory)
    values = network.values(-1, wide_trajectory.inputs)[-2]
    axes, mean = passage.axes[-1], values.mean(axis=0)
    on_plane = mean + (values - mean) @ axes @ axes.T
    expected = network.logits(-1, on_plane.astype(np.float32), network.depth)
    np.testing.assert_allclose(values @ axes @ weight.T + bias, expected, atol=1e-4)


def test_any_of_the_recorded_networks_can_be_passed(trajectory: Trajectory) -> None:
    first = Passage(trajectory, 0)
    network = RecordedNetwork(trajectory)
    assert first.epoch == network.epochs[0]
    np.testing.assert_allclose(
        first.pictures(trajectory.inputs)[-1], network.values(0, trajectory.inputs)[-2], atol=1e-6
    )
    assert Passage(trajectory).epoch == network.epochs[-1]


def test_a_layer_of_one_unit_is_a_line() -> None:
    made = record(small_recipe(network=NetworkSettings(widths=(6, 1, 5))))[0]
    pictures = Passage(made).pictures(made.inputs)
    np.testing.assert_array_equal(pictures[4:7, :, 1], 0)
    assert np.ptp(pictures[6, :, 0]) > 0
