"""What a cloud takes and refuses, with whole messages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from manim import BLUE, GREEN, RED, WHITE, ManimColor

from spiralcore.errors import UsageError
from spiralcore.stage.cloud.point_cloud import PointCloud

P = np.random.default_rng(0).normal(size=(5, 3))


def message(*args: Any, **kwargs: Any) -> str:
    with pytest.raises(UsageError) as caught:
        PointCloud(*args, **kwargs)
    return str(caught.value)


POINTS = [
    ([1.0, 2.0, 0.0], "The points have the shape (3,).", "[[x, y, z]] for a single point."),
    (np.zeros((3, 100)), "The points have the shape (3, 100).", "points.T"),
    (np.zeros((2, 100)), "The points have the shape (2, 100).", "points.T"),
    (np.zeros((100, 4)), "The points have the shape (100, 4).", "[[x, y, z]] for a single point."),
    (np.zeros((5, 0)), "The points have the shape (5, 0).", "[[x, y, z]] for a single point."),
    (
        np.zeros((2, 2, 2)),
        "The points have the shape (2, 2, 2).",
        "[[x, y, z]] for a single point.",
    ),
    (7.0, "The points have the shape ().", "[[x, y, z]] for a single point."),
]


@pytest.mark.parametrize(("points", "found", "cure"), POINTS)
def test_points_of_another_shape_are_refused(points: Any, found: str, cure: str) -> None:
    assert message(points) == (
        f"{found}\nexpected: (N, 3) or (N, 2): a row of coordinates for each point.\nnext: {cure}"
    )


@pytest.mark.parametrize(
    "points",
    [
        [[0, 0], [1, 2, 3]],
        [["0", "1"]],
        np.zeros((4, 2), complex),
        np.zeros((4, 2), bool),
        "points",
        None,
        [[0, object()]],
    ],
)
def test_points_that_are_no_numbers_are_refused(points: Any) -> None:
    assert message(points) in {
        "The points are no array of numbers.\n"
        "expected: rows of real numbers, all of the same length.\n"
        "next: np.array(rows, dtype=float) tells which are not.",
        "The points have the shape ().\n"
        "expected: (N, 3) or (N, 2): a row of coordinates for each point.\n"
        "next: [[x, y, z]] for a single point.",
    }


@pytest.mark.parametrize("strange", [np.nan, np.inf, -np.inf])
def test_points_that_are_not_finite_are_refused_and_named(strange: float) -> None:
    points = np.zeros((2000, 2))
    points[[7, 90], 1] = strange
    expected = (
        "2 of 2,000 points are not finite, the first of them is "
        f"points[7] = [0.0, {strange}].\n"
        "expected: finite coordinates.\n"
        "next: points[np.isfinite(points).all(axis=1)], and the same rows of the colours."
    )
    assert message(points) == expected
    cloud = PointCloud(P)
    with pytest.raises(UsageError) as caught:
        cloud.set_positions(points)
    assert str(caught.value) == expected
    np.testing.assert_array_equal(cloud.points, P)


@pytest.mark.parametrize(
    "points",
    [
        P.astype(np.float32),
        P.tolist(),
        np.asfortranarray(P),
        np.repeat(P, 2, axis=0)[::2],
        P.T.copy().T,
        tuple(map(tuple, P)),
        np.ma.masked_array(P),
    ],
)
def test_any_array_of_the_right_shape_gives_the_same_points(points: Any) -> None:
    cloud = PointCloud(points)
    np.testing.assert_allclose(cloud.points, P, rtol=1e-6)
    assert cloud.points.dtype == np.float64
    assert cloud.points.flags.c_contiguous


def test_integers_and_two_coordinates_are_points_in_the_plane() -> None:
    cloud = PointCloud(np.array([[1, 2], [3, 4]])).shift([0.5, 0, 0])
    assert cloud.points.tolist() == [[1.5, 2, 0], [3.5, 4, 0]]


def test_a_cloud_leaves_the_array_it_was_made_of_alone() -> None:
    points, colors = P.copy(), np.full((5, 3), 90.0, np.float32)
    cloud = PointCloud(points, colors).scale(3).rotate(1)
    cloud.set_positions(points)
    cloud.scale(2)
    cloud.colors[:] = 0
    np.testing.assert_array_equal(points, P)
    assert (colors == 90).all()


@pytest.mark.parametrize("points", [[], np.zeros((0, 2)), np.zeros((0, 3)), np.zeros(0)])
def test_there_are_clouds_without_points(points: Any) -> None:
    cloud = PointCloud(points, RED)
    assert cloud.points.shape == (0, 3)
    assert cloud.colors.shape == (0, 3)
    assert cloud.get_color() == RED
    cloud.scale(2).shift([1, 0, 0]).set_color(BLUE).set_opacity(0.5)
    cloud.set_positions(P)
    assert cloud.colors.shape == (5, 3)
    assert cloud.get_color().to_hex() == BLUE.to_hex()


REDS = [[255, 0, 0]] * 5
ONE = [
    "#FF0000",
    "#f00",
    0xFF0000,
    ManimColor("#FF0000"),
    (255, 0, 0),
    (1.0, 0.0, 0.0),
    [255, 0, 0],
    np.array([255, 0, 0]),
    np.array([[255.0, 0, 0]]),
    np.array([255, 0, 0], np.uint8),
    ["#FF0000"],
    [ManimColor("#FF0000")] * 5,
    ["#f00", ManimColor("#FF0000"), (255, 0, 0), (1.0, 0.0, 0.0), 0xFF0000],
    REDS,
    np.array(REDS),
    np.asfortranarray(REDS).astype(np.uint8),
    np.array(REDS) * 1.00001,
    np.array(["#FF0000"] * 5),
    np.array([ManimColor("#FF0000")] * 5, dtype=object),
]


@pytest.mark.parametrize("colors", ONE)
def test_colours_are_given_in_many_ways(colors: Any) -> None:
    cloud = PointCloud(P, colors)
    assert cloud.colors.tolist() == REDS
    assert cloud.colors.dtype == np.float32
    assert cloud.get_color().to_hex() == "#FF0000"
    assert PointCloud(P, color=colors).colors.tolist() == REDS
    assert PointCloud(P).set_color(colors).colors.tolist() == REDS
    assert PointCloud(P[:1]).set_positions(P, colors).colors.tolist() == REDS


SHAPE = "expected: (N, 3): red, green and blue from 0 to 255 for each point.\n"
RANGE = "expected: red, green and blue from 0 to 255.\n"
BLACK = "next: np.clip(np.nan_to_num(colors), 0, 255), where black will do."
COLOURS = [
    (
        np.full((5, 4), 9.0),
        "The colours have the shape (5, 4).\n"
        + SHAPE
        + "next: colors[:, :3], and opacity=0.5 for all points together.",
    ),
    (
        np.full(5, 9.0),
        "The colours have the shape (5,).\n"
        + SHAPE
        + "next: a list of colours, or an array of that shape.",
    ),
    (
        np.full((3, 5), 9.0),
        "The colours have the shape (3, 5).\n"
        + SHAPE
        + "next: a list of colours, or an array of that shape.",
    ),
    (
        np.linspace(0, 1, 15).reshape(5, 3),
        "The colours are numbers from 0 to 1: nearly black, or parts of 1.\n"
        + RANGE
        + "next: 255 * colors",
    ),
    (
        np.full((5, 3), 300),
        "The colours are numbers from 0 to 300.\n" + RANGE + "next: np.clip(colors, 0, 255)",
    ),
    (
        np.full((5, 3), -1.0),
        "The colours are numbers from -1 to 0.\n" + RANGE + "next: np.clip(colors, 0, 255)",
    ),
    (
        np.full((5, 3), np.nan),
        "5 of 5 colours are not finite, the first of them is colors[0] = [nan, nan, nan].\n"
        + RANGE
        + BLACK,
    ),
    (
        np.ma.masked_equal(np.array([[9.0, 9, 9], [9, 1, 9], [9, 9, 9], [9, 9, 9], [9, 9, 9]]), 1),
        "1 of 5 colours are not finite, the first of them is colors[1] = [9.0, nan, 9.0].\n"
        + RANGE
        + BLACK,
    ),
    (
        np.full((5, 3), np.inf),
        "5 of 5 colours are not finite, the first of them is colors[0] = [inf, inf, inf].\n"
        + RANGE
        + BLACK,
    ),
    (
        np.full((4, 3), 9.0),
        "There are 4 colours for 5 points.\nexpected: 5 colours, or one for all.\n"
        "next: cloud.set_positions(points, colors), which changes both.",
    ),
    (
        [RED, GREEN],
        "There are 2 colours for 5 points.\nexpected: 5 colours, or one for all.\n"
        "next: cloud.set_positions(points, colors), which changes both.",
    ),
]


@pytest.mark.parametrize(("colors", "expected"), COLOURS)
def test_colours_that_do_not_fit_are_refused(colors: Any, expected: str) -> None:
    assert message(P, colors) == expected
    cloud = PointCloud(P, RED)
    for change in (
        lambda: cloud.set_color(colors),
        lambda: setattr(cloud, "colors", colors),
        lambda: cloud.set_positions(P, colors),
    ):
        with pytest.raises(UsageError) as caught:
            change()
        assert str(caught.value) == expected
    assert cloud.get_color().to_hex() == RED.to_hex()


@pytest.mark.parametrize(
    "color",
    [None, True, -1, 0x1000000, "reddish", (1, 0.5, 0), (300, 0, 0), (1.5, 0.0, 0.0), object()],
)
def test_what_is_no_colour_is_refused(color: Any) -> None:
    assert message(P, color) == (
        f"{color!r} is no colour.\n"
        "expected: a colour of Manim, '#rrggbb', (r, g, b) from 0 to 255 or from 0.0 to 1.0; for "
        "many points a list of colours, or an array of shape (N, 3) from 0 to 255.\n"
        "next: PointCloud(points, '#56b4e9')"
    )


@pytest.mark.parametrize("number", [-0.1, np.nan, np.inf, "big", None, True])
@pytest.mark.parametrize("name", ["radius", "outline"])
def test_sizes_are_numbers_that_are_not_negative(name: str, number: Any) -> None:
    if number is None and name == "outline":
        return  # the usual one
    expected = (
        f"The {name} of a PointCloud is {number!r}.\n"
        "expected: a number, 0 or larger.\n"
        f"next: PointCloud(points, {name}=0.04)"
    )
    assert message(P, **{name: number}) == expected
    cloud = PointCloud(P)
    with pytest.raises(UsageError) as caught:
        setattr(cloud, name, number)
    assert str(caught.value) == expected


@pytest.mark.parametrize("opacity", [-0.1, 1.5, 255, np.nan, "half", None])
def test_opacities_are_from_0_to_1(opacity: Any) -> None:
    expected = (
        f"The opacity of a PointCloud is {opacity!r}.\n"
        "expected: a number from 0 to 1.\n"
        "next: PointCloud(points, opacity=1)"
    )
    assert message(P, opacity=opacity) == expected


def test_a_small_point_is_more_than_its_outline() -> None:
    assert PointCloud(P).outline == 0.01
    assert PointCloud(P, radius=0.2).outline == 0.01
    assert PointCloud(P, radius=0.01).outline == 0.0025
    assert PointCloud(P, radius=0.01, outline=0.01).outline == 0.01


def test_more_points_take_the_one_colour_there_is() -> None:
    for count in (1, 3, 5, 4000, 0, 7):
        many = np.zeros((count, 3))
        for change in (
            lambda c, p: c.set_positions(p),
            lambda c, p: setattr(c, "points", p),
        ):
            cloud = PointCloud(P, GREEN)
            change(cloud, many)
            assert cloud.colors.shape == (count, 3)
            cloud.set_positions(P)
            assert {tuple(row) for row in cloud.colors} == {tuple(PointCloud(P, GREEN).colors[0])}


def test_more_points_than_different_colours_are_refused_and_nothing_is_changed() -> None:
    cloud = PointCloud(P, [RED, GREEN, BLUE, WHITE, RED])
    expected = (
        "There are 5 colours for 3,000,000 points.\n"
        "expected: 3,000,000 colours, or one for all.\n"
        "next: cloud.set_positions(points, colors), which changes both."
    )
    many = np.zeros((3_000_000, 3))
    with pytest.raises(UsageError) as caught:
        cloud.set_positions(many)
    assert str(caught.value) == expected
    np.testing.assert_array_equal(cloud.points, P)
    assert message(many, cloud.colors) == expected
    cloud.points = many
    with pytest.raises(UsageError) as caught:
        cloud.get_image()
    assert str(caught.value) == expected
