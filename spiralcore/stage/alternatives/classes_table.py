"""All class counts as a table: a row for each of them, and the hardest network large."""

from __future__ import annotations

from itertools import groupby

from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.class_table import GAP, ClassTable
from spiralcore.stage.marks.borders import Outline
from spiralcore.stage.marks.words import LEADING, Words, text_width
from spiralcore.stage.panels.board import SHAPES
from spiralcore.stage.panels.data_panel import DataPanel
from spiralcore.stage.panels.hidden_panel import HiddenPanel
from spiralcore.stage.panels.loss_panel import LossPanel
from spiralcore.stage.panels.notes import (
    NOTE,
    Note,
    ended,
    faults,
    fidelity_notes,
    foot,
    lines_of,
    repeated,
    set_up,
)
from spiralcore.stage.panels.numbers import (
    accuracy_bar,
    accuracy_counter,
    counting_of,
    entropy_counter,
    epoch_counter,
)
from spiralcore.stage.panels.readings import Readings
from spiralcore.stage.panels.side import LOSS, divide
from spiralcore.subjects.sentences import data_name
from spiralcore.trajectory import Trajectory

LEFT, TOP, BOTTOM, TABLE_RIGHT = 124, 162, 1042, 900
LARGEST = 220
"""Side of a panel of the table at most, in design pixels."""

MOST_WITH_FINAL = 3
"""Networks a row up to which the final layer has a panel beside the evolving one."""

SPOT = Box(972, 148, 640, 640)

NAME = 34.0
"""Font size of names beside a table."""

LINE = "line below a panel: accuracy"
BARS = "bars: points at the border"


class ClassTableLayout:
    """The table of all networks at the left, the hardest one as spotlight at the right."""

    def __init__(self, film: Film) -> None:
        self.film = film

    def build(self) -> None:
        """Lay out the picture."""
        ordered = sorted(self.film.trajectories, key=lambda path: path.classes)
        rows = [list(group) for _, group in groupby(ordered, key=lambda path: path.classes)]
        fewest, most = rows[0][0].classes, rows[-1][0].classes
        title = f"The same {data_name(ordered)}, {fewest} to {most} classes"
        wide = self.film.aspect.name == "16:9"
        shape = SHAPES[self.film.aspect.name]
        left, y = (58, 70) if wide else (shape.margin, shape.top)
        size = min(48 * shape.title, 48 * (self.film.aspect.width - 2 * left) / text_width(
            title, 48, "bold"))  # fmt: skip
        self.film.place(Words(title, left, y, size, self.film.theme.ink, weight="bold"))
        spotlight = rows[-1][0]
        if wide:
            lines = lines_of(self.film, [Note(LINE), *repeated(self.film)], TABLE_RIGHT - LEFT)
            high = BOTTOM - TOP - LEADING * self.film.text(NOTE) * (len(lines) - 1)
            self.table = self._table(rows, Box(LEFT, TOP, TABLE_RIGHT - LEFT, high), 2)
            self._rows(rows)
            self._spotlight(spotlight, len(rows) - 1)
            set_up(self.film, lines, LEFT, 1066)
            set_up(self.film, [[self._honest(spotlight)]], SPOT.left, 1066)
        else:
            self._narrow(rows, Box(left, y + 0.5 * size, self.film.aspect.width - 2 * left, 0))

    def _narrow(self, rows: list[list[Trajectory]], area: Box) -> None:
        """The table above the spotlight, or so narrow that there is room beside it."""
        spotlight, text = rows[-1][0], self.film.text_scale
        notes = [Note(LINE), self._honest(spotlight)._replace(joins=True), *repeated(self.film)]
        if spotlight.space.has_walls:
            notes.append(Note(BARS, joins=True))
        lines = lines_of(self.film, notes, area.width)
        last = self.film.aspect.height - SHAPES[self.film.aspect.name].bottom
        set_up(self.film, lines, area.left, last)
        area = area._replace(height=last - foot(self.film, len(lines)) - area.top - 8)
        upright = self.film.aspect.height > self.film.aspect.width
        if upright:
            head = 56 * text
            whole = Box(area.left, area.top + head, area.width, 0.5 * area.height - head)
            self.table = self._table(rows, whole, 2, across=True)
        else:
            head = (84 if self.film.aspect.name == "4:3" else 56) * text
            panels = 2 if self.film.aspect.name == "4:3" else 1
            label, share = 52 * text, 0.58 if panels == 2 else 0.5
            high = area.height - head
            whole = Box(area.left, area.top + head, share * area.width, high)
            found = [
                self._table(rows, Box(whole.left + label, whole.top, whole.width - label, high),
                            panels),
                self._table(rows, whole, 1, across=True),
            ]  # fmt: skip
            self.table = max(found, key=lambda table: table.side)
        self._rows(rows)
        end = self.table.end()
        if upright:
            top = end[1] + 34
            side = Box(area.left, top, area.width, area.bottom - top)
        else:
            x = end[0] + 40
            side = Box(x, area.top + 14, area.right - x, area.bottom - area.top - 14)
        name = self._name(spotlight)
        spot, numbers, (lower,) = divide(self.film, side, [name], [LOSS])
        self._outline(len(rows) - 1)
        playback, radius = self.film.playback(spotlight), 5.0 * spot.width / 640
        tick_size = self.film.text()
        self.film.show_panels(
            HiddenPanel(
                self.film, playback, spot, radius=radius, tick_size=tick_size, histogram=True
            ),
            LossPanel(self.film, playback, lower, size=self.film.text()),
            Readings(self.film, playback, numbers),
        )

    def _table(
        self, rows: list[list[Trajectory]], area: Box, panels: int, *, across: bool = False
    ) -> ClassTable:
        """The largest table in some room, its heads not included."""
        most_columns = max(len(row) for row in rows)
        limit = MOST_WITH_FINAL - across
        panels = panels if most_columns <= limit else 1
        columns = 1 + panels * most_columns
        label = self._label_width(rows[0], panels) if across else 0.0
        high, wide = (columns, len(rows)) if across else (len(rows), columns)
        side = int(
            min((area.height + GAP) / high - GAP, (area.width - label + GAP) / wide - GAP, LARGEST)
        )
        return ClassTable(area.left + label, area.top, side, panels, across, wide, high)

    def _label_width(self, row: list[Trajectory], panels: int) -> float:
        """Width of the names of a table that lies across."""
        names = ["data", *(path.activation_label for path in row)]
        heads = ["evolving"] if panels > 1 else []
        return 18 + max(
            *(text_width(name, self.film.text(NAME)) for name in names),
            *(text_width(head, self.film.text()) for head in [*heads, ""]),
        )

    def _rows(self, rows: list[list[Trajectory]]) -> None:
        """The table and its heads."""
        if self.table.across:
            self._names_beside(rows[0])
        else:
            self._heads(rows[0])
        for index, row in enumerate(rows):
            self._row(row, index)

    def _names_beside(self, row: list[Trajectory]) -> None:
        """Names at the left of a table that lies across."""
        table, x = self.table, self.table.left - 18
        ink, faint = self.film.theme.ink, self.film.theme.faint
        name, head = self.film.text(NAME), self.film.text()
        size = min(name, table.side)
        middle = table.box(0, 0).top + table.side / 2
        self.film.place(Words("data", x, middle + 0.33 * size, size, ink, "right"))
        for i, path in enumerate(row):
            box = table.box(0, 1 + table.panels * i)
            if table.panels == 1:
                y = box.top + table.side / 2 + 0.33 * size
                self.film.place(Words(path.activation_label, x, y, size, ink, "right"))
                continue
            final, evolving = box, table.box(0, 2 + table.panels * i)
            y = final.top + table.side / 2
            self.film.place(
                Words(path.activation_label, x, y - 4, size, ink, "right"),
                Words("final", x, y + head, head, faint, "right"),
            )
            y = evolving.top + table.side / 2
            self.film.place(Words("evolving", x, y + 0.33 * head, head, faint, "right"))

    def _heads(self, row: list[Trajectory]) -> None:
        """Names above the columns, as large as the columns allow."""
        table, side, text = self.table, self.table.side, self.film.text_scale
        groups = [("", ["data"])]
        groups += [(path.activation_label, ["final", "evolving"][-table.panels :]) for path in row]
        if table.panels == 1:
            groups = [(head or names[0], [""]) for head, names in groups]
        free = len(groups[-1][1]) * (side + GAP) - GAP
        size = self.film.text()
        # Names that are too long for their columns take turns in two lines.
        crowded = max(text_width(name, size) for name, _ in groups) > free
        headed = text_width("evolving", size) <= side
        column = 0
        for index, (name, heads) in enumerate(groups):
            left, width = table.left + column * (side + GAP), len(heads) * (side + GAP) - GAP
            high = (table.panels == 2 and headed) or (crowded and index % 2 == 0)
            y = table.top - (14 + 38 * text if high else 14)
            self.film.place(Words(name, left + width / 2, y, size, self.film.theme.ink, "centre"))
            for i, head in enumerate(heads if headed else []):
                middle, faint = left + i * (side + GAP) + side / 2, self.film.theme.faint
                self.film.place(Words(head, middle, table.top - 14, size, faint, "centre"))
            column += len(heads)

    def _row(self, row: list[Trajectory], index: int) -> None:
        film, table = self.film, self.table
        radius = max(2.0 * table.side / 140, 1.6)
        boxes = [table.box(index, i) for i in range(1 + table.panels * len(row))]
        size, ink = film.text(56), film.theme.ink
        at = (table.left - 40 * film.text_scale, boxes[0].top + table.side / 2 + 0.36 * size)
        if table.across:
            size = film.text(44)
            at = (boxes[0].middle, table.top - 16)
        elif film.aspect.name == "16:9":
            at = (84, boxes[0].top + table.side / 2 + 20)
        count = str(row[0].classes)
        # Within the margin, also with two digits.
        free = 2 * (at[0] - 0.03 * film.aspect.width)
        size *= min(1.0, free / text_width(count, size, "bold"))
        film.place(Words(count, *at, size, ink, "centre", "bold"))
        film.show_panels(DataPanel(film, film.playback(row[0]), boxes[0], radius=radius))
        for i, trajectory in enumerate(row):
            playback = film.playback(trajectory)
            *final_boxes, evolving = boxes[1 + table.panels * i : 1 + table.panels * (i + 1)]
            for final in final_boxes:
                film.show_panels(HiddenPanel(film, playback, final, radius=radius, frozen=True))
            film.show_panels(HiddenPanel(film, playback, evolving, radius=radius))
            track, bar = accuracy_bar(film, playback, evolving)
            film.place(track)
            film.place_live(*bar)
            word = "dead" if trajectory.dead_since else ""
            if not word and str(trajectory.outside):
                fits = text_width("outside", film.text()) < table.side - 8
                word = "outside" if fits else "out"
            if word:
                final = [*final_boxes, evolving][0]
                y = final.top + min(84.0, 0.62 * table.side)
                film.place(Words(word, final.middle, y, film.text(), ink, "centre"))

    def _outline(self, index: int) -> None:
        """Show which panel of the table is large, too."""
        self.film.place(Outline(self.table.box(index, self.table.panels), self.film.theme.ink, 2))

    def _honest(self, spotlight: Trajectory) -> Note:
        """What the film does to time and paths, and to runs that are shorter than others.

        Or why the network that is large is no result.
        """
        wrong = faults(spotlight)
        if wrong:
            return wrong[0]
        note = fidelity_notes(self.film, self.film.playback(spotlight))
        unequal = len({path.trained_epochs for path in self.film.trajectories}) > 1
        more = "; shorter runs stand still in the end" if unequal else ""
        return note._replace(text=note.text + more)

    def _name(self, trajectory: Trajectory) -> str:
        """Of the network that is large."""
        over = "".join(f", {note.text}" for note in ended(self.film, trajectory))
        return f"{trajectory.classes} classes, {trajectory.activation_label}{over}"

    def _spotlight(self, trajectory: Trajectory, index: int) -> None:
        ink, faint = self.film.theme.ink, self.film.theme.faint
        playback, size = self.film.playback(trajectory), self.film.text()
        self._outline(index)
        self.film.place(Words(self._name(trajectory), SPOT.left, SPOT.top - 16, size, ink))
        self.film.show_panels(
            HiddenPanel(self.film, playback, SPOT, radius=5.0, tick_size=size, histogram=True)
        )
        right = 1862
        self.film.place(
            Words(counting_of(self.film).unit, right, 190, size, faint, "right"),
            Words("accuracy", right, 336, size, faint, "right"),
            Words(LOSS, right, 466, size, faint, "right"),
        )
        if trajectory.space.has_walls:
            for i, line in enumerate(("bars: points", "at the border")):
                self.film.place(Words(line, right, 672 + 44 * i, size, faint, "right"))
        self.film.place_live(*epoch_counter(self.film, right, 254, 66))
        self.film.place_live(*accuracy_counter(self.film, playback, right, 390, 50))
        self.film.place_live(*entropy_counter(self.film, playback, right, 520, 50))
        self.film.show_panels(
            LossPanel(
                self.film, playback, Box(SPOT.left, 812, right - SPOT.left, 216), numbered=False
            )
        )
