"""A row for each class count, all networks evolving in step, and one of them large.

Run it by itself with ``manim render scenes/classes.py Classes``.
"""

from __future__ import annotations

from itertools import groupby

from spiralcore.catalogue import Needs
from spiralcore.stage.film import Film
from spiralcore.stage.layout import Box
from spiralcore.stage.marks import Bar, Outline
from spiralcore.stage.numbers import (
    accuracy_counter,
    entropy_counter,
    epoch_counter,
    faithfulness_note,
)
from spiralcore.stage.panels import hidden_panel, input_panel, loss_panel
from spiralcore.stage.words import Words
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.playback import Playback

LEFT, TOP, BOTTOM, TABLE_RIGHT = 124, 162, 1042, 900
GAP = 12
LARGEST = 220
"""Side of a panel of the table at most, in design pixels."""

SPOT = Box(972, 148, 640, 640)


class Classes(Film):
    """The table of all networks at the left, the hardest one as spotlight at the right."""

    needs = Needs.ALL

    def build(self) -> None:
        """Lay out the picture."""
        ink, faint = self.theme.ink, self.theme.faint
        ordered = sorted(self.trajectories, key=lambda path: path.classes)
        rows = [list(group) for _, group in groupby(ordered, key=lambda path: path.classes)]
        fewest, most = rows[0][0].classes, rows[-1][0].classes
        self.place(
            Words(f"The same spirals, {fewest} to {most} classes", 58, 70, 48, ink, weight="bold")
        )
        columns = 1 + 2 * max(len(row) for row in rows)
        side = int(
            min(
                (BOTTOM - TOP + GAP) / len(rows) - GAP,
                (TABLE_RIGHT - LEFT + GAP) / columns - GAP,
                LARGEST,
            )
        )
        heads = ["data", *["final", "evolving"] * len(rows[0])]
        for column, head in enumerate(heads):
            middle = LEFT + column * (side + GAP) + side / 2
            self.place(Words(head, middle, TOP - 14, 26, faint, "centre"))
        for i, trajectory in enumerate(rows[0]):
            middle = LEFT + (2 + 2 * i) * (side + GAP) - GAP / 2
            self.place(Words(trajectory.activation_label, middle, TOP - 46, 30, ink, "centre"))
        for index, row in enumerate(rows):
            self._row(row, TOP + index * (side + GAP), side)
        self._spotlight(rows[-1][0], side, TOP + (len(rows) - 1) * (side + GAP))
        self.place(Words("line below a panel: accuracy", LEFT, 1066, 26, faint))
        faithfulness_note(self, self.playback(rows[-1][0]), SPOT.left, 1066)

    def _row(self, row: list[Trajectory], top: float, side: int) -> None:
        radius = max(2.0 * side / 140, 1.6)
        boxes = [Box(LEFT + i * (side + GAP), top, side, side) for i in range(1 + 2 * len(row))]
        self.place(
            Words(
                str(row[0].classes), 84, top + side / 2 + 20, 56, self.theme.ink, "centre", "bold"
            )
        )
        input_panel(self, self.playback(row[0]), boxes[0], radius=radius)
        for i, trajectory in enumerate(row):
            playback = self.playback(trajectory)
            hidden_panel(self, playback, boxes[1 + 2 * i], radius=radius, frozen=True)
            hidden_panel(self, playback, boxes[2 + 2 * i], radius=radius)
            self._accuracy_bar(playback, boxes[2 + 2 * i])
            if trajectory.dead_since:
                final = boxes[1 + 2 * i]
                words = Words("dead", final.middle, final.top + 84, 32, self.theme.ink, "centre")
                self.place(words)

    def _accuracy_bar(self, playback: Playback, box: Box) -> None:
        """A line below a panel, as long as the accuracy is high."""
        track = Box(box.left, box.bottom + 5, box.width, 3)
        self.place(Bar(track, self.theme.frame))
        bar = Bar(track, self.theme.ink)

        def update(second: float) -> None:
            value = playback.curve_value(playback.trajectory.accuracy, self.slowly(second))
            bar.set_box(track._replace(width=box.width * value))

        self.animate(bar, update, track)

    def _spotlight(self, trajectory: Trajectory, side: int, top: float) -> None:
        ink, faint = self.theme.ink, self.theme.faint
        playback = self.playback(trajectory)
        evolving = Box(LEFT + 2 * (side + GAP), top, side, side)
        self.place(
            Outline(evolving, ink, 2),
            Words(f"{trajectory.classes} classes, {trajectory.activation_label}",
                  SPOT.left, SPOT.top - 16, 32, ink),
        )  # fmt: skip
        hidden_panel(self, playback, SPOT, radius=5.0, tick_size=26, fringe=True)
        right = 1862
        self.place(
            Words("epoch", right, 190, 30, faint, "right"),
            Words("accuracy", right, 336, 30, faint, "right"),
            Words("cross-entropy", right, 466, 30, faint, "right"),
            Words("bars outside the", right, 672, 26, faint, "right"),
            Words("square: points", right, 704, 26, faint, "right"),
            Words("within 1 % of", right, 736, 26, faint, "right"),
            Words("its border", right, 768, 26, faint, "right"),
        )
        epoch_counter(self, right, 254, 66)
        accuracy_counter(self, playback, right, 390, 50)
        entropy_counter(self, playback, right, 520, 50)
        loss_panel(self, playback, Box(SPOT.left, 812, right - SPOT.left, 216), size=26)
