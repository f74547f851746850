"""Epoch and accuracy in large figures: below each other, or in a line."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import LEAST_TEXT, Box
from spiralcore.stage.marks.words import Side, Words, text_width
from spiralcore.stage.panels.numbers import accuracy_counter, counting_of, epoch_counter
from spiralcore.stage.panels.panel import Panel
from spiralcore.trajectory.play.playback import Playback

EPOCH, OTHER = 84.0, 60.0
"""Font sizes of the epoch and of the accuracy."""

NAMES = ("epoch", "accuracy")


class Form(NamedTuple):
    """A way to set readings.

    Attributes
    ----------
    height
        In design pixels, at the usual size.
    places
        For each reading the side of the box that it is at, and the baselines of name and number.
    """

    height: float
    places: tuple[tuple[Side, float, float], ...]


COLUMN = Form(262.0, (("right", 28.0, 106.0), ("right", 202.0, 262.0)))
LINE = Form(106.0, (("left", 28.0, 106.0), ("right", 28.0, 106.0)))
"""Below each other, or beside each other."""

LARGEST = 1.1
"""How much larger than usual readings beside each other are at most."""


class Readings(Panel):
    """The epoch, and how many points are right then, where that is ever known.

    Parameters
    ----------
    film, playback
        Where to, and of what.
    box
        Where, in design pixels. In a high one they form a column at its right edge, in others
        a line over its width.
    """

    def __init__(self, film: Film, playback: Playback, box: Box) -> None:
        super().__init__(film, box)
        beside = box.height < max(0.9 * box.width, COLUMN.height)
        form, usual = (LINE, _line_size(film, box.width)) if beside else (COLUMN, 1.0)
        size = min(box.height / form.height, usual)
        known = NAMES if np.isfinite(playback.trajectory.accuracy).any() else NAMES[:1]
        for i, (name, (side, head, number)) in enumerate(zip(known, form.places, strict=False)):
            x, y = box.right if side == "right" else box.left, box.top + size * number
            name = counting_of(film).unit if i == 0 else name
            self.place(Words(name, x, box.top + size * head, film.text(), film.theme.faint, side))
            if i == 0:
                self.place_live(*epoch_counter(film, x, y, max(size * EPOCH, LEAST_TEXT), side))
            else:
                large = max(size * OTHER, LEAST_TEXT)
                self.place_live(*accuracy_counter(film, playback, x, y, large, side))


def column_width(film: Film) -> float:
    """What they need below each other, in design pixels."""
    ends = max(path.trained_epochs for path in film.trajectories)
    last = f"{counting_of(film).at(ends):,}"
    return max(text_width(last, EPOCH, "bold"), text_width("100.0 %", OTHER))


def low_height(film: Film, width: float) -> float:
    """Height of readings beside each other that have so much room, in design pixels."""
    return LINE.height * _line_size(film, width)


def _line_size(film: Film, width: float) -> float:
    """How much larger than usual they are beside each other."""
    needed = text_width("10,000", EPOCH, "bold") + 40 + text_width("100.0 %", OTHER)
    return min(film.text_scale, LARGEST, width / needed)
