"""One network with several layers of two units: all of them side by side while they evolve.

Run it by itself with ``manim render scenes/stack.py Stack``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from spiralcore.analysis.network.at_layer import at_layer
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.registry.films import Needs
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.words import Words, text_width
from spiralcore.stage.panels.board import Board, headline
from spiralcore.stage.panels.data_panel import DataPanel
from spiralcore.stage.panels.hidden_panel import HiddenPanel
from spiralcore.stage.panels.loss_panel import LossPanel
from spiralcore.stage.panels.notes import STRONG, Note, faults, fidelity_notes, repeated, set_up
from spiralcore.stage.panels.numbers import accuracy_counter, counting_of, epoch_counter
from spiralcore.stage.panels.readings import Readings, low_height
from spiralcore.stage.panels.side import (
    BELOW_LOWER,
    LOSS,
    caption,
    fitting,
    head_height,
    loss_captions,
)
from spiralcore.stage.story.captioned_film import CaptionedFilm
from spiralcore.stage.story.focus import Focus
from spiralcore.subjects.sentences import background, counted
from spiralcore.trajectory import Trajectory

MARGIN, GAP, TOP = 58, 16, 196
BOTTOM = 370
"""Height that small panels are centred in."""

LARGEST = 480
"""Side of a panel at most, in design pixels."""

CURVE = 330
"""Height of the curve at most, in design pixels."""

FOOT = 1050
"""Lower edge of captions, in design pixels."""

LEAST = 300
"""Side of a panel down to which all of them lie in a row where the frame is not 16:9."""

MOST = 5
"""Layers at most; of more of them the last ones are shown."""

NUMBERS = ("no", "one", "two", "three", "four", "five")


class Stack(CaptionedFilm):
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
        title = counted(trajectory)
        subject = f"{NUMBERS[len(self.narrow)]} layers of 2 units, {trajectory.activation_label}"
        columns = 1 + len(self.narrow)
        width = self.aspect.width
        side = int(min((width - 2 * MARGIN - GAP * (columns - 1)) / columns, LARGEST))
        if width <= self.aspect.height or (self.aspect.name != "16:9" and side < LEAST):
            self._square(title, subject)
            return
        left = round((width - columns * side - GAP * (columns - 1)) / 2)
        top = TOP + max((BOTTOM - side) // 2, 0)
        boxes = [Box(left + i * (side + GAP), top, side, side) for i in range(columns)]
        headline(self, title, subject, left, width - left, 92)
        self._panels(boxes)
        self._passages(boxes)
        self._below(Box(left, boxes[0].bottom, boxes[-1].right - left, 1080 - boxes[0].bottom))

    def _square(self, title: str, subject: str) -> None:
        """The panels in a square, and beside or below it the loss and the numbers."""
        trajectory = self.trajectories[0]
        playback = self.playback(trajectory)
        method = fidelity_notes(self, playback, background(trajectory)).text
        board = Board(
            self,
            title,
            subject,
            side_notes=self._faults(),
            least=400,
            panels=1 + len(self.narrow),
            head=48 * self.text_scale,
            reserve=self.captions_height(method),
        )
        self.show_captions(board.captions, method)
        side, boxes = board.side, board.panels
        self._panels(boxes)
        self._passages(boxes, together=True)
        gap = 40.0
        if side.width > 1.5 * side.height:
            half = 0.46 * side.width
            numbers = Box(side.left, side.top, half, low_height(self, half))
            x = side.left + half + gap
            curve = Box(x, side.top, side.right - x, side.height)
        else:
            height = low_height(self, side.width)
            numbers = Box(side.left, boxes[0].top, side.width, height)
            curve = Box(side.left, numbers.bottom + gap, side.width, CURVE + 60)
        below = head_height(self, "", curve.width, BELOW_LOWER)
        curve = curve._replace(top=curve.top + below, height=curve.height - below)
        caption(self, curve, fitting(self, loss_captions(playback.trajectory), curve.width))
        self.show_panels(
            LossPanel(self, playback, curve, size=self.text()),
            Readings(self, playback, numbers),
        )

    def _faults(self) -> list[Note]:
        """Why the run is no result, if it is none: by its last layer, and by the others."""
        found = faults(self.trajectories[0])
        for number, layer in self.narrow.items():
            if number and str(layer.outside):
                found.append(Note(f"layer {number}: {layer.outside}", strong=True))
        return found

    def _panels(self, boxes: list[Box]) -> None:
        last = self.playback(self.trajectories[0])
        radius = max(3.4 * boxes[0].width / 348, 2.0)
        focus = Focus.of(self.told, self.trajectories[0].classes)
        self.show_panels(DataPanel(self, last, boxes[0], radius=radius, focus=focus))
        for box, layer in zip(boxes[1:], self.narrow.values(), strict=True):
            self.show_panels(
                HiddenPanel(
                    self,
                    self.playback(layer),
                    box,
                    radius=radius,
                    tick_size=self.text(),
                    network=last,
                    caption=False,
                    focus=focus,
                )
            )

    def _passages(self, boxes: list[Box], *, together: bool = False) -> None:
        """Names of the layers above them, and what lies between: before them, or at the gaps."""
        trajectory, size = self.trajectories[0], self.text()
        ink, faint = self.theme.ink, self.theme.faint
        widths: tuple[int, ...] = ()
        if RecordedNetwork.is_in(trajectory):
            widths = RecordedNetwork(trajectory).widths
        numbers = [number or len(widths) for number in self.narrow]
        names = ["data", *(f"layer {number}" if number else "last layer" for number in numbers)]
        between = ["" for _ in names]
        for i, number in enumerate(numbers if widths else []):
            passed = widths[numbers[i - 1] if i else 0 : number - 1]
            between[i + 1] = f"→ {' → '.join(map(str, passed))} →" if passed else ""
        for i, (box, name, way) in enumerate(zip(boxes, names, between, strict=True)):
            y = box.top - 20
            if together:
                wide = text_width(f"{way} ", size) if way else 0.0
                self.place(Words(name, box.left + wide, y, size, ink))
                self.place(*([Words(way, box.left, y, size, faint)] if way else []))
                continue
            self.place(Words(name, box.middle, y, size, ink, "centre"))
            if way:
                middle = boxes[i - 1].right + GAP / 2
                self.place(Words(way, middle, y, size, faint, "centre"))

    def _below(self, area: Box) -> None:
        """The loss and the numbers."""
        trajectory, faint = self.trajectories[0], self.theme.faint
        playback, size = self.playback(trajectory), self.text()
        texts = [note.text for note in repeated(self) if note.label is None]
        words = "; ".join(texts)
        self.place(Words(words, area.left, area.top + 46, size, faint))
        notes, x = self._faults()[:1], area.left + 0.56 * area.width + 60
        strong = self.text(STRONG)
        wide = max((text_width(note.text, strong, "bold") for note in notes), default=0.0)
        fits = text_width(words, size) < x - area.left - 20 and wide <= area.right - x
        at = (x, area.top + 40) if fits else (area.left, area.top + 76)
        set_up(self, [notes] if notes else [], *at)
        method = fidelity_notes(self, playback, background(trajectory)).text
        height = self.captions_height(method)
        foot = Box(area.left, FOOT - height, area.width, height)
        self.show_captions(foot, method)
        top = max(area.top + (148 if notes and not fits else 112), foot.top - 14 - CURVE)
        curve = Box(area.left, top, 0.56 * area.width, foot.top - 14 - top)
        self.place(Words(LOSS, curve.left, curve.top - 14, size, faint))
        self.show_panels(LossPanel(self, playback, curve, size=size))
        left, low = curve.right + 60, curve.bottom - 8
        self.place(
            Words(counting_of(self).unit, left, low - 192, size, faint),
            Words("accuracy", left, low - 58, size, faint),
        )
        self.place_live(*epoch_counter(self, left, low - 116, 84, "left"))
        self.place_live(*accuracy_counter(self, playback, left, low, 60, "left"))
