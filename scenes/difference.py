"""Two trajectories side by side and in step, and where they differ.

Run it by itself with ``manim render scenes/difference.py Difference``.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.registry.films import Needs
from spiralcore.stage.layout.box import UNIT, Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.polylines import Polylines
from spiralcore.stage.marks.words import LEADING, Side, Words, text_width, widest
from spiralcore.stage.panels.board import SHAPES, headline
from spiralcore.stage.panels.hidden_panel import HiddenPanel
from spiralcore.stage.panels.notes import (
    NOTE,
    Note,
    faults,
    fidelity_notes,
    foot,
    lines_of,
    repeated,
    set_up,
)
from spiralcore.stage.panels.numbers import counting_of, epoch_counter
from spiralcore.stage.story.captioned_film import CaptionedFilm
from spiralcore.stage.story.differing import deviation_curve, difference_captions, left_out
from spiralcore.story.captions import CaptionTrack
from spiralcore.trajectory.compare.comparison import Comparison, compare
from spiralcore.trajectory.compare.deviation import Deviation, figures
from spiralcore.trajectory.compare.note import ComparisonNote
from spiralcore.trajectory.compare.shared_epochs import part, shared_epochs
from spiralcore.trajectory.play.motion import panel_width
from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.play.timeline import Timeline

SIDE, TOP, GAP, FOOT = 620, 178, 24, 1050
COLUMN = 130
"""Half of what numbers need beside the panels, in design pixels."""

NAMES = ("epoch", "farthest apart", "too far")
LINES = "lines: from A to B, where too far"
RING, CORNERS = 17.0, 48
"""Radius of the ring in design pixels, and of how many straight pieces it is."""

MANY = 100.0
"""Panel widths from which on there is no room for all digits."""

OUTSIDE = 1000.0
"""Scene coordinates of what is not to be seen."""


class Difference(CaptionedFilm):
    """Both hidden layers, lines between the places of the points, the deviation below."""

    needs = Needs.TWO

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.runs = one, other = self.trajectories
        shared_epochs(one, other)  # refuses those that have none
        self.first = int(max(one.epochs[0], other.epochs[0]))
        self.last = int(min(one.epochs[-1], other.epochs[-1]))
        # A frozen picture beside one that goes on would be a comparison of different epochs.
        self.trajectories = [part(run, self.first, self.last) for run in self.runs]

    @cached_property
    def timeline(self) -> Timeline:
        """The epochs that both have."""
        whole, duration = super().timeline, self.settings.seconds
        if self.first == 0:
            return whole
        start = float(whole.seconds_at(np.array([self.first]))[0])
        if self.first == self.last:
            return Timeline(np.array([0.0, duration]), np.array([self.first, self.first + 1.0]))
        later = whole.epochs > self.first
        seconds = (whole.seconds[later] - start) * duration / (duration - start)
        return Timeline(np.append(0.0, seconds), np.append(self.first, whole.epochs[later]))

    @property
    def leaves_out(self) -> str:
        """Where it begins or stops while one of the two goes on; empty where neither does."""
        return left_out(self.runs, self.first, self.last, counting_of(self))

    @cached_property
    def _note(self) -> ComparisonNote:
        return ComparisonNote.of(self.trajectories[1].recipe)

    @cached_property
    def _compared(self) -> Comparison:
        return compare(*self.runs, atol=self._note.atol, arrays=["hidden"])

    @cached_property
    def _deviation(self) -> Deviation:
        (deviation,) = self._compared.deviations
        return deviation

    @cached_property
    def told(self) -> CaptionTrack:
        """That they agree, or from when on they do not, and when they are farthest apart."""
        return difference_captions(self, self._deviation)

    def build(self) -> None:
        """Lay out the picture."""
        one, other = self.trajectories
        note = self._note
        ink, faint = self.theme.ink, self.theme.faint
        names = [
            _shortened(Path(one.source).name),
            _shortened(note.name or Path(other.source).name),
        ]
        title = "same" if self._compared.same and not self.leaves_out else "different"
        shape = SHAPES[self.aspect.name]
        wide, roomy = self.aspect.width > self.aspect.height, self.aspect.name == "16:9"
        playbacks = [self.playback(path) for path in (one, other)]
        method = fidelity_notes(self, playbacks[0], LINES).text
        height = self.captions_height(method)
        notes = [note for path in self.trajectories for note in faults(path)]
        notes += repeated(self)
        self._right = self.aspect.width - shape.margin
        last = FOOT if roomy else self.aspect.height - shape.bottom
        foot = Box(shape.margin, last - height, self._right - shape.margin, height)
        self.show_captions(foot, method)
        top = headline(self, title, self._verdict(), shape.margin, self._right)
        if wide:
            boxes = self._beside(notes, foot)
        else:
            strong = [Note(self.leaves_out, strong=True)] if self.leaves_out else []
            boxes = self._narrow(top, [*strong, *notes], foot.top)
        # Different spaces are shown at scales of their own: one may be many times larger.
        alike = one.space == other.space
        planes, size = list[Plane](), self.text()
        for letter, name, box, playback in zip("AB", names, boxes, playbacks, strict=True):
            shown = _shortened(name, box.width - 60 * self.text_scale, size)
            self.place(
                Words(letter, box.left, box.top - 20, size, ink, weight="bold"),
                Words(shown, box.left + 34 * self.text_scale, box.top - 20, size, faint),
            )
            radius, ticks = 4.4 * box.width / SIDE, self.text()
            beside = [each for each in playbacks if alike and each is not playback]
            panel = HiddenPanel(self, playback, box, radius=radius, tick_size=ticks, beside=beside)
            self.show_panels(panel)
            planes.append(panel.plane)
        if note.alignment and roomy:
            place = boxes[1].left + 34 + text_width(names[1], size) + 16
            text = f"({note.alignment})"
            if place + text_width(text, size) <= self._right:
                self.place(Words(text, place, TOP - 20, size, faint))
        self._lines(playbacks, planes[1])
        for playback, plane in zip(playbacks, planes, strict=True):
            self._ring(playback, plane)
        if wide:
            places = [(self._right, 206.0 + 136 * i - (20 if i == 2 else 0)) for i in range(3)]
            self._numbers(places, "right", 1.0)
            left, width = boxes[1].right + GAP, self._right - boxes[1].right - GAP
            low = boxes[0].bottom
            if roomy:
                # Up from the edge of the panels: where these are small, numbers lie not far above.
                set_up(self, lines_of(self, [Note(self._rings())], width), left, low - 8)
            box = Box(shape.margin, low + 74, self._right - shape.margin, 136)
            deviation_curve(self, self._deviation, self._compared.atol, self.last, box)
            # Over the right end of the curve, which is where it stops.
            at = self._right, low + 58, self.text()
            self.place(Words(self.leaves_out, *at, ink, "right", "bold"))

    def _beside(self, notes: list[Note], foot: Box) -> list[Box]:
        """Panels beside each other; a line of notes lies between the curve and the captions."""
        left = foot.left
        side = min(SIDE - foot.height + 20, (self._right - left - GAP) / 2 - COLUMN)
        wrong = [lines_of(self, faults(path), 0.85 * side) for path in self.trajectories]
        if any(wrong) or notes:
            side -= LEADING * self.text(NOTE) * max(1, *map(len, wrong))
        boxes = [Box(left + i * (side + GAP), TOP, side, side) for i in range(2)]
        for lines, box in zip(wrong, boxes, strict=True):
            set_up(self, lines, box.left, foot.top - 6)
        if not any(wrong):
            set_up(self, [notes], left, foot.top - 6)
        return boxes

    def _narrow(self, top: float, notes: list[Note], last: float) -> list[Box]:
        """Everything below the panels, which lie beside each other, or below where upright."""
        shape, text = SHAPES[self.aspect.name], self.text_scale
        left, right = shape.margin, self._right
        lines = lines_of(self, notes, right - left)
        set_up(self, lines, left, last)
        curve = Box(left, last - foot(self, len(lines)) - 110 * text, right - left, 104 * text)
        deviation_curve(self, self._deviation, self._compared.atol, self.last, curve)
        y = curve.top - 56 * text - 86 * text
        places = [(left + i * 0.36 * (right - left), y) for i in range(3)]
        self._numbers(places, "left", 0.7 * text)
        head, gap = 46 * text, 30.0
        free = y - 40 * text - top
        if self.aspect.height > self.aspect.width:
            side = min((free - gap) / 2 - head, right - left)
            x = (left + right - side) / 2
            return [Box(x, top + head + i * (side + head + gap), side, side) for i in range(2)]
        side = min(free - head, (right - left - GAP) / 2)
        return [Box(left + i * (right - left + GAP) / 2, top + head, side, side) for i in range(2)]

    def _verdict(self) -> str:
        allowed = f"{100 * self._compared.atol:.3g} % of the panel"
        first = self._deviation.first_epoch
        if first is None:
            agreed = f"within {allowed} at all {counting_of(self).units} compared"
            return f"in length only: {agreed}" if self.leaves_out else agreed
        return f"from {counting_of(self).named(first)} on, by more than {allowed}"

    def _lines(self, playbacks: list[Playback], plane: Plane) -> None:
        """From where A has each point to where B has it, in the panel of B."""
        start = self._ends(playbacks, plane, -10.0)
        lines = Polylines(start, plane.box, self.theme.ink, 0.5, 1.8)

        def move(second: float) -> None:
            lines.set_lines(self._ends(playbacks, plane, second))

        self.place_live(lines, move, plane.box)

    def _ends(self, playbacks: list[Playback], plane: Plane, second: float) -> NDArray[np.float64]:
        """Ends of the lines; those of points that are close enough lie outside of the picture."""
        a, b = (path.at(second).hidden for path in playbacks)
        ends = np.stack([plane.to_scene(a), plane.to_scene(b)], axis=1)
        ends[self._distances(a, b) <= self._compared.atol] = OUTSIDE
        return ends

    def _distances(self, a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
        """Distances of the points, as parts of the panel's width."""
        width = panel_width(a, self.trajectories[0].space)
        return np.asarray(np.linalg.norm(b - a, axis=1) / width)

    def _ring(self, playback: Playback, plane: Plane) -> None:
        """Mark the point that differs most of all, at its place."""
        point = int(self._deviation.points[self._deviation.at])
        angle = np.linspace(0, 2 * np.pi, CORNERS + 1)
        circle = RING * UNIT * np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)

        def around(second: float) -> NDArray[np.float64]:
            return (plane.to_scene(playback.at(second).hidden[[point]]) + circle)[None]

        ring = Polylines(around(-10.0), plane.box, self.theme.ink, 1.0, 3.0)
        self.place_live(ring, lambda second: ring.set_lines(around(second)), plane.box)

    def _rings(self) -> str:
        found = self._deviation
        return (
            f"ring: {found.place.partition(', ')[2]}, farthest apart at "
            f"{counting_of(self).named(found.epoch or 0)}: {figures(100 * found.worst)} %"
        )

    def _numbers(self, places: list[tuple[float, float]], side: Side, size: float) -> None:
        """The epoch, how far points are apart at most, and how many too far."""
        ink, faint = self.theme.ink, self.theme.faint
        names = (counting_of(self).unit, *NAMES[1:])
        head = self.text()
        for (x, y), name in zip(places, names, strict=True):
            self.place(Words(name, x, y, head, faint, side))
        steps = [78 * size, 60 * size, 60 * size] if size >= 1 else [74 * size] * 3
        (x, y), second, third = places
        self.place_live(*epoch_counter(self, x, y + steps[0], 84 * size, side))
        one, other = self.trajectories
        count = one.points
        playback, large = self.playback(one), 60 * size
        longest = widest(map(_percentage, (10.0, *self._deviation.peaks)), large)
        farthest = Words(longest, second[0], second[1] + steps[1], large, ink, side)
        at = third[0], third[1] + steps[2]
        beyond = Words(f"{count:,} of {count:,}", *at, large, ink, side)

        def update(second: float) -> None:
            epoch = min(playback.epoch(self.slowly(second)), self.last)
            apart = self._distances(one.evaluate(epoch).hidden, other.evaluate(epoch).hidden)
            farthest.text = _percentage(float(apart.max()))
            beyond.text = f"{int((apart > self._compared.atol).sum()):,} of {count:,}"

        self.place_live(farthest, update, farthest.reserved())
        self.place_live(beyond, lambda second: None, beyond.reserved())


def _percentage(share: float) -> str:
    """A part of the panel's width for people, also one that is many times larger than it."""
    return f"{100 * share:,.2f} %" if share < MANY else f"{100 * share:.2e} %"


def _shortened(name: str, width: float = SIDE - 60, size: float = 30) -> str:
    """A file's name that fits over a panel."""
    letters = "".join(letter if letter.isprintable() else "?" for letter in name)
    while text_width(letters, size) > width:
        letters = f"{letters[: len(letters) // 2 - 2]}…{letters[len(letters) // 2 + 2 :]}"
    return letters
