"""Points of a room, drawn from far to near, and their shadows on its floor."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.layout.box import UNIT
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels import depth_kernels, sprites
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.space.space_box import SpaceBox

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

HAZE = 0.45
"""Share of the background in the colour of a point at the far end of a room."""

RIM = 0.2
"""Width of a point's rim as a part of its radius."""

RIM_DARKNESS = np.float32(0.65)
"""Share of the background in the colour of a rim. The rest is the point's own, so that a pile of
points keeps its class."""

OPACITY = 0.92

SHADOW = 0.35
"""Opacity of the shadow of a single point."""


class SpacePoints(Painted):
    """Points in the space of a room.

    Parameters
    ----------
    space_box
        Where they are.
    hidden
        Their places in the room's space, shape (N, 3); set the attribute to move them.
    radius
        At the depth of the room's centre, in design pixels.
    """

    def __init__(
        self, space_box: SpaceBox, hidden: ArrayLike, radius: float, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.space_box = space_box
        self.hidden = np.asarray(hidden)
        self.radius = radius
        self.points = space_box.box.corners()

    def _in_pixels(
        self, canvas: Canvas, places: Doubles, nearness: Doubles
    ) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Centres and radii of points that are seen at some places, and which are in the panel."""
        centres = canvas.place(self.space_box.to_scene(places)).astype(np.float32)
        radii = (self.radius * UNIT * canvas.scale * nearness).astype(np.float32)
        return centres, radii, canvas.discs_within(self.points.tolist(), centres, radii)


class DeepCloud(SpacePoints):
    """Points of a room: near ones are larger and clearer, and cover those that are farther.

    Parameters
    ----------
    room, hidden, radius, kwargs
        See `SpacePoints`.
    theme
        Colours.
    colours
        One for each point, shape (N, 3), 0 to 255.
    side
        1 or -1 for the points of the unit sphere that are on the half before its centre, or
        behind it, as the eye sees them; 0 for all points.
    """

    def __init__(
        self,
        space_box: SpaceBox,
        hidden: ArrayLike,
        radius: float,
        theme: Theme,
        colours: Floats,
        *,
        side: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(space_box, hidden, radius, **kwargs)
        self._colours = colours.astype(np.float32)
        self._side = side
        self._haze = rgb(theme.panel)
        self._rim = rgb(theme.background)

    def order(self, nearness: Doubles) -> NDArray[np.int64]:
        """Numbers of the points that are drawn, from far to near."""
        order = np.argsort(nearness, kind="stable")
        outline = self.space_box.perspective.nearness_of_outline
        if self._side < 0:
            return order[nearness[order] < outline]
        return order[nearness[order] >= outline] if self._side > 0 else order

    def paint(self, canvas: Canvas) -> None:
        """Draw the points, near ones over far ones."""
        sight = self.space_box.see(self.space_box.to_cube(self.hidden))
        order = self.order(sight.nearness)
        nearness = sight.nearness[order]
        centres, radii, there = self._in_pixels(canvas, sight.places[order], nearness)
        haze = self._haze_at(nearness)[:, None]
        fills = self._colours[order] * (1 - haze) + self._haze * haze
        rims = fills * (1 - RIM_DARKNESS) + self._rim * RIM_DARKNESS
        centres, radii, fills, rims = centres[there], radii[there], fills[there], rims[there]
        opacity = OPACITY * self.opacity
        unit = self.radius * UNIT * canvas.scale
        least, most = (unit * end for end in self.space_box.nearness_ends)
        if most > sprites.LARGEST:
            full = np.ones(len(radii), np.float32)
            depth_kernels.ovals(canvas.pixels, centres, radii, full, fills, rims, RIM, opacity)
        else:
            bank = depth_kernels.sprite_bank(least, most, RIM, opacity)
            depth_kernels.stamp_in_depth(canvas.pixels, centres, radii, fills, rims, bank)

    def _haze_at(self, nearness: Doubles) -> Floats:
        """Share of the background in a colour: none at the near end, `HAZE` at the far one."""
        depth = self.space_box.perspective.towards_eye(nearness)
        return np.clip(HAZE * (0.5 - depth / (2 * self.space_box.reach)), 0, HAZE).astype(
            np.float32
        )


class Shadows(SpacePoints):
    """What points cast on the floor under a light from above.

    Parameters
    ----------
    room, hidden, radius, kwargs
        See `SpacePoints`.
    colour
        Of the shadow, 0 to 255, shape (3,).
    """

    def __init__(
        self, space_box: SpaceBox, hidden: ArrayLike, radius: float, colour: Floats, **kwargs: Any
    ) -> None:
        super().__init__(space_box, hidden, radius, **kwargs)
        self._colour = colour

    def paint(self, canvas: Canvas) -> None:
        """Draw flat ovals."""
        below = self.space_box.to_cube(self.hidden)
        below[:, 2] = self.space_box.floor
        sight = self.space_box.see(below)
        centres, radii, there = self._in_pixels(canvas, sight.places, sight.nearness)
        ray = self.space_box.perspective.eye - below
        flat = ray[:, 2] / np.linalg.norm(ray, axis=1)
        centres, radii, flat = centres[there], radii[there], flat[there]
        colours = np.tile(self._colour, (len(radii), 1))
        depth_kernels.ovals(
            canvas.pixels,
            centres,
            radii,
            flat.astype(np.float32),
            colours,
            colours,
            0.0,
            SHADOW * self.opacity,
        )
