"""Drawing the frames of a film: what stands still once, and then only where something moves."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from manim import Mobject

from spiralcore.stage.layout.box import Box
from spiralcore.stage.painted import Painted, StageCamera
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels.canvas import Canvas, Pixels
from spiralcore.stage.pixels.changes import (
    Picture,
    PixelBoxes,
    ReservedBoxes,
    pixel_boxes,
    whole_frame,
)

if TYPE_CHECKING:
    from spiralcore.stage.film import Film


class FrameDrawer:
    """Draws frames of a film, in any order, and keeps what two of them share.

    Parameters
    ----------
    film
        One that is built, and set to the frame that is drawn.
    static
        Its mobjects that never change, the lowest of all.
    reserved
        Where the others stay.
    camera
        That of the film.
    """

    def __init__(
        self, film: Film, static: Sequence[Mobject], reserved: ReservedBoxes, camera: StageCamera
    ) -> None:
        self._film, self._static, self._reserved = film, static, reserved
        self._camera = camera
        self._drawn: Hashable = None
        self._rooms: list[Box] | None = None

    def draw(self) -> Picture:
        """Draw the present frame, and tell where it may differ from the one drawn before."""
        film = self._film
        pixels = np.asarray(self._camera.pixel_array, dtype=np.uint8)
        is_mixed = film.fading() > 0
        moment = film.moment()
        if film.framing.is_near(film.action_second):
            # All of it is elsewhere than before, also what stands still.
            self._camera.reset()
            pixels = np.asarray(self._camera.pixel_array, dtype=np.uint8)
            self._camera.capture_mobjects(film.mobjects)
            self._drawn = None
            return Picture(pixels, self._whole)
        if self._drawn == moment and not is_mixed:
            return Picture(pixels, self._whole[:0])
        changing = self._changing()
        boxes = self._whole if self._drawn is None or is_mixed else changing
        for top, bottom, left, right in boxes:
            pixels[top:bottom, left:right] = self.background[top:bottom, left:right]
        self._camera.capture_mobjects(film.mobjects[len(self._static) :])
        self._drawn = None if is_mixed else moment
        return Picture(pixels, boxes)

    def forget(self) -> None:
        """Draw the whole next frame, whatever was drawn before."""
        self._drawn = None

    @cached_property
    def background(self) -> Pixels:
        """The static parts alone, without touching the frame that is being drawn."""
        own = self._camera
        camera = StageCamera(
            background_color=own.background_color,
            background_opacity=own.background_opacity,
            pixel_width=own.pixel_width,
            pixel_height=own.pixel_height,
            frame_rate=own.frame_rate,
        )
        camera.look_at(self._film.aspect)
        camera.capture_mobjects(self._static)
        return np.array(camera.pixel_array)

    def _changing(self) -> PixelBoxes:
        """The parts of the frame that anything moves in: of parts without a room where they are.

        Those are the places in the present frame, and in the one that was drawn before.
        """
        camera = self._camera
        size = camera.pixel_height, camera.pixel_width
        scale = camera.pixel_width / self._film.aspect.width
        if self._reserved.are_fixed:
            return self._reserved.pixels(*size, scale)
        before, self._rooms = self._rooms, self._reserved.present()
        if before is None or self._rooms is None:
            return self._whole
        return pixel_boxes([*before, *self._rooms], *size, scale)

    @cached_property
    def _whole(self) -> PixelBoxes:
        return whole_frame(self._camera.pixel_height, self._camera.pixel_width)


class Crossfade(Painted):
    """Fades from the last picture to the first by way of what both share: the static parts.

    Half-way, where nothing but those is seen, film time goes back to the start, see
    `spiralcore.stage.clock.film_time.FilmTime.action_second`.

    Parameters
    ----------
    drawer
        Of the film.
    share
        How far the fade is, 0 to 1.
    """

    def __init__(self, drawer: FrameDrawer, share: Callable[[], float]) -> None:
        super().__init__()
        self._drawer, self._share = drawer, share
        self.points = Box(0, 0, 1, 1).corners()
        self.add_updater(lambda _: None)  # Manim draws anew what has one

    def paint(self, canvas: Canvas) -> None:
        """Mix."""
        share = self._share()
        if share > 0:
            kernels.mix(canvas.pixels, self._drawer.background, 1 - abs(2 * share - 1))
