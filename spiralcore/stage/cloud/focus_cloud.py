"""A cloud in which some points stand out."""

from __future__ import annotations

from copy import copy

import numpy as np
from numpy.typing import NDArray

from spiralcore.stage.cloud.point_cloud import PointCloud
from spiralcore.stage.pixels.canvas import Canvas

LEVELS = 32
"""Opacities between nothing and all, so that points are drawn in a few groups."""


class FocusCloud(PointCloud):
    """A cloud whose points have opacities of their own; faint ones lie below the others.

    Attributes
    ----------
    strengths
        Opacity of each point as a part of that of the cloud, shape (N,); None where all are 1.
    """

    strengths: NDArray[np.floating] | None = None

    def paint(self, canvas: Canvas) -> None:
        """Draw the points in groups of one opacity, the faintest first."""
        strengths = self.strengths
        if strengths is None or len(strengths) != len(self._points):
            super().paint(canvas)
            return
        levels = np.round(np.clip(strengths, 0, 1) * LEVELS).astype(np.int64)
        points, colors, marks = self._points, self.colors, self.marks
        counts = np.bincount(levels, minlength=LEVELS + 1)
        for level in range(1, LEVELS + 1):
            if not counts[level]:
                continue
            group = copy(self)
            group.strengths = None
            if counts[level] < len(levels):
                chosen = levels == level
                group._points, group._colors = points[chosen], colors[chosen]
                group._marks = marks[chosen]
            group._opacity = self.opacity * level / LEVELS
            PointCloud.paint(group, canvas)
