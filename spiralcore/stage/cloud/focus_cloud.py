"""A cloud in which some points stand out."""

from __future__ import annotations

from copy import copy
from typing import Any, Self

import numpy as np
from manim.typing import PathFuncType  # noqa: F401 - the parent's annotations name it
from numpy.typing import ArrayLike, NDArray

from spiralcore.stage.cloud.point_cloud import PointCloud
from spiralcore.stage.cloud.values import Colours
from spiralcore.stage.pixels.canvas import Canvas

LEVELS = 32
"""Opacities between nothing and all, so that points are drawn in a few groups."""


class FocusCloud(PointCloud):
    """A cloud whose points have opacities of their own; faint ones lie below the others.

    Parameters
    ----------
    points, colors, kwargs
        See `PointCloud`.
    order
        In which the points are drawn, a permutation, shape (N,).

    Attributes
    ----------
    strengths
        Opacity of each point as a part of that of the cloud, in the order of ``points``, shape
        (N,); None where all are 1.
    """

    strengths: NDArray[np.floating] | None = None

    def __init__(
        self, points: ArrayLike, order: NDArray[np.int64], colors: Colours, **kwargs: Any
    ) -> None:
        self.order = order
        super().__init__(np.asarray(points)[order], colors, **kwargs)

    def place(self, points: NDArray[np.float64]) -> Self:
        """Move all points at once, given in their own order."""
        return self.set_positions(points[self.order])

    def paint(self, canvas: Canvas) -> None:
        """Draw the points in groups of one opacity, the faintest first."""
        strengths = self.strengths
        if strengths is None or len(strengths) != len(self._points):
            super().paint(canvas)
            return
        levels = np.round(np.clip(strengths, 0, 1)[self.order] * LEVELS).astype(int)
        points, colors, marks = self._points, self.colors, self.marks
        for level in np.unique(levels[levels > 0]).tolist():
            group, chosen = copy(self), levels == level
            group.strengths = None
            group._points, group._colors = points[chosen], colors[chosen]
            group._marks = marks[chosen]
            group._opacity = self.opacity * level / LEVELS
            PointCloud.paint(group, canvas)
