"""Trails: the class means as discs that draw a line behind them, thinner the older it is."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.shapes import Context, Drawing, fill
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.playback import Playback

Doubles = NDArray[np.float64]

SECONDS = 1.5
"""Of film time that a trail goes back."""

RATE = 30
"""Places of a mean that are known, a second."""

RIM = 3.0
"""Width of a disc's rim, in design pixels."""


class MeanPaths:
    """Where the class means are at any second, smoothed as the points are.

    Parameters
    ----------
    playback
        Of the trajectory; K classes, D units.
    """

    def __init__(self, playback: Playback) -> None:
        path = playback.trajectory
        self.shown = np.unique(path.labels)
        means = _means(path.hidden, path.labels, self.shown)
        recorded = path.hidden_mean
        # Points that lie on their means, in a space that lets them be anywhere.
        reduced = Trajectory.of(
            {},
            epochs=path.epochs,
            inputs=path.inputs[: len(self.shown)],
            labels=np.arange(len(self.shown)),
            hidden=means,
            accuracy=path.accuracy,
            **(
                {}
                if recorded is None
                else {"hidden_mean": _means(recorded, path.labels, self.shown)}
            ),
        )
        self._playback = Playback(reduced, playback.timeline, playback.smoothing)
        self._classes = path.classes
        count = math.ceil((playback.timeline.duration + 2) * RATE) + 1
        self._first = -1.0
        self._known = np.stack([self.at(self._first + i / RATE) for i in range(count)])

    def at(self, second: float) -> Doubles:
        """All means, shape (K, D); NaN for classes without points."""
        hidden = self._playback.at(second).hidden
        found = np.full((self._classes, hidden.shape[1]), np.nan)
        found[self.shown] = hidden
        return found

    def way(self, second: float, seconds: float = SECONDS) -> Doubles:
        """The way that they have come in the last seconds, shape (S, K, D), the oldest first."""
        last = self._slot(second)
        first = self._slot(second - seconds)
        before = self._known[math.ceil(first) : math.floor(last) + 1]
        return np.concatenate([self._between(first)[None], before, self.at(second)[None]])

    def _slot(self, second: float) -> float:
        return min(max((second - self._first) * RATE, 0.0), len(self._known) - 1.0)

    def _between(self, slot: float) -> Doubles:
        before = int(slot)
        after, share = min(before + 1, len(self._known) - 1), slot - before
        return np.asarray((1 - share) * self._known[before] + share * self._known[after])


class Trails(Painted):
    """Discs at the class means of a plane, each with the trail of its last seconds.

    Parameters
    ----------
    plane
        Of the layer, which has two units; its limits may move.
    paths
        Where the means are.
    theme
        Colours.
    radius
        Of the discs, in design pixels.

    Attributes
    ----------
    second
        Of the training.
    strengths
        Opacity of each class, shape (K,).
    """

    def __init__(
        self, plane: Plane, paths: MeanPaths, theme: Theme, radius: float = 15.0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.plane, self.paths, self.radius = plane, paths, radius
        self.second = 0.0
        self._classes = paths.at(0.0).shape[0]
        self.strengths: NDArray[np.floating] = np.ones(self._classes)
        self._colours = theme.class_colours(self._classes)
        self._rim, self._ink = rgb(theme.background), rgb(theme.ink)
        self.points = plane.box.corners()

    def places(self) -> Doubles:
        """The ways of all means in design pixels, shape (S, K, 2), the oldest place first."""
        way = self.paths.way(self.second)
        return self.plane.to_design(way.reshape(-1, 2)).reshape(way.shape)

    def room(self) -> Box | None:
        """The panel, and discs that reach out of it."""
        return self.plane.box.padded(2 * self.radius)

    def paint(self, canvas: Canvas) -> None:
        """Draw trails, then discs."""
        ways, panel = self.places(), self.plane.box
        shown = [label for label in self.paths.shown.tolist() if self.strengths[label] > 0]
        for label in shown:
            opacity = 0.75 * self.opacity * float(self.strengths[label])
            half = 0.62 * self.radius
            draw = tapered(ways[:, label], half, panel)
            if draw is not None:
                # Not the whole panel, which is a hundred times as large.
                box = _around(ways[:, label], half, panel)
                fill(canvas, box, draw, self._colours[label], opacity)
        for label in shown:
            opacity = self.opacity * float(self.strengths[label])
            for radius, colour in (
                (self.radius + RIM, self._rim),
                (self.radius, self._ink),
                (self.radius - RIM, self._colours[label]),
            ):
                box, disc = _disc(ways[-1, label], radius)
                fill(canvas, box, disc, colour, opacity, rim=2.0)


def tapered(way: Doubles, half: float, panel: Box) -> Drawing | None:
    """A line through places, shape (S, 2), that grows from nothing to twice ``half`` wide.

    None where nothing has moved by a pixel.
    """
    steps = np.linalg.norm(np.diff(way, axis=0), axis=1)
    if not steps.sum() >= 1.0:
        return None
    moved = np.append(True, steps > 1e-6)
    share = np.linspace(0, 1, len(way))[moved]
    line = way[moved]
    along = np.gradient(line, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    aside = np.column_stack((-along[:, 1], along[:, 0])) * (half * share)[:, None]

    def draw(context: Context) -> None:
        context.rectangle(*panel)
        context.clip()
        # Piece by piece: where a way turns back on itself, an outline would cross itself.
        for i in range(len(line) - 1):
            context.move_to(*(line[i] + aside[i]))
            for corner in (
                line[i + 1] + aside[i + 1],
                line[i + 1] - aside[i + 1],
                line[i] - aside[i],
            ):
                context.line_to(*corner)
            context.close_path()
            context.fill()
            x, y = line[i + 1].tolist()
            context.arc(x, y, half * share[i + 1], 0.0, 2 * math.pi)
            context.fill()

    return draw


def _around(way: Doubles, half: float, panel: Box) -> Box:
    """What a trail covers of a panel."""
    low, high = way.min(axis=0) - half - 2, way.max(axis=0) + half + 2
    left, top = max(low[0], panel.left), max(low[1], panel.top)
    right, bottom = min(high[0], panel.right), min(high[1], panel.bottom)
    return Box(left, top, max(right - left, 0.0), max(bottom - top, 0.0))


def _disc(place: Doubles, radius: float) -> tuple[Box, Drawing]:
    x, y = place.tolist()

    def draw(context: Context) -> None:
        context.arc(x, y, radius, 0.0, 2 * math.pi)
        context.fill()

    return Box(x - radius, y - radius, 2 * radius, 2 * radius), draw


def _means(
    run: NDArray[np.float32], labels: NDArray[np.int64], shown: NDArray[np.int64]
) -> NDArray[np.float32]:
    return np.stack([run[:, labels == label].mean(axis=1) for label in shown], axis=1)
