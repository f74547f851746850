"""The board of a film: a title, a large panel with its notes, and a side with everything else.

A scene says what it has; where that goes the shape of the frame says. The side lies beside the
large panel, or below it where the frame is upright; and what is in the side lies in a column, in
a row or in both, as its own shape has it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.words import LEADING, Words, text_width, wrapped
from spiralcore.stage.panels.notes import Note, foot, lines_of, repeated, set_up


class Shape(NamedTuple):
    """What all films of an aspect share, in design pixels.

    Attributes
    ----------
    margin
        Left and right of everything.
    top, bottom
        Baseline of the title from the upper edge, that of the last line from the lower one.
    gap
        Between the large panel and the side.
    large
        Side of the large panel at most.
    title
        How much larger than in 16:9 titles are.
    """

    margin: float
    top: float
    bottom: float
    gap: float
    large: float
    title: float = 1.0


SHAPES = {
    "16:9": Shape(70, 88, 32, 50, 880),
    "4:3": Shape(50, 84, 36, 40, 780),
    "1:1": Shape(42, 80, 38, 34, 700),
    "9:16": Shape(54, 112, 64, 58, 972, title=1.2),
}

GAP = 16.0
"""Between panels that share a place; twice as much between their rows."""

LEAST_BELOW = 566.0
"""Height of a side below the large panel at least: enough for what `divide` puts there."""

TITLE, SUBJECT = 50.0, 40.0
"""Font sizes in 16:9."""


class Board:
    """Sets the title and the notes of a film, and says where its panels go.

    Parameters
    ----------
    film
        Which one.
    title, subject
        What it is about, in a few letters and in a sentence.
    notes
        What has to be said of the large panel.
    side_notes
        What has to be said of the side, or of everything.
    corner
        Width that is left free at the right of the title.
    least
        Height of the side at least where the frame is upright; the large panel makes room.
    reserve
        Height that is left free for captions: below the large panel, before the notes, or at the
        foot of the frame where the side is as high as that.
    marked
        Whether points have marks where their colours repeat.
    panels, head
        How many panels share the place of the large one, and the height above each of them.

    Attributes
    ----------
    shape
        Margins and more.
    large
        Where the large panel goes, a square; or all of those that share its place.
    panels
        Where each of these goes, row by row.
    side
        Where everything else goes.
    captions
        What is left free for captions.
    below
        What is left below the notes, where the side lies beside all of it.
    """

    def __init__(
        self,
        film: Film,
        title: str,
        subject: str,
        *,
        notes: Sequence[Note] = (),
        side_notes: Sequence[Note] = (),
        corner: float = 0.0,
        least: float = LEAST_BELOW,
        panels: int = 1,
        head: float = 0.0,
        reserve: float = 0.0,
        marked: bool = True,
    ) -> None:
        self._film = film
        self.shape = shape = SHAPES[film.aspect.name]
        left, right = shape.margin, film.aspect.width - shape.margin
        last = film.aspect.height - shape.bottom
        top = headline(film, title, subject, left, right, corner=corner)
        upright = film.aspect.height > film.aspect.width
        # In 16:9 there is room for those of the side below the side.
        apart = film.aspect.name == "16:9"
        at_foot = not upright and not apart
        last -= reserve if at_foot else 0.0
        under = 0.0 if at_foot else reserve
        notes = [*notes, *repeated(film, marked=marked)]
        below = notes if apart else [*notes, *side_notes]
        columns = math.ceil(math.sqrt(panels))
        rows = math.ceil(panels / columns)
        size = shape.large
        while True:
            lines = lines_of(film, below, right - left if upright else size + 0.8 * shape.gap)
            # Captions lie over the width of the frame: notes of the side keep below them, too.
            others = lines_of(film, side_notes, 0.5 * (right - left)) if apart and reserve else []
            area = under + foot(film, max(len(lines), len(others)))
            most = last - top - area - (shape.gap + least if upright else 0.0)
            square = (size + GAP) / columns - GAP
            height = rows * (square + head) + (rows - 1) * 2 * GAP
            if height <= most:
                break
            size -= max((height - most) * columns / rows, 0.01)
        x = (left + right - size) / 2 if upright else left
        self.large = Box(x, top, size, height)
        self.captions = Box(left, last if at_foot else self.large.bottom, right - left, reserve)
        self.panels = [
            Box(
                x + (square + GAP) * (i % columns),
                top + head + (square + head + 2 * GAP) * (i // columns),
                square,
                square,
            )
            for i in range(panels)
        ]
        end = self.large.bottom + area + shape.gap
        self.below = Box(x, end, size, max(last - end, 0.0))
        if upright:
            set_up(film, lines, left, self.large.bottom + area)
            under = self.large.bottom + area + shape.gap
            self.side = Box(left, under, right - left, last - under)
            return
        set_up(film, lines, left, last if apart else self.large.bottom + area)
        beside = self.large.right + shape.gap
        bottom = self.large.bottom if apart else last
        self.side = Box(beside, top, right - beside, bottom - top)
        if apart:
            set_up(film, lines_of(film, side_notes, right - beside), beside, last)


def headline(
    film: Film,
    title: str,
    subject: str,
    left: float,
    right: float,
    y: float | None = None,
    corner: float = 0.0,
) -> float:
    """Set the title, and the subject beside it where it fits, otherwise below it.

    Parameters
    ----------
    film
        Where to.
    title, subject
        See `Board`.
    left, right
        Between what, in design pixels.
    y
        Baseline of the title; None for that of all boards.
    corner
        Width that is left free at the right of the title.

    Returns
    -------
    float
        Where panels may begin, in design pixels.
    """
    shape, theme = SHAPES[film.aspect.name], film.theme
    y = shape.top if y is None else y
    large, small = shape.title * TITLE, shape.title * SUBJECT
    film.place(Words(title, left, y, large, theme.ink, weight="bold"))
    after = left + text_width(title, large, "bold") + 0.56 * large
    if after + text_width(subject, small) <= right - corner:
        film.place(Words(subject, after, y, small, theme.faint))
        return y + small
    for line in wrapped(subject, right - left, small):
        y += LEADING * small
        film.place(Words(line, left, y, small, theme.faint))
    return y + 0.8 * small
