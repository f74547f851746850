"""The fast point cloud."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from manim import ManimColor, Mobject, ParsableManimColor
from numpy.typing import ArrayLike, NDArray

from spiralcore.stage import kernels, sprites
from spiralcore.stage.canvas import Canvas
from spiralcore.stage.painted import Painted


class PointCloud(Painted):
    """Thousands of anti-aliased, outlined, coloured points at sub-pixel positions.

    Parameters
    ----------
    points
        Scene coordinates, shape (N, 3) or (N, 2).
    colors
        One colour for all, or one for each point: shape (N, 3), 0 to 255.
    radius
        In scene units, the outline included.
    outline
        Width of the outline in scene units; 0 for none.
    outline_color
        Its colour.
    opacity
        0 to 1, of each point; where points overlap they cover each other by so much.
    within
        Scene coordinates of the upper left and the lower right corner of what points have to lie
        in to be drawn, shape (2, 3); None for no such limit.
    """

    def __init__(
        self,
        points: ArrayLike,
        colors: ParsableManimColor | NDArray[Any] = "#FFFFFF",
        radius: float = 0.04,
        outline: float = 0.01,
        outline_color: ParsableManimColor = "#000000",
        opacity: float = 1.0,
        within: NDArray[np.float64] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.radius = radius
        self.outline = outline
        self.outline_rgb = _rgb(outline_color)
        self.opacity = opacity
        self.within = within
        self.set_positions(points)
        if isinstance(colors, np.ndarray):
            self.colors = np.ascontiguousarray(colors, dtype=np.float32)
        else:
            self.colors = np.tile(_rgb(colors), (len(self.points), 1))

    def set_positions(self, points: ArrayLike) -> Self:
        """Move all points at once: scene coordinates, shape (N, 3) or (N, 2)."""
        array = np.asarray(points, dtype=np.float64)
        if array.shape[1] == 2:
            array = np.column_stack((array, np.zeros(len(array))))
        self.points = array
        return self

    def scale(self, scale_factor: float, **kwargs: Any) -> Self:
        """Scale places, radius and outline, as a picture would be."""
        super().scale(scale_factor, **kwargs)
        self.radius *= abs(scale_factor)
        self.outline *= abs(scale_factor)
        return self

    def interpolate_color(self, mobject1: Mobject, mobject2: Mobject, alpha: float) -> Self:
        """Interpolate opacity, colours, radius and outline."""
        super().interpolate_color(mobject1, mobject2, alpha)
        assert isinstance(mobject1, PointCloud)
        assert isinstance(mobject2, PointCloud)
        for name in ("colors", "radius", "outline", "outline_rgb"):
            start, end = getattr(mobject1, name), getattr(mobject2, name)
            setattr(self, name, (1 - alpha) * start + alpha * end)
        self.colors = self.colors.astype(np.float32)
        return self

    def align_points_with_larger(self, larger_mobject: Mobject) -> Self:
        """Repeat the last point, and its colour, until there are as many as in another."""
        super().align_points_with_larger(larger_mobject)
        missing = len(self.points) - len(self.colors)
        self.colors = np.concatenate([self.colors, np.repeat(self.colors[-1:], missing, axis=0)])
        return self

    def paint(self, canvas: Canvas) -> None:
        """Draw the points, later ones over earlier ones."""
        radius, rim = self.radius * canvas.scale, self.outline * canvas.scale
        rim_colour = self.outline_rgb.astype(np.float32)
        points, colors = self.points, self.colors
        if self.within is not None:
            there = canvas.discs_within(self.within.tolist(), canvas.place(points), radius)
            if not there.all():
                points, colors = points[there], colors[there]
        if radius > sprites.LARGEST:
            places = canvas.place(points).astype(np.float32)
            kernels.discs(canvas.pixels, places, colors, radius, rim, rim_colour, self.opacity)
            return
        sprites.stamp_discs(
            canvas.pixels,
            points,
            canvas.scale,
            canvas.left,
            canvas.top,
            colors,
            rim_colour,
            sprites.disc_sprites(radius, rim, self.opacity),
            radius + 0.5,
        )


def _rgb(color: ParsableManimColor) -> NDArray[np.float32]:
    return np.array(ManimColor(color).to_rgb(), dtype=np.float32) * 255
