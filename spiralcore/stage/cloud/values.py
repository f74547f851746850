"""What a point cloud takes: points, colours and sizes, checked before anything is drawn of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
from manim import ManimColor, ParsableManimColor
from numpy.typing import ArrayLike, NDArray

from spiralcore.errors import UsageError

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]
Marks = NDArray[np.uint8]
Colours = ParsableManimColor | Sequence[ParsableManimColor] | NDArray[Any]

MARKS = 4
"""How many marks there are, none included."""

ROUNDING = 0.01
"""How far a colour may be outside of 0 to 255, as calculations leave it."""


def checked_points(points: ArrayLike) -> Doubles:
    """Scene coordinates of points.

    Parameters
    ----------
    points
        Shape (N, 3) or (N, 2); N may be 0.

    Returns
    -------
    NDArray
        Shape (N, 3); the array itself where it is one of those already.

    Raises
    ------
    UsageError
        If it has another shape or anything but finite numbers.
    """
    array = _array(points, "The points")
    if array.ndim in (1, 2) and len(array) == 0:
        return np.zeros((0, 3))
    if array.ndim != 2 or array.shape[1] not in (2, 3):
        transposed = array.ndim == 2 and array.shape[0] in (2, 3)
        raise UsageError(
            f"The points have the shape {array.shape}.",
            "(N, 3) or (N, 2): a row of coordinates for each point.",
            "points.T" if transposed else "[[x, y, z]] for a single point.",
        )
    _refuse_strange(
        array, "points", "points", "finite coordinates.",
        "points[np.isfinite(points).all(axis=1)], and the same rows of the colours.",
    )  # fmt: skip
    if array.shape[1] == 2:
        return np.column_stack((array, np.zeros(len(array))))
    return np.ascontiguousarray(array)


def checked_colours(colors: Colours, count: int) -> Floats:
    """Colours of points.

    Parameters
    ----------
    colors
        One colour for all, as Manim takes it, or one for each point: a list of them, or an array
        of shape (N, 3), 0 to 255.
    count
        Number of points N.

    Returns
    -------
    NDArray
        Shape (N, 3), 0 to 255; one colour for no points is kept, shape (1, 3).

    Raises
    ------
    UsageError
        If they are no colours, or not as many as there are points.
    """
    if isinstance(colors, np.ndarray) and colors.dtype.kind in "UO" and colors.ndim == 1:
        colors = colors.tolist()
    if not hasattr(colors, "__array__") and (
        not isinstance(colors, Sequence) or isinstance(colors, str) or _is_one(colors)
    ):
        return np.tile(rgb_of(colors), (max(count, 1), 1))
    if isinstance(colors, Sequence) and not all(map(_is_row, colors)):
        array = np.array([rgb_of(color) for color in colors])
    else:
        array = _colour_array(colors)
    if len(array) == 1:
        return np.tile(array, (max(count, 1), 1))
    if len(array) != count:
        raise disagreement(len(array), count)
    return array


def checked_marks(marks: ArrayLike, count: int) -> Marks:
    """Marks of points, shape (N,), or one for all.

    See `spiralcore.stage.pixels.sprites.disc_sprites`.

    Raises
    ------
    UsageError
        If there is no such mark, or there are not as many as points.
    """
    array = np.atleast_1d(np.asarray(marks))
    if array.ndim != 1 or array.dtype.kind not in "iu" or not np.isin(array, range(MARKS)).all():
        strange = array if array.dtype.kind not in "iu" else array[~np.isin(array, range(MARKS))]
        raise UsageError(
            f"The marks have the shape {array.shape}, and among them is {strange.ravel()[:1]}.",
            f"whole numbers from 0 to {MARKS - 1}, one for each point.",
            "cloud.marks = 0 for none.",
        )
    if len(array) not in (1, count):
        raise disagreement(len(array), count, "marks")
    return np.tile(array, 1 if len(array) > 1 else max(count, 1)).astype(np.uint8)


def disagreement(found: int, points: int, what: str = "colours") -> UsageError:
    """Tell that there are not as many colours, or marks, as points."""
    return UsageError(
        f"There are {found:,} {what} for {points:,} points.",
        f"{points:,} {what}, or one for all.",
        "cloud.set_positions(points, colors), which changes both."
        if what == "colours"
        else f"a new cloud, or cloud.{what} = ... before there are other points.",
    )


def rgb_of(color: Any) -> Floats:
    """One colour, as Manim takes it: red, green and blue from 0 to 255, shape (3,)."""
    if hasattr(color, "__array__"):
        color = color.tolist()
    try:
        if color is None or isinstance(color, bool):
            raise TypeError
        if isinstance(color, int) and not 0 <= color <= 0xFFFFFF:
            raise ValueError
        if isinstance(color, Sequence) and not isinstance(color, str):
            # Whole numbers are parts of 255, others parts of 1; a mixture could mean both.
            (most,) = {1 if isinstance(part, float) else 255 for part in color}
            if not all(0 <= part <= most for part in color):
                raise ValueError
        return np.array(ManimColor(color).to_rgb(), dtype=np.float32) * 255
    except (ValueError, TypeError) as error:
        raise UsageError(
            f"{color!r} is no colour.",
            "a colour of Manim, '#rrggbb', (r, g, b) from 0 to 255 or from 0.0 to 1.0; for many "
            "points a list of colours, or an array of shape (N, 3) from 0 to 255.",
            "PointCloud(points, '#56b4e9')",
        ) from error


def checked_number(name: str, value: Any, most: float = math.inf) -> float:
    """Check a number that is not negative, and at most ``most``."""
    try:
        number = math.nan if isinstance(value, (str, bool)) else float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 <= number <= most or math.isinf(number):
        raise UsageError(
            f"The {name} of a PointCloud is {value!r}.",
            f"a number from 0 to {most:g}." if math.isfinite(most) else "a number, 0 or larger.",
            f"PointCloud(points, {name}={0.04 if math.isinf(most) else most:g})",
        )
    return number


def _is_one(colors: Sequence[Any]) -> bool:
    """Whether numbers are the parts of one colour."""
    return len(colors) in (3, 4) and all(isinstance(part, Real) for part in colors)


def _is_row(color: Any) -> bool:
    """Whether a colour is given by numbers."""
    return isinstance(color, (Sequence, np.ndarray)) and not isinstance(color, str)


def _colour_array(colors: Any) -> Floats:
    array = _array(colors, "The colours")
    if array.ndim == 1 and len(array) == 3:
        array = array[None]
    if array.ndim == 1 and len(array) == 0:
        array = array.reshape(0, 3)
    if array.ndim != 2 or array.shape[1] != 3:
        has_alpha = array.ndim == 2 and array.shape[1] == 4
        raise UsageError(
            f"The colours have the shape {array.shape}.",
            "(N, 3): red, green and blue from 0 to 255 for each point.",
            "colors[:, :3], and opacity=0.5 for all points together."
            if has_alpha
            else "a list of colours, or an array of that shape.",
        )
    _refuse_strange(
        array, "colours", "colors", "red, green and blue from 0 to 255.",
        "np.clip(np.nan_to_num(colors), 0, 255), where black will do.",
    )  # fmt: skip
    least, most = (float(end) for end in (array.min(initial=0), array.max(initial=0)))
    if not (least >= -ROUNDING and most <= 255 + ROUNDING):
        raise UsageError(
            f"The colours are numbers from {least:g} to {most:g}.",
            "red, green and blue from 0 to 255.",
            "np.clip(colors, 0, 255)",
        )
    if 0 < most <= 1:
        raise UsageError(
            f"The colours are numbers from {least:g} to {most:g}: nearly black, or parts of 1.",
            "red, green and blue from 0 to 255.",
            "255 * colors",
        )
    return np.clip(array, 0, 255).astype(np.float32)


def _refuse_strange(array: Doubles, what: str, name: str, expected: str, fix: str) -> None:
    """See to it that all rows are finite; of a masked array those are not that are hidden."""
    with np.errstate(all="ignore"):
        is_finite = math.isfinite(array.sum())  # one look at all; the second one is for overflow
    if not is_finite and not np.isfinite(array).all():
        strange = np.flatnonzero(~np.isfinite(array).all(axis=1))
        raise UsageError(
            f"{len(strange):,} of {len(array):,} {what} are not finite, the first of them is "
            f"{name}[{strange[0]}] = {array[strange[0]].tolist()}.",
            expected,
            fix,
        )


def _array(values: Any, what: str) -> Doubles:
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "iufO":
            raise TypeError
        if np.ma.isMaskedArray(values):
            array = np.ma.filled(values.astype(np.float64), np.nan)
        return np.asarray(array, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise UsageError(
            f"{what} are no array of numbers.",
            "rows of real numbers, all of the same length.",
            "np.array(rows, dtype=float) tells which are not.",
        ) from error
