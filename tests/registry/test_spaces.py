"""Spaces: what lies in them, and how near other places are."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.spaces import DISK, PLANE, QUADRANT, SPHERE, SQUARE, UNIT_SQUARE
from spiralcore.trajectory.outside import TOLERANCE, Outside
from spiralcore.trajectory.play.pacing import timeline
from spiralcore.trajectory.play.playback import Playback
from tests.conftest import made_trajectory, of_width, record, small_recipe


@pytest.mark.parametrize(
    ("space", "point", "nearest", "distance"),
    [
        (SQUARE, (3.0, -0.5), (1.0, -0.5), 2.0),
        (SQUARE, (4.0, -5.0), (1.0, -1.0), 5.0),
        (SQUARE, (0.3, 1.0), (0.3, 1.0), 0.0),
        (UNIT_SQUARE, (-0.3, 0.5), (0.0, 0.5), 0.3),
        (QUADRANT, (-3.0, -4.0), (0.0, 0.0), 5.0),
        (QUADRANT, (7e5, 0.0), (7e5, 0.0), 0.0),
        (DISK, (3.0, 4.0), (0.6, 0.8), 4.0),
        (DISK, (0.0, 0.0), (0.0, 0.0), 0.0),
        (SPHERE, (0.0, -0.25), (0.0, -1.0), 0.75),
        (SPHERE, (6.0, 8.0), (0.6, 0.8), 9.0),
        (SPHERE, (0.0, 0.0), (1.0, 0.0), 1.0),
        (PLANE, (-1e9, 1e9), (-1e9, 1e9), 0.0),
        (ACTIVATIONS["gelu"].space, (-0.5, 2.0), (-0.16997120747990369, 2.0), 0.3300287925),
    ],
)
def test_the_nearest_place_of_a_space(space, point, nearest, distance) -> None:  # type: ignore[no-untyped-def]
    np.testing.assert_allclose(space.nearest(np.array(point)), nearest, atol=1e-12)
    assert space.distance(np.array(point)) == pytest.approx(distance, abs=1e-9)
    several = np.array([[point, nearest], [nearest, point]], dtype=np.float32)
    assert space.nearest(several).dtype == np.float32
    np.testing.assert_allclose(space.distance(several), [[distance, 0], [0, distance]], atol=1e-5)


@pytest.mark.parametrize("units", [1, 2, 3, 5])
@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_every_activation_stays_in_its_space(activation: str, units: int) -> None:
    entry = ACTIVATIONS[activation]
    inputs = np.random.default_rng(0).normal(scale=3, size=(2000, units)).astype(np.float32)
    assert entry.space.distance(entry.apply(inputs)).max() < 1e-6


def jumping(activation: str, scale: float = 1.0) -> Trajectory:
    """Points that jump from place to place of the space of an activation."""
    entry = ACTIVATIONS[activation]
    inputs = np.random.default_rng(1).normal(scale=3, size=(12, 60, 2)).astype(np.float32)
    inputs[6] = -inputs[5]  # to the other side of a circle
    return made_trajectory(scale * entry.apply(inputs), np.arange(12) * 20, activation)


@pytest.mark.parametrize("smoothing", [0.0, 0.12, 1.0])
@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_shown_points_stay_in_the_space(activation: str, smoothing: float) -> None:
    path = jumping(activation)
    playback = Playback(path, timeline([path], 5.0), smoothing)
    for second in np.arange(-1, 6, 1 / 37):
        assert path.space.distance(playback.at(second).hidden).max() < 1e-6, second


@pytest.mark.parametrize("units", [2, 3])
@pytest.mark.parametrize("activation", ["sphere", "disk", "tanh", "relu"])
def test_shown_points_of_trained_networks_stay_in_the_space(activation: str, units: int) -> None:
    path = record(small_recipe(activation=activation))[0] if units == 2 else of_width(3, activation)
    playback = Playback(path, timeline([path], 2.0))
    for second in np.arange(-0.6, 2.6, 1 / 60):
        assert path.space.distance(playback.at(second).hidden).max() < 1e-5


def test_the_way_across_a_circle_goes_along_it() -> None:
    hidden = np.array([[[1.0, 0.0]], [[0.0, 1.0]]], np.float32)
    path = made_trajectory(hidden, np.array([0, 100]), "sphere")
    playback = Playback(path, timeline([path], 4.0, "linear"), smoothing=0.0)
    np.testing.assert_allclose(playback.at(2.0).hidden, [[0.5**0.5, 0.5**0.5]], atol=1e-6)
    through = made_trajectory(np.array([[[1.0, 0]], [[-1.0, 0]]], np.float32), np.array([0, 100]),
                              "sphere")  # fmt: skip
    playback = Playback(through, timeline([through], 4.0, "linear"), smoothing=0.0)
    assert np.linalg.norm(playback.at(2.0).hidden) == pytest.approx(1)


def test_points_that_a_file_has_outside_are_shown_where_they_are() -> None:
    path = jumping("tanh")
    hidden = path.hidden.copy()
    hidden[:, 7] = 3.0
    hidden[4, 8] = (0.0, -2.0)
    path = dataclasses.replace(path, hidden=hidden)
    playback = Playback(path, timeline([path], 5.0))
    np.testing.assert_allclose(playback.at(2.5).hidden[7], [3, 3], atol=1e-5)
    assert str(path.outside) == "up to 2 of 60 points lie outside the square"
    assert path.outside.ever.nonzero()[0].tolist() == [7, 8]
    assert path.outside.counts.tolist() == [1, 1, 1, 1, 2, *[1] * 7]
    rest = np.delete(np.arange(60), [7, 8])
    for second in np.arange(0, 5, 0.1):
        assert path.space.distance(playback.at(second).hidden[rest]).max() < 1e-6


@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_who_stays_inside_is_not_accused(activation: str) -> None:
    path = jumping(activation)
    half = dataclasses.replace(path, hidden=path.hidden.astype(np.float16).astype(np.float32))
    for one in (path, half):
        assert str(one.outside) == ""
        assert not one.outside.ever.any()


@pytest.mark.parametrize(
    ("activation", "name"),
    [("tanh", "square"), ("sigmoid", "unit square"), ("disk", "disk"), ("sphere", "circle"),
     ("relu", "quadrant"), ("gelu", "GELU quadrant"), ("softplus", "quadrant")],
)  # fmt: skip
def test_the_words_for_points_outside(activation: str, name: str) -> None:
    hidden = np.full((3, 8, 2), -3.0, np.float32)
    path = made_trajectory(hidden, activation=activation)
    assert str(path.outside) == f"8 of 8 points lie outside the {name}"
    single = Outside.of(hidden[:, :1], path.space)
    assert str(single) == f"1 of 1 point lies outside the {name}"


def test_nothing_is_outside_of_the_plane_or_of_a_projection(wide_trajectory: Trajectory) -> None:
    from spiralcore.analysis.network.projection import projected

    assert not made_trajectory(np.full((2, 3, 2), 9e9), activation="leaky_relu").outside.ever.any()
    assert not str(projected(wide_trajectory, 2).outside)


def test_the_tolerance_is_that_of_half_precision() -> None:
    edge = np.array([[[1 + TOLERANCE - 1e-4, 0], [1 + TOLERANCE + 1e-4, 0]]])
    assert Outside.of(edge, SQUARE).counts.tolist() == [1]
    assert Outside.of(edge, DISK).counts.tolist() == [1]
    assert Outside.of(edge * (2 / edge[..., :1] - 1), SPHERE).counts.tolist() == [1]
