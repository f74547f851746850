"""The side of a film: a small square, numbers and lower parts, as the shape of the side has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.words import LEADING, Words, text_width, wrapped
from spiralcore.stage.panels.readings import column_width, low_height
from spiralcore.trajectory import Trajectory

CAPTION = 30.0
"""Font size of captions in 16:9."""

BELOW_SMALL, BELOW_LOWER = 20.0, 18.0
"""From the baseline of a caption to its box: of a small square, and of a lower part."""

LEAST_LOWER = 168.0
"""Height of the lower part at least, in 16:9."""

GAP = 32.0

LOSS, OTHER_LOSS = "cross-entropy", "loss"
"""Caption of a loss curve, and of one that is no cross-entropy."""


def loss_captions(trajectory: Trajectory) -> tuple[str]:
    """Captions of what `spiralcore.stage.panels.loss_panel.LossPanel` draws."""
    other = not trajectory.knows_loss and not np.isnan(trajectory.loss).all()
    return (OTHER_LOSS if other else LOSS,)


class Parts(NamedTuple):
    """Where the parts of a side go, in design pixels."""

    small: Box
    numbers: Box
    lowers: tuple[Box, ...]


def divide(
    film: Film,
    side: Box,
    small: Sequence[str],
    *lowers: Sequence[str],
    drop: float = 0.0,
    least: float = 0.0,
) -> Parts:
    """Divide a side into a small square, numbers and lower parts, and set the captions.

    Parameters
    ----------
    film
        Whose.
    side
        In design pixels.
    small
        Caption of the square, and shorter ones: the first that fits into a line is taken.
    lowers
        The same for each lower part.
    drop
        By how much the lower parts begin lower, in design pixels.
    least
        Height of the lower parts together at least, in design pixels; 0 for that of curves.
    """
    least = least or LEAST_LOWER * film.text_scale * len(lowers)
    below = GAP + head_height(film, "", side.width, BELOW_LOWER) + drop
    head = head_height(film, "", side.width)
    wide = 0.44 * side.width
    x = side.left + wide + 1.4 * GAP
    beside = low_height(film, side.right - x)
    if side.width > 1.25 * side.height and beside + below + least <= side.height:
        # The small square, and beside it the numbers above the lower part.
        square = min(side.height - head, wide)
        first = Box(side.left, side.top + head, square, square)
        x = first.right + 1.4 * GAP
        numbers = Box(x, side.top, side.right - x, low_height(film, side.right - x))
        rest = numbers
    elif side.width > 0.8 * side.height:
        # The small square and the numbers, below both the lower part.
        most = side.width - GAP - column_width(film)
        square = min(int(most), int(side.height - head - below - least))
        first = Box(side.left, side.top + head, square, square)
        x = first.right + GAP
        numbers = Box(x, first.top, side.right - x, square)
        rest = first._replace(width=side.width)
    else:
        # Each below the other.
        height = low_height(film, side.width)
        square = min(side.width, side.height - head - GAP - height - below - least)
        first = Box(side.left, side.top + head, square, square)
        numbers = Box(side.left, first.bottom + GAP, side.width, height)
        rest = numbers
    below_each_other = numbers.left == side.left
    wide = side.width if below_each_other else first.width + 0.5 * GAP
    caption(film, first, fitting(film, small, wide), BELOW_SMALL, side.width)
    names = [fitting(film, captions, rest.width) for captions in lowers]
    heads = [head_height(film, name, rest.width, BELOW_LOWER) for name in names]
    free = side.bottom - rest.bottom - drop - sum(heads) - GAP * len(names)
    boxes, end = list[Box](), rest.bottom + drop
    for name, head in zip(names, heads, strict=True):
        boxes.append(Box(rest.left, end + GAP + head, rest.width, free / len(names)))
        caption(film, boxes[-1], name)
        end = boxes[-1].bottom
    return Parts(first, numbers, tuple(boxes))


def caption(
    film: Film, box: Box, text: str, above: float = BELOW_LOWER, width: float = 0.0
) -> None:
    """Say above a box what it shows, in lines of its width or another one."""
    size = film.text(CAPTION)
    lines = wrapped(text, width or box.width, size)
    for i, line in enumerate(lines):
        y = box.top - above - LEADING * size * (len(lines) - 1 - i)
        film.place(Words(line, box.left, y, size, film.theme.faint))


def head_height(film: Film, text: str, width: float, above: float = BELOW_SMALL) -> float:
    """Height of a caption and of what is between it and its box."""
    size = film.text(CAPTION)
    return above + size + LEADING * size * max(len(wrapped(text, width, size)) - 1, 0)


def fitting(film: Film, texts: Sequence[str], width: float, size: float = CAPTION) -> str:
    """The first of some texts that fits into a line; the last one if none does."""
    large = film.text(size)
    return next((text for text in texts if text_width(text, large) <= width), texts[-1])
