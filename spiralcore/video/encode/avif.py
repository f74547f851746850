"""Animated AVIFs, written by Pillow.

An AVIF is an ISO base media file (ISO/IEC 14496-12): boxes of a length, a name and content. How
often it is played is a flag in the edit lists of its tracks (AV1 Image File Format, section 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, features

from spiralcore.errors import SpiralError
from spiralcore.video.encode.webp import PACKET

SPEED = 8
"""Of the encoder, 0 to 10; with less it takes longer, and files are hardly smaller."""

EDIT_LISTS = (b"moov", b"trak", b"edts", b"elst")
"""The way to them."""


def write_avif(
    frames: Iterable[NDArray[np.uint8]],
    path: Path,
    size: tuple[int, int],
    rate: Fraction,
    quality: float,
    comment: str,
    *,
    transparent: bool,
    loop: bool,
) -> None:
    """Write an animation.

    Parameters
    ----------
    frames
        Straight RGBA, shape (height, width, 4); may be overwritten after each.
    path
        Where the AVIF goes.
    size
        Width and height.
    rate
        Frames a second; durations are whole thousandths of a second.
    quality
        Of the colours, 0 to 100. The alpha is kept as it is.
    comment
        A text that goes into the file.
    transparent
        Whether their alpha means something.
    loop
        Whether it repeats for ever, or is shown once.

    Raises
    ------
    SpiralError
        If this Pillow cannot write AVIFs.
    """
    if not features.check("avif"):
        raise SpiralError(
            "This Pillow was built without AVIF.",
            "a Pillow from the package index, 11.3 or newer.",
            "pip install --force-reinstall pillow, or --to webp",
        )
    with path.open("wb") as file:
        _Animation(frames, size, "RGBA" if transparent else "RGB").save(
            file,
            "AVIF",
            save_all=True,
            duration=_Durations(rate),
            quality=round(quality),
            # Colours carry meaning, and edges between them are sharp.
            subsampling="4:4:4",
            speed=SPEED,
            max_threads=1,
            xmp=PACKET.format(comment).encode(),
        )
    if not loop:
        _play_once(path)


class _Animation(Image.Image):
    """Frames as an image of Pillow's that has several of them, one at a time in memory.

    Parameters
    ----------
    frames
        Shape (height, width, 4).
    size
        Width and height.
    mode
        What it has of them: RGBA or RGB.
    """

    is_animated = True

    def __init__(
        self, frames: Iterable[NDArray[np.uint8]], size: tuple[int, int], mode: str
    ) -> None:
        super().__init__()
        self._frames: Iterator[NDArray[np.uint8]] = iter(frames)
        self._mode, self._size = mode, size
        self._place = -1
        self.seek(0)

    def tell(self) -> int:
        """Number of the frame that is there."""
        return max(self._place, 0)

    def seek(self, frame: int) -> None:
        """Go on to the next frame; to where it begins after the last one, which does nothing."""
        if frame <= self._place:
            return
        following = next(self._frames, None)
        if following is None:
            raise EOFError("that was the last frame")
        self.im = Image.fromarray(following).convert(self._mode).im
        self._place = frame


class _Durations(list[int]):
    """How long each frame is shown, in thousandths of a second, however many there are."""

    def __init__(self, rate: Fraction) -> None:
        super().__init__()
        self._rate = rate

    def __getitem__(self, frame: Any) -> Any:
        begin, end = (round(1000 * n / self._rate) for n in (frame, frame + 1))
        return end - begin


def _play_once(path: Path) -> None:
    """Clear the flag that an animation repeats."""
    data = bytearray(path.read_bytes())
    for start in _boxes(data, 0, len(data), EDIT_LISTS):
        data[start + 3] &= 0xFE  # the last of the three bytes of flags, after the version
    path.write_bytes(data)


def _boxes(data: bytearray, start: int, end: int, names: tuple[bytes, ...]) -> Iterator[int]:
    """Where the content begins of all boxes that are within others of these names."""
    while start + 8 <= end:
        length = int.from_bytes(data[start : start + 4])
        name, content = bytes(data[start + 4 : start + 8]), start + 8
        if length == 1:
            length, content = int.from_bytes(data[content : content + 8]), content + 8
        if length == 0:
            length = end - start
        if name == names[0]:
            if len(names) == 1:
                yield content
            else:
                yield from _boxes(data, content, start + length, names[1:])
        start += max(length, 8)
