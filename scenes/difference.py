"""Two trajectories side by side and in step, and where they differ.

Run it by itself with ``manim render scenes/difference.py Difference``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spiralcore.catalogue import Needs
from spiralcore.stage.curve import EpochCurve
from spiralcore.stage.film import Film
from spiralcore.stage.layout import UNIT, Box
from spiralcore.stage.marks import Bar, Outline
from spiralcore.stage.notes import dead, faithfulness, paragraph, set_up
from spiralcore.stage.numbers import epoch_counter
from spiralcore.stage.panels import epoch_ticks, hidden_panel
from spiralcore.stage.plane import Plane
from spiralcore.stage.polylines import Polylines
from spiralcore.stage.words import Words, text_width
from spiralcore.trajectory.common import CommonView
from spiralcore.trajectory.comparison import compare
from spiralcore.trajectory.deviation import figures
from spiralcore.trajectory.motion import panel_width
from spiralcore.trajectory.note import ComparisonNote
from spiralcore.trajectory.playback import Playback, View

SIDE, TOP = 620, 178
LEFT, RIGHT = 70, 1850

RING, CORNERS = 17.0, 48
"""Radius of the ring in design pixels, and of how many straight pieces it is."""

OUTSIDE = 1000.0
"""Scene coordinates of what is not to be seen."""


class Difference(Film):
    """Both hidden layers, lines between the places of the points, the deviation below."""

    needs = Needs.TWO

    def build(self) -> None:
        """Lay out the picture."""
        one, other = self.trajectories
        note = ComparisonNote.of(other.recipe)
        self._compared = compare(one, other, atol=note.atol, arrays=["hidden"])
        (self._deviation,) = self._compared.deviations
        ink, faint = self.theme.ink, self.theme.faint
        names = [
            _shortened(Path(one.source).name),
            _shortened(note.name or Path(other.source).name),
        ]
        title = "same" if self._compared.same else "different"
        about = self._verdict()
        self.place(
            Words(title, LEFT, 88, 50, ink, weight="bold"),
            Words(about, LEFT + text_width(title, 50, "bold") + 28, 88, 40, faint),
        )
        boxes = [Box(LEFT + i * (SIDE + 24), TOP, SIDE, SIDE) for i in range(2)]
        playbacks = [self.playback(path) for path in (one, other)]
        views = [View(playback) for playback in playbacks]
        # Different spaces are shown at scales of their own: one may be many times larger.
        view = CommonView(views) if one.space == other.space else None
        planes = []
        for letter, name, box, playback in zip("AB", names, boxes, playbacks, strict=True):
            self.place(
                Words(letter, box.left, TOP - 20, 30, ink, weight="bold"),
                Words(name, box.left + 34, TOP - 20, 30, faint),
            )
            planes.append(hidden_panel(self, playback, box, radius=4.4, tick_size=26, view=view))
        if note.alignment:
            place = boxes[1].left + 34 + text_width(names[1], 30) + 16
            text = f"({note.alignment})"
            if place + text_width(text, 26) <= RIGHT:
                self.place(Words(text, place, TOP - 20, 26, faint))
        self._lines(playbacks, planes[1])
        for playback, plane in zip(playbacks, planes, strict=True):
            self._ring(playback, plane)
        self._numbers(boxes[1].right + 24)
        self._curve(Box(LEFT, 872, RIGHT - LEFT, 136))
        if any(path.dead_since for path in self.trajectories):
            for path, box in zip(self.trajectories, boxes, strict=True):
                set_up(self, [dead(path)], box.left, 1048)
        else:
            set_up(self, [[faithfulness(self, playbacks[0])]], LEFT, 1048)

    def _verdict(self) -> str:
        allowed = f"{100 * self._compared.atol:.3g} % of the panel"
        first = self._deviation.first_epoch
        if first is None:
            return f"within {allowed}, at all {len(self._deviation.epochs):,} epochs compared"
        return f"by more than {allowed}, for the first time at epoch {first:,}"

    def _lines(self, playbacks: list[Playback], plane: Plane) -> None:
        """From where A has each point to where B has it, in the panel of B."""
        start = self._ends(playbacks, plane, -10.0)
        lines = Polylines(start, plane.box, self.theme.ink, 0.5, 1.8)

        def move(second: float) -> None:
            lines.set_lines(self._ends(playbacks, plane, second))

        self.animate(lines, move, plane.box)

    def _ends(self, playbacks: list[Playback], plane: Plane, second: float) -> NDArray[np.float64]:
        """Ends of the lines; those of points that are close enough lie outside of the picture."""
        a, b = (path.at(second).hidden for path in playbacks)
        ends = np.stack([plane.to_scene(a), plane.to_scene(b)], axis=1)
        ends[~self._apart_too_far(a, b)] = OUTSIDE
        return ends

    def _apart_too_far(self, a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.bool_]:
        width = panel_width(a, self.trajectories[0].space)
        return np.asarray(np.linalg.norm(b - a, axis=1) > self._compared.atol * width)

    def _ring(self, playback: Playback, plane: Plane) -> None:
        """Mark the point that differs most of all, at its place."""
        point = int(self._deviation.points[self._deviation.at])
        angle = np.linspace(0, 2 * np.pi, CORNERS + 1)
        circle = RING * UNIT * np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)

        def around(second: float) -> NDArray[np.float64]:
            return (plane.to_scene(playback.at(second).hidden[[point]]) + circle)[None]

        ring = Polylines(around(-10.0), plane.box, self.theme.ink, 1.0, 3.0)
        self.animate(ring, lambda second: ring.set_lines(around(second)), plane.box)

    def _numbers(self, left: float) -> None:
        ink, faint = self.theme.ink, self.theme.faint
        self.place(
            Words("epoch", RIGHT, 206, 32, faint, "right"),
            Words("farthest apart, of the panel", RIGHT, 376, 32, faint, "right"),
        )
        epoch_counter(self, RIGHT, 284, 84)
        one, other = self.trajectories
        found, count = self._deviation, one.points
        farthest = Words("1,000.00 %", RIGHT, 436, 60, ink, "right")
        beyond = Words(f"{count:,} of {count:,}", RIGHT, 586, 60, ink, "right")
        self.place(Words("points farther than allowed", RIGHT, 526, 32, faint, "right"))

        def update(second: float) -> None:
            epoch = self.timeline.epoch_at(self.slowly(second))
            value = float(np.interp(epoch, found.epochs, found.peaks))
            farthest.text = f"{100 * value:,.2f} %"
            apart = self._apart_too_far(one.evaluate(epoch).hidden, other.evaluate(epoch).hidden)
            beyond.text = f"{int(apart.sum()):,} of {count:,}"

        self.animate(farthest, update, farthest.room())
        self.animate(beyond, lambda second: None, beyond.room())
        width = RIGHT - left
        lines = "lines: from where A has a point to where B has it, if that is farther than allowed"
        rings = (
            f"rings: {found.place.partition(', ')[2]}, which is farthest apart at epoch "
            f"{found.epoch:,}: {figures(100 * found.worst)} %"
        )
        paragraph(self, lines, left, 660, width, 28)
        paragraph(self, rings, left, 756, width, 28)

    def _curve(self, box: Box) -> None:
        """The deviation of the point that is farthest apart, over the epochs."""
        theme, size = self.theme, 26.0
        found = self._deviation
        head = "how far the point is that differs most, over the epochs; line: the tolerance"
        self.place(Words(head, box.left, box.top - 16, 30, theme.faint))
        self.place(Bar(box, theme.panel), Outline(box, theme.frame, 1.0))
        last = int(found.epochs[-1])
        values = np.interp(np.arange(last + 1), found.epochs, found.peaks).astype(np.float32)
        top = max(float(found.peaks.max()), 2 * self._compared.atol, 1e-9)
        axes = Box(box.left + 14, box.top + 12, box.width - 28, box.height - 22 - 1.5 * size)
        curve = EpochCurve(axes, values, top, theme)
        _, y = curve.place(0, self._compared.atol)
        self.place(Bar(Box(axes.left, y - 1, axes.width, 2), theme.faint))
        self.place(Bar(Box(axes.left, axes.bottom, axes.width, 2), theme.frame))
        epoch_ticks(self, curve, last, size)

        def move(second: float) -> None:
            curve.epoch = min(self.timeline.epoch_at(second), last)

        self.animate(curve, move, box)


def _shortened(name: str) -> str:
    """A file's name that fits over a panel."""
    letters = "".join(letter if letter.isprintable() else "?" for letter in name)
    while text_width(letters, 30) > SIDE - 60:
        letters = f"{letters[: len(letters) // 2 - 2]}…{letters[len(letters) // 2 + 2 :]}"
    return letters
