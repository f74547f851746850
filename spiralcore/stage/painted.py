"""Mobjects that paint themselves on the pixels, and the camera that lets them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from manim import Camera, Mobject

from spiralcore.aspects import SHORTER, Aspect
from spiralcore.stage.canvas import Canvas
from spiralcore.stage.layout import FRAME_HEIGHT, scene_point


class Painted(Mobject):
    """A mobject that a `StageCamera` draws by calling its `paint`.

    It lives among other mobjects: it has its place in the order and the z-index, and moves,
    scales and fades with Manim's animations. ``points`` (shape (N, 3)) is what moves; what
    cannot be seen from the points is up to the subclass.

    Attributes
    ----------
    opacity
        0 to 1; what the fading animations change.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.opacity = 1.0

    def paint(self, canvas: Canvas) -> None:
        """Draw on the canvas."""
        raise NotImplementedError

    def set_opacity(self, opacity: float, family: bool = True) -> Painted:
        """Set the opacity, 0 to 1."""
        self.opacity = float(opacity)
        return self

    def fade(self, darkness: float = 0.5, family: bool = True) -> Painted:
        """Take a part of the opacity away."""
        return self.set_opacity(self.opacity * (1.0 - darkness))

    def fade_to(self, color: Any, alpha: float, family: bool = True) -> Painted:
        """Colours carry meaning here and do not change; fading is left to `fade`."""
        return self

    def interpolate_color(self, mobject1: Mobject, mobject2: Mobject, alpha: float) -> Self:
        """Interpolate what animations may change beside the points."""
        assert isinstance(mobject1, Painted)
        assert isinstance(mobject2, Painted)
        self.opacity = (1 - alpha) * mobject1.opacity + alpha * mobject2.opacity
        return self

    def align_points_with_larger(self, larger_mobject: Mobject) -> Self:
        """Repeat points until there are as many as in another mobject."""
        missing = len(larger_mobject.points) - len(self.points)
        self.points = np.concatenate([self.points, np.repeat(self.points[-1:], missing, axis=0)])
        return self


class StageCamera(Camera):
    """Manim's camera, which also draws `Painted` mobjects.

    The numbers of pixels and of scene units are those of Manim's configuration.
    """

    def look_at(self, aspect: Aspect) -> None:
        """See the part of the scene that has the design pixels of an aspect."""
        self.frame_width = aspect.width * FRAME_HEIGHT / SHORTER
        self.resize_frame_shape()  # the height, by the pixels
        self.frame_center = scene_point(aspect.width / 2, aspect.height / 2)

    def capture_mobjects(self, mobjects: Iterable[Mobject], **kwargs: Any) -> None:
        """Draw mobjects; where all of them paint themselves, without a detour."""
        every = list(mobjects)
        painted = [mobject for mobject in every if isinstance(mobject, Painted)]
        plain = not kwargs.get("excluded_mobjects") and not any(m.submobjects for m in painted)
        if plain and len(painted) == len(every):
            self._paint_all(sorted(painted, key=lambda m: m.z_index), self.pixel_array)
        else:
            super().capture_mobjects(every, **kwargs)

    def type_or_raise(self, mobject: Mobject) -> Any:
        """Tell which display function draws a mobject."""
        kind = super().type_or_raise(mobject)
        self.display_funcs[Painted] = self._paint_all  # type: ignore[assignment]
        return Painted if isinstance(mobject, Painted) else kind

    def _paint_all(self, mobjects: Iterable[Painted], pixels: np.ndarray) -> None:
        scale = self.pixel_width / self.frame_width
        canvas = Canvas(
            pixels,
            scale,
            left=float(self.frame_center[0]) - self.frame_width / 2,
            top=float(self.frame_center[1]) + self.frame_height / 2,
        )
        for mobject in mobjects:
            if mobject.opacity > 0:
                mobject.paint(canvas)
