"""A row as columns: data, and for each activation the final and the evolving hidden layer.

From four activations on there is room for the evolving one only.
"""

from __future__ import annotations

from collections.abc import Sequence

from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.cells import (
    HEAD,
    LABEL,
    NAME,
    NUMBER,
    NetworkCell,
    are_beside,
    best_cells,
)
from spiralcore.stage.marks.words import LEADING, Words, text_width
from spiralcore.stage.panels.board import SHAPES, headline
from spiralcore.stage.panels.data_panel import DataPanel
from spiralcore.stage.panels.hidden_panel import HiddenPanel
from spiralcore.stage.panels.loss_panel import LossPanel
from spiralcore.stage.panels.notes import (
    NOTE,
    Line,
    Note,
    ended,
    faults,
    fidelity_notes,
    lines_of,
    of_all,
    repeated,
    set_down,
    set_up,
)
from spiralcore.stage.panels.numbers import (
    accuracy_counter,
    counting_of,
    entropy_counter,
    epoch_counter,
)
from spiralcore.stage.panels.side import LOSS
from spiralcore.subjects.names import learned_with, run_labels
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.playback import Playback

MARGIN, GAP, TOP = 58, 16, 212
LARGEST = 400
"""Side of a panel at most, in design pixels."""

MOST_LINES = 5
"""Of what is said below the data."""

HEADS = ("final", "evolving")

LARGEST_NARROW = 350
"""The same in other frames than those of 16:9."""

LEAST = 170
"""Side of a panel down to which one row has room for all networks where the frame is not 16:9."""

MOST_WITH_FINAL = 3
"""Networks up to which the final layer has a panel of its own beside the evolving one."""


class RowColumns:
    """Columns: data | final | evolving | final | evolving, and so on; or data | evolving | ...

    In frames that are too narrow for it the data are above, and the networks form a grid.
    """

    def __init__(self, film: Film) -> None:
        self.film = film
        self._names = run_labels(film.trajectories)

    def build(self) -> None:
        """Lay out the picture."""
        width = self.film.aspect.width
        count = len(self.film.trajectories)
        panels = 2 if count <= MOST_WITH_FINAL else 1
        columns = 1 + panels * count
        largest = LARGEST if self.film.aspect.name == "16:9" else LARGEST_NARROW
        side = int(min((width - 2 * MARGIN - GAP * (columns - 1)) / columns, largest))
        if self.film.aspect.name != "16:9" and (side < LEAST or width <= self.film.aspect.height):
            self._grid(panels)
            return
        left = round((width - columns * side - GAP * (columns - 1)) / 2)
        boxes = [Box(left + i * (side + GAP), TOP, side, side) for i in range(columns)]
        self._title(left, 92)
        self._data(boxes[0])
        for i, trajectory in enumerate(self.film.trajectories):
            self._network(trajectory, boxes[1 + panels * i : 1 + panels * (i + 1)])

    def _label(self, trajectory: Trajectory) -> str:
        """What a network is called beside the others."""
        places = [path is trajectory for path in self.film.trajectories]
        return self._names[places.index(True)]

    def _title(self, left: float, y: float) -> float:
        title = f"{self.film.trajectories[0].classes} classes"
        right = self.film.aspect.width - left
        return headline(self.film, title, learned_with(self.film.trajectories), left, right, y)

    # One row.

    def _data(self, box: Box) -> None:
        faint = self.film.theme.faint
        first = self.film.playback(self.film.trajectories[0])
        self.film.place(Words("data", box.middle, TOP - 18, self.film.text(), faint, "centre"))
        self.film.show_panels(DataPanel(self.film, first, box, radius=_radius(box)))
        said = [*_background(first), *repeated(self.film)]
        notes = lines_of(self.film, said, box.width)
        if len(notes) > MOST_LINES:  # names of classes are at their places, too
            unnamed = [note for note in said if note.label is None]
            notes = lines_of(self.film, unnamed, box.width)
        set_down(self.film, notes, box.left, box.bottom + 42)
        self.film.place(
            Words(counting_of(self.film).unit, box.left, box.bottom + 248, self.film.text(), faint)
        )
        ends = max(path.trained_epochs for path in self.film.trajectories)
        last = f"{counting_of(self.film).at(ends):,}"
        size = min(84.0, 84 * box.width / max(text_width(last, 84, "bold"), 1))
        self.film.place_live(
            *epoch_counter(self.film, box.left, box.bottom + 264 + 0.7 * size, size, "left")
        )
        set_up(
            self.film,
            lines_of(self.film, [fidelity_notes(self.film, first)], box.width),
            box.left,
            1040,
        )

    def _network(self, trajectory: Trajectory, boxes: list[Box]) -> None:
        ink, faint = self.film.theme.ink, self.film.theme.faint
        playback = self.film.playback(trajectory)
        evolving = boxes[-1]
        wide = Box(boxes[0].left, TOP, evolving.right - boxes[0].left, 250)
        at = wide.middle, TOP - 64, self.film.text()
        self.film.place(Words(self._label(trajectory), *at, ink, "centre"))
        self._panels(playback, boxes)
        size = self.film.text()
        head = LOSS if text_width(LOSS, size) <= wide.width else "loss"
        self.film.place(Words(head, wide.left, evolving.bottom + 90, size, faint))
        wide = wide._replace(top=evolving.bottom + 106)
        self.film.show_panels(LossPanel(self.film, playback, wide, numbered=False))
        last = 1052 if self.film.aspect.name == "16:9" else 1046
        set_up(self.film, self._said(trajectory, wide.width), wide.left, last)
        self._numbers(playback, wide)

    def _said(self, trajectory: Trajectory, width: float) -> list[Line]:
        """Why a run is no result, or stands still: in its column as far as that is possible."""
        if trajectory.dead_since:
            return lines_of(self.film, faults(trajectory), 2 * width)
        whole = str(trajectory.outside)
        if not whole:
            return lines_of(self.film, ended(self.film, trajectory), 2 * width)
        short = f"{whole.partition(' points')[0]} outside"
        texts = [whole, short, short.removeprefix("up to "), "outside"]
        text = next((text for text in texts if text_width(text, 28, "bold") <= width), texts[-1])
        return [[Note(text, strong=True)]]

    def _numbers(self, playback: Playback, curve: Box) -> None:
        """Accuracy and cross-entropy below a curve: beside each other, or one below the other."""
        beside = curve.width > 330
        size = 56 if curve.width > 400 else 46 if curve.width > 200 else 38
        head = self.film.text()
        names = ("accuracy", LOSS)
        if text_width(names[1], head) > (curve.width / 2 if beside else curve.width):
            names = ("accuracy", "loss")
        for i, name in enumerate(names):
            x = curve.middle if beside and i else curve.left
            y = curve.bottom + 50 + (0 if beside else 96 * i)
            self.film.place(Words(name, x, y, head, self.film.theme.faint))
            counter = entropy_counter if i else accuracy_counter
            self.film.place_live(
                *counter(self.film, playback, x, y + 0.72 * size + 14, size, "left")
            )

    # A grid.

    def _grid(self, panels: int) -> None:
        """The data above, beside them what holds for all; below them a cell for each network."""
        shape, text = SHAPES[self.film.aspect.name], self.film.text_scale
        left, right = shape.margin, self.film.aspect.width - shape.margin
        top = self._title(left, shape.top)
        side = 0.235 * (self.film.aspect.height - top)
        box = Box(left, top, side, side)
        first = self.film.playback(self.film.trajectories[0])
        self.film.show_panels(DataPanel(self.film, first, box, radius=_radius(box)))
        x = box.right + 2 * GAP
        unit = counting_of(self.film).unit
        self.film.place(Words(unit, x, top + 26 * text, self.film.text(), self.film.theme.faint))
        self.film.place_live(*epoch_counter(self.film, x, top + 100 * text, 84 * text, "left"))
        most = int((box.bottom - top - 124 * text) / (LEADING * self.film.text(NOTE))) + 1
        set_up(self.film, self._notes(first, right - x, most), x, box.bottom)
        below = box.bottom + 26 * text
        area = Box(left, below, right - left, self.film.aspect.height - shape.bottom - below)
        cells = best_cells(len(self.film.trajectories), area, 24 * text, panels, text)
        for trajectory, cell in zip(self.film.trajectories, cells, strict=True):
            self._cell(trajectory, cell)

    def _notes(self, first: Playback, width: float, most: int) -> list[Line]:
        """What has to be said of all networks, in so many lines."""
        rest = [*repeated(self.film), fidelity_notes(self.film, first)]
        return of_all(self.film, _background(first), rest, width, most)

    def _cell(self, trajectory: Trajectory, cell: NetworkCell) -> None:
        playback, text, faint = (
            self.film.playback(trajectory),
            self.film.text_scale,
            self.film.theme.faint,
        )
        x, y = cell.label.left, cell.label.top + LABEL * text * 0.8
        wide = text_width(self._label(trajectory), LABEL * text)
        size = LABEL * text * min(1.0, cell.label.width / wide)
        self.film.place(Words(self._label(trajectory), x, y, size, self.film.theme.ink))
        # The evolving layer is named where the name of the network leaves room.
        name, head = self._label(trajectory), "evolving"
        needed = text_width(name, LABEL * text) + text_width(head, HEAD * text) + 30
        evolving = cell.panels[-1]
        beside = evolving.top - cell.label.top < (LABEL + HEAD) * text
        if beside and len(cell.panels) > 1 and needed <= evolving.width:
            at = (evolving.right, evolving.top - 18)
            self.film.place(Words(head, *at, HEAD * text, faint, "right"))
        self._panels(playback, cell.panels, ["final", "" if beside else head])
        if cell.curve:
            caption = LOSS if text_width(LOSS, NAME * text) <= cell.curve.width else "loss"
            y = cell.curve.top - 14 * text
            self.film.place(Words(caption, cell.curve.left, y, NAME * text, faint))
            size = self.film.text()
            self.film.show_panels(
                LossPanel(self.film, playback, cell.curve, size=size, numbered=False)
            )
        beside, box = are_beside(cell.numbers.width, text), cell.numbers
        for i, name in enumerate(cell.names):
            x = box.middle if beside and i else box.left
            y = box.top + text * (0.8 * NAME + (0 if beside else (NAME + NUMBER + 8) * i))
            self.film.place(Words(name, x, y, NAME * text, faint))
            counter = entropy_counter if i else accuracy_counter
            self.film.place_live(
                *counter(self.film, playback, x, y + 0.9 * NUMBER * text, NUMBER * text, "left")
            )

    # Both.

    def _panels(self, playback: Playback, boxes: list[Box], heads: Sequence[str] = HEADS) -> None:
        """The final layer, where it has a panel, and the evolving one."""
        for box, head in zip(boxes, heads[-len(boxes) :], strict=True):
            size = self.film.text()
            words = Words(head, box.middle, box.top - 18, size, self.film.theme.faint, "centre")
            if head:
                self.film.place(words)
            self.film.show_panels(
                HiddenPanel(
                    self.film,
                    playback,
                    box,
                    radius=_radius(box),
                    tick_size=self.film.text() if box.width > 200 * self.film.text_scale else 0,
                    frozen=box is not boxes[-1],
                )
            )


def _background(first: Playback) -> list[Note]:
    """What is behind the data, or why there is nothing."""
    label = first.trajectory.activation_label
    if not RecordedNetwork.is_in(first.trajectory):
        return [Note(f"the {label} network was not recorded")]
    if first.trajectory.inputs.shape[1] == 2:
        return [Note(f"background: predicted by {label}")]
    return []


def _radius(box: Box) -> float:
    """Of the points, so that a panel is as full at any size."""
    return max(3.4 * box.width / 348, 1.8)
