"""The points of a trajectory in their colours, in an order in which no class hides the others."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.stage.cloud.focus_cloud import FocusCloud
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import UNIT, Box, to_design
from spiralcore.subjects.names import highlighted
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.playback import Playback

POINT_OPACITY = 1.0

USUAL = 5000
"""So many points are drawn as they are; of more each is smaller and fainter, so that together they
cover as much and show where they are dense."""

FAINTEST = 0.15
"""Of that opacity, however many there are: single points are still to be seen."""

PER_SQUARE = 3000
"""Points, for each square design pixel of their radius, that are drawn of a class or another:
panels that are smaller have smaller points, and show an even choice of more."""

STEPPED_BACK = 0.2
"""Opacity of points of other classes than those that are to stand out."""


def trajectory_cloud(
    film: Film, trajectory: Trajectory, places: NDArray[np.float64], radius: float
) -> TrajectoryCloud:
    """The points of a trajectory at some places in the scene, shape (N, 3), in their colours."""
    # Drawn in a fixed, mixed order, so that no class hides the others.
    order = np.random.default_rng(0).permutation(trajectory.points)
    if len(order) > (most := max(int(PER_SQUARE * radius**2), USUAL)):
        order = order[thinned(trajectory.labels[order], most)]
    crowd = max(len(order) / USUAL, 1.0)
    chosen = highlighted(trajectory, film.settings.highlight)
    backed = ~np.isin(trajectory.labels, chosen) if chosen else np.zeros(0, bool)
    if chosen:  # those that stand out lie above the others
        order = order[np.argsort(~backed[order], kind="stable")]
    colours = film.theme.point_colours(trajectory.classes, trajectory.labels, trajectory.targets)
    cloud = TrajectoryCloud(
        places,
        order,
        colours,
        marks=film.theme.class_marks(trajectory.classes)[trajectory.labels][order],
        crowd=crowd,
        outline_color=film.theme.background,
    )
    cloud.size_up(radius)
    cloud.show_by(1.0)
    if chosen:
        cloud.stand_out(np.where(backed, STEPPED_BACK, 1.0))
    return cloud


def thinned(labels: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Places of so many points, in their order, each class with its share; shape (most,)."""
    by_class = np.argsort(labels, kind="stable")
    return np.sort(by_class[np.linspace(0, len(labels) - 1, most).round().astype(int)])


class TrajectoryCloud(FocusCloud):
    """A cloud that draws its points in a given order.

    Parameters
    ----------
    points, colors, kwargs
        See `PointCloud`.
    order
        A permutation of the points, or of some of them.
    crowd
        How many times as many there are as usual, 1 or more.

    Attributes
    ----------
    crowd
        See above.
    playback
        What moves the points; None if nothing does.
    """

    playback: Playback | None = None

    def __init__(
        self,
        points: NDArray[np.float64],
        order: NDArray[np.int64],
        colors: NDArray[np.float32],
        crowd: float = 1.0,
        **kwargs: Any,
    ) -> None:
        self.order, self.crowd = order, crowd
        self._steady: NDArray[np.floating] | float = 1.0
        super().__init__(points, colors[order], **kwargs)

    def size_up(self, radius: float) -> None:
        """Set the size of the points by that of usual ones, in design pixels."""
        self.radius = radius * self.crowd**-0.25 * UNIT
        self.outline = min(1.4, 0.28 * radius) / self.crowd * UNIT

    def show_by(self, share: float) -> None:
        """Set the opacity, as a part of that of such points."""
        self.opacity = share * POINT_OPACITY * max(self.crowd**-0.5, FAINTEST)

    def set_positions(self, points: NDArray[np.float64]) -> TrajectoryCloud:  # type: ignore[override]
        """Move all points at once; they come in their own order."""
        super().set_positions(np.asarray(points)[self.order])
        return self

    def room(self) -> Box | None:
        """What its points stay within, and how far those at the edge reach out of it."""
        if self.within is None:
            return None
        (left, top), (right, bottom) = map(to_design, self.within)
        return Box(left, top, right - left, bottom - top).padded(2 * self.radius / UNIT + 2)

    def emphasise(self, strengths: NDArray[np.floating]) -> None:
        """Set the opacity of each point, shape (N,), as a part of that of the cloud."""
        self.strengths = (strengths * self._steady)[self.order]

    def stand_out(self, strengths: NDArray[np.floating]) -> None:
        """Let points step back for good; what `emphasise` sets comes on top of it."""
        self._steady = strengths
        self.emphasise(np.ones(len(strengths)))
