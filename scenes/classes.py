"""A row for each class count, all networks evolving in step, and one of them large.

Run it by itself with ``manim render scenes/classes.py Classes``.
"""

from __future__ import annotations

import math
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
from spiralcore.stage.titles import data_name
from spiralcore.stage.words import Words, text_width
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.playback import Playback

LEFT, TOP, BOTTOM, TABLE_RIGHT = 124, 162, 1042, 900
GAP = 12
LARGEST = 220
"""Side of a panel of the table at most, in design pixels."""

MOST_WITH_FINAL = 3
"""Networks a row up to which the final layer has a panel beside the evolving one."""

LEAST_HEAD = 24
"""Font size below which heads cannot be read."""

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
        title = f"The same {data_name(ordered)}, {fewest} to {most} classes"
        self.place(Words(title, 58, 70, 48, ink, weight="bold"))
        most_columns = max(len(row) for row in rows)
        self.panels = 2 if most_columns <= MOST_WITH_FINAL else 1
        columns = 1 + self.panels * most_columns
        side = int(
            min(
                (BOTTOM - TOP + GAP) / len(rows) - GAP,
                (TABLE_RIGHT - LEFT + GAP) / columns - GAP,
                LARGEST,
            )
        )
        self._heads(rows[0], side)
        for index, row in enumerate(rows):
            self._row(row, TOP + index * (side + GAP), side)
        self._spotlight(rows[-1][0], side, TOP + (len(rows) - 1) * (side + GAP))
        self.place(Words("line below a panel: accuracy", LEFT, 1066, 26, faint))
        faithfulness_note(self, self.playback(rows[-1][0]), SPOT.left, 1066)

    def _heads(self, row: list[Trajectory], side: int) -> None:
        """Names above the columns, as large as the columns allow."""
        groups = [("", ["data"])]
        groups += [(path.activation_label, ["final", "evolving"][-self.panels :]) for path in row]
        if self.panels == 1:
            groups = [(head or names[0], [""]) for head, names in groups]
        room = len(groups[-1][1]) * (side + GAP) - GAP
        widest = max(text_width(name, 30) for name, _ in groups)
        size = max(min(30.0, 30 * room / widest), LEAST_HEAD)
        # Names that are too long for their columns take turns in two lines.
        crowded = widest * size / 30 > room
        column = 0
        for index, (name, heads) in enumerate(groups):
            left, width = LEFT + column * (side + GAP), len(heads) * (side + GAP) - GAP
            high = self.panels == 2 or (crowded and index % 2 == 0)
            y = TOP - (46 if high else 14)
            self.place(Words(name, left + width / 2, y, size, self.theme.ink, "centre"))
            for i, head in enumerate(heads):
                middle = left + i * (side + GAP) + side / 2
                self.place(Words(head, middle, TOP - 14, 26, self.theme.faint, "centre"))
            column += len(heads)

    def _row(self, row: list[Trajectory], top: float, side: int) -> None:
        radius = max(2.0 * side / 140, 1.6)
        count = 1 + self.panels * len(row)
        boxes = [Box(LEFT + i * (side + GAP), top, side, side) for i in range(count)]
        self.place(
            Words(
                str(row[0].classes), 84, top + side / 2 + 20, 56, self.theme.ink, "centre", "bold"
            )
        )
        input_panel(self, self.playback(row[0]), boxes[0], radius=radius)
        for i, trajectory in enumerate(row):
            playback = self.playback(trajectory)
            *final_boxes, evolving = boxes[1 + self.panels * i : 1 + self.panels * (i + 1)]
            for final in final_boxes:
                hidden_panel(self, playback, final, radius=radius, frozen=True)
            hidden_panel(self, playback, evolving, radius=radius)
            self._accuracy_bar(playback, evolving)
            if trajectory.dead_since:
                final = [*final_boxes, evolving][0]
                words = Words("dead", final.middle, final.top + 84, 32, self.theme.ink, "centre")
                self.place(words)

    def _accuracy_bar(self, playback: Playback, box: Box) -> None:
        """A line below a panel, as long as the accuracy is high."""
        track = Box(box.left, box.bottom + 5, box.width, 3)
        self.place(Bar(track, self.theme.frame))
        bar = Bar(track, self.theme.ink)

        def update(second: float) -> None:
            value = playback.curve_value(playback.trajectory.accuracy, self.slowly(second))
            bar.set_box(track._replace(width=box.width * (0 if math.isnan(value) else value)))

        self.animate(bar, update, track)

    def _spotlight(self, trajectory: Trajectory, side: int, top: float) -> None:
        ink, faint = self.theme.ink, self.theme.faint
        playback = self.playback(trajectory)
        evolving = Box(LEFT + self.panels * (side + GAP), top, side, side)
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
        )
        if trajectory.space.bounded and not trajectory.space.is_round:
            lines = ("bars outside the", "square: points", "within 1 % of", "its border")
            for i, line in enumerate(lines):
                self.place(Words(line, right, 672 + 32 * i, 26, faint, "right"))
        epoch_counter(self, right, 254, 66)
        accuracy_counter(self, playback, right, 390, 50)
        entropy_counter(self, playback, right, 520, 50)
        loss_panel(self, playback, Box(SPOT.left, 812, right - SPOT.left, 216), size=26)
