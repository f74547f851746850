"""Small pictures without text, compared with those that were looked at and accepted.

`pytest tests/stage/test_pictures.py --accept-pictures` writes them anew.
"""

from __future__ import annotations

from pathlib import Path

import imageio.v3 as imageio
import numpy as np
import pytest

from spiralcore.data import spirals
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.aspects import SHORTER
from spiralcore.registry.themes import Theme, rgb, theme
from spiralcore.stage.cloud.point_cloud import PointCloud
from spiralcore.stage.layout.box import UNIT, Box, scene_point
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.border_histogram import BorderHistogram
from spiralcore.stage.marks.borders import SpaceFrame
from spiralcore.stage.marks.regions import HiddenRegions, InputRegions
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.space.axes import Axes
from spiralcore.stage.space.deep_cloud import DeepCloud, Shadows
from spiralcore.stage.space.globe import Globe
from spiralcore.stage.space.space_box import SpaceBox
from spiralcore.stage.space.walls import BoxEdges, Floor, Readout, Walls, shadow_colour

PICTURES = Path(__file__).with_name("pictures")
SIZE = 135
"""Pixels; a square box of 1080 design pixels fills the picture."""

WHOLE = Box(0, 0, 1080, 1080)


def painted(look: Theme, *mobjects: Painted) -> np.ndarray:
    pixels = np.full((SIZE, SIZE, 4), 255, np.uint8)
    pixels[..., :3] = rgb(look.background)
    left, top, _ = scene_point(0, 0)
    canvas = Canvas(pixels, SIZE / SHORTER / UNIT, left, top)
    for mobject in mobjects:
        mobject.paint(canvas)
    return pixels[..., :3]


def cloud(look: Theme) -> np.ndarray:
    points = spirals(5, 40, rng=np.random.default_rng(0))
    plane = Plane(WHOLE, (-22, 22))
    colours = look.class_colours(5)[points.labels]
    dots = PointCloud(
        plane.to_scene(points.inputs), colours, 0.25, 0.07, look.background, opacity=0.85
    )
    return painted(look, dots)


def square(look: Theme) -> np.ndarray:
    rng = np.random.default_rng(2)
    plane = Plane(WHOLE, (-1.2, 1.2), ACTIVATIONS["tanh"].space)
    regions = HiddenRegions(plane, look, rng.normal(size=(5, 2)), 0.2 * rng.normal(size=5))
    hidden = np.clip(rng.normal(size=(300, 2)), -1, 1).astype(np.float32)
    histogram = BorderHistogram(plane, look, np.arange(300) % 5, 5)
    histogram.set_values(hidden)
    return painted(look, regions, SpaceFrame(plane, look), histogram)


def quadrant(look: Theme) -> np.ndarray:
    weight, bias = np.array([[2.0, 0.1], [0.1, 2.0], [-1.0, -1.0]]), np.array([0.0, 0.0, 6.0])
    plane = Plane(WHOLE, (-0.6, 8), ACTIVATIONS["relu"].space)
    regions = HiddenRegions(plane, look, weight, bias)
    return painted(look, regions, SpaceFrame(plane, look, size=0))


def disk(look: Theme) -> np.ndarray:
    angle = 2 * np.pi * np.arange(5) / 5
    weight = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    plane = Plane(WHOLE, (-1.2, 1.2), ACTIVATIONS["disk"].space)
    regions = HiddenRegions(plane, look, weight, np.linspace(0, 0.2, 5))
    return painted(look, regions, SpaceFrame(plane, look))


def whole_plane(look: Theme) -> np.ndarray:
    weight, bias = np.array([[2.0, 0.1], [0.1, 2.0], [-1.0, -1.0]]), np.array([0.0, 0.0, 6.0])
    plane = Plane(WHOLE, (-2, 8), ACTIVATIONS["leaky_relu"].space)
    regions = HiddenRegions(plane, look, weight, bias)
    return painted(look, regions, SpaceFrame(plane, look, size=0))


def input_plane(look: Theme) -> np.ndarray:
    x = np.linspace(-20, 20, 60, dtype=np.float32)
    nodes = np.stack(np.meshgrid(x, x[::-1]), axis=-1)
    radius, angle = np.hypot(*nodes.T).T, np.arctan2(nodes[..., 1], nodes[..., 0])
    turned = angle[..., None] - 0.2 * radius[..., None] - 2 * np.pi * np.arange(4) / 4
    plane = Plane(WHOLE, (-20, 20))
    return painted(look, InputRegions(plane, look, np.cos(turned).astype(np.float32)))


def cube(look: Theme) -> np.ndarray:
    area, points, colours = furnished("tanh", (-1.0, 1.0))
    walls = Walls(area, look, 5, Readout(*readout()))
    return painted(look, walls, *in_room(look, area, points, colours), BoxEdges(area, look))


def octant(look: Theme) -> np.ndarray:
    area, points, colours = furnished("relu", (0.0, 7.0))
    walls = Walls(area, look, 5, Readout(3 * readout()[0], readout()[1]))
    return painted(
        look, walls, Axes(area, look, size=0), *in_room(look, area, 3.5 * points + 3.5, colours)
    )


def ball(look: Theme) -> np.ndarray:
    area, points, colours = furnished("ball", (-1.0, 1.0))
    far, near = (
        Globe(area, look, 5, Readout(*readout()), near=near, opacities=(1 - 0.9 * near, 0.8))
        for near in (False, True)
    )
    shadows, dots = in_room(look, area, points / np.sqrt(3), colours)
    return painted(look, Floor(area, look), shadows, far, dots, near)


def furnished(name: str, limits: tuple[float, float]) -> tuple[SpaceBox, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(6)
    area = SpaceBox(WHOLE, limits, ACTIVATIONS[name].space, [0.6], 60)
    return area, rng.uniform(-1, 1, (120, 3)), np.arange(120) % 5


def readout() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(8)
    return rng.normal(size=(5, 3)), 0.1 * rng.normal(size=5)


def in_room(look: Theme, area: SpaceBox, points: np.ndarray, labels: np.ndarray) -> list[Painted]:
    colours = look.class_colours(5)[labels]
    return [
        Shadows(area, points, 22.0, shadow_colour(look)),
        DeepCloud(area, points, 22.0, look, colours),
    ]


PLANES = [cloud, square, quadrant, disk, whole_plane, input_plane]
ROOMS = [cube, octant, ball]


@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("draw", [*PLANES, *ROOMS])
def test_the_picture_is_the_accepted_one(
    draw: object, name: str, request: pytest.FixtureRequest
) -> None:
    assert callable(draw)
    picture = draw(theme(name))
    path = PICTURES / f"{draw.__name__}-{name}.png"
    if request.config.getoption("--accept-pictures"):
        path.parent.mkdir(exist_ok=True)
        imageio.imwrite(path, picture)
    difference = np.abs(imageio.imread(path).astype(int) - picture)
    # The last bit of a sine may differ between processors.
    assert (difference > 2).mean() < 0.001, f"{path.name}: up to {difference.max()} levels"
