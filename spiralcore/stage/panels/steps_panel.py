"""The panel of the steps of a way through a network, in words and in formulas."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from spiralcore.registry.themes import rgb
from spiralcore.stage.clock.journey import Journey
from spiralcore.stage.film import READOUT_RATE, Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.explanation import Explanation
from spiralcore.stage.marks.words import Weight, Words, text_width, widest, wrapped
from spiralcore.stage.panels.panel import Panel

Text = Callable[[float], str]


class StepsPanel(Panel):
    """What is happening now, in words and in formulas.

    Parameters
    ----------
    film
        Where to.
    journey
        Which way, and when.
    told
        What is said of it.
    box
        Where, in design pixels.

    Attributes
    ----------
    end
        The lowest baseline, in design pixels.
    """

    def __init__(self, film: Film, journey: Journey, told: Explanation, box: Box) -> None:
        super().__init__(film, box)
        self.journey = journey
        ink, faint, scale = film.theme.ink, film.theme.faint, film.text(1.0)
        left, y = box.left, box.top + 48 * scale
        heading = self._longest(told.heading, 44 * scale, "bold")
        sizes = self._longest(told.sizes, 36 * scale)
        self._say(Words(heading, left, y, 44 * scale, ink, weight="bold"), told.heading)
        wide = text_width(heading, 44 * scale, "bold") + text_width(sizes, 36 * scale) + 30
        if wide <= box.width:
            self._say(Words(sizes, box.right, y, 36 * scale, faint, "right"), told.sizes)
        else:
            y += 50 * scale
            self._say(Words(sizes, left, y, 36 * scale, faint), told.sizes)
        names = ("weights", "biases", "activation", "read-out")
        size, indent, pitch = 34 * scale, 200.0, 44 * scale
        if box.width < 600:
            # As large as the longest formula allows, which else takes two lines.
            formulas = [self._longest(partial(told.step, row), size) for row in range(len(names))]
            column = max(text_width(name, 1.0) for name in names)
            formula = max(text_width(text, 1.0) for text in formulas)
            size = max(min(size, (box.width - 20) / (column + formula)), 26 * scale)
            indent, pitch = column * size + 18, 1.28 * size
        y += 62 * min(scale, 1.1)
        for row, name in enumerate(names):
            self._say(Words(name, left, y, size, faint), None, row)
            step = partial(told.step, row)
            y += pitch * self._wrap(step, left + indent, y, box.right, size, pitch, row)
        y += 22 * scale

        def share(second: float) -> str:
            return told.share(film.slowly(second))

        lines = self._wrap(share, left, y, box.right, 28 * scale, 35 * scale)
        self.end = y + 35 * scale * (lines - 1)

    def _wrap(
        self,
        text: Text,
        x: float,
        y: float,
        right: float,
        size: float,
        pitch: float,
        row: int | None = None,
    ) -> int:
        """Set a text that changes in as many lines as it needs at most, and tell how many."""
        width, faint = right - x, self.film.theme.faint
        lines = max(len(wrapped(said, width, size)) for said in self._all(text))
        for line in range(lines):
            part = partial(self._line, text, line, width, size) if lines > 1 else text
            self._say(Words("", x, y + pitch * line, size, faint), part, row)
        return lines

    def _line(self, text: Text, line: int, width: float, size: float, second: float) -> str:
        """A line of a text that changes."""
        return dict(enumerate(wrapped(text(second), width, size))).get(line, "")

    def _longest(self, text: Text, size: float, weight: Weight = "regular") -> str:
        return widest(self._all(text), size, weight)

    def _all(self, text: Text) -> set[str]:
        """All that a text says, in the steps in which numbers change."""
        steps = range(math.ceil(self.film.settings.seconds * READOUT_RATE) + 1)
        seconds = [*self.journey.moments, *(step / READOUT_RATE for step in steps)]
        return {text(second) for second in seconds}

    def _say(self, words: Words, text: Text | None, row: int | None = None) -> None:
        """Let words change, and light up while the step of their row is made."""
        journey = self.journey
        colours = words.colour, rgb(self.film.theme.ink)

        def update(second: float) -> None:
            words.text = text(second) if text else words.text
            words.colour = colours[row is not None and journey.row(second) == row]

        if text:
            words.text = self._longest(text, words.size, words.weight)
        self.place_live(words, update, words.reserved())
