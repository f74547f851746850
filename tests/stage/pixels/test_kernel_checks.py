"""Whatever Python hands to a kernel, it paints what it was given or says what does not fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from spiralcore.errors import UsageError
from spiralcore.stage.marks import polylines
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels import (
    depth_kernels,
    globe_kernels,
    grid_kernels,
    region_kernels,
    sprites,
)
from spiralcore.stage.pixels.globe_look import Finish, Look, sphere_shade

HEIGHT, WIDTH = 20, 30
BOX = np.array([0, HEIGHT, 0, WIDTH])


def floats(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).uniform(2, 9, shape).astype(np.float32)


def pixels(height: int = HEIGHT, channels: int = 4) -> np.ndarray:
    return np.zeros((height, WIDTH, channels), np.uint8)


LOOK = Look(*map(np.float32, (15, 10, 20, 3, 1)))
FINISH = Finish(*map(np.float32, (0, 0, 1, 0.5, 1, 1)))
SHADE = sphere_shade(HEIGHT, WIDTH, LOOK, FINISH)
SPRITES = sprites.marked_sprites(3.0, 1.0, 1.0, 2)
MARKS = (np.arange(7) % 2).astype(np.uint8)
BANK = depth_kernels.sprite_bank(2.0, 4.0, 0.2, 1.0)

DISCS = dict(
    pixels=pixels(), centres=floats(7, 2), fills=floats(7, 3), radius=3.0, rim=1.0,
    rim_colour=floats(3), alpha=1.0, marks=MARKS,
)  # fmt: skip
STAMP = dict(
    pixels=pixels(), mask=np.full((4, 5), 255, np.uint8), left=3, top=2, colour=floats(3), alpha=1.0
)
MIX = dict(pixels=pixels(), other=pixels(), share=0.5)
BAR = dict(pixels=pixels(), left=2.5, top=2.5, right=9.0, bottom=9.0, colour=floats(3), alpha=1.0)
RING = dict(
    pixels=pixels(), box=BOX, centre=(15.0, 10.0), radius=6.0, line=2.0, colour=floats(3),
    alpha=1.0, outside=floats(3), outside_alpha=0.5,
)  # fmt: skip
STAMP_DISCS = dict(
    pixels=pixels(), points=floats(7, 3).astype(np.float64), scale=1.0, left=0.0, top=12.0,
    fills=floats(7, 3), rim_colour=floats(3), marks=MARKS, sprites=SPRITES, outer=3.5,
)  # fmt: skip
STAMP_IN_DEPTH = dict(
    pixels=pixels(), centres=floats(7, 2), radii=floats(7) / 3, fills=floats(7, 3),
    rims=floats(7, 3), bank=BANK,
)  # fmt: skip
OVALS = dict(
    pixels=pixels(), centres=floats(7, 2), radii=floats(7), heights=floats(7) / 9,
    fills=floats(7, 3), rims=floats(7, 3), rim=0.2, opacity=1.0,
)  # fmt: skip
LINEAR = dict(
    pixels=pixels(), box=BOX, slopes=floats(4, 2), offsets=floats(4), fills=floats(4, 3), line=1.0,
    line_ink=floats(4), alpha=1.0,
)  # fmt: skip
GRID = dict(
    pixels=pixels(), box=BOX, origin=np.array([0, 0, 6, 5], np.float32), values=floats(5, 6, 4),
    fills=floats(4, 3), line=1.0, line_ink=floats(4), alpha=1.0,
)  # fmt: skip
SPHERE = dict(
    pixels=pixels(), box=BOX, weight=floats(4, 3), bias=floats(4), fills=floats(4, 3), look=LOOK,
    shade=SHADE, line=1.0, line_ink=floats(4),
)  # fmt: skip
LINES = dict(
    mask=np.zeros((HEIGHT, WIDTH), np.uint8), places=floats(12, 2), length=4, half_width=1.0
)

GOOD: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "discs": (kernels.discs, DISCS),
    "stamp": (kernels.stamp, STAMP),
    "mix": (kernels.mix, MIX),
    "bar": (kernels.bar, BAR),
    "ring": (kernels.ring, RING),
    "stamp_discs": (sprites.stamp_discs, STAMP_DISCS),
    "stamp_in_depth": (depth_kernels.stamp_in_depth, STAMP_IN_DEPTH),
    "ovals": (depth_kernels.ovals, OVALS),
    "linear_regions": (region_kernels.linear_regions, LINEAR),
    "grid_regions": (grid_kernels.grid_regions, GRID),
    "sphere_regions": (globe_kernels.sphere_regions, SPHERE),
    "cover_lines": (polylines.cover_lines, LINES),
}


def fresh(arguments: dict[str, Any]) -> dict[str, Any]:
    """The same on an empty frame."""
    target = "pixels" if "pixels" in arguments else "mask"
    return {**arguments, target: np.zeros_like(arguments[target])}


def arrays_of(name: str) -> list[str]:
    return [key for key, value in GOOD[name][1].items() if isinstance(value, np.ndarray)]


@pytest.mark.parametrize("name", GOOD)
def test_arrays_that_agree_are_painted(name: str) -> None:
    kernel, arguments = GOOD[name]
    given = fresh(arguments)
    if name == "mix":
        given["other"] = np.full_like(given["pixels"], 200)
    kernel(*given.values())
    assert given.get("pixels", given.get("mask")).any()


@pytest.mark.parametrize(
    ("name", "array"),
    [(name, array) for name in GOOD for array in arrays_of(name) if array != "mask"],
)
def test_an_array_of_another_shape_is_refused_before_anything_is_painted(
    name: str, array: str
) -> None:
    kernel, arguments = GOOD[name]
    right = arguments[array]
    wrong = [right[..., None], right[None]]
    wrong.append(right[:, :-1] if array == "sprites" else right[..., :-1])
    if array not in {"pixels", "places"}:
        wrong.append(right[:0])
    if array == "sprites":
        wrong += [right[:, :-1], right[:, :, :-1]]
    elif array not in {"pixels", "points", "centres", "values", "slopes", "weight", "places"}:
        wrong += [right[:-1], np.concatenate([right, right])]
    for other in wrong:
        given = {**fresh(arguments), array: np.ascontiguousarray(other)}
        with pytest.raises(UsageError, match=f"^{name}: "):
            kernel(*given.values())
        assert not given.get("pixels", given.get("mask"))[..., :4].any() or array == "pixels"


def test_the_message_says_which_shapes_belong_together() -> None:
    with pytest.raises(UsageError) as caught:
        kernels.discs(**{**DISCS, "fills": floats(5, 3)})
    assert str(caught.value) == (
        "discs: fills has the shape (5, 3).\n"
        "expected: arrays whose sizes agree: pixels (H W 4), centres (N 2), fills (N 3), "
        "rim_colour (3), marks (N).\n"
        "next: fills of the shape (7, 3)."
    )
    with pytest.raises(UsageError) as caught:
        region_kernels.linear_regions(**{**LINEAR, "slopes": floats(0, 2)})
    assert str(caught.value) == (
        "linear_regions: slopes has the shape (0, 2).\n"
        "expected: arrays whose sizes agree: pixels (H W 4), box (4), slopes (K>=1 2), "
        "offsets (K), fills (K 3), line_ink (4).\n"
        "next: slopes of the shape (at least 1, 2)."
    )
    with pytest.raises(UsageError) as caught:
        kernels.discs(**{**DISCS, "centres": [[1.0, 2.0]]})
    assert str(caught.value).startswith("discs: centres has the shape ().\n")


@pytest.mark.parametrize("name", ["ring", "linear_regions", "grid_regions", "sphere_regions"])
@pytest.mark.parametrize(
    "box", [(-1, 20, 0, 30), (0, 21, 0, 30), (0, 20, -5, 30), (0, 20, 0, 10**9)]
)
def test_a_box_beyond_the_frame_is_refused(name: str, box: tuple[int, int, int, int]) -> None:
    kernel, arguments = GOOD[name]
    with pytest.raises(UsageError) as caught:
        kernel(**{**fresh(arguments), "box": np.array(box)})
    assert str(caught.value) == (
        f"{name}: the box of rows {box[0]} to {box[1]} and columns {box[2]} to {box[3]} "
        "is not inside of the frame.\n"
        "expected: rows from 0 to 20, columns from 0 to 30.\n"
        "next: canvas.pixel_box(edges), which cuts off what is outside."
    )


@pytest.mark.parametrize("length", [0, -4, 5, 13])
def test_lines_are_whole(length: int) -> None:
    with pytest.raises(UsageError) as caught:
        polylines.cover_lines(**{**fresh(LINES), "length": length})
    assert str(caught.value) == (
        f"cover_lines: 12 points are no whole number of lines of {length} points.\n"
        "expected: all points of each line, one line after the other.\n"
        "next: polylines.set_lines(lines) with lines of shape (M, S, 3)."
    )


@pytest.mark.parametrize("name", [name for name in GOOD if name not in ("mix", "stamp")])
@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 3e38, -3e38])
def test_numbers_that_are_none_do_no_harm(name: str, number: float) -> None:
    """Each float array in turn has one; the frame is a part of a larger one that stays clean."""
    kernel, arguments = GOOD[name]
    target = "pixels" if "pixels" in arguments else "mask"
    for array in arrays_of(name):
        if arguments[array].dtype.kind != "f":
            continue
        for place in (0, -1):
            larger = np.full((3 * HEIGHT, *arguments[target].shape[1:]), 77, np.uint8)
            strange = arguments[array].copy()
            strange.reshape(-1)[place] = number
            kernel(**{**arguments, array: strange, target: larger[HEIGHT : 2 * HEIGHT]})
            assert (larger[:HEIGHT] == 77).all()
            assert (larger[2 * HEIGHT :] == 77).all()


@pytest.mark.parametrize("hair", [-1e-20, -1e-17])
def test_a_centre_a_hair_below_a_whole_pixel_has_a_sprite(hair: float) -> None:
    """Its place within the pixel is rounded up to 1, for which there is no sprite."""
    frames = []
    for place in (hair, -0.01):
        given = {**STAMP_DISCS, "pixels": pixels(), "outer": 0.5 / sprites.PHASES, "top": 0.0}
        given |= {"points": np.array([[place, -place, 0.0]]), "fills": np.full((1, 3), 200.0)}
        given |= {"marks": MARKS[:1]}
        sprites.stamp_discs(**given)
        frames.append(given["pixels"])
    assert frames[1].any()
    np.testing.assert_array_equal(*frames)


def test_a_mark_that_there_is_not_is_the_last_one() -> None:
    frames = []
    for mark in (1, 200):
        given = {**STAMP_DISCS, "pixels": pixels(), "marks": np.full(7, mark, np.uint8)}
        sprites.stamp_discs(**given)
        frames.append(given["pixels"])
    assert frames[0].any()
    np.testing.assert_array_equal(*frames)


def test_a_bank_of_sprites_whose_parts_disagree_is_used_as_far_as_it_goes() -> None:
    for bank in (
        BANK._replace(rows=BANK.rows + 1000),
        BANK._replace(rows=BANK.rows[:1]),
        BANK._replace(rows=BANK.rows[:0]),
        BANK._replace(sprites=BANK.sprites[:, :3]),
        BANK._replace(first=-(10**6)),
        BANK._replace(first=10**6),
    ):
        larger = np.full((3 * HEIGHT, WIDTH, 4), 77, np.uint8)
        given = {**STAMP_IN_DEPTH, "pixels": larger[HEIGHT : 2 * HEIGHT], "bank": bank}
        depth_kernels.stamp_in_depth(*given.values())
        assert (larger[:HEIGHT] == 77).all()
        assert (larger[2 * HEIGHT :] == 77).all()
