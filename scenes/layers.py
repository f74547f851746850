"""One trained network: data and grid carried from the input through every layer to the last.

Run it by itself with ``manim render scenes/layers.py Layers``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property, partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.passage import OWN, Passage
from spiralcore.registry.films import Needs
from spiralcore.registry.spaces import PLANE
from spiralcore.registry.themes import rgb
from spiralcore.stage.clock.journey import Journey
from spiralcore.stage.clock.pauses import Pause, spaced
from spiralcore.stage.film import READOUT_RATE, Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.borders import Bar, Outline, SpaceFrame
from spiralcore.stage.marks.explanation import Explanation
from spiralcore.stage.marks.network_map import NetworkMap
from spiralcore.stage.marks.polylines import Polylines
from spiralcore.stage.marks.regions import HiddenRegions
from spiralcore.stage.marks.words import Side, Weight, Words, text_width, widest, wrapped
from spiralcore.stage.panels.board import Board
from spiralcore.stage.panels.notes import Note, faults
from spiralcore.stage.panels.numbers import nats, percentage
from spiralcore.stage.panels.panels import input_panel, input_plane, ordered_cloud
from spiralcore.stage.panels.side import fitting
from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.play.timeline import Timeline

Text = Callable[[float], str]

CAPTIONS = ("the class predicted in the input plane", "predicted in the input", "predicted")

LEFT: Side = "left"
RIGHT: Side = "right"

NARROW = 400.0
"""Width of a side up to which the numbers have no room beside the data."""

NOTE = "the way of the data, not the training; every step drawn as straight paths"

GRID_LINES = 11
"""Lines of the grid in each direction, about."""

SAMPLES = 1201
"""Points of each line: enough for kinks and for the steepest places of a trained network."""


class Layers(Film):
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
    def grid(self) -> NDArray[np.float32]:
        """The coordinate grid of the input plane, shape (lines, `SAMPLES`, 2)."""
        lower, upper = input_plane(self.trajectories[0], Box(0, 0, 1, 1)).limits
        rough = (upper - lower) / GRID_LINES
        step = next(d * p for p in 10.0 ** np.arange(-9, 16) for d in (1, 2, 4, 5) if d * p > rough)
        levels = step * np.arange(np.ceil(lower / step), upper / step)
        upright = np.stack(
            np.broadcast_arrays(levels[:, None], np.linspace(lower, upper, SAMPLES)), axis=-1
        )
        return np.concatenate([upright, upright[..., ::-1]]).astype(np.float32)

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
        hold = self.time_of.hold
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
            notes=[
                Note("the way of the data, not the training; every step drawn as straight paths")
            ],
            side_notes=faults(trajectory),
            least=680,
        )
        side, text = board.side, self.text(1.0)
        self._way(board.large)
        self._map(Box(side.left, side.top + 12, side.width, 130))
        if side.width > 1.3 * side.height:
            # What is happening beside the data.
            half, top = 0.53 * side.width, side.top + 12 + 130 + 46 * text
            self._steps(Box(side.left, top, half, side.bottom - top))
            x = side.left + half + 30
            self._data(Box(x, top, side.right - x, side.bottom - top))
            return
        end = self._steps(Box(side.left, side.top + 202, side.width, side.height - 202))
        top = max(end + 34, side.bottom - 372)
        # What has no room beside the data goes below the large panel.
        apart = board.below if side.width < NARROW and board.below.height > 90 * text else None
        self._data(Box(side.left, top, side.width, side.bottom - top), apart)

    def _way(self, box: Box) -> None:
        """Points and grid on their way, with axes that zoom, and the regions at the end."""
        self.panel = box
        trajectory, journey = self.trajectories[0], self.journey
        passage, network = journey.passage, journey.passage.network
        self.place(Bar(self.panel, self.theme.panel), Outline(self.panel, self.theme.frame, 1.0))
        self._regions()
        plane = Plane(self.panel, journey.frame(0.0).limits, PLANE)
        axes = SpaceFrame(plane, self.theme, self.text(30))
        layers = range(1, network.depth + 1)

        def show_axes(second: float) -> None:
            plane.show(journey.frame(second))
            axes.opacity = 1 - max(journey.at_home(second, layer) for layer in layers)

        self.place_live(axes, show_axes, self.panel)
        for layer in layers:
            if network.widths[layer - 1] == OWN:
                self._border(layer)
        points = passage.pictures(trajectory.inputs)
        lines = passage.pictures(self.grid.reshape(-1, 2))
        shape = (*self.grid.shape[:2], 3)
        bent = Polylines(plane.to_scene(lines[0]).reshape(shape), self.panel, self.theme.ink, 0.3)
        cloud = ordered_cloud(
            self, trajectory, plane.to_scene(points[0]), 6.0 * self.panel.width / 880
        )

        def bend(second: float) -> None:
            places = passage.at(journey.position(second), lines)
            bent.set_lines(plane.to_scene(places).reshape(shape))

        def carry(second: float) -> None:
            cloud.set_positions(plane.to_scene(passage.at(journey.position(second), points)))

        self.place_live(bent, bend, self.panel)
        self.place_live(cloud, carry, self.panel)

    def _regions(self) -> None:
        """The decision regions of the last layer, which appear with the read-out."""
        journey, network = self.journey, self.journey.passage.network
        space = network.activations[-1].space if network.widths[-1] == OWN else PLANE
        plane = Plane(self.panel, journey.frame(0.0).limits, space)
        weight, bias = journey.passage.readout()
        regions = HiddenRegions(
            plane, self.theme, weight.astype(np.float32), bias.astype(np.float32)
        )

        def show(second: float) -> None:
            plane.show(journey.frame(second))
            regions.opacity = journey.done(second, journey.passage.steps)

        self.place_live(regions, show, self.panel)

    def _border(self, layer: int) -> None:
        """The border of the space of a layer of two units, while the picture is in it."""
        journey = self.journey
        space = journey.passage.network.activations[layer - 1].space
        plane = Plane(self.panel, journey.frame(0.0).limits, space)
        frame = SpaceFrame(plane, self.theme, self.text(30))

        def show(second: float) -> None:
            plane.show(journey.frame(second))
            frame.opacity = journey.at_home(second, layer)

        self.place_live(frame, show, self.panel)

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

    def _steps(self, box: Box) -> float:
        """What is happening now, in words and in formulas; tells where that ends."""
        ink, faint, told, scale = self.theme.ink, self.theme.faint, self.explanation, self.text(1.0)
        left, y = box.left, box.top + 48 * scale
        heading = self._longest(told.heading, 44 * scale, "bold")
        sizes = self._longest(told.sizes, 36 * scale)
        self._say(Words(heading, left, y, 44 * scale, ink, weight="bold"), told.heading)
        wide = text_width(heading, 44 * scale, "bold") + text_width(sizes, 36 * scale) + 30
        if wide <= box.width:
            self._say(Words(sizes, box.right, y, 36 * scale, faint, "right"), told.sizes)
        else:
            y += 50 * scale
            self._say(Words(sizes, left, y, 36 * scale, faint), told.sizes)
        names = ("weights", "biases", "activation", "read-out")
        size, indent, pitch = 34 * scale, 200.0, 44 * scale
        if box.width < 600:
            # As large as the longest formula allows, which else takes two lines.
            formulas = [self._longest(partial(told.step, row), size) for row in range(len(names))]
            column = max(text_width(name, 1.0) for name in names)
            formula = max(text_width(text, 1.0) for text in formulas)
            size = max(min(size, (box.width - 20) / (column + formula)), 26 * scale)
            indent, pitch = column * size + 18, 1.28 * size
        y += 62 * min(scale, 1.1)
        for row, name in enumerate(names):
            self._say(Words(name, left, y, size, faint), None, row)
            step = partial(told.step, row)
            y += pitch * self._wrap(step, left + indent, y, box.right, size, pitch, row)
        y += 22 * scale

        def share(second: float) -> str:
            return told.share(self.slowly(second))

        lines = self._wrap(share, left, y, box.right, 28 * scale, 35 * scale)
        return y + 35 * scale * (lines - 1)

    def _wrap(
        self,
        text: Text,
        x: float,
        y: float,
        right: float,
        size: float,
        pitch: float,
        row: int | None = None,
    ) -> int:
        """Set a text that changes in as many lines as it needs at most, and tell how many."""
        width, faint = right - x, self.theme.faint
        lines = max(len(wrapped(said, width, size)) for said in self._all(text))
        for line in range(lines):
            part = partial(self._line, text, line, width, size) if lines > 1 else text
            self._say(Words("", x, y + pitch * line, size, faint), part, row)
        return lines

    def _line(self, text: Text, line: int, width: float, size: float, second: float) -> str:
        """A line of a text that changes."""
        return dict(enumerate(wrapped(text(second), width, size))).get(line, "")

    def _longest(self, text: Text, size: float, weight: Weight = "regular") -> str:
        return widest(self._all(text), size, weight)

    def _all(self, text: Text) -> set[str]:
        """All that a text says, in the steps in which numbers change."""
        steps = range(math.ceil(self.settings.seconds * READOUT_RATE) + 1)
        seconds = [*self.journey.moments, *(step / READOUT_RATE for step in steps)]
        return {text(second) for second in seconds}

    def _say(self, words: Words, text: Text | None, row: int | None = None) -> None:
        """Let words change, and light up while the step of their row is made."""
        journey = self.journey
        colours = words.colour, rgb(self.theme.ink)

        def update(second: float) -> None:
            words.text = text(second) if text else words.text
            words.colour = colours[row is not None and journey.row(second) == row]

        if text:
            words.text = self._longest(text, words.size, words.weight)
        self.place_live(words, update, words.reserved())

    def _data(self, area: Box, apart: Box | None = None) -> None:
        """The input plane with its grid, and the numbers of the network."""
        trajectory, passage = self.trajectories[0], self.journey.passage
        ink, faint, epoch = self.theme.ink, self.theme.faint, passage.epoch
        size = self.text(28)
        head = fitting(self, CAPTIONS, area.width, 28)
        numbers = (
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
        self.place(Words(head, box.left, box.top - 16, size, faint))
        plane = input_plane(trajectory, box)
        grid = plane.to_scene(self.grid.reshape(-1, 2)).reshape(*self.grid.shape[:2], 3)
        ends = Timeline(np.array([0.0, 1.0]), np.array([0.0, max(trajectory.trained_epochs, 1)]))
        still = float(ends.seconds_at(np.array([epoch]))[0])
        input_panel(
            self,
            Playback(trajectory, ends, smoothing=0.0),
            box,
            radius=2.6 * box.width / 292,
            still=still,
            between=[Polylines(grid, box, ink, 0.25, 1.2)],
        )
        x, pitch = box.right + (44 if roomy else 24), side / len(numbers)
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
