"""One class count: the data, and for each activation the final and the evolving hidden layer.

From four activations on there is room for the evolving one only.

Run it by itself with ``manim render scenes/row.py Row``.
"""

from __future__ import annotations

from collections.abc import Sequence

from spiralcore.analysis.network import RecordedNetwork
from spiralcore.catalogue import Needs
from spiralcore.stage.film import Film
from spiralcore.stage.layout import WIDTH, Box
from spiralcore.stage.numbers import (
    accuracy_counter,
    dead_note,
    entropy_counter,
    epoch_counter,
    faithfulness_note,
    paragraph,
)
from spiralcore.stage.panels import hidden_panel, input_panel, loss_panel
from spiralcore.stage.titles import data_name
from spiralcore.stage.words import Words, text_width
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.playback import Playback

MARGIN, GAP, TOP = 58, 16, 212
LARGEST = 400
"""Side of a panel at most, in design pixels."""

MOST_WITH_FINAL = 3
"""Networks up to which the final layer has a panel of its own beside the evolving one."""


class Row(Film):
    """Columns: data | final | evolving | final | evolving, and so on; or data | evolving | ..."""

    needs = Needs.ROW

    def build(self) -> None:
        """Lay out the picture."""
        ink, faint = self.theme.ink, self.theme.faint
        count = len(self.trajectories)
        panels = 2 if count <= MOST_WITH_FINAL else 1
        columns = 1 + panels * count
        side = int(min((WIDTH - 2 * MARGIN - GAP * (columns - 1)) / columns, LARGEST))
        left = round((WIDTH - columns * side - GAP * (columns - 1)) / 2)
        boxes = [Box(left + i * (side + GAP), TOP, side, side) for i in range(columns)]

        title = f"{self.trajectories[0].classes} classes"
        self.place(
            Words(title, left, 92, 50, ink, weight="bold"),
            Words(_subject(self.trajectories), left + text_width(title, 50, "bold") + 28, 92, 40,
                  faint),
        )  # fmt: skip
        self._data(boxes[0])
        for i, trajectory in enumerate(self.trajectories):
            self._network(trajectory, boxes[1 + panels * i : 1 + panels * (i + 1)])

    def _data(self, box: Box) -> None:
        faint = self.theme.faint
        first = self.playback(self.trajectories[0])
        label = first.trajectory.activation_label
        self.place(Words("data", box.middle, TOP - 18, 28, faint, "centre"))
        input_panel(self, first, box, radius=_radius(box))
        note = ""
        if not RecordedNetwork.is_in(first.trajectory):
            note = f"the {label} network was not recorded: no predicted classes"
        elif first.trajectory.inputs.shape[1] == 2:
            note = f"background: the class that the {label} network predicts there"
        paragraph(self, note, box.left, box.bottom + 42, box.width)
        self.place(Words("epoch", box.left, box.bottom + 248, 32, faint))
        last = f"{max(path.trained_epochs for path in self.trajectories):,}"
        size = min(84.0, 84 * box.width / max(text_width(last, 84, "bold"), 1))
        epoch_counter(self, box.left, box.bottom + 264 + 0.7 * size, size, "left")
        faithfulness_note(self, first, box.left, 1040, width=box.width)

    def _network(self, trajectory: Trajectory, boxes: list[Box]) -> None:
        ink, faint = self.theme.ink, self.theme.faint
        playback = self.playback(trajectory)
        evolving, tick_size = boxes[-1], 24 if boxes[0].width > 200 else 0
        wide = Box(boxes[0].left, TOP, evolving.right - boxes[0].left, 250)
        self.place(Words(trajectory.activation_label, wide.middle, TOP - 58, 34, ink, "centre"))
        for box, head in zip(boxes, ["final", "evolving"][-len(boxes) :], strict=True):
            self.place(Words(head, box.middle, TOP - 18, 28, faint, "centre"))
            frozen = box is not evolving
            hidden_panel(
                self, playback, box, radius=_radius(box), tick_size=tick_size, frozen=frozen
            )
        size = 28 if wide.width > 170 else 24
        long, short = "cross-entropy over the epochs", "cross-entropy"
        head = long if text_width(long, size) <= wide.width else short
        self.place(Words(head, wide.left, evolving.bottom + 90, size, faint))
        wide = wide._replace(top=evolving.bottom + 106)
        loss_panel(self, playback, wide, size=26)
        dead_note(self, trajectory, wide.left, 1052)
        self._numbers(playback, wide)

    def _numbers(self, playback: Playback, curve: Box) -> None:
        """Accuracy and cross-entropy below a curve: beside each other, or one below the other."""
        beside = curve.width > 330
        size = 56 if curve.width > 400 else 46 if curve.width > 200 else 38
        head = 32 if curve.width > 400 else 26
        names = ("accuracy", "cross-entropy")
        if text_width(names[1], head) > curve.width:
            names = ("accuracy", "entropy")
        for i, name in enumerate(names):
            x = curve.middle if beside and i else curve.left
            y = curve.bottom + 46 + (0 if beside else 92 * i)
            self.place(Words(name, x, y, head, self.theme.faint))
            counter = entropy_counter if i else accuracy_counter
            counter(self, playback, x, y + 0.72 * size + 14, size, "left")


def _radius(box: Box) -> float:
    """Of the points, so that a panel is as full at any size."""
    return max(3.4 * box.width / 348, 1.8)


def _subject(trajectories: Sequence[Trajectory]) -> str:
    names = [path.activation_label for path in trajectories]
    if len(names) > MOST_WITH_FINAL:
        return f"the same {data_name(trajectories)}, learned with {len(names)} activations"
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return f"the same {data_name(trajectories)}, learned with {listed}"
