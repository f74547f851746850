"""Where the points of each class point, seen from the origin of the hidden layer.

Run it by itself with ``manim render scenes/angles.py Angles``.
"""

from __future__ import annotations

import math

from spiralcore.analysis.directions import ClassDirections, class_directions
from spiralcore.catalogue import Needs
from spiralcore.stage.film import Film
from spiralcore.stage.layout import Box
from spiralcore.stage.marks import Bar, Outline
from spiralcore.stage.numbers import (
    accuracy_counter,
    dead_note,
    epoch_counter,
    faithfulness_note,
)
from spiralcore.stage.panels import hidden_panel
from spiralcore.stage.rose import FULL, Dial, Rose
from spiralcore.stage.words import Side, Words, text_width
from spiralcore.trajectory.playback import Playback

ROWS = 6
"""Classes below each other in a column of the table."""


class Angles(Film):
    """The histograms of the directions on a circle, forming; the hidden layer beside them."""

    needs = Needs.ONE

    def build(self) -> None:
        """Lay out the picture."""
        trajectory = self.trajectories[0]
        playback = self.playback(trajectory)
        ink, faint = self.theme.ink, self.theme.faint
        title = f"{trajectory.classes} classes"
        self.place(
            Words(title, 70, 88, 50, ink, weight="bold"),
            Words(f"which way each class points, {trajectory.activation_label} network",
                  70 + text_width(title, 50, "bold") + 28, 88, 40, faint),
        )  # fmt: skip
        self._dial(playback, Box(70, 128, 880, 880))
        self.place(Words(f"bars: points in 3°, area by number, full length: 1 in {FULL}; "
                         "hands, arcs: mean, deviation", 70, 1048, 26, faint))  # fmt: skip

        self.place(Words("the hidden layer", 1000, 158, 30, faint))
        hidden_panel(self, playback, Box(1000, 178, 450, 450), radius=3.6, tick_size=24)
        self.place(Words("circular mean ± standard deviation", 1000, 698, 30, faint))
        self._table(playback, Box(1000, 716, 850, 292))
        if trajectory.dead_since:
            dead_note(self, trajectory, 1000, 1048)
        else:
            faithfulness_note(self, playback, 1000, 1048)
        right = 1850
        self.place(
            Words("epoch", right, 206, 32, faint, "right"),
            Words("accuracy", right, 376, 32, faint, "right"),
        )
        epoch_counter(self, right, 284, 84)
        accuracy_counter(self, playback, right, 436, 60)

    def _dial(self, playback: Playback, box: Box) -> None:
        trajectory = playback.trajectory
        self.place(Bar(box, self.theme.panel), Outline(box, self.theme.frame, 1.0))
        quarter = trajectory.space.lower == 0
        dial = Dial.within(box, quarter, 84 if quarter else 64)
        flower = Rose(dial, box, self.theme, trajectory.labels, trajectory.classes)

        def turn(second: float) -> None:
            flower.hidden = playback.at(second).hidden

        self.animate(flower, turn, box)
        for degrees in (0, 90) if quarter else (0, 90, 180, 270):
            x, y = dial.place(degrees, 1.0)
            side: Side = "left" if degrees == 0 else "right" if degrees == 180 else "centre"
            shift = {0: (8, 10), 90: (0, -14), 180: (-8, 10), 270: (0, 36)}[degrees]
            words = Words(f"{degrees}°", x + shift[0], y + shift[1], 26, self.theme.faint, side)
            self.place(words)

    def _table(self, playback: Playback, box: Box) -> None:
        """One line a class, in the order of the final means."""
        trajectory = playback.trajectory

        def found(second: float) -> ClassDirections:
            hidden = playback.at(second).hidden
            return class_directions(hidden, trajectory.labels, trajectory.classes)

        order = found(playback.timeline.duration + 10.0).by_mean()
        columns = max(math.ceil(len(order) / ROWS), 1)
        rows = min(math.ceil(len(order) / columns), ROWS)
        width = box.width / min(max(columns, 2), 3)
        size = 30 if columns < 3 else 25
        colours = self.theme.classes
        lines = []
        for index, k in enumerate(order[: 3 * ROWS]):
            x = box.left + width * (index // rows)
            y = box.top + 44 + 49 * (index % rows)
            self.place(Bar(Box(x, y - 21, 22, 22), colours[k % len(colours)]))
            longest = "nowhere, 1,000 at 0" if columns < 3 else "358.8° ± 188.8°"
            words = Words(longest, x + 36, y, size, self.theme.ink)
            lines.append((k, words))

        def update(second: float) -> None:
            now = found(self.slowly(second))
            for k, words in lines:
                words.text = _line(now, k)

        for index, (_, words) in enumerate(lines):
            room = words.room()
            self.animate(words, update if index == 0 else _nothing, room)


def _nothing(second: float) -> None:
    """What has been set together with something else."""


def _line(directions: ClassDirections, k: int) -> str:
    """Mean and deviation of a class, and how many of its points have no direction."""
    mean, deviation = directions.mean[k], directions.deviation[k]
    undirected = int(directions.undirected[k])
    at_origin = f"{undirected:,} at 0" if undirected else ""
    if math.isnan(mean):
        return f"nowhere, {at_origin}" if at_origin else "nowhere"
    text = f"{mean:.1f}° ± {deviation:.1f}°"
    return f"{text}, {at_origin}" if at_origin else text
