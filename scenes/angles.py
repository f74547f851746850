"""Where the points of each class point, seen from the origin of the hidden layer.

Run it by itself with ``manim render scenes/angles.py Angles``.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from spiralcore.analysis.network.class_directions import ClassDirections, class_directions
from spiralcore.registry.films import Needs
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.borders import Bar, Outline
from spiralcore.stage.marks.rose_diagram import FULL, Dial, Rose
from spiralcore.stage.marks.words import Side, Words, text_width
from spiralcore.stage.panels.board import Board
from spiralcore.stage.panels.hidden_panel import HiddenPanel
from spiralcore.stage.panels.notes import faults, fidelity_notes
from spiralcore.stage.panels.readings import Readings
from spiralcore.stage.panels.side import divide
from spiralcore.stage.story.captioned_film import CaptionedFilm
from spiralcore.stage.story.focus import Focus
from spiralcore.trajectory.play.playback import Playback

MARKS = f"bars: points in 3°, longest 1 in {FULL}", "hands, arcs: circular means, deviations"
"""What is drawn on the circle."""

ROWS = 6
"""Classes below each other in a column of the table."""


class Lines(NamedTuple):
    """How a table is set: columns and rows, width of a column, size and distance of lines."""

    columns: int
    rows: int
    width: float
    size: float
    pitch: float
    decimals: int


class Angles(CaptionedFilm):
    """The histograms of the directions on a circle, forming; the hidden layer beside them."""

    needs = Needs.ONE

    def build(self) -> None:
        """Lay out the picture."""
        trajectory = self.trajectories[0]
        playback = self.playback(trajectory)
        method = fidelity_notes(self, playback, *MARKS).text
        board = Board(
            self,
            f"{trajectory.classes} classes",
            f"which way each class points, {trajectory.activation_label}",
            side_notes=faults(trajectory),
            least=640,
            reserve=self.captions_height(method),
        )
        table = self._lines(board.side.width)
        small, numbers, (lower,) = divide(
            self,
            board.side,
            ["hidden layer"],
            ["mean ± deviation"],
            drop=8,
            least=(table.rows + 0.3) * table.pitch,
        )
        self._dial(playback, board.large)
        radius, tick_size = 3.6 * small.width / 450, self.text()
        focus = Focus.of(self.told, trajectory.classes)
        self.show_panels(
            HiddenPanel(self, playback, small, radius=radius, tick_size=tick_size, focus=focus)
        )
        self._table(playback, lower)
        self.show_panels(Readings(self, playback, numbers))
        self.show_captions(board.captions, method)

    def _dial(self, playback: Playback, box: Box) -> None:
        trajectory = playback.trajectory
        self.place(Bar(box, self.theme.panel), Outline(box, self.theme.frame, 1.0))
        quarter = trajectory.space.lower == 0 and not str(trajectory.outside)
        dial = Dial.within(box, quarter, (84 if quarter else 64) * self.text_scale)
        flower = Rose(dial, box, self.theme, trajectory.labels, trajectory.classes)

        def turn(second: float) -> None:
            flower.hidden = playback.at(second).hidden

        self.place_live(flower, turn, box)
        for degrees in (0, 90):
            x, y = dial.place(degrees, 1.0)
            side: Side = "left" if degrees == 0 else "centre"
            shift = {0: (8, 12), 90: (0, -14)}[degrees]
            at, size = (x + self.text_scale * shift[0], y + self.text_scale * shift[1]), self.text()
            words = Words(f"{degrees}°", *at, size, self.theme.faint, side)
            self.place(words)

    def _lines(self, width: float) -> Lines:
        """How the table is set in so much width: as few decimals and columns as it needs."""
        count, size = self.trajectories[0].classes, self.text()
        for decimals in (1, 0):
            needed = text_width(f"{358.8:.{decimals}f}° ± {188.8:.{decimals}f}°", size) + 50
            columns = max(min(int(width // needed), math.ceil(count / ROWS)), 1)
            rows = math.ceil(count / columns)
            if rows <= ROWS:
                break
        return Lines(columns, min(rows, ROWS), width / columns, size, 1.35 * size, decimals)

    def _table(self, playback: Playback, box: Box) -> None:
        """One line a class, in the order of the final means."""
        trajectory = playback.trajectory

        def found(second: float) -> ClassDirections:
            hidden = playback.at(second).hidden
            return class_directions(hidden, trajectory.labels, trajectory.classes)

        order = found(playback.timeline.duration + 10.0).by_mean()
        table = self._lines(box.width)
        colours, size, free = self.theme.classes, table.size, table.width - 46
        largest = int(np.bincount(trajectory.labels).max())
        detailed, widest = _forms(largest, table.decimals, free, size)
        lines = []
        for index, k in enumerate(order[: table.columns * table.rows]):
            x = box.left + table.width * (index // table.rows)
            y = box.top + table.pitch - 5 + table.pitch * (index % table.rows)
            self.place(Bar(Box(x, y - 21, 22, 22), colours[k % len(colours)]))
            lines.append((k, Words(widest, x + 36, y, size, self.theme.ink)))

        def update(second: float) -> None:
            now = found(self.slowly(second))
            for k, words in lines:
                words.text = _text(now, k, table.decimals, detailed)

        for index, (_, words) in enumerate(lines):
            self.place_live(words, update if index == 0 else _nothing, words.reserved())


def _nothing(second: float) -> None:
    """What has been set together with something else."""


def _text(directions: ClassDirections, k: int, decimals: int, detailed: Collection[bool]) -> str:
    """Mean and deviation of a class, and how many of its points have no direction.

    The latter where there is room for it: ``detailed`` holds whether a class has a mean.
    """
    mean, deviation = float(directions.mean[k]), float(directions.deviation[k])
    undirected = int(directions.undirected[k])
    has_mean = not math.isnan(mean)
    text = f"{mean:.{decimals}f}° ± {deviation:.{decimals}f}°" if has_mean else "nowhere"
    return f"{text}, {undirected:,} at 0" if undirected and has_mean in detailed else text


def _forms(largest: int, decimals: int, width: float, size: float) -> tuple[list[bool], str]:
    """For which classes there is room for the points without a direction, and the widest text.

    Whatever the numbers are: a text that says more at one time and less at another one flickers.

    Parameters
    ----------
    largest
        Points of the largest class.
    decimals
        Of the angles.
    width, size
        Room of a line and size of its text, in design pixels.
    """
    usual = f"{358.8:.{decimals}f}° ± {288.8:.{decimals}f}°"
    with_number = {True: f"{usual}, {largest:,} at 0", False: f"nowhere, {largest:,} at 0"}
    fits = [key for key, text in with_number.items() if text_width(text, size) <= width]
    texts = [usual, *(with_number[key] for key in fits)]
    return fits, max(texts, key=lambda text: text_width(text, size))
