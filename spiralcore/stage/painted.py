"""Mobjects that paint themselves on the pixels, and the cameras that let them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from manim import Camera, ManimColor, Mobject, MultiCamera, RendererType, ThreeDCamera, config
from numpy.typing import NDArray
from PIL.Image import Image

from spiralcore.errors import UsageError
from spiralcore.registry.aspects import SHORTER, Aspect
from spiralcore.registry.themes import Theme
from spiralcore.stage.layout.box import FRAME_HEIGHT, Box, scene_point
from spiralcore.stage.pixels.canvas import Canvas


class Painted(Mobject):
    """A mobject that a `PaintingCamera` draws by calling its `paint`.

    It lives among other mobjects: it has its place in the order and the z-index, and moves,
    scales and fades with Manim's animations. ``points`` (shape (N, 3)) is what moves; what
    cannot be seen from the points is up to the subclass.

    Attributes
    ----------
    opacity
        0 to 1; what the fading animations change.
    shown
        Whether it is drawn at all.
    """

    def __init__(self, **kwargs: Any) -> None:
        refuse_opengl(f"A {type(self).__name__}")
        super().__init__(**kwargs)
        self.opacity = 1.0
        self.shown = True

    def paint(self, canvas: Canvas) -> None:
        """Draw on the canvas."""
        raise NotImplementedError

    def room(self) -> Box | None:
        """A box that it stays within as it is at present, in design pixels; None for anywhere."""
        return None

    def paint_in_space(
        self, canvas: Canvas, places: NDArray[np.float64], sizes: NDArray[np.float64]
    ) -> None:
        """Draw as a camera in space sees it.

        Parameters
        ----------
        canvas
            What to paint on.
        places
            Where the points are seen, in scene coordinates, shape (N, 3); the third one is
            larger for what is nearer.
        sizes
            How much larger than in the plane things are at each point, shape (N,); 0 for
            points behind the eye.

        Raises
        ------
        UsageError
            If this kind of mobject is flat.
        """
        raise UsageError(
            f"A {type(self).__name__} is flat, and this scene is looked at from the side.",
            "a mobject that is fixed in the frame.",
            "self.add_fixed_in_frame_mobjects(mobject)",
        )

    def get_image(self, camera: Camera | None = None) -> Image:
        """Draw it alone."""
        return super().get_image(camera or StageCamera())

    def set_opacity(self, opacity: float, family: bool = True) -> Painted:
        """Set the opacity, 0 to 1."""
        self.opacity = float(opacity)
        for part in self.submobjects if family else ():
            part.set_opacity(opacity)
        return self

    def fade(self, darkness: float = 0.5, family: bool = True) -> Painted:
        """Take a part of the opacity away."""
        self.set_opacity(self.opacity * (1.0 - darkness), family=False)
        super().fade(darkness, family)
        return self

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


class PaintingCamera(Camera):
    """What cameras that draw `Painted` mobjects have in common."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        refuse_opengl(f"What a {type(self).__name__} sees")
        super().__init__(*args, **kwargs)

    def type_or_raise(self, mobject: Mobject) -> Any:
        """Tell which display function draws a mobject."""
        kind = super().type_or_raise(mobject)
        self.display_funcs[Painted] = self._paint_all  # type: ignore[assignment]
        return Painted if isinstance(mobject, Painted) else kind

    def _paint_all(self, mobjects: Iterable[Painted], pixels: np.ndarray) -> None:
        canvas = self._canvas(pixels)
        for mobject in mobjects:
            if mobject.shown and mobject.opacity > 0:
                self._paint(mobject, canvas)

    def _canvas(self, pixels: np.ndarray) -> Canvas:
        scale = self.pixel_width / self.frame_width
        upright = self.pixel_height / self.frame_height / scale  # 1, but for rounding
        return Canvas(
            pixels,
            scale,
            left=float(self.frame_center[0]) - self.frame_width / 2,
            top=float(self.frame_center[1]) + self.frame_height / 2,
            upright=round(upright, 9),
        )

    def _paint(self, mobject: Painted, canvas: Canvas) -> None:
        mobject.paint(canvas)

    def __getattr__(self, name: str) -> Any:
        """Say which camera has what this one lacks."""
        other = _camera_with(name)
        if other is None:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        raise WrongCameraError(
            f"A {type(self).__name__} has no '{name}'; this kind of scene needs it.",
            *_cure(other),
        )


class StageCamera(PaintingCamera):
    """Manim's camera, which also draws `Painted` mobjects; for a `Scene`.

    The numbers of pixels and of scene units are those of Manim's configuration. For other kinds
    of scenes see `spiralcore.stage.cameras`.
    """

    def look_at(self, aspect: Aspect) -> None:
        """See the part of the scene that has the design pixels of an aspect."""
        self.frame_width = aspect.width * FRAME_HEIGHT / SHORTER
        self.resize_frame_shape()  # the height, by the pixels
        self.frame_center = scene_point(aspect.width / 2, aspect.height / 2)

    def have_background_of(self, look: Theme) -> None:
        """Have the background of a theme; that of a transparent one has no colour."""
        # Pixels are premultiplied.
        self.background_color = ManimColor("#000000" if look.transparent else look.background)
        if look.transparent:
            self.background_opacity = 0.0

    def capture_mobjects(self, mobjects: Iterable[Mobject], **kwargs: Any) -> None:
        """Draw mobjects; where all of them paint themselves, without a detour."""
        every = list(mobjects)
        painted = [mobject for mobject in every if isinstance(mobject, Painted)]
        plain = not kwargs.get("excluded_mobjects") and not any(m.submobjects for m in painted)
        if plain and len(painted) == len(every):
            self._paint_all(sorted(painted, key=lambda m: m.z_index), self.pixel_array)
        else:
            super().capture_mobjects(every, **kwargs)


class WrongCameraError(UsageError, AttributeError):
    """A camera in a scene of another kind; `hasattr` says that something is not there."""


def refuse_opengl(what: str) -> None:
    """Refuse to draw with Manim's renderer that has no pixels to paint on."""
    if config.renderer == RendererType.OPENGL:
        raise UsageError(
            f"{what} is drawn with cairo, and Manim's renderer is opengl.",
            "the renderer cairo.",
            "manim render --renderer=cairo FILE SCENE",
        )


def _camera_with(name: str) -> str | None:
    """The camera that has an attribute."""
    if name == "frame" or hasattr(MultiCamera, name):
        return "MovingStageCamera"
    if name in ("_frame_center", "theta_tracker", "phi_tracker", "gamma_tracker"):
        return "ThreeDStageCamera"
    return "ThreeDStageCamera" if hasattr(ThreeDCamera, name) else None


def _cure(camera: str) -> tuple[str, str]:
    """What is right, and what to write: lines as short as the `manim` command shows them."""
    return (
        f"a {camera}, from spiralcore.stage.cameras.",
        f"self.renderer.camera = {camera}() as the first line of construct.",
    )


_type_or_raise = Camera.type_or_raise


def _refuse_painted(camera: Camera, mobject: Mobject) -> Any:
    """Refuse what a camera of Manim's would pass over in silence: there would be no picture."""
    if not isinstance(mobject, Painted) or isinstance(camera, PaintingCamera):
        return _type_or_raise(camera, mobject)
    name = "StageCamera"
    if hasattr(camera, "frame"):
        name = "MovingStageCamera"
    elif isinstance(camera, ThreeDCamera):
        name = "ThreeDStageCamera"
    raise UsageError(
        f"This scene's camera, a {type(camera).__name__}, cannot draw a {type(mobject).__name__}.",
        *_cure(name),
    )


# All cameras ask it what they are to draw; Manim has no other place to refuse.
Camera.type_or_raise = _refuse_painted  # type: ignore[method-assign, assignment]
