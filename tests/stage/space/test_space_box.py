"""What is painted in a room is asked for its pixels, at places that are worked out apart."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.themes import theme
from spiralcore.stage.layout.box import Box
from spiralcore.stage.pixels import depth_kernels
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.space.axes import Axes
from spiralcore.stage.space.deep_cloud import DeepCloud, Shadows
from spiralcore.stage.space.globe import Globe
from spiralcore.stage.space.space_box import SpaceBox
from spiralcore.stage.space.walls import BRIGHTNESS, BoxEdges, Readout, Walls, face_polygons
from tests.conftest import of_width
from tests.stage.test_drawn import canvas
from tests.stage.test_film import opened

BOX = Box(100, 100, 800, 800)
LOOK = theme("dark")
RNG = np.random.default_rng(5)
READOUT = Readout(RNG.normal(size=(5, 3)), 0.2 * RNG.normal(size=5))


def space_box(
    name: str, azimuth: float = 0.6, limits: tuple[float, float] = (-1.0, 1.0)
) -> SpaceBox:
    return SpaceBox(BOX, limits, ACTIVATIONS[name].space, [azimuth])


def rays(place: SpaceBox, columns: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Directions in the cube from the eye through the centres of pixels, shape (..., 3)."""
    x = (columns + 0.5 - place.centre[0]) / place.scale
    y = -(rows + 0.5 - place.centre[1]) / place.scale
    right, up, towards = place.perspective.axes
    return x[..., None] * right + y[..., None] * up - place.perspective.distance * towards


def clear_winner(points: np.ndarray, lead: float) -> tuple[np.ndarray, np.ndarray]:
    logits = points @ READOUT.weight.T + READOUT.bias
    ordered = np.sort(logits, axis=-1)
    return logits.argmax(-1), ordered[..., -1] - ordered[..., -2] > lead


def test_the_nearer_of_two_points_covers_the_farther_in_any_order() -> None:
    place = space_box("tanh")
    towards = place.perspective.axes[2]
    points, colours = np.array([0.8 * towards, -0.8 * towards]), np.eye(3)[:2] * 255
    pictures = []
    for order in ([0, 1], [1, 0]):
        paper = canvas()
        DeepCloud(place, points[order], 12.0, LOOK, colours[order].astype(np.float32)).paint(paper)
        pictures.append(paper.pixels)
    np.testing.assert_array_equal(*pictures)
    x, y = (int(part) for part in place.centre)
    red, green, _ = pictures[0][y, x, :3].astype(int)
    assert red > 5 * green


def painted_area(paper: Canvas) -> float:
    """Pixels, where white was painted on black."""
    return float(paper.pixels[..., :3].astype(float).sum() / 3 / 255)


def test_near_points_are_larger_and_clearer() -> None:
    place = space_box("tanh")
    towards, white = place.perspective.axes[2], np.full((1, 3), 255, np.float32)
    nearness, brightest, widths = [], [], []
    for depth in (1.5, 0.0, -1.5):
        paper, point = canvas(), depth * towards[None]
        DeepCloud(place, point, 12.0, LOOK, white).paint(paper)
        nearness.append(place.see(point).nearness[0])
        brightest.append(int(paper.pixels[..., 0].max()))
        widths.append(int((paper.pixels[..., 0] > 4).any(axis=0).sum()))
    assert brightest == sorted(brightest, reverse=True)
    assert brightest[0] > brightest[2] + 60
    np.testing.assert_allclose(widths, 24 * np.array(nearness), atol=2)
    assert nearness[0] / nearness[2] == pytest.approx(6.5 / 3.5)


def test_sprites_and_the_exact_loop_agree() -> None:
    rng = np.random.default_rng(3)
    centres = rng.uniform(-5, 110, (300, 2)).astype(np.float32)
    radii = rng.uniform(4, 9, 300).astype(np.float32)
    fills, rims = rng.uniform(0, 255, (2, 300, 3)).astype(np.float32)
    one, other = (np.zeros((100, 104, 4), np.uint8) for _ in range(2))
    depth_kernels.ovals(one, centres, radii, np.ones(300, np.float32), fills, rims, 0.2, 0.9)
    bank = depth_kernels.sprite_bank(4.0, 9.0, 0.2, 0.9)
    depth_kernels.stamp_in_depth(other, centres, radii, fills, rims, bank)
    difference = np.abs(one.astype(int) - other)
    assert difference.mean() < 2.5
    assert one[..., 3].min() == other[..., 3].min()


def test_the_area_of_an_oval() -> None:
    # The soft edge of a flat one is a little wider.
    for height, tolerance in ((1.0, 0.01), (0.4, 0.07)):
        paper = np.zeros((60, 60, 4), np.uint8)
        white, flat = np.full((1, 3), 255, np.float32), np.array([height], np.float32)
        place, radius = np.array([[30.3, 29.8]], np.float32), np.array([14], np.float32)
        depth_kernels.ovals(paper, place, radius, flat, white, white, 0.0, 1.0)
        assert paper[..., 3].sum() / 255 == pytest.approx(math.pi * 14 * 14 * height, rel=tolerance)


def test_shadows_lie_on_the_floor_below_the_points() -> None:
    place = space_box("ball")
    paper = canvas()
    points = np.array([[0.3, -0.5, 0.6]])
    Shadows(place, points, 10.0, np.full(3, 255, np.float32)).paint(paper)
    rows, columns = np.nonzero(paper.pixels[..., 0])
    ((x, y),) = place.see(np.array([[0.3, -0.5, place.floor]])).places
    assert np.average(columns) + 0.5 == pytest.approx(x, abs=0.5)
    assert np.average(rows) + 0.5 == pytest.approx(y, abs=0.5)
    assert np.ptp(rows) < 0.6 * np.ptp(columns)


@pytest.mark.parametrize("near", [True, False])
def test_the_surface_of_a_sphere_shows_the_largest_logit(near: bool) -> None:
    place = space_box("sphere")
    globe = Globe(place, LOOK, 5, READOUT, near=near, opacities=(1.0, 1.0))
    paper = canvas()
    globe.paint(paper)
    rows, columns = np.mgrid[150:800:3, 150:800:3]
    ray = rays(place, columns, rows)
    a, b = (ray**2).sum(-1), ray @ place.perspective.eye
    root = b**2 - a * (place.perspective.distance**2 - 1)
    hits = root > 0.02 * b**2  # away from the outline, where the surface is seen aslant
    step = (-b + (-1 if near else 1) * np.sqrt(np.maximum(root, 0))) / a
    winner, clear = clear_winner(place.perspective.eye + step[..., None] * ray, 0.08)
    clear &= hits
    assert clear.sum() > 10_000
    painted, fills = paper.pixels[rows, columns, :3][clear], globe.fills[winner[clear]]
    # The light makes it darker; hues stay.
    shade = painted.sum(axis=1) / fills.sum(axis=1)
    assert 0.7 < shade.min() < shade.max() < 1.02
    np.testing.assert_allclose(painted, fills * shade[:, None], atol=2)


def test_borders_on_a_sphere_have_the_width_of_the_others() -> None:
    """Two halves: their border is a circle that is seen from its pole, so its radius is known."""
    place = space_box("sphere")
    towards = place.perspective.axes[2]
    weight, offset = np.stack([towards, -towards]), np.array([-0.9, 0.9])
    globe = Globe(place, LOOK, 2, Readout(weight, offset), near=True, opacities=(1.0, 1.0))
    globe.fills[:] = 255
    paper = canvas()
    globe.paint(paper)
    x, y = place.centre
    row = paper.pixels[int(y), int(x) : int(x) + 400, 0].astype(float)
    height = math.sqrt(1 - 0.9**2)
    distance = place.perspective.distance
    radius = place.scale * height * distance / (distance - 0.9)
    around = row[int(radius) - 8 : int(radius) + 8]
    dip = np.maximum(1 - around / np.linspace(around[:4].mean(), around[-4:].mean(), 16), 0)
    middle = (dip * (np.arange(16) + int(radius) - 8 + 0.5)).sum() / dip.sum()
    assert middle == pytest.approx(radius, abs=0.6)
    assert dip.sum() == pytest.approx(2 * 1.1 * 0.55, rel=0.15)


def test_walls_show_the_largest_logit() -> None:
    place = space_box("relu", 0.7, (0.0, 6.0))
    walls = Walls(place, LOOK, 5, READOUT)
    paper = canvas()
    walls.paint(paper)
    rows, columns = np.mgrid[120:880:3, 120:880:3]
    ray, eye = rays(place, columns, rows), place.perspective.eye
    for axis, side in place.faces_seen_from_within():
        step = (side - eye[axis]) / ray[..., axis]
        points = eye + step[..., None] * ray
        within = (np.abs(np.delete(points, axis, axis=-1)) < 0.98).all(axis=-1)
        winner, clear = clear_winner(3 + 3 * points, 0.15)
        clear &= within
        assert clear.sum() > 1000
        expected = walls.fills[winner[clear]] * BRIGHTNESS[axis]
        np.testing.assert_allclose(paper.pixels[rows, columns, :3][clear], expected, atol=1)


def test_polygons_of_a_face_cover_it_once() -> None:
    place = space_box("tanh")
    polygons = face_polygons(place, (1, -1), READOUT)
    assert len(polygons) == 5
    areas = []
    for polygon in polygons:
        assert (polygon[:, 1] == -1).all()
        x, z = polygon[:, 0], polygon[:, 2]
        areas.append(0.5 * abs(np.dot(x, np.roll(z, 1)) - np.dot(z, np.roll(x, 1))))
    assert sum(areas) == pytest.approx(4)
    (whole,) = face_polygons(place, (1, -1), None)
    assert len(whole) == 4


def test_edges_that_are_hidden_are_lighter_than_those_before_the_points() -> None:
    place = space_box("tanh", math.radians(40))
    paper = canvas()
    Walls(place, LOOK, 5, None).paint(paper)
    wall = paper.pixels.copy()
    BoxEdges(place, LOOK).paint(paper)
    behind, before = place.see(np.array([[-1, -1, 0], [1, 1, 0]], float)).places.astype(int)

    def ink(place: np.ndarray) -> int:
        strip = paper.pixels[place[1], place[0] - 6 : place[0] + 7, :3].astype(int).sum(axis=1)
        return int(strip.max() - np.median(strip))

    assert 60 < ink(behind) < 0.5 * ink(before)
    x, y = behind
    np.testing.assert_array_equal(paper.pixels[y, x - 6 : x + 7], wall[y, x - 6 : x + 7])


@pytest.mark.parametrize("upper", [0.7, 3.3, 12.0, 180.0])
@pytest.mark.parametrize("degrees", [19, 45, 71])
def test_numbers_of_the_axes_stay_in_the_box(upper: float, degrees: float) -> None:
    place = SpaceBox(
        BOX, (0, upper), ACTIVATIONS["relu"].space, np.radians([degrees, 19, 71]), 46.0
    )
    paper = canvas()
    Axes(place, LOOK).paint(paper)
    rows, columns = np.nonzero(paper.pixels[..., :3].max(axis=2))
    assert 100 < columns.min() < columns.max() < 899
    assert 100 < rows.min() < rows.max() < 899


def test_a_space_film_turns_while_the_training_stands_still() -> None:
    film = opened("space", of_width(3, "tanh"))
    first, second = film.show(0).copy(), film.show(1).copy()
    assert (first != second).any()
    frames = [film.show(frame).astype(int) for frame in range(film.frame_count)]
    seam = np.abs(frames[0] - frames[-1]).mean()
    assert seam < 2 * np.abs(frames[0] - frames[1]).mean()


def test_a_space_film_without_a_readout_has_plain_walls() -> None:
    known = of_width(3, "ball")
    arrays = {name: values for name, values in known.arrays().items() if "readout" not in name}
    plain = Trajectory.from_arrays(known.recipe, **arrays)
    film = opened("space", plain)
    assert film.show(29)[..., :3].max() > 0
    (globe, _) = (m for m in film.mobjects if isinstance(m, Globe))
    assert globe.readout is None
