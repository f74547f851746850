"""One trained network: data and grid carried from the input through every layer to the last.

Run it by itself with ``manim render scenes/layers.py Layers``.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from spiralcore.analysis.network.passage import Passage
from spiralcore.registry.films import Needs
from spiralcore.stage.clock.journey import Journey
from spiralcore.stage.clock.pauses import Pause, spaced
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.explanation import Explanation
from spiralcore.stage.marks.network_map import NetworkMap
from spiralcore.stage.marks.polylines import Polylines
from spiralcore.stage.marks.words import Weight, Words, text_width
from spiralcore.stage.panels.board import Board
from spiralcore.stage.panels.data_panel import DataPanel, input_plane
from spiralcore.stage.panels.notes import faults
from spiralcore.stage.panels.numbers import percentage
from spiralcore.stage.panels.steps_panel import StepsPanel
from spiralcore.stage.panels.way_panel import WayPanel, coordinate_grid
from spiralcore.stage.story.captioned_film import CaptionedFilm
from spiralcore.story.captions import LONGEST, SHORTEST, Caption, CaptionTrack
from spiralcore.story.sentences import Line, Speaker
from spiralcore.story.telling import kept_apart
from spiralcore.subjects.sentences import counted
from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.play.timeline import Timeline

LEAST = 120.0
"""Side of the picture of the data at least, in design pixels: a smaller one is left out."""

NUMBER = 60.0
"""Font size of the numbers at most."""

NOTE = "not the training: the way through the layers, on straight paths; background: prediction"


EARLY = 0.75
"""Seconds by which something may be told before it happens."""


class Step(NamedTuple):
    """What is said of a layer, until when it is on its way, and how important that is."""

    line: Line
    end: float
    importance: float


class Layers(CaptionedFilm):
    """The way through the network large, a map of it and what is happening at the side."""

    needs = Needs.ONE

    @cached_property
    def journey(self) -> Journey:
        """The points on their way through the last recorded network."""
        trajectory = self.trajectories[0]
        return Journey(Passage(trajectory), trajectory.inputs, self.settings.seconds)

    @cached_property
    def explanation(self) -> Explanation:
        """What is said of them."""
        return Explanation(self.journey, self.trajectories[0].classes)

    @cached_property
    def told(self) -> CaptionTrack:
        """What each layer does, as its weights begin to move the points.

        Where a film is too short for all, of those whose ways are longest.
        """
        settings, trajectory = self.settings, self.trajectories[0]
        if not settings.captions:
            return CaptionTrack(())
        said = settings.words
        speaker = Speaker.of(trajectory, said)
        over, ends = self.said_until, self.journey.arrivals[:-1]
        # The first one while nothing moves yet; after it the next one, if that is not too late.
        read = max(SHORTEST - settings.hold, 0.0)
        told = [(-settings.hold, Step(speaker.say("layers_input"), read, 1.0))]
        widths = self.explanation.widths[1:-1]
        for layer, (width, (start, end)) in enumerate(
            zip(widths, pairwise([0.0, *ends]), strict=True), 1
        ):
            line = speaker.say("layers_hidden", v=said.number(layer), w=said.number(width))
            step = Step(line, end, (end - start) / settings.seconds)
            told.append((max(start, min(read, end - SHORTEST)), step))
        right = float(trajectory.accuracy[self.journey.passage.epoch])
        start = min(ends[-1], over - SHORTEST)
        # In a short film it would come long before what it speaks of, and is left out.
        if np.isfinite(right) and start >= ends[-1] - EARLY:
            line = speaker.say("layers_readout", v=said.percentage(right))
            told.append((start, Step(line, over, 0.9)))
        return CaptionTrack(
            (
                Caption(start, min(max(step.end, start + SHORTEST), start + LONGEST), step.line)
                for start, step in kept_apart(told, SHORTEST, first=-settings.hold)
            ),
            until=over,
        )

    def moments(self) -> list[Pause]:
        """The input, each hidden layer, the read-out."""
        *sizes, last = (f"{one} → {other}" for one, other in pairwise(self.explanation.widths))
        entries = self.journey.passage.network.activations
        layers = [
            f"Hidden layer {layer}, {size} units: weights, biases, then {entry.label}."
            for layer, (size, entry) in enumerate(zip(sizes, entries, strict=True), 1)
        ]
        texts = [
            "The points of the plane, with its grid.",
            *layers,
            f"The read-out, {last} classes: each point goes to the largest of W x + b.",
        ]
        hold = self.time_of.start
        *seconds, _ = (hold + second for second in (0.0, *self.journey.arrivals))
        return spaced(map(Pause, [*seconds, self.time_of.action_over], texts))

    def build(self) -> None:
        """Lay out the picture."""
        trajectory, depth = self.trajectories[0], self.journey.passage.network.depth
        label = trajectory.activation_label
        layers = f"{depth} hidden layers" if depth > 1 else "the hidden layer"
        board = Board(
            self,
            counted(trajectory),
            f"through {layers}, {label}",
            side_notes=faults(trajectory),
            least=680,
            reserve=self.captions_height(NOTE),
        )
        self.show_captions(board.captions, NOTE)
        side, text = board.side, self.text_scale
        self.show_panels(WayPanel(self, self.journey, trajectory, board.large))
        self._map(Box(side.left, side.top + 12, side.width, 130))
        if side.width > 1.3 * side.height:
            # What is happening beside the data.
            half, top = 0.53 * side.width, side.top + 12 + 130 + 46 * text
            words = Box(side.left, top, half, side.bottom - top)
            self.show_panels(StepsPanel(self, self.journey, self.explanation, words))
            x = side.left + half + 30
            self._data(Box(x, top, side.right - x, side.bottom - top))
            return
        words = Box(side.left, side.top + 202, side.width, side.height - 202)
        steps = StepsPanel(self, self.journey, self.explanation, words)
        self.show_panels(steps)
        top = max(steps.end + 34, side.bottom - 372)
        self._data(Box(side.left, top, side.width, side.bottom - top))

    def _map(self, box: Box) -> None:
        """The whole network, and where we are."""
        widths = self.explanation.widths
        picture = NetworkMap(box, widths, self.theme)

        def move(second: float) -> None:
            picture.position = self.journey.layer(second)

        self.place_live(
            picture, move, Box(box.left - 20, box.top - 4, box.width + 40, box.height + 8)
        )
        stride = -(-len(widths) * int(60 * self.text_scale) // int(box.width))
        for layer in range(0, len(widths), stride):
            x = picture.middle(layer)
            self.place(
                Words(
                    f"{widths[layer]}",
                    x,
                    box.bottom + 32 * self.text_scale,
                    self.text(),
                    self.theme.faint,
                    "centre",
                )
            )

    def _data(self, area: Box) -> None:
        """The input plane with its grid, and the numbers of the network, as far as they fit."""
        trajectory, epoch, size = self.trajectories[0], self.journey.passage.epoch, self.text()
        numbers: tuple[tuple[str, str], ...] = (
            (trajectory.unit, f"{trajectory.counting.at(epoch):,}"),
            ("accuracy", percentage(float(trajectory.accuracy[epoch]))),
        )
        most = min(area.height - size - 16, 292 * self.text_scale)
        column = max(text_width(text, NUMBER, "bold") for pair in numbers for text in pair) + 32
        side = min(most, area.width - column)
        large = min(side / 2 - 1.15 * size, NUMBER)
        if side < LEAST or large < size:
            # The picture needs the room more than the numbers.
            side, numbers = min(most, area.width), ()
        box = Box(area.left, area.bottom - side, side, side)
        if side < LEAST:
            return
        self._picture(box)
        for i, (name, value) in enumerate(numbers):
            x, y = box.right + 32, box.top + side / 2 * i + 0.8 * size
            weight: Weight = "regular" if i else "bold"
            self.place(
                Words(name, x, y, size, self.theme.faint),
                Words(value, x, y + 1.05 * large, large, self.theme.ink, weight=weight),
            )

    def _picture(self, box: Box) -> None:
        """The input plane with its grid."""
        trajectory, epoch = self.trajectories[0], self.journey.passage.epoch
        at = box.left, box.top - 16
        self.place(Words("data", *at, self.text(), self.theme.faint))
        plane = input_plane(trajectory, box)
        lines = coordinate_grid(trajectory)
        grid = plane.to_scene(lines.reshape(-1, 2)).reshape(*lines.shape[:2], 3)
        ends = Timeline(np.array([0.0, 1.0]), np.array([0.0, max(trajectory.trained_epochs, 1)]))
        still = float(ends.seconds_at(np.array([epoch]))[0])
        self.show_panels(
            DataPanel(
                self,
                Playback(trajectory, ends, smoothing=0.0),
                box,
                radius=2.6 * box.width / 292,
                stopped=still,
                between=[Polylines(grid, box, self.theme.ink, 0.25, 1.2)],
            )
        )
