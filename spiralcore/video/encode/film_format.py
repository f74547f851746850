"""Formats of films: what an encoder gets and what it is told.

All of them hold colours as BT.709, narrow range. Alpha is straight.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.registry.formats import OUTPUT_FORMATS
from spiralcore.stage.pixels.changes import PixelBoxes
from spiralcore.video.encode.yuv import to_yuv420, to_yuv444p10, to_yuva420

BT709 = {
    "color_primaries": "bt709",
    "color_trc": "bt709",
    "colorspace": "bt709",
    "color_range": "tv",
}


Convert = Callable[[NDArray[np.uint8], NDArray[Any], PixelBoxes | None], None]

Depth = type[np.uint8] | type[np.uint16]


@dataclass(frozen=True)
class FilmFormat:
    """How frames become a film of one kind.

    Attributes
    ----------
    pixel_format
        Of the planes, in the words of ffmpeg.
    samples
        Numbers in the planes for each pixel.
    depth
        Type of these numbers.
    convert
        Writes the planes of a frame: gets the frame of shape (height, width, 4), the planes, and
        where to convert, see `spiralcore.video.encode.yuv.to_yuv420`.
    encoder
        Options of ffmpeg.
    container
        Of the segments, in the words of ffmpeg. Matroska counts whole milliseconds, which 60
        frames a second are not.
    keyframe_seconds
        From a keyframe to the next one.
    """

    pixel_format: str
    samples: float
    depth: Depth
    convert: Convert
    encoder: dict[str, Any]
    container: str = "matroska"
    keyframe_seconds: int = 1

    def options(self, frame_rate: int) -> dict[str, Any]:
        """What the encoder is told for films of a rate."""
        return {"g": self.keyframe_seconds * frame_rate, **self.encoder}

    def planes(self, width: int, height: int) -> NDArray[Any]:
        """Room for the planes of a frame."""
        return np.empty(round(width * height * self.samples), dtype=self.depth)


PLANES: dict[str, tuple[float, Depth, Convert]] = {
    "yuv420p": (1.5, np.uint8, to_yuv420),
    "yuva420p": (2.5, np.uint8, to_yuva420),
    "yuv444p10le": (3, np.uint16, to_yuv444p10),
    "yuva444p10le": (4, np.uint16, to_yuv444p10),
}
"""What there is to know of planes, by what ffmpeg calls them."""

FILM_FORMATS: dict[tuple[str, bool], FilmFormat] = {
    (name, transparent): FilmFormat(
        encoding.pixel_format,
        *PLANES[encoding.pixel_format],
        dict(encoding.options),
        encoding.segments[0],
        entry.keyframe_seconds,
    )
    for name, entry in OUTPUT_FORMATS.items()
    for transparent, encoding in entry.encodings.items()
}
"""By the format of the film, and whether it is transparent."""


def lossless(film_format: FilmFormat) -> FilmFormat:
    """The same planes, kept as they are: what a film is encoded from more than once."""
    if film_format.pixel_format == "yuv420p":
        encoder: dict[str, Any] = {
            "vcodec": "libx264",
            "preset": "ultrafast",
            "qp": 0,
            "g": 1000,
            "threads": 1,
        }
    else:
        encoder = {"vcodec": "ffv1", "level": 3, "g": 1, "threads": 1}
    return replace(film_format, encoder=encoder, container="nut")
