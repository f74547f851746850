"""The unit sphere with the regions of a read-out on its surface."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.layout.box import UNIT
from spiralcore.stage.marks.regions import BORDER, BORDER_ALPHA
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels import globe_kernels
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.globe_look import Finish, Look, Shade, sphere_shade
from spiralcore.stage.space.space_box import SpaceBox
from spiralcore.stage.space.walls import Readout

LIGHT = (-0.45, 0.75, 0.48, 0.72)
"""Direction that light comes from (right, up, towards the eye), and brightness away from it."""


class Globe(Painted):
    """One half of the sphere: that behind all points, or the one before them.

    Parameters
    ----------
    space_box
        Where it is.
    theme
        Colours.
    classes
        Number of classes.
    readout
        See `spiralcore.stage.space.walls.Walls`.
    near
        The half before the points.
    opacities
        Where the surface faces the eye, and at the outline.
    haze
        Share of the background in the colours.
    """

    def __init__(
        self,
        space_box: SpaceBox,
        theme: Theme,
        classes: int,
        readout: Readout | None,
        *,
        near: bool,
        opacities: tuple[float, float],
        haze: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.space_box = space_box
        self.readout = readout
        self.near = near
        self.opacities = opacities
        self.points = space_box.box.corners()
        clear = theme.region_colours(classes)
        self.fills = (clear + haze * (rgb(theme.panel) - clear)).astype(np.float32)
        self._line_ink = np.append(rgb(theme.background), np.float32(BORDER_ALPHA))

    def paint(self, canvas: Canvas) -> None:
        """Paint the half."""
        weight, bias = np.zeros((1, 3)), np.zeros(1)
        if self.readout is not None:
            weight, bias = self.space_box.readout_in_cube(*self.readout)
        perspective, pixel = self.space_box.perspective, canvas.scale * UNIT
        x, y, _ = self.space_box.to_scene(np.array([self.space_box.centre]))[0]
        focal = self.space_box.scale * pixel * perspective.distance
        side = 1.0 if self.near else -1.0
        look = Look(
            *map(np.float32, (canvas.column(x), canvas.row(y), focal, perspective.distance, side))
        )
        finish = Finish(*map(np.float32, (*LIGHT, *(self.opacity * o for o in self.opacities))))
        globe_kernels.sphere_regions(
            canvas.pixels,
            canvas.pixel_box(canvas.edges(self.points.tolist())),
            (weight @ perspective.axes.T).astype(np.float32),
            bias.astype(np.float32),
            self.fills[: len(bias)],
            look,
            _shade(*canvas.pixels.shape[:2], look, finish),
            BORDER * pixel,
            self._line_ink,
        )


@lru_cache(maxsize=4)
def _shade(height: int, width: int, look: Look, finish: Finish) -> Shade:
    return np.asarray(sphere_shade(height, width, look, finish))
