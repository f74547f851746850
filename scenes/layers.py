"""One trained network: data and grid carried from the input through every layer to the last.

Run it by itself with ``manim render scenes/layers.py Layers``.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

import numpy as np

from spiralcore.analysis.network.passage import Passage
from spiralcore.registry.films import Needs
from spiralcore.registry.languages.catalogue import language
from spiralcore.stage.clock.journey import Journey
from spiralcore.stage.clock.pauses import Pause, spaced
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.explanation import Explanation
from spiralcore.stage.marks.network_map import NetworkMap
from spiralcore.stage.marks.polylines import Polylines
from spiralcore.stage.marks.words import Side, Weight, Words, text_width
from spiralcore.stage.panels.board import Board
from spiralcore.stage.panels.data_panel import DataPanel, input_plane
from spiralcore.stage.panels.notes import faults
from spiralcore.stage.panels.numbers import nats, percentage
from spiralcore.stage.panels.side import fitting
from spiralcore.stage.panels.steps_panel import StepsPanel
from spiralcore.stage.panels.way_panel import WayPanel, coordinate_grid
from spiralcore.stage.story.captioned_film import CaptionedFilm
from spiralcore.story.captions import LONGEST, SHORTEST, Caption, CaptionTrack
from spiralcore.story.sentences import Line, Speaker
from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.play.timeline import Timeline

CAPTIONS = ("the class predicted in the input plane", "predicted in the input", "predicted")

LEFT: Side = "left"
RIGHT: Side = "right"

LEAST = 110.0
"""Side of the picture of the data at least, in design pixels: a smaller one is left out."""

NARROW = 400.0
"""Width of a side up to which the numbers have no room beside the data."""

NOTE = "the way of the data, not the training; every step drawn as straight paths"


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
        """What each layer does, as its weights begin to move the points."""
        settings, trajectory = self.settings, self.trajectories[0]
        if not settings.captions:
            return CaptionTrack(())
        said = language(settings.language)
        speaker = Speaker.of(trajectory, said)
        lines: list[Line] = [speaker.say("layers_input")]
        for layer, width in enumerate(self.explanation.widths[1:-1], 1):
            lines.append(speaker.say("layers_hidden", v=said.number(layer), w=said.number(width)))
        right = float(trajectory.accuracy[self.journey.passage.epoch])
        if np.isfinite(right):
            lines.append(speaker.say("layers_readout", v=said.percentage(right)))
        # The first one while nothing moves yet; each is read before the next one comes.
        starts = [-settings.hold]
        for start in (0.0, *self.journey.arrivals[: len(lines) - 2]):
            starts.append(max(start, starts[-1] + SHORTEST))
        over = settings.seconds + settings.hold
        return CaptionTrack(
            (Caption(start, start + LONGEST, line)
             for start, line in zip(starts, lines, strict=True)),
            until=over,
        )  # fmt: skip

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
        layers = f"the {depth} hidden layers" if depth > 1 else "the hidden layer"
        board = Board(
            self,
            f"{trajectory.classes} classes",
            f"through {layers} of a trained {label} network",
            side_notes=faults(trajectory),
            least=680,
            reserve=self.captions_height(),
        )
        self.show_captions(board.captions, NOTE)
        side, text = board.side, self.text(1.0)
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
        # What has no room beside the data goes below the large panel.
        apart = board.below if side.width < NARROW and board.below.height > 90 * text else None
        self._data(Box(side.left, top, side.width, side.bottom - top), apart)

    def _map(self, box: Box) -> None:
        """The whole network, and where we are."""
        widths = self.explanation.widths
        picture = NetworkMap(box, widths, self.theme)

        def move(second: float) -> None:
            picture.position = self.journey.layer(second)

        self.place_live(
            picture, move, Box(box.left - 20, box.top - 4, box.width + 40, box.height + 8)
        )
        stride = -(-len(widths) * int(self.text(60)) // int(box.width))
        for layer in range(0, len(widths), stride):
            x = picture.middle(layer)
            self.place(
                Words(
                    f"{widths[layer]}",
                    x,
                    box.bottom + self.text(32),
                    self.text(28),
                    self.theme.faint,
                    "centre",
                )
            )

    def _data(self, area: Box, apart: Box | None = None) -> None:
        """The input plane with its grid, and the numbers of the network."""
        trajectory, passage = self.trajectories[0], self.journey.passage
        ink, faint, epoch = self.theme.ink, self.theme.faint, passage.epoch
        size = self.text(28)
        head = fitting(self, CAPTIONS, area.width, 28)
        numbers: tuple[tuple[str, str, float], ...] = (
            ("epoch", f"{epoch:,}", 60.0),
            ("accuracy", percentage(float(trajectory.accuracy[epoch])), 52.0),
            ("cross-entropy", nats(float(trajectory.cross_entropy[epoch])), 52.0),
        )
        column = text_width("cross-entropy", 32)
        roomy = area.width >= 292 + 44 + 2 * column + 40
        if not roomy:
            column = text_width("cross-entropy", self.text(24))
        beside = 0.0 if apart else column + 24
        side = min(area.height - size - 16, 292 * self.text(1.0), area.width - beside)
        box = Box(area.left, area.bottom - side, side, side)
        if side >= LEAST:
            self._picture(box, head)
        else:
            box = box._replace(left=area.left - 24, width=0.0)
        if not roomy and not apart:
            # As many as can be read.
            numbers = numbers[: int(side // self.text(68))]
        x, pitch = box.right + (44 if roomy else 24), side / max(len(numbers), 1)
        for i, (name, value, large) in enumerate(numbers):
            at, place = x, LEFT
            if apart:
                small, at = self.text(28), apart.left + 0.35 * apart.width * i
                y, step = apart.top + small, self.text(54)
            elif not roomy:
                small = self.text(24)
                y = box.top + pitch * i + 0.8 * small
                step, large = 1.12 * min(large, 0.46 * pitch), min(large, 0.46 * pitch)
            elif i == 0:
                small, y, step = 32.0, box.top + 40, 56.0
            else:
                # The last two beside each other.
                small, y, step = 32.0, box.bottom - 74, 58.0
                at, place = (x, LEFT) if i == 1 else (area.right, RIGHT)
            weight: Weight = "bold" if i == 0 else "regular"
            self.place(
                Words(name, at, y, small, faint, place),
                Words(value, at, y + step, large, ink, place, weight),
            )

    def _picture(self, box: Box, head: str) -> None:
        """The input plane with its grid."""
        trajectory, epoch = self.trajectories[0], self.journey.passage.epoch
        at = box.left, box.top - 16
        self.place(Words(head, *at, self.text(28), self.theme.faint))
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
