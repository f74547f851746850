"""Shapes of a frame, and what a layout has to know of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from spiralcore.errors import UsageError

AspectName = Literal["16:9", "4:3", "1:1", "9:16"]

SHORTER = 1080
"""Design pixels of the shorter side of every frame."""


@dataclass(frozen=True)
class Aspect:
    """The shape of a frame.

    Attributes
    ----------
    name
        Width to height.
    width, height
        In design pixels: layouts are written in them, whatever the real size is.
    """

    name: AspectName
    width: int
    height: int

    def pixels(self, shorter: int) -> tuple[int, int]:
        """Width and height of a picture with a shorter side of so many pixels, both even."""
        return _even(self.width * shorter / SHORTER), _even(self.height * shorter / SHORTER)


ASPECTS: dict[str, Aspect] = {
    aspect.name: aspect
    for aspect in (
        Aspect("16:9", 1920, 1080),
        Aspect("4:3", 1440, 1080),
        Aspect("1:1", 1080, 1080),
        Aspect("9:16", 1080, 1920),
    )
}


def aspect_of(width: int, height: int) -> Aspect:
    """Tell the aspect of a picture by its pixels.

    Raises
    ------
    UsageError
        If films have no layout for such a picture.
    """
    shorter = min(width, height)
    for aspect in ASPECTS.values():
        if (
            max(abs(a - b) for a, b in zip(aspect.pixels(shorter), (width, height), strict=True))
            < 2
        ):
            return aspect
    sizes = [f"{w},{h}" for w, h in (aspect.pixels(shorter) for aspect in ASPECTS.values())]
    raise UsageError(
        f"Films are not laid out for pictures of {width} x {height} pixels.",
        f"one of the aspects {', '.join(ASPECTS)}.",
        f"manim render --resolution {' or '.join(sizes)}",
    )


def _even(size: float) -> int:
    return 2 * round(size / 2)
