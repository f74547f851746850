"""Epoch, accuracy and cross-entropy in large figures: below each other, or in two lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.words import Side, Words, text_width
from spiralcore.stage.panels.numbers import accuracy_counter, entropy_counter, epoch_counter
from spiralcore.stage.panels.panel import Panel
from spiralcore.trajectory.play.playback import Playback

HEAD, EPOCH, OTHER = 32.0, 84.0, 60.0
"""Font sizes of names, of the epoch and of the other numbers."""


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

    def size(self, film: Film, width: float, count: int) -> float:
        """How much larger than usual so many readings are that have so much room."""
        return min(film.text(1.0), LARGEST, width / self._width(count))

    def _width(self, count: int) -> float:
        first = text_width("10,000", EPOCH, "bold") + 40
        others = [text_width("100.0 %", OTHER), text_width(NAMES[2], HEAD)][: count - 1]
        if self is PILE:
            return sum(others) + 40
        return first + sum(others) + 40 * (count - 2)


COLUMN = Form(450.0, (("right", 28.0, 106.0), ("right", 198.0, 258.0), ("right", 348.0, 408.0)))
PILE = Form(222.0, (("left", 28.0, 106.0), ("left", 164.0, 222.0), ("right", 164.0, 222.0)))
LINE = Form(106.0, (("left", 28.0, 106.0), ("centre", 28.0, 106.0), ("right", 28.0, 106.0)))
PAIR = Form(106.0, (("left", 28.0, 106.0), ("right", 28.0, 106.0)))
"""Below each other; the epoch above the others; all of them, or two, in a line."""

LARGEST = 1.1
"""How much larger than usual readings beside each other are at most."""

NAMES = ("epoch", "accuracy", "cross-entropy")


class Readings(Panel):
    """The epoch and what goes with it.

    Parameters
    ----------
    film, playback
        Where to, and of what.
    box
        Where, in design pixels. In a high one they form a column at its right edge, in others
        lines over its width.
    names
        The first two of `NAMES`, or all.
    """

    def __init__(
        self, film: Film, playback: Playback, box: Box, names: Sequence[str] = NAMES
    ) -> None:
        super().__init__(film, box)
        count, theme = len(names), film.theme
        form = (
            COLUMN if box.height >= 0.9 * box.width else _low(count, box.height < 0.3 * box.width)
        )
        usual = 1.0 if form is COLUMN else form.size(film, box.width, count)
        size = min(box.height / form.height, usual)
        head_size = max(size * HEAD, film.text(24))
        for i, (name, (side, head, number)) in enumerate(zip(names, form.places, strict=False)):
            x = {"left": box.left, "centre": box.left + 0.56 * box.width, "right": box.right}[side]
            y = box.top + size * number
            self.place(Words(name, x, box.top + size * head, head_size, theme.faint, side))
            if i == 0:
                self.place_live(*epoch_counter(film, x, y, size * EPOCH, side))
            else:
                counter = (accuracy_counter, entropy_counter)[i - 1]
                self.place_live(*counter(film, playback, x, y, size * OTHER, side))


def low_height(film: Film, width: float, count: int = 3, *, flat: bool = False) -> float:
    """Height of readings beside each other that have so much room, in design pixels.

    In a single line where they are few, or where they shall be ``flat``.
    """
    form = _low(count, flat)
    return form.height * form.size(film, width, count)


def _low(count: int, flat: bool) -> Form:
    if count < len(NAMES):
        return PAIR
    return LINE if flat else PILE
