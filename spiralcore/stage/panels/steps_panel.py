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
from spiralcore.stage.marks.words import Weight, Words, text_width, widest
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
        ink, faint, scale = film.theme.ink, film.theme.faint, film.text_scale
        left, y = box.left, box.top + 48 * scale
        heading = self._longest(told.heading, 44 * scale, "bold")
        sizes = self._longest(told.sizes, film.text())
        self._say(Words(heading, left, y, 44 * scale, ink, weight="bold"), told.heading)
        wide = text_width(heading, 44 * scale, "bold") + text_width(sizes, film.text()) + 30
        if wide <= box.width:
            self._say(Words(sizes, box.right, y, film.text(), faint, "right"), told.sizes)
        else:
            y += 50 * scale
            self._say(Words(sizes, left, y, film.text(), faint), told.sizes)
        names = ("weights", "biases", "activation", "read-out")
        size, pitch = film.text(), 1.28 * film.text()
        indent = max(text_width(name, size) for name in names) + 24
        formulas = [self._longest(partial(told.step, row), size) for row in range(len(names))]
        fits = indent + max(text_width(text, size) for text in formulas) <= box.width
        y += 0.45 * pitch
        for row, name in enumerate(names):
            y += pitch
            self._say(Words(name, left, y, size, faint), None, row)
            if fits:
                step = partial(told.step, row)
                self._say(Words("", left + indent, y, size, faint), step, row)

        def share(second: float) -> str:
            return told.share(film.slowly(second))

        words = Words("", left, y + 1.5 * pitch, size, faint)
        if 0 < text_width(self._longest(share, size), size) <= box.width:
            y += 1.5 * pitch
            self._say(words, share)
        self.end = y

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
