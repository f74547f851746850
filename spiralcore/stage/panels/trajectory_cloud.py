"""The points of a trajectory in their colours, in an order in which no class hides the others."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.stage.cloud.focus_cloud import FocusCloud
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import UNIT
from spiralcore.subjects.names import highlighted
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.playback import Playback

POINT_OPACITY = 1.0

STEPPED_BACK = 0.2
"""Opacity of points of other classes than those that are to stand out."""


def trajectory_cloud(
    film: Film, trajectory: Trajectory, places: NDArray[np.float64], radius: float
) -> TrajectoryCloud:
    """The points of a trajectory at some places in the scene, shape (N, 3), in their colours."""
    # Drawn in a fixed, mixed order, so that no class hides the others.
    order = np.random.default_rng(0).permutation(trajectory.points)
    chosen = highlighted(trajectory, film.settings.highlight)
    backed = ~np.isin(trajectory.labels, chosen) if chosen else np.zeros(0, bool)
    if chosen:  # those that stand out lie above the others
        order = order[np.argsort(~backed[order], kind="stable")]
    colours = film.theme.class_colours(trajectory.classes)[trajectory.labels]
    cloud = TrajectoryCloud(
        places,
        order,
        colours,
        marks=film.theme.class_marks(trajectory.classes)[trajectory.labels][order],
        radius=radius * UNIT,
        outline=min(1.4, 0.28 * radius) * UNIT,
        outline_color=film.theme.background,
        opacity=POINT_OPACITY,
    )
    if chosen:
        cloud.stand_out(np.where(backed, STEPPED_BACK, 1.0))
    return cloud


class TrajectoryCloud(FocusCloud):
    """A cloud that draws its points in a given order.

    Parameters
    ----------
    points, colors, kwargs
        See `PointCloud`.
    order
        A permutation, shape (N,).

    Attributes
    ----------
    playback
        What moves the points; None if nothing does.
    """

    playback: Playback | None = None

    def __init__(
        self,
        points: NDArray[np.float64],
        order: NDArray[np.int64],
        colors: NDArray[np.float32],
        **kwargs: Any,
    ) -> None:
        self.order = order
        self._steady: NDArray[np.floating] | float = 1.0
        super().__init__(points, colors[order], **kwargs)

    def set_positions(self, points: NDArray[np.float64]) -> TrajectoryCloud:  # type: ignore[override]
        """Move all points at once; they come in their own order."""
        super().set_positions(np.asarray(points)[self.order])
        return self

    def emphasise(self, strengths: NDArray[np.floating]) -> None:
        """Set the opacity of each point, shape (N,), as a part of that of the cloud."""
        self.strengths = (strengths * self._steady)[self.order]

    def stand_out(self, strengths: NDArray[np.floating]) -> None:
        """Let points step back for good; what `emphasise` sets comes on top of it."""
        self._steady = strengths
        self.emphasise(np.ones(len(strengths)))
