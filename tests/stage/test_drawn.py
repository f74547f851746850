"""Drawn things are asked for their coordinates and colours."""

from __future__ import annotations

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.aspects import SHORTER
from spiralcore.registry.themes import THEMES, theme
from spiralcore.stage.layout.box import UNIT, Box, scene_point
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.border_histogram import BINS, BorderHistogram
from spiralcore.stage.marks.borders import SpaceFrame
from spiralcore.stage.marks.regions import HiddenRegions, InputRegions
from spiralcore.stage.marks.words import Words, text_width
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.shapes import Context, fill

SQUARE = Plane(Box(100, 100, 400, 400), (-1.1, 1.1), ACTIVATIONS["tanh"].space)


def canvas(height: int = 1080) -> Canvas:
    pixels = np.zeros((height, height * 16 // 9, 4), np.uint8)
    pixels[..., 3] = 255
    left, top, _ = scene_point(0, 0)
    return Canvas(pixels, height / SHORTER / UNIT, left, top)


def test_design_pixels_are_pixels_at_1080() -> None:
    place = canvas().place(np.array([scene_point(0, 0), scene_point(1920, SHORTER)]))
    np.testing.assert_allclose(place, [[0, 0], [1920, 1080]], atol=1e-9)


def test_a_shape_far_beyond_the_frame_is_cut_at_its_edges() -> None:
    def whole(context: Context) -> None:
        context.paint()

    white = np.full(3, 255.0)
    for box in (Box(-4e8, -4e8, 9e8, 9e8), Box(-200, -4e8, 2400, 9e8), Box(0, 0, 1920, 1080)):
        paper = canvas(120)
        fill(paper, box, whole, white, 1.0, rim=4.0)
        assert (paper.pixels == 255).all()
    for box in (Box(3e8, 0, 10, 10), Box(0, -3e8, 10, 10)):
        paper = canvas(120)
        fill(paper, box, whole, white, 1.0, rim=4.0)
        assert not paper.pixels[..., :3].any()


def test_the_square_is_in_the_middle_of_its_box() -> None:
    corners = SQUARE.to_design([[-1.1, 1.1], [1.1, -1.1], [0, 0]])
    np.testing.assert_allclose(corners, [[100, 100], [500, 500], [300, 300]])
    assert SQUARE.inside == (-1.0, 1.0)


def test_painted_regions_agree_with_the_largest_logit() -> None:
    rng = np.random.default_rng(4)
    weight, bias = rng.normal(size=(6, 2)), 0.3 * rng.normal(size=6)
    regions = HiddenRegions(SQUARE, theme("dark"), weight, bias)
    paper = canvas()
    regions.paint(paper)
    rows, columns = np.mgrid[130:470:3, 130:470:3]
    x = -1.1 + (columns + 0.5 - 100) * 2.2 / 400
    y = 1.1 - (rows + 0.5 - 100) * 2.2 / 400
    logits = np.stack([x, y], axis=-1) @ weight.T + bias
    ordered = np.sort(logits, axis=-1)
    clear = ordered[..., -1] - ordered[..., -2] > 0.1
    expected = regions.fills[logits.argmax(-1)]
    painted = paper.pixels[rows, columns, :3]
    assert clear.mean() > 0.7
    np.testing.assert_allclose(painted[clear], expected[clear], atol=0.51)


def test_regions_stay_within_the_space() -> None:
    regions = HiddenRegions(SQUARE, theme("dark"), np.zeros((2, 2)), np.array([1.0, 0.0]))
    paper = canvas()
    regions.paint(paper)
    rows, columns = np.nonzero(paper.pixels[:, :, :3].sum(axis=2))
    edge = round(100 + 0.1 / 2.2 * 400)
    assert (rows.min(), columns.min()) == (edge, edge)
    assert (rows.max(), columns.max()) == (599 - edge, 599 - edge)
    assert [len(polygon) for polygon in regions.polygons()] == [4, 0]


def test_grid_and_exact_regions_agree_for_linear_functions() -> None:
    weight, bias = np.array([[1.0, 0.3], [-0.5, 0.7], [0.1, -1.0]]), np.array([0.0, 0.1, 0.2])
    plane = Plane(Box(0, 0, 600, 600), (-1, 1))
    x = np.linspace(-1, 1, 41, dtype=np.float32)
    nodes = np.stack(np.meshgrid(x, x[::-1]), axis=-1)
    values = (nodes @ weight.T + bias).astype(np.float32)
    exact, grid = canvas(), canvas()
    HiddenRegions(plane, theme("dark"), weight, bias).paint(exact)
    InputRegions(plane, theme("dark"), values).paint(grid)
    difference = np.abs(exact.pixels[:600, :600].astype(int) - grid.pixels[:600, :600])
    assert difference.max() <= 12
    assert (difference > 1).mean() < 0.001


def test_borders_are_anti_aliased() -> None:
    slanted = np.array([[1.0, 0.37], [-1.0, -0.37]])
    paper = canvas()
    HiddenRegions(SQUARE, theme("light"), slanted, np.zeros(2)).paint(paper)
    row = paper.pixels[300, 150:450, 0].astype(int)
    assert len(np.unique(row)) >= 4


def test_the_histogram_counts_the_points_on_each_side() -> None:
    hidden = np.array([[-1, 0.0], [-0.999, 0.01], [0.5, 1.0], [0.0, 0.0], [1, -1]], np.float32)
    labels = np.array([0, 1, 1, 0, 0])
    histogram = BorderHistogram(SQUARE, theme("dark"), labels, 2)
    histogram.set_values(hidden)
    left, right, lower, upper = histogram.counts.sum(axis=(1, 2))
    assert (left, right, lower, upper) == (2, 1, 1, 1)
    assert histogram.counts[0, BINS // 2].tolist() == [1, 1]
    paper = canvas()
    histogram.paint(paper)
    inside = paper.pixels[119:481, 119:481, :3]
    assert inside.max() == 0
    assert paper.pixels[:, :118, :3].max() > 0


@pytest.mark.parametrize("upper", [0.7, 1.0, 3.3, 12.0, 47.0, 180.0])
def test_ticks_of_a_quadrant_are_round_numbers_that_do_not_touch(upper: float) -> None:
    plane = Plane(Box(0, 0, 880, 880), (-0.07 * upper, 1.07 * upper), ACTIVATIONS["relu"].space)
    paper = canvas()
    SpaceFrame(plane, theme("dark"), 30).paint(paper)
    axis = round(plane.to_design([[0, 0]])[0, 1])
    strip = paper.pixels[axis + 12 : 880, :880, :3].max(axis=(0, 2)) > 60
    inked = np.flatnonzero(strip)
    numbers = np.split(inked, np.flatnonzero(np.diff(inked) > 14) + 1)
    assert len(numbers) >= 2
    assert max(np.ptp(number) for number in numbers) < 80
    assert inked[-1] <= 880


def test_text_keeps_its_place_while_digits_run() -> None:
    paper, other = canvas(), canvas()
    Words("1,111", 500, 500, 80, side="right").paint(paper)
    Words("8,888", 500, 500, 80, side="right").paint(other)
    assert text_width("1,111", 80) == text_width("8,888", 80)
    for painted in (paper, other):
        columns = np.nonzero(painted.pixels[:, :, 0].max(axis=0))[0]
        assert 490 <= columns.max() <= 500


@pytest.mark.parametrize("name", list(THEMES))
def test_text_has_contrast(name: str) -> None:
    look = theme(name)
    for paper in (look.background, look.panel):
        assert contrast(look.ink, paper) >= 7
        assert contrast(look.faint, paper) >= 4.5


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_spaces_come_from_the_activation(
    trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    assert trajectory.space.bounded
    assert not relu_trajectory.space.bounded


def test_a_plane_may_show_other_limits_upright_than_across() -> None:
    plane = Plane(Box(100, 100, 400, 400), (-1.0, 3.0), ACTIVATIONS["leaky_relu"].space, rise=10.0)
    np.testing.assert_allclose(plane.to_design([[-1, 9], [3, 13], [1, 11]]),
                               [[100, 500], [500, 100], [300, 300]])  # fmt: skip
    scene = plane.to_scene([[1.0, 12.0]])[0]
    np.testing.assert_allclose(scene[:2], [plane.x(1.0), plane.y(12.0)])
    assert plane.inside == (-1.0, 3.0)
    assert plane.inside_upright == (9.0, 13.0)
    weight, bias = np.array([[0.0, 1.0], [0.0, -1.0]]), np.array([-11.0, 11.0])
    regions = HiddenRegions(plane, theme("dark"), weight, bias)
    paper = canvas()
    regions.paint(paper)
    np.testing.assert_allclose(paper.pixels[150, 300, :3], regions.fills[0], atol=0.51)
    np.testing.assert_allclose(paper.pixels[450, 300, :3], regions.fills[1], atol=0.51)
    upper, lower = regions.polygons()
    assert (upper[:, 1].min(), upper[:, 1].max()) == (11, 13)
    assert (lower[:, 1].min(), lower[:, 1].max()) == (9, 11)
