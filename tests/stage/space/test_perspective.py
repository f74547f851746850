"""Where points of space fall on the picture, with answers that are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.spaces import SPHERE, Space
from spiralcore.stage.layout.box import Box
from spiralcore.stage.space.orbit import Orbit
from spiralcore.stage.space.perspective import Perspective
from spiralcore.stage.space.space_box import CORNERS, SpaceBox

BOX = Box(70, 128, 880, 600)
LEVEL = Perspective(azimuth=0.0, elevation=0.0, distance=5.0)


def test_the_first_axis_points_at_the_eye_the_second_to_the_right_the_third_up() -> None:
    places, nearness = LEVEL.project([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [-5, 0, 0]])
    np.testing.assert_allclose(places, [[0, 0], [0, 0], [1, 0], [0, 1], [0, 0]], atol=1e-12)
    np.testing.assert_allclose(nearness, [1, 5 / 4, 1, 1, 1 / 2])


def test_near_corners_of_a_cube_are_farther_out_than_far_ones() -> None:
    places, nearness = LEVEL.project(CORNERS)
    near = CORNERS[:, 0] > 0
    np.testing.assert_allclose(np.abs(places[near]), 5 / 4)
    np.testing.assert_allclose(np.abs(places[~near]), 5 / 6)
    np.testing.assert_allclose(nearness[near] / nearness[~near], 6 / 4)


def test_the_eye_sees_the_floor_from_above() -> None:
    above = Perspective(azimuth=1.0, elevation=math.radians(90), distance=4.0)
    np.testing.assert_allclose(above.eye, [0, 0, 4], atol=1e-12)
    seen = above.project([[math.cos(1.0), math.sin(1.0), 0]])
    np.testing.assert_allclose(seen.places, [[0, -1]], atol=1e-12)


def test_the_axes_of_the_eye_are_at_right_angles() -> None:
    axes = Perspective(2.1, 0.4, 6.0).axes
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(np.cross(axes[0], axes[1]), axes[2], atol=1e-12)


def test_the_outline_of_the_sphere_is_a_circle() -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(200_000, 3))
    points /= np.linalg.norm(points, axis=1)[:, None]
    eye = Perspective(0.7)
    seen = eye.project(points)
    radius = np.linalg.norm(seen.places, axis=1)
    assert radius.max() == pytest.approx(eye.horizon, abs=1e-4)
    outline = seen.nearness[radius > eye.horizon - 1e-4]
    np.testing.assert_allclose(outline, eye.nearness_of_outline, atol=0.02)
    np.testing.assert_allclose(eye.towards_eye(seen.nearness), points @ eye.axes[2], atol=1e-12)


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_a_room_stays_in_its_box_from_everywhere(name: str) -> None:
    space = ACTIVATIONS[name].space
    orbit = Orbit.around(space)
    space_box = SpaceBox(BOX, (-1.0, 1.0), space, orbit.azimuths(), margin=20)
    rng = np.random.default_rng(1)
    points = rng.uniform(-1, 1, (3000, 3))
    if space.is_round:
        points /= np.maximum(np.linalg.norm(points, axis=1), 1)[:, None]
    points = np.concatenate([points, space_box.floor_outline()])
    widest = 0.0
    for share in np.linspace(0, 1, 37):
        space_box.look_from(orbit.azimuth(float(share)))
        low, high = (end(space_box.see(points).places, axis=0) for end in (np.min, np.max))
        assert (low >= (BOX.left + 19.5, BOX.top + 19.5)).all()
        assert (high <= (BOX.right - 19.5, BOX.bottom - 19.5)).all()
        widest = max(widest, *((high - low) / (BOX.width - 40, BOX.height - 40)))
    assert widest > 0.9


def test_a_readout_is_the_same_in_the_coordinates_of_the_cube() -> None:
    rng = np.random.default_rng(2)
    weight, bias, points = rng.normal(size=(5, 3)), rng.normal(size=5), rng.uniform(0, 8, (50, 3))
    space_box = SpaceBox(BOX, (-0.5, 8.0), ACTIVATIONS["relu"].space, [0.8])
    slopes, offsets = space_box.readout_in_cube(weight, bias)
    np.testing.assert_allclose(
        space_box.to_cube(points) @ slopes.T + offsets, points @ weight.T + bias, atol=1e-12
    )


def test_three_faces_of_a_cube_are_behind_what_is_in_it() -> None:
    space_box = SpaceBox(BOX, (-1, 1), ACTIVATIONS["tanh"].space, [math.radians(45)])
    assert space_box.faces_seen_from_within() == [(0, -1), (1, -1), (2, -1)]
    space_box.look_from(math.radians(225))
    assert space_box.faces_seen_from_within() == [(0, 1), (1, 1), (2, -1)]
    space_box.look_from(0.0)  # in line with a face: both walls at the sides are seen
    assert space_box.faces_seen_from_within() == [(0, -1), (1, -1), (1, 1), (2, -1)]


@pytest.mark.parametrize("space", [SPHERE, Space(("a", "b", "c"), 0.0)])
def test_an_orbit_ends_where_it_began_and_as_fast(space: Space) -> None:
    orbit = Orbit.around(space)
    step = 1e-4
    assert math.cos(orbit.azimuth(1) - orbit.azimuth(0)) == pytest.approx(1)
    first = orbit.azimuth(step) - orbit.azimuth(0)
    assert orbit.azimuth(1) - orbit.azimuth(1 - step) == pytest.approx(first, rel=1e-3)
    assert (max(orbit.azimuths()) - min(orbit.azimuths()) > 6) == space.bounded
