"""One class count: the data, and the hidden layer of each activation, evolving in step.

Where the points are at the end is shown by hollow circles from the start. With
``layout = "columns"`` each network has a panel of its end instead, and a loss curve of its own.

Run it by itself with ``manim render scenes/row.py Row``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.registry.films import STORY, Needs
from spiralcore.stage.alternatives.row_columns import RowColumns
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.row_boxes import RowBoxes
from spiralcore.stage.marks.curve import LineSample
from spiralcore.stage.marks.words import LEADING, Words, text_width
from spiralcore.stage.panels.board import SHAPES, headline
from spiralcore.stage.panels.data_panel import DataPanel
from spiralcore.stage.panels.hidden_panel import HiddenPanel
from spiralcore.stage.panels.loss_panel import LossStrip
from spiralcore.stage.panels.notes import NOTE, fidelity_notes, of_all, repeated, set_up
from spiralcore.stage.panels.numbers import (
    accuracy_counter,
    counting_of,
    entropy_counter,
    epoch_counter,
)
from spiralcore.stage.panels.side import LOSS, OTHER_LOSS, fitting
from spiralcore.stage.panels.spread_chart import DASHES
from spiralcore.stage.story.captioned_film import CaptionedFilm
from spiralcore.stage.story.focus import Focus
from spiralcore.story.captions import CaptionTrack
from spiralcore.story.in_step import Told, captions_in_step, in_step
from spiralcore.subjects.names import learned_with, run_labels
from spiralcore.subjects.sentences import counted

NAME, SMALL, EPOCH = 40.0, 30.0, 84.0
"""Font sizes of the names of networks, of other words, and of the epoch."""

SAMPLE = 64.0
"""Width of the sample of a network's line, in design pixels."""

MOST_NOTES = 3
"""Lines of notes at most."""

LEAST_TICKED = 200.0
"""Width of a panel from which on there is room for numbers on its axis, in design pixels."""


class Row(CaptionedFilm):
    """The data, a large square for each network, and below them one strip for all losses."""

    needs = Needs.ROW

    @cached_property
    def names(self) -> list[str]:
        """What the networks are called."""
        return run_labels(self.trajectories)

    @cached_property
    def happening(self) -> list[Told]:
        """What happens in all of the networks, the most important first."""
        return in_step(self.trajectories)

    def stops(self) -> Sequence[int]:
        """Epochs of these events, where they are told."""
        return [told.epoch for told in self.happening] if self.settings.layout == STORY else []

    @cached_property
    def told(self) -> CaptionTrack:
        """What happens, and in which network."""
        settings, names = self.settings, self.names
        if not settings.captions or settings.layout != STORY:
            return CaptionTrack(())
        return captions_in_step(
            self.trajectories,
            self.happening,
            self.timeline,
            settings.words,
            lambda network: names[network] if len(names) > 1 else "",
            until=self.said_until,
        )

    def build(self) -> None:
        """Lay out the picture."""
        if self.settings.layout != STORY:
            RowColumns(self).build()
            return
        shape, first = SHAPES[self.aspect.name], self.playback(self.trajectories[0])
        left, right = shape.margin, self.aspect.width - shape.margin
        title = counted(self.trajectories[0])
        top = headline(self, title, learned_with(self.trajectories), left, right)
        behind = f"behind the data: predicted by {self.names[0]}" if self._predicts else ""
        method = fidelity_notes(self, first, behind).text
        height = self.captions_height(method)
        last = self.aspect.height - shape.bottom
        foot = Box(left, last - height, right - left, height)
        self.show_captions(foot, method)
        notes = of_all(self, [], repeated(self), right - left, MOST_NOTES)
        below = LEADING * self.text(NOTE) * len(notes) + (10 if notes else 0)
        set_up(self, notes, left, foot.top - 10)
        area = Box(left, top, right - left, foot.top - below - 8 - top)
        boxes = RowBoxes.within(area, len(self.trajectories), self.text_scale)
        self._data(boxes)
        for index, box in enumerate(boxes.squares):
            self._network(index, box)
        self._losses(boxes)

    @property
    def _predicts(self) -> bool:
        """Whether it is known what the first network predicts behind the data."""
        first = self.trajectories[0]
        return RecordedNetwork.is_in(first) and first.inputs.shape[1] == 2

    def _data(self, boxes: RowBoxes) -> None:
        """The data, what is predicted there, and the epoch."""
        trajectory, box = self.trajectories[0], boxes.data
        focus = Focus.of(self.told, trajectory.classes)
        playback, size = self.playback(trajectory), self.text(SMALL)
        self.place(Words("data", box.left, box.top - 0.5 * size, size, self.theme.faint))
        self.show_panels(DataPanel(self, playback, box, radius=_radius(box), focus=focus))
        free = boxes.epoch
        large = min(self.text(EPOCH), 0.75 * free.height, free.width / 2.6)
        y = free.top + 1.0 * size
        self.place(Words(counting_of(self).unit, free.left, y, size, self.theme.faint))
        self.place_live(*epoch_counter(self, free.left, y + 0.86 * large, large, "left"))

    def _network(self, index: int, box: Box) -> None:
        """The name of a network, its line, how many points are right, and its layer."""
        trajectory, theme = self.trajectories[index], self.theme
        playback, name = self.playback(trajectory), self.names[index]
        size = self.text(NAME) * min(1.0, box.width / text_width(name, self.text(NAME), "bold"))
        y, end = box.top - 0.4 * self.text(NAME), box.left + text_width(name, size, "bold")
        self.place(Words(name, box.left, y, size, theme.ink, weight="bold"))
        number = text_width("100.0 %", size)
        if end + 20 + number <= box.right:
            self.place_live(*accuracy_counter(self, playback, box.right, y, size))
            if end + 40 + SAMPLE + number <= box.right and len(self.trajectories) > 1:
                at = (end + 20, y - 0.3 * size, SAMPLE)
                self.place(LineSample(*at, _dashes(index), theme.ink))
        self.show_panels(
            HiddenPanel(
                self,
                playback,
                box,
                radius=_radius(box),
                tick_size=self.text() if box.width > LEAST_TICKED * self.text_scale else 0,
                focus=Focus.of(self.told, trajectory.classes, network=index),
                ghosts=True,
            )
        )

    def _losses(self, boxes: RowBoxes) -> None:
        """One strip with a line for each network, and the present values beside its name."""
        playbacks = [self.playback(path) for path in self.trajectories]
        dashes = [_dashes(index) for index in range(len(playbacks))]
        self.show_panels(LossStrip(self, playbacks, dashes, boxes.strip, size=self.text()))
        size, faint, free = self.text(SMALL), self.theme.faint, boxes.legend
        x, y = free.left, free.top + 0.9 * size
        names = self.names
        wide = max(text_width(name, size) for name in names)
        needed = wide + 14 + text_width("0.000", size)
        head = fitting(self, (LOSS, OTHER_LOSS), free.width, SMALL)
        if max(needed, text_width(head, size)) > free.width:
            return
        self.place(Words(head, x, y, size, faint))
        lines = int((free.height - 1.1 * size) / (1.2 * size))
        if lines < len(names):
            # Beside the words, as far as there is room.
            x += text_width(head, size) + 30
            if len(names) * (needed + 30) > free.right - x:
                return
        for i, (name, playback) in enumerate(zip(names, playbacks, strict=True)):
            at = (x, y + 1.25 * size * (i + 1)) if lines >= len(names) else (
                x + (needed + 30) * i, y)  # fmt: skip
            self.place(Words(name, *at, size, faint))
            end = at[0] + text_width(name, size) + 14
            if lines >= len(names):
                end = at[0] + wide + 14
            self.place_live(*entropy_counter(self, playback, end, at[1], size, "left"))


def _dashes(index: int) -> Sequence[float]:
    """Of the line of a network."""
    return DASHES[index % len(DASHES)]


def _radius(box: Box) -> float:
    """Of the points, so that a panel is as full at any size."""
    return max(6.0 * box.width / 880, 2.0)
