"""One trained network: data and grid carried from the input through every layer to the last.

Run it by itself with ``manim render scenes/layers.py Layers``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.passage import OWN, Passage
from spiralcore.catalogue import Needs
from spiralcore.spaces import PLANE
from spiralcore.stage.explanation import Explanation
from spiralcore.stage.film import Film
from spiralcore.stage.journey import Journey
from spiralcore.stage.layout import Box
from spiralcore.stage.marks import Bar, Outline, SpaceFrame
from spiralcore.stage.moments import Moment, spaced
from spiralcore.stage.networkmap import NetworkMap
from spiralcore.stage.numbers import dead_note, nats, percentage
from spiralcore.stage.palette import rgb
from spiralcore.stage.panels import input_panel, input_plane, ordered_cloud
from spiralcore.stage.plane import Plane
from spiralcore.stage.polylines import Polylines
from spiralcore.stage.regions import HiddenRegions
from spiralcore.stage.words import Words, text_width
from spiralcore.trajectory.playback import Playback
from spiralcore.trajectory.timeline import Timeline

Text = Callable[[float], str]

PANEL = Box(70, 128, 880, 880)
LEFT, RIGHT = 1000, 1850

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
        lower, upper = input_plane(self.trajectories[0], PANEL).limits
        rough = (upper - lower) / GRID_LINES
        step = next(d * p for p in 10.0 ** np.arange(-9, 16) for d in (1, 2, 4, 5) if d * p > rough)
        levels = step * np.arange(np.ceil(lower / step), upper / step)
        upright = np.stack(
            np.broadcast_arrays(levels[:, None], np.linspace(lower, upper, SAMPLES)), axis=-1
        )
        return np.concatenate([upright, upright[..., ::-1]]).astype(np.float32)

    def moments(self) -> list[Moment]:
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
        return spaced(map(Moment, [*seconds, self.time_of.action_over], texts))

    def build(self) -> None:
        """Lay out the picture."""
        trajectory, depth = self.trajectories[0], self.journey.passage.network.depth
        ink, faint = self.theme.ink, self.theme.faint
        title, label = f"{trajectory.classes} classes", trajectory.activation_label
        layers = f"the {depth} hidden layers" if depth > 1 else "the hidden layer"
        self.place(
            Words(title, 70, 88, 50, ink, weight="bold"),
            Words(f"through {layers} of a trained {label} network",
                  70 + text_width(title, 50, "bold") + 28, 88, 40, faint),
            Words("the way of the data, not the training; every step drawn as straight paths",
                  70, 1048, 26, faint),
        )  # fmt: skip
        self._way()
        self._map(Box(LEFT, 140, RIGHT - LEFT, 130))
        self._steps(440)
        self._data(Box(LEFT, 716, 292, 292))

    def _way(self) -> None:
        """Points and grid on their way, with axes that zoom, and the regions at the end."""
        trajectory, journey = self.trajectories[0], self.journey
        passage, network = journey.passage, journey.passage.network
        self.place(Bar(PANEL, self.theme.panel), Outline(PANEL, self.theme.frame, 1.0))
        self._regions()
        plane = Plane(PANEL, journey.frame(0.0).limits, PLANE)
        axes = SpaceFrame(plane, self.theme, 30)
        layers = range(1, network.depth + 1)

        def show_axes(second: float) -> None:
            plane.show(journey.frame(second))
            axes.opacity = 1 - max(journey.at_home(second, layer) for layer in layers)

        self.animate(axes, show_axes, PANEL)
        for layer in layers:
            if network.widths[layer - 1] == OWN:
                self._border(layer)
        points = passage.pictures(trajectory.inputs)
        lines = passage.pictures(self.grid.reshape(-1, 2))
        shape = (*self.grid.shape[:2], 3)
        bent = Polylines(plane.to_scene(lines[0]).reshape(shape), PANEL, self.theme.ink, 0.3)
        cloud = ordered_cloud(self, trajectory, plane.to_scene(points[0]), 6.0)

        def bend(second: float) -> None:
            places = passage.at(journey.position(second), lines)
            bent.set_lines(plane.to_scene(places).reshape(shape))

        def carry(second: float) -> None:
            cloud.set_positions(plane.to_scene(passage.at(journey.position(second), points)))

        self.animate(bent, bend, PANEL)
        self.animate(cloud, carry, PANEL)

    def _regions(self) -> None:
        """The decision regions of the last layer, which appear with the read-out."""
        journey, network = self.journey, self.journey.passage.network
        space = network.activations[-1].space if network.widths[-1] == OWN else PLANE
        plane = Plane(PANEL, journey.frame(0.0).limits, space)
        weight, bias = journey.passage.readout()
        regions = HiddenRegions(
            plane, self.theme, weight.astype(np.float32), bias.astype(np.float32)
        )

        def show(second: float) -> None:
            plane.show(journey.frame(second))
            regions.opacity = journey.done(second, journey.passage.steps)

        self.animate(regions, show, PANEL)

    def _border(self, layer: int) -> None:
        """The border of the space of a layer of two units, while the picture is in it."""
        journey = self.journey
        space = journey.passage.network.activations[layer - 1].space
        plane = Plane(PANEL, journey.frame(0.0).limits, space)
        frame = SpaceFrame(plane, self.theme, 30)

        def show(second: float) -> None:
            plane.show(journey.frame(second))
            frame.opacity = journey.at_home(second, layer)

        self.animate(frame, show, PANEL)

    def _map(self, box: Box) -> None:
        """The whole network, and where we are."""
        widths = self.explanation.widths
        picture = NetworkMap(box, widths, self.theme)

        def move(second: float) -> None:
            picture.position = self.journey.layer(second)

        self.animate(picture, move, Box(box.left - 20, box.top - 4, box.width + 40, box.height + 8))
        stride = -(-len(widths) * 60 // int(box.width))
        for layer in range(0, len(widths), stride):
            x = picture.middle(layer)
            self.place(
                Words(f"{widths[layer]}", x, box.bottom + 32, 28, self.theme.faint, "centre")
            )

    def _steps(self, top: float) -> None:
        """What is happening now, in words and in formulas."""
        ink, faint, told = self.theme.ink, self.theme.faint, self.explanation
        self._say(Words("", LEFT, top - 62, 44, ink, weight="bold"), told.heading)
        self._say(Words("", RIGHT, top - 62, 36, faint, "right"), told.sizes)
        self._say(
            Words("", LEFT, top + 198, 28, faint), lambda second: told.share(self.slowly(second))
        )
        for row, name in enumerate(("weights", "biases", "activation", "read-out")):
            y, formula = top + 44 * row, partial(told.step, row)
            self._say(Words(name, LEFT, y, 34, faint), None, row)
            self._say(Words("", LEFT + 200, y, 34, faint), formula, row)

    def _say(self, words: Words, text: Text | None, row: int | None = None) -> None:
        """Let words change, and light up while the step of their row is made."""
        journey = self.journey
        colours = words.colour, rgb(self.theme.ink)

        def update(second: float) -> None:
            words.text = text(second) if text else words.text
            words.colour = colours[row is not None and journey.row(second) == row]

        if text:
            words.text = max((text(second) for second in journey.moments), key=len)
        self.animate(words, update, words.room())

    def _data(self, box: Box) -> None:
        """The input plane with its grid, and the numbers of the network."""
        trajectory, passage = self.trajectories[0], self.journey.passage
        ink, faint, epoch = self.theme.ink, self.theme.faint, passage.epoch
        plane = input_plane(trajectory, box)
        grid = plane.to_scene(self.grid.reshape(-1, 2)).reshape(*self.grid.shape[:2], 3)
        ends = Timeline(np.array([0.0, 1.0]), np.array([0.0, max(trajectory.trained_epochs, 1)]))
        still = float(ends.seconds_at(np.array([epoch]))[0])
        self.place(
            Words("the class predicted in the input plane", box.left, box.top - 16, 28, faint)
        )
        input_panel(
            self,
            Playback(trajectory, ends, smoothing=0.0),
            box,
            radius=2.6,
            still=still,
            between=[Polylines(grid, box, ink, 0.25, 1.2)],
        )
        x, right = box.right + 44, RIGHT
        self.place(
            Words("epoch", x, box.top + 40, 32, faint),
            Words(f"{epoch:,}", x, box.top + 96, 60, ink, weight="bold"),
            Words("accuracy", x, box.bottom - 74, 32, faint),
            Words(percentage(float(trajectory.accuracy[epoch])), x, box.bottom - 16, 52, ink),
            Words("cross-entropy", right, box.bottom - 74, 32, faint, "right"),
            Words(nats(float(trajectory.cross_entropy[epoch])), right, box.bottom - 16, 52, ink,
                  "right"),
        )  # fmt: skip
        dead_note(self, trajectory, LEFT, 1048)
