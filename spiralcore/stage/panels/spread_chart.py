"""The panel of medians with their quartiles over a row of places, with names at the lines' ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from spiralcore.stage.film import Film
from spiralcore.stage.layout import line_labels
from spiralcore.stage.layout.box import Box, scene_point
from spiralcore.stage.marks.borders import Bar
from spiralcore.stage.marks.spread import SpreadCurve
from spiralcore.stage.marks.words import CAPITAL_HEIGHT, Words, text_width
from spiralcore.stage.painted import Painted
from spiralcore.stage.panels.panel import Panel, unmoved
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.study.seed_spread import Spread

DASHES = ((), (14.0, 7.0), (3.0, 6.0), (14.0, 6.0, 3.0, 6.0))

NAME_SIZE, LEADING = 28.0, 34.0
"""Font size of the names at the ends of curves, and least distance of two below each other."""

NAMES = 0.2
"""Part of the frame's width that these names may take beside each other."""


class SpreadChart(Panel):
    """A line with its band for each name, revealed from the left; shares from 0 to 1.

    Parameters
    ----------
    film
        Where to.
    box
        Of the axes, in design pixels.
    title
        What it shows: a word, and lines that say more.
    margin
        Where the title begins, in design pixels.
    columns
        Design pixels of the places.
    rows
        For each name its spreads at the places.
    revealed
        Up to which design pixel the lines are seen at a second of the action.
    """

    def __init__(
        self,
        film: Film,
        box: Box,
        title: Sequence[str],
        margin: float,
        columns: Sequence[float],
        rows: Sequence[tuple[str, Sequence[Spread]]],
        revealed: Callable[[float], float],
    ) -> None:
        super().__init__(film, box)
        self._revealed = revealed
        text, theme = film.text_scale, film.theme
        self._axis()
        self._title(title, margin)
        rim = 36 * text
        area = Box(box.left - 4, box.top - rim, film.aspect.width - box.left, box.height + 2 * rim)
        self._curves: list[SpreadCurve] = []
        for row, (_, spreads) in enumerate(rows):
            curve = SpreadCurve(box, columns, spreads, theme, DASHES[row % len(DASHES)])
            self._curves.append(curve)
            self.place_live(curve, partial(self._reveal, curve), area)
        size = film.text(NAME_SIZE)
        self._names = [Words(name, box.left, box.top, size, theme.ink) for name, _ in rows]
        self._widths = [text_width(name, size) for name, _ in rows]
        for words in self._names:
            self.place_live(words, unmoved, area)
        # The last one places all of them: they keep out of each other's way.
        self.place_live(_Nothing(), self._place_names, area)

    def _axis(self) -> None:
        film, box = self.film, self.box
        for share in (0.0, 0.5, 1.0):
            y = box.bottom - share * box.height
            opacity = 0.9 if share == 0 else 0.4
            size, faint = film.text(), film.theme.faint
            self.place(
                Bar(Box(box.left, y - 1, box.width, 2), film.theme.frame, opacity),
                Words(f"{share:g}", box.left - 12, y + 0.34 * size, size, faint, "right"),
            )

    def _title(self, title: Sequence[str], margin: float) -> None:
        """Beside the axes, or above them where the frame is upright."""
        film, box, text = self.film, self.box, self.film.text_scale
        size = film.text()
        head, *rest = title
        if film.aspect.height > film.aspect.width:
            y, x = box.top - 30 * text, margin + text_width(f"{head}  ", size)
            self.place(Words(head, margin, y, size, film.theme.ink))
            if x + text_width(" ".join(rest), size) <= 0.97 * film.aspect.width:
                self.place(Words(" ".join(rest), x, y, size, film.theme.faint))
            return
        self.place(Words(head, margin, box.top + 22, size, film.theme.ink))
        # Beside the numbers of the axis, or not at all where the chart is low.
        free = box.left - 12 - text_width("0.5", size) - margin
        if max(text_width(line, size) for line in rest) > free:
            return
        for i, line in enumerate(rest):
            y = box.top + 22 + 1.1 * size * (i + 1)
            self.place(Words(line, margin, y, size, film.theme.faint))

    def _reveal(self, curve: SpreadCurve, second: float) -> None:
        curve.revealed = self._revealed(second)

    def _place_names(self, second: float) -> None:
        """Set the names of the lines that have begun to the ends of these."""
        least = LEADING * self.film.text_scale
        ends = [curve.tip() for curve in self._curves]
        begun = list(zip(ends, self._names, self._widths, strict=True))
        shown = [(end, words, width) for end, words, width in begun if end]
        for end, words, _ in begun:
            words.opacity = 1.0 if end else 0.0
        found = line_labels.places(
            [end[1] for end, *_ in shown],
            [width for *_, width in shown],
            least,
            NAMES * self.film.aspect.width,
            self.box.top - least / 2,
        )
        for (end, words, _), place in zip(shown, found, strict=True):
            x = end[0] + 12 * self.film.text_scale + place.aside
            words.points = scene_point(x, place.height + CAPITAL_HEIGHT / 2 * words.size)[None]


class _Nothing(Painted):
    """Is there for its rule only."""

    def paint(self, canvas: Canvas) -> None:
        """Draw nothing."""
