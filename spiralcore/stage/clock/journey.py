"""The way through a network in film time: where the data is, and how much of the plane is shown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.passage import OWN, PARTS, Part, Passage, Place
from spiralcore.stage.clock.itinerary import Itinerary
from spiralcore.trajectory.play.view import Frame, Zoom

MOVING, BRIEFEST, LONGEST = 0.48, 0.008, 0.15
"""Parts of the whole: what all steps take together, and what one of them takes at least and at
most. Between these a step takes as long as the way is that it leads."""

RESTS: dict[Part, float] = {"linear": 0.12, "bias": 0.12, "activation": 0.4}
"""How long to stand still after a step, in proportion."""

READOUT = 0.07
"""Part of the whole that the read-out takes at the end."""

PIECES = 8
"""In how many pieces a way is measured."""

MARGIN = 0.07
"""Room around the points on each side, as a part of the width."""

LEAST = 0.05
"""The origin is at least so far from an edge, as a part of the distance to the other edge."""


class Journey:
    """The passage of some points on a clock.

    Parameters
    ----------
    passage
        Through which network.
    points
        Points of the input plane that stay in the picture, shape (N, 2).
    duration
        Seconds from the input to the read-out.
    """

    def __init__(self, passage: Passage, points: NDArray[np.float32], duration: float) -> None:
        self.passage = passage
        self._pictures = passage.pictures(points)
        moves = [*shares(ways(passage, self._pictures)), READOUT]
        rests = np.array([RESTS[part] for part in PARTS] * passage.network.depth)
        rests *= (1 - sum(moves)) / rests.sum()
        self._itinerary = Itinerary(moves, [*rests.tolist(), 0.0], duration)
        seconds = np.linspace(0.0, duration, max(round(2 * Zoom.RATE * duration), 2))
        reached = np.array([self._reach(float(second)) for second in seconds])
        self._sides = [Zoom(seconds, side, duration) for side in reached.T]

    @property
    def moments(self) -> list[float]:
        """The start, and a time within each step."""
        return [0.0, *self._itinerary.middles]

    @property
    def arrivals(self) -> list[float]:
        """When the data arrives in each hidden layer, and when it has been read out."""
        ends = self._itinerary.ends
        return [*ends[len(PARTS) - 1 : -1 : len(PARTS)], ends[-1]]

    def position(self, second: float) -> float:
        """See `Passage.place`."""
        return min(self._itinerary.position(second), float(self.passage.steps))

    def done(self, second: float, step: int) -> float:
        """How much of a step has been made, 0 to 1; the read-out is the one after all others."""
        return min(max(self._itinerary.position(second) - step, 0.0), 1.0)

    def place(self, second: float) -> Place:
        """The step that is made, or rested after; see `Passage.place`."""
        return self.passage.place(self.position(second))

    def row(self, second: float) -> int:
        """What is happening: -1 nothing yet, 0 to 2 the steps of a layer, 3 the read-out."""
        position = self._itinerary.position(second)
        if position <= 0:
            return -1
        if position > self.passage.steps:
            return len(PARTS)
        return PARTS.index(self.place(second).part)

    def layer(self, second: float) -> float:
        """Which layer has been reached; parts count how far the weights have led to the next."""
        reached = min(
            int(self._itinerary.position(second)) // len(PARTS), self.passage.network.depth
        )
        return reached + self.done(second, len(PARTS) * reached)

    def at_home(self, second: float, layer: int) -> float:
        """Whether the picture is that of a layer of two units in its own space, 0 to 1."""
        network = self.passage.network
        if network.widths[layer - 1] != OWN:
            return 0.0
        end = len(PARTS) * layer
        left = self.done(second, end) if layer < network.depth else 0.0
        return min(self.done(second, end - 1), 1 - left)

    def frame(self, second: float) -> Frame:
        """The part of the plane that is shown."""
        layers = range(1, self.passage.network.depth + 1)
        away = 1 - max(self.at_home(second, layer) for layer in layers)
        left, right, below, above = (side.at(second) for side in self._sides)
        return Frame.around(left, right, below, above, away, MARGIN)

    def _reach(self, second: float) -> tuple[float, float, float, float]:
        """How far points and borders reach from 0: to the left, right, below and above."""
        places = self.passage.at(self.position(second), self._pictures)
        lower, upper = 0.0, 0.0
        for layer, entry in enumerate(self.passage.network.activations, 1):
            share = self.at_home(second, layer)
            lower = max(lower, -share * (entry.space.lower or 0.0))
            upper = max(upper, share * (entry.space.upper or 0.0))
        below = np.maximum(-places.min(axis=0), lower)
        above = np.maximum(places.max(axis=0), upper)
        least = LEAST * max(below.max(), above.max(), 1e-3)
        sides = np.maximum(np.column_stack((below, above)), least).ravel()
        left, right, low, high = sides.tolist()
        return left, right, low, high


def ways(passage: Passage, pictures: NDArray[np.float64]) -> list[float]:
    """How far each step leads, after scale is taken out: a picture that only grows stays as it is.

    Parameters
    ----------
    passage
        Through which network.
    pictures
        Where points are at the end of each step, see `Passage.pictures`.

    Returns
    -------
    list
        Root mean square over the points, in parts of their distance from the origin.
    """
    found = []
    for step in range(passage.steps):
        positions = step + np.linspace(0, 1, PIECES + 1)
        places = [passage.at(float(position), pictures) for position in positions]
        scaled = [place / max(_root_mean_square(place), 1e-9) for place in places]
        found.append(sum(_root_mean_square(b - a) for a, b in pairwise(scaled)))
    return found


def shares(lengths: Sequence[float]) -> list[float]:
    """Parts of the whole that steps take: in proportion to their ways, none brief or long."""
    way = np.asarray(lengths, np.float64)
    least = min(BRIEFEST, MOVING / len(way))
    low, high = 0.0, LONGEST / max(way[way > 0].min(initial=1.0), 1e-9)
    for _ in range(60):
        factor = (low + high) / 2
        if np.clip(factor * way, least, LONGEST).sum() > MOVING:
            high = factor
        else:
            low = factor
    return [float(share) for share in np.clip(low * way, least, LONGEST)]


def _root_mean_square(places: NDArray[np.float64]) -> float:
    return float(np.sqrt((places**2).sum(axis=1).mean()))
