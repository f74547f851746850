"""What a film's camera frames: the aspect that is asked for, and where the camera is."""

from __future__ import annotations

from spiralcore.errors import UsageError
from spiralcore.recipe import FilmSettings
from spiralcore.registry.aspects import ASPECTS, Aspect, aspect_of
from spiralcore.stage.painted import StageCamera
from spiralcore.stage.story.camera_path import CameraPath, aim


def asked_aspect(camera: StageCamera, settings: FilmSettings) -> Aspect:
    """The aspect of a camera.

    Raises
    ------
    UsageError
        If the settings ask for another one.
    """
    aspect = aspect_of(camera.pixel_width, camera.pixel_height)
    if settings.aspect in (aspect.name, FilmSettings().aspect):
        return aspect
    # Only the `manim` command comes here: the resolution is its own.
    shorter = min(camera.pixel_width, camera.pixel_height)
    width, height = ASPECTS[settings.aspect].pixels(shorter)
    raise UsageError(
        f"The recipe asks for {settings.aspect}, "
        f"the command for {camera.pixel_width} x {camera.pixel_height} pixels.",
        "a resolution of that aspect.",
        f"manim render --resolution {width},{height}",
    )


class Framing:
    """Lets a camera see what it is to see.

    Parameters
    ----------
    camera
        Of the film.
    aspect
        Of the whole frame.
    path
        Where the camera goes; None if it stays.
    """

    def __init__(self, camera: StageCamera, aspect: Aspect, path: CameraPath | None) -> None:
        self._camera, self._aspect, self._path = camera, aspect, path

    @property
    def moves(self) -> bool:
        """Whether the camera goes anywhere."""
        return self._path is not None

    def is_near(self, second: float) -> bool:
        """Whether the camera sees a part of the frame only, at a second of the action."""
        return self._path is not None and not self._path.is_whole(second)

    def aim(self, second: float) -> None:
        """Let the camera see what it is to see at a second of the action."""
        if self._path is None:
            return
        if self._path.is_whole(second):
            self._camera.look_at(self._aspect)
        else:
            aim(self._camera, self._path.view(second))
