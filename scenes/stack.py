"""One network with several layers of two units: all of them side by side while they evolve.

Run it by itself with ``manim render scenes/stack.py Stack``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from spiralcore.analysis.layers import at_layer
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
)
from spiralcore.stage.panels import hidden_panel, input_panel, loss_panel
from spiralcore.stage.words import Words, text_width
from spiralcore.trajectory import Trajectory

MARGIN, GAP, TOP = 58, 16, 196
BOTTOM = 370
"""Height that small panels are centred in."""

LARGEST = 500
"""Side of a panel at most, in design pixels."""

CURVE = 330
"""Height of the curve at most, in design pixels."""

MOST = 5
"""Layers at most; of more of them the last ones are shown."""

NUMBERS = ("no", "one", "two", "three", "four", "five")


class Stack(Film):
    """Columns: data | layer | layer | ..., and the loss below."""

    needs = Needs.ONE

    @cached_property
    def narrow(self) -> dict[int, Trajectory]:
        """The layers of two units by their numbers; the last one has the number 0."""
        last = self.trajectories[0]
        inner = [n for n, values in sorted(last.layers.items()) if values.shape[2] == 2]
        shown = {number: at_layer(last, number) for number in inner[1 - MOST :]}
        return {**shown, 0: last}

    def moving(self) -> Sequence[Trajectory]:
        """All layers."""
        return list(self.narrow.values())

    def build(self) -> None:
        """Lay out the picture."""
        trajectory = self.trajectories[0]
        ink, faint = self.theme.ink, self.theme.faint
        columns = 1 + len(self.narrow)
        side = int(min((WIDTH - 2 * MARGIN - GAP * (columns - 1)) / columns, LARGEST))
        left = round((WIDTH - columns * side - GAP * (columns - 1)) / 2)
        top = TOP + max((BOTTOM - side) // 2, 0)
        boxes = [Box(left + i * (side + GAP), top, side, side) for i in range(columns)]
        title = f"{trajectory.classes} classes"
        count = NUMBERS[len(self.narrow)]
        label = trajectory.activation_label
        self.place(
            Words(title, left, 92, 50, ink, weight="bold"),
            Words(f"{count} layers of 2 units in one {label} network",
                  left + text_width(title, 50, "bold") + 28, 92, 40, faint),
        )  # fmt: skip
        self._panels(boxes)
        self._passages(boxes)
        self._below(Box(left, boxes[0].bottom, boxes[-1].right - left, 1080 - boxes[0].bottom))

    def _panels(self, boxes: list[Box]) -> None:
        last = self.playback(self.trajectories[0])
        radius = max(3.4 * boxes[0].width / 348, 2.0)
        input_panel(self, last, boxes[0], radius=radius)
        for box, layer in zip(boxes[1:], self.narrow.values(), strict=True):
            hidden_panel(
                self,
                self.playback(layer),
                box,
                radius=radius,
                tick_size=24,
                network=last,
                caption=False,
            )

    def _passages(self, boxes: list[Box]) -> None:
        """Names of the layers above them, and what lies between."""
        trajectory, y = self.trajectories[0], boxes[0].top - 20
        ink, faint = self.theme.ink, self.theme.faint
        widths: tuple[int, ...] = ()
        if RecordedNetwork.is_in(trajectory):
            widths = RecordedNetwork(trajectory).widths
        numbers = [number or len(widths) for number in self.narrow]
        names = ["data", *(f"layer {number}" if number else "last layer" for number in numbers)]
        for box, name in zip(boxes, names, strict=True):
            self.place(Words(name, box.middle, y, 30, ink, "centre"))
        for i, number in enumerate(numbers if widths else []):
            before = numbers[i - 1] if i else 0
            between = widths[before : number - 1]
            text = " → ".join(map(str, between))
            middle = boxes[i].right + GAP / 2
            if between:
                self.place(Words(f"→ {text} →", middle, y, 26, faint, "centre"))

    def _below(self, room: Box) -> None:
        """The loss and the numbers."""
        trajectory, faint = self.trajectories[0], self.theme.faint
        playback = self.playback(trajectory)
        note = "background: the class that the network predicts, from there on"
        self.place(Words(note, room.left, room.top + 40, 28, faint))
        top = max(room.top + 112, 1004 - CURVE)
        curve = Box(room.left, top, 0.56 * room.width, 1004 - top)
        self.place(Words("cross-entropy over the epochs", curve.left, curve.top - 14, 28, faint))
        loss_panel(self, playback, curve, size=26)
        faithfulness_note(self, playback, room.left, 1046)
        dead_note(self, trajectory, curve.right + 60, 1046)
        left, right, low = curve.right + 60, room.right, curve.bottom - 8
        self.place(
            Words("epoch", left, low - 192, 32, faint),
            Words("accuracy", left, low - 58, 32, faint),
            Words("cross-entropy", right, low - 58, 32, faint, "right"),
        )
        epoch_counter(self, left, low - 116, 84, "left")
        accuracy_counter(self, playback, left, low, 60, "left")
        entropy_counter(self, playback, right, low, 60)
