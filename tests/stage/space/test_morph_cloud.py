"""Points come from the plane of the data, straight on screen, into a space of three dimensions."""

from __future__ import annotations

import numpy as np
import pytest

from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.themes import theme
from spiralcore.stage.layout.box import UNIT, Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.space.deep_cloud import DeepCloud
from spiralcore.stage.space.morph_cloud import MorphCloud
from spiralcore.stage.space.orbit import Orbit
from spiralcore.stage.space.space_box import SpaceBox
from tests.stage.test_drawn import canvas

BOX, RADIUS = Box(100, 100, 600, 600), 7.0


def made(activation: str) -> tuple[SpaceBox, np.ndarray, np.ndarray, np.ndarray]:
    space, random = ACTIVATIONS[activation].space, np.random.default_rng(6)
    hidden = space.nearest(random.normal(size=(60, 3)))
    orbit = Orbit.around(space)
    limits = (-1.0, 1.0) if space.bounded else (0.0, 3.0)
    starts = Plane(BOX, (-3, 3)).to_scene(random.uniform(-2.5, 2.5, (60, 2)))
    return (
        SpaceBox(BOX, limits, space, orbit.azimuths()),
        hidden,
        starts,
        random.uniform(0, 255, (60, 3)),
    )


def drawn(cloud: DeepCloud, paper: Canvas) -> np.ndarray:
    cloud.paint(paper)
    return paper.pixels


@pytest.mark.parametrize("activation", ["tanh", "relu", "ball", "sphere"])
def test_at_the_end_it_is_the_cloud_of_the_space(activation: str) -> None:
    space_box, hidden, starts, colours = made(activation)
    known = space_box, hidden, RADIUS, theme("dark"), colours
    coming = MorphCloud(*known, starts=starts)
    np.testing.assert_array_equal(drawn(coming, canvas()), drawn(DeepCloud(*known), canvas()))


@pytest.mark.parametrize("activation", ["tanh", "relu", "ball", "sphere"])
def test_on_the_way_points_are_on_the_straight_line_between_both_ends(activation: str) -> None:
    space_box, hidden, starts, colours = made(activation)
    coming = MorphCloud(space_box, hidden, RADIUS, theme("dark"), colours, starts=starts)
    paper = canvas()
    sight = space_box.see(space_box.to_cube(hidden))
    order = coming.order(sight.nearness)
    places, nearness = sight.places[order], sight.nearness[order]
    found = {}
    for share in (0.0, 0.25, 1.0):
        coming.share = share
        found[share] = coming._in_pixels(paper, places, nearness)[:2]
    np.testing.assert_allclose(found[0.0][0], paper.place(starts[order]), atol=1e-3)
    np.testing.assert_allclose(found[0.0][1], RADIUS * UNIT * paper.scale, rtol=1e-5)
    np.testing.assert_allclose(found[1.0][0], places, atol=1e-3)
    for part in (0, 1):
        between = 0.75 * found[0.0][part] + 0.25 * found[1.0][part]
        np.testing.assert_allclose(found[0.25][part], between, atol=1e-3)


def test_in_the_data_no_point_is_paler_than_another() -> None:
    space_box, hidden, starts, colours = made("tanh")
    coming = MorphCloud(space_box, hidden, RADIUS, theme("dark"), colours, starts=starts)
    nearness = space_box.see(space_box.to_cube(hidden)).nearness
    assert np.ptp(coming._haze_at(nearness)) > 0.1
    coming.share = 0.0
    assert not coming._haze_at(nearness).any()
