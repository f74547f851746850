"""More and more classes in the same space: they enter in turn, and then evolve in step.

Each class count enters large: its data bend into the untrained layers, and go to their cells.
With ``layout = "table"`` all networks are small from the start, and one is large.

Run it by itself with ``manim render scenes/classes.py Classes``.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import cached_property
from itertools import chain, groupby, pairwise

import numpy as np

from spiralcore.registry.films import STORY, Needs
from spiralcore.registry.languages.language import Language
from spiralcore.stage.alternatives.classes_table import ClassTableLayout
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.class_cells import cells_of, large_boxes
from spiralcore.stage.marks.borders import Bar
from spiralcore.stage.marks.pointers import Rings
from spiralcore.stage.marks.words import LEADING, Words, text_width
from spiralcore.stage.panels.board import SHAPES, TITLE
from spiralcore.stage.panels.hidden_panel import HiddenPanel
from spiralcore.stage.panels.notes import NOTE, fidelity_notes, of_all, repeated, set_up
from spiralcore.stage.panels.numbers import counting_of, epoch_counter
from spiralcore.stage.panels.panel import Live, gated
from spiralcore.stage.story.captioned_film import CaptionedFilm
from spiralcore.stage.story.cell_label import NAME, cell_label, names_once
from spiralcore.stage.story.entrance import RADIUS, Entrance, Slot
from spiralcore.stage.story.focus import EnteredFocus
from spiralcore.story.captions import FADE, SHORTEST, Caption, CaptionTrack
from spiralcore.story.corners import corner_lines, cornerless, room_title
from spiralcore.story.event import Kind
from spiralcore.story.in_step import Told, captions_in_step, in_step
from spiralcore.story.sentences import Speaker, text_of
from spiralcore.subjects.names import run_labels
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.easing import eased

HEAD, EPOCH, HEADLINE = 46.0, 60.0, 64.0
"""Height above a cell, and font sizes of the epoch and of what stands above a row that enters."""

MOST_NOTES = 3

TELLING: tuple[Kind, ...] = ("edge", "stuck", "takes", "all_right", "dies", "spike")
"""Kinds of events that are told of so many networks."""

FIRST = 1.0
"""How much more important than usual those of the kind "edge" are here."""

RING, RINGING = 15.0, 0.2
"""Radius of a ring in design pixels, and seconds more than its caption that it is there."""


class Classes(CaptionedFilm):
    """A block of cells for each class count, in which its networks evolve."""

    needs = Needs.ALL

    @cached_property
    def rows(self) -> list[list[Trajectory]]:
        """The networks of each class count."""
        ordered = sorted(self.trajectories, key=lambda path: path.classes)
        return [list(group) for _, group in groupby(ordered, key=lambda path: path.classes)]

    @property
    def ordered(self) -> list[Trajectory]:
        """All networks, row by row."""
        return [*chain(*self.rows)]

    # What is told.

    @cached_property
    def happening(self) -> list[Told]:
        """What happens in all of the networks: first of all who finds no corner."""
        found = in_step(self.ordered, TELLING, most=3)
        told = [one._replace(importance=one.importance + FIRST * (one.event.kind == "edge"))
                for one in found]  # fmt: skip
        return sorted(told, key=lambda one: (-one.importance, one.epoch, one.network))

    @property
    def _tells(self) -> bool:
        return self.settings.captions and self.settings.layout == STORY

    def stops(self) -> Sequence[int]:
        """Epochs of these events, where they are told."""
        return [told.epoch for told in self.happening] if self._tells else []

    @cached_property
    def _ringed(self) -> list[tuple[int, ...]]:
        """The classes of each network that have no corner of their own in the end."""
        return [cornerless(path) for path in self.ordered]

    @property
    def _rings_from(self) -> float:
        """Second of the action at which rings appear: as late as their caption allows."""
        return max(self.said_until - SHORTEST - RINGING, 0.0)

    @cached_property
    def told(self) -> CaptionTrack:
        """What happens in the training, and in the end who has no corner."""
        if not self._tells:
            return CaptionTrack(())
        said = self.settings.words
        names = [self._called(path, said) for path in self.ordered]
        over, ringed = self.said_until, any(self._ringed)
        track = captions_in_step(
            self.ordered,
            self.happening,
            self.timeline,
            said,
            lambda network: names[network],
            until=self._rings_from if ringed else over,
        )
        if not ringed:
            return track
        line = Speaker(said, self.rows[-1][0].classes).say("ringed")
        return CaptionTrack([*track.captions, Caption(self._rings_from, over, line)], until=over)

    @cached_property
    def captions(self) -> CaptionTrack:
        """What is read on the picture, in film time."""
        return CaptionTrack(
            [*self._entrance_captions(), *self.told.shifted(self.time_of.start).captions]
        )

    def _entrance_captions(self) -> list[Caption]:
        """How many classes there are for how many corners, as they enter."""
        lines = corner_lines(self.rows, self.settings.words) if self._tells else []
        return [
            Caption(slot.start, slot.start + SHORTEST, line)
            for slot, line in zip(self._slots, lines, strict=False)
            if line and slot.end - slot.start >= SHORTEST
        ]

    def _called(self, path: Trajectory, said: Language) -> str:
        """What a network is called before what it does."""
        if len(self.rows) == 1:
            return self._name(path)
        classes, name = said.number(path.classes), self._name(path)
        return text_of(Speaker(said, path.classes).say("of_network", n=classes, name=name))

    @cached_property
    def _names(self) -> dict[int, str]:
        """What networks are called among those of their class count, by their identity."""
        return {
            id(path): name
            for row in self.rows
            for path, name in zip(row, run_labels(row), strict=True)
        }

    def _name(self, path: Trajectory) -> str:
        return self._names[id(path)]

    @cached_property
    def _slots(self) -> list[Slot]:
        """When each row enters, in film time."""
        count, opening = len(self.rows), self.time_of.opening
        ends = [*(opening * (i + 1) / count for i in range(count - 1)), opening]
        return [Slot(start, end, start == 0) for start, end in pairwise([0.0, *ends])]

    @property
    def seen_second(self) -> float:
        """Film time of what is seen: while it fades back, the first one."""
        return self.time_of.seen_second(self.film_second)

    def moment(self) -> Hashable:
        """Rows enter while the training has not begun, and rest on their way."""
        second = self.seen_second
        if not self.time_of.is_apart(second) or not self._slots:
            settled = eased((second - self.time_of.opening) / FADE)
            return super().moment(), settled
        number = next(i for i, slot in enumerate(self._slots) if slot.holds(second))
        slot = self._slots[number]
        return number, *slot.state(second), eased((second - slot.start) / FADE), self.spoken()

    # The picture.

    def build(self) -> None:
        """Lay out the picture."""
        if self.settings.layout != STORY:
            ClassTableLayout(self).build()
            return
        shape = SHAPES[self.aspect.name]
        left, right = shape.margin, self.aspect.width - shape.margin
        top = self._head(left, right)
        unequal = len({path.trained_epochs for path in self.trajectories}) > 1
        method = fidelity_notes(self, self.playback(self.ordered[0])).text
        method += "; shorter runs stand still in the end" if unequal else ""
        height, last = self.captions_height(method), self.aspect.height - shape.bottom
        foot = Box(left, last - height, right - left, height)
        names = [f"{path.classes} classes, {self._name(path)}" for path in self.trajectories]
        notes = of_all(self, [], repeated(self), right - left, MOST_NOTES, names)
        set_up(self, notes, left, foot.top - 8)
        below = LEADING * self.text(NOTE) * len(notes) + 8
        area = Box(left, top, right - left, foot.top - below - top)
        cells = cells_of([len(row) for row in self.rows], area, HEAD * self.text_scale)
        said = iter(names_once([*map(self._name, self.ordered)], [*chain(*cells)]))
        number = 0
        panels: list[list[HiddenPanel]] = []
        for row, boxes, slot in zip(self.rows, cells, self._slots, strict=True):
            panels.append([])
            for path, box in zip(row, boxes, strict=True):
                playback = self.playback(path)
                cell_label(self, playback, next(said), box, counts=box is boxes[0])
                panels[-1].append(self._cell(number, path, box, slot))
                number += 1
        self._veil(area)
        for row, its, slot in zip(self.rows, panels, self._slots, strict=True):
            self._enter(row, its, slot, area)
        self.show_captions(foot, method)

    def _head(self, left: float, right: float) -> float:
        """The title, and the epoch at its right or below it; tells where cells may begin."""
        shape, title = SHAPES[self.aspect.name], room_title(self.rows, self.settings.words)
        size, y = TITLE * shape.title, shape.top
        large, faint = self.text(EPOCH), self.theme.faint
        counting = counting_of(self)
        last = f"{counting.at(max(path.trained_epochs for path in self.trajectories)):,}"
        corner = text_width(last, large, "bold") + text_width(counting.unit, self.text(NAME)) + 60
        wide = text_width(title, size, "bold")
        beside = wide + corner <= right - left
        if not beside:
            size *= min(1.0, (right - left) / wide)
        self.place(Words(title, left, y, size, self.theme.ink, weight="bold"))
        if beside:
            at = right - text_width(last, large, "bold") - 16
            self.place(Words(counting.unit, at, y, self.text(NAME), faint, "right"))
            self.place_live(*epoch_counter(self, right, y, large))
            return y + 22
        y += 1.3 * large
        self.place(Words(counting.unit, left, y, self.text(NAME), faint))
        x = left + text_width(counting.unit, self.text(NAME)) + 16
        self.place_live(*epoch_counter(self, x, y, large, "left"))
        return y + 22

    def _cell(self, number: int, path: Trajectory, box: Box, slot: Slot) -> HiddenPanel:
        """A network, with a ring for who has no corner in the end."""
        playback = self.playback(path)
        focus = EnteredFocus.entering(
            self.told, path.classes, number, lambda: self.seen_second, slot.end
        )
        ticks = self.text() if box.width >= 200 * self.text_scale else 0
        radius = max(RADIUS * box.width, 1.6)
        panel = HiddenPanel(self, playback, box, radius=radius, tick_size=ticks, focus=focus)
        panel.show_while(lambda: self.seen_second >= slot.end)
        self.show_panels(panel)
        if self._ringed[number]:
            rings = Rings(panel.plane, max(RING * box.width / 290, 9.0), self.theme)
            labels = [path.labels == label for label in self._ringed[number]]

            def surround(second: float) -> None:
                hidden = playback.at(second).hidden
                rings.places = np.array([hidden[chosen].mean(axis=0) for chosen in labels])
                rings.opacity = min(max((second - self._rings_from) / 0.4, 0.0), 1.0)

            self.place_live(rings, surround, box)
        return panel

    def _veil(self, area: Box) -> None:
        """Lets cells step back while a row is large, with their borders just outside of them."""
        whole = area.padded(4)
        veil = Bar(whole, self.theme.background)

        def follow(_: float) -> None:
            second = self.seen_second
            slot = next((slot for slot in self._slots if slot.holds(second)), None)
            veil.opacity = slot.opacity(second) * slot.large(second) if slot else 0.0

        self.place_live(veil, follow, whole)

    def _enter(
        self, row: list[Trajectory], panels: list[HiddenPanel], slot: Slot, area: Box
    ) -> None:
        """A row on its way: its class count and its activations, and the points of each network."""
        size = self.text(HEADLINE)
        boxes = large_boxes(len(row), area, 1.3 * size)
        for path, panel, box in zip(row, panels, boxes, strict=True):
            entering = Entrance(
                self, self.playback(path), panel, box, slot, lambda: self.seen_second
            )
            self.show_panels(entering)
        count = f"{row[0].classes}"
        words = Words(count, area.middle, boxes[0].top - 0.3 * size, size, self.theme.ink, "centre",
                      "bold")  # fmt: skip

        def show(_: float) -> None:
            second = self.seen_second
            words.opacity = slot.opacity(second) * slot.large(second) ** 3

        live = Live(words, show, words.reserved())
        self.place_live(*gated(live, lambda: slot.holds(self.seen_second)))
