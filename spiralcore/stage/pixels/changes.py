"""Which pixels of a film change from frame to frame: the others need no work."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.words import Words
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels.canvas import Pixels

PixelBoxes = NDArray[np.int64]
"""First row, end row, first column, end column of some rectangles, shape (M, 4), all even."""


class Picture(NamedTuple):
    """A frame.

    Attributes
    ----------
    pixels
        Premultiplied RGBA, shape (height, width, 4).
    changed
        Where it may differ from the frame that was drawn before.
    """

    pixels: Pixels
    changed: PixelBoxes


class ReservedBoxes:
    """Where the moving parts of a film stay, in design pixels.

    A text may get longer than what was reserved for it: then its room grows before it is drawn
    and stays so. What the pixels beyond the old room hold is the background until then, so that
    frames are the same in any order.
    """

    def __init__(self) -> None:
        self._boxes: list[Box | None] = []
        self._parts: list[object] = []
        self._words: dict[int, Words] = {}
        self._pixels: PixelBoxes | None = None

    def reserve(self, part: object, within: Box | None) -> None:
        """Add a part; None if it may be anywhere."""
        if within is not None and isinstance(part, Words):
            self._words[len(self._boxes)] = part
        self._boxes.append(within)
        self._parts.append(part)

    def follow(self) -> None:
        """Give texts the room that they need by now."""
        for index, (words, box) in zip(self._words, list(self.of_words()), strict=True):
            if not words.shown:
                continue
            area = words.reserved()
            if words.text and not box.holds(area):
                self._boxes[index] = box.around(area)
                self._pixels = None

    @property
    def are_fixed(self) -> bool:
        """Whether all parts have rooms of their own."""
        return None not in self._boxes

    def present(self) -> list[Box] | None:
        """Where parts are in the present frame, those that are seen; None for anywhere."""
        found = []
        for part, within in zip(self._parts, self._boxes, strict=True):
            room = within
            if isinstance(part, Painted):
                if not part.shown or part.opacity <= 0:
                    continue
                room = part.room() or within
            if room is None:
                return None
            found.append(room)
        return found

    def of_words(self) -> Iterator[tuple[Words, Box]]:
        """The texts among the parts, and their rooms."""
        for index, words in self._words.items():
            box = self._boxes[index]
            assert box is not None
            yield words, box

    def pixels(self, height: int, width: int, scale: float) -> PixelBoxes:
        """The pixels of all rooms, see `pixel_boxes`."""
        if self._pixels is None:
            boxes = [box for box in self._boxes if box is not None]
            anywhere = len(boxes) < len(self._boxes)
            self._pixels = (
                whole_frame(height, width) if anywhere else pixel_boxes(boxes, height, width, scale)
            )
        return self._pixels


def pixel_boxes(boxes: Iterable[Box], height: int, width: int, scale: float) -> PixelBoxes:
    """Pixels that design boxes touch.

    Parameters
    ----------
    boxes
        In design pixels.
    height, width
        Of the frame in pixels, even.
    scale
        Pixels a design pixel.

    Returns
    -------
    NDArray
        Boxes with even edges, as chroma is shared by two by two pixels. Those that lie within
        others are left out.
    """
    found = {
        (
            max(_even_below(box.top * scale), 0),
            min(-_even_below(-box.bottom * scale), height),
            max(_even_below(box.left * scale), 0),
            min(-_even_below(-box.right * scale), width),
        )
        for box in boxes
    }
    kept = [box for box in sorted(found) if not any(_covers(other, box) for other in found)]
    return np.array(kept, dtype=np.int64).reshape(-1, 4)


def whole_frame(height: int, width: int) -> PixelBoxes:
    """A single box around everything."""
    return np.array([[0, height, 0, width]], dtype=np.int64)


def _even_below(value: float) -> int:
    return 2 * math.floor((value - 1) / 2)


def _covers(outer: tuple[int, ...], inner: tuple[int, ...]) -> bool:
    return outer != inner and (
        outer[0] <= inner[0]
        and outer[1] >= inner[1]
        and outer[2] <= inner[2]
        and outer[3] >= inner[3]
    )
