"""Points on their way from the data, which lie flat before the eye, into a space."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.stage.layout.box import UNIT
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.space.deep_cloud import DeepCloud, Doubles, Floats


class MorphCloud(DeepCloud):
    """A cloud of a space whose points come from a plane, on paths that are straight on screen.

    Parameters
    ----------
    args, kwargs
        See `DeepCloud`.
    starts
        Where the points are in the scene before they leave, shape (N, 3).

    Attributes
    ----------
    share
        How far they are: 0 at their starts, all of one size and clear; 1 in their space.
    """

    def __init__(self, *args: Any, starts: Doubles, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._starts = starts
        self._drawn = np.arange(len(starts))
        self.share = 1.0

    def order(self, nearness: Doubles) -> NDArray[np.int64]:
        """Numbers of the points that are drawn, from far to near in their space."""
        self._drawn = super().order(nearness)
        return self._drawn

    def _in_pixels(
        self, canvas: Canvas, places: Doubles, nearness: Doubles
    ) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        ends, radii, there = super()._in_pixels(canvas, places, nearness)
        if self.share >= 1:
            return ends, radii, there
        starts = canvas.place(self._starts[self._drawn])
        centres = ((1 - self.share) * starts + self.share * ends).astype(np.float32)
        even = self.radius * UNIT * canvas.scale
        radii = ((1 - self.share) * even + self.share * radii).astype(np.float32)
        return centres, radii, canvas.discs_within(self.points.tolist(), centres, radii)

    def _haze_at(self, nearness: Doubles) -> Floats:
        return super()._haze_at(nearness) * np.float32(self.share)
