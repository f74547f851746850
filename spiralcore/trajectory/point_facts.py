"""What a trajectory may know of its points beside their classes: values, and small pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spiralcore.errors import TrajectoryError

if TYPE_CHECKING:
    from spiralcore.trajectory.trajectory import Trajectory


PAIRS = (("parameters", "parameter_epochs"), ("thumbnails", "thumbnail_points"))
"""Arrays that come together."""


def check_pairs(made: Trajectory) -> None:
    """Verify that of arrays that come together there are both or neither.

    Raises
    ------
    TrajectoryError
        If there is only one.
    """
    for one, other in PAIRS:
        if (getattr(made, one) is None) != (getattr(made, other) is None):
            raise TrajectoryError(
                f"{made.source}: only one of '{one}' and '{other}' is there.", "both or neither."
            )


def check_points(made: Trajectory) -> None:
    """Verify measured values and pictures of points.

    Raises
    ------
    TrajectoryError
        If there are classes beside the values, or pictures are not those of different points.
    """
    if made.targets is not None and made.labels.any():
        raise TrajectoryError(
            f"{made.source}: there are classes in 'labels', and measured values in 'targets'.",
            "one of both: 'labels' of 0 beside 'targets'.",
        )
    if made.thumbnails is None or made.thumbnail_points is None:
        return
    if made.thumbnails.shape[3] not in (1, 3):
        raise TrajectoryError(
            f"{made.source}: the array 'thumbnails' has the shape {made.thumbnails.shape}.",
            "one channel, grey, or three, red, green and blue, as the last axis.",
        )
    points = made.thumbnail_points
    if points.min() < 0 or points.max() >= made.points or len(np.unique(points)) < len(points):
        raise TrajectoryError(
            f"{made.source}: the array 'thumbnail_points' goes from {points.min()} to "
            f"{points.max()}, with {len(np.unique(points))} different numbers.",
            f"{len(points)} different points from 0 to {made.points - 1}.",
        )
