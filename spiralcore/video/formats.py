"""Formats of films: what an encoder gets and what it is told.

All of them hold colours as BT.709, narrow range. Alpha is straight.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.recipe import Video
from spiralcore.stage.changes import PixelBoxes
from spiralcore.video.yuv import to_yuv420, to_yuv444p10, to_yuva420

BT709 = {
    "color_primaries": "bt709",
    "color_trc": "bt709",
    "colorspace": "bt709",
    "color_range": "tv",
}

SEAM_QUANTISER = 6
"""Of frames that meet where a film begins again: they differ by some 50 dB (PSNR) then."""

H264: dict[str, Any] = {
    "vcodec": "libx264",
    "preset": "veryfast",
    "crf": 21.8,
    "g": 1000,
    # Key frames hardly better than others: a difference would be seen as a pulse in still parts.
    # Looking ahead twice as far as the preset gives a better picture in a smaller file; colours
    # carry meaning here, so they get a little more of it.
    "x264-params": "ipratio=1.1:pbratio=1.1:rc-lookahead=20:chroma-qp-offset=-1",
    "threads": 1,
}

VP9: dict[str, Any] = {
    "vcodec": "libvpx-vp9",
    # Six times as fast as "good" and hardly larger.
    "deadline": "realtime",
    "cpu-used": 5,
    "crf": 30,
    "b:v": 0,
    "g": 1000,
    # Frames that are never shown have no alpha to go with them.
    "auto-alt-ref": 0,
    # No use in looking ahead then, and 4K would take 600 MB more for it.
    "lag-in-frames": 0,
    "threads": 1,
}

PRORES: dict[str, Any] = {
    "vcodec": "prores_ks",
    "profile:v": "4444",
    "vendor": "apl0",
    # Left to itself the encoder takes five times as long to make files twice as large.
    "qscale:v": 12,
    "alpha_bits": 8,
    "threads": 1,
}


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
        where to convert, see `spiralcore.video.yuv.to_yuv420`.
    encoder
        Options of ffmpeg.
    container
        Of the segments, in the words of ffmpeg. Matroska counts whole milliseconds, which 60
        frames a second are not.
    """

    pixel_format: str
    samples: float
    depth: type[np.uint8] | type[np.uint16]
    convert: Callable[[NDArray[np.uint8], NDArray[Any], PixelBoxes | None], None]
    encoder: dict[str, Any]
    container: str = "matroska"

    def planes(self, width: int, height: int) -> NDArray[Any]:
        """Room for the planes of a frame."""
        return np.empty(round(width * height * self.samples), dtype=self.depth)


FILM_FORMATS: dict[tuple[Video, bool], FilmFormat] = {
    ("mp4", False): FilmFormat("yuv420p", 1.5, np.uint8, to_yuv420, H264, "mp4"),
    ("webm", False): FilmFormat("yuv420p", 1.5, np.uint8, to_yuv420, VP9),
    ("webm", True): FilmFormat("yuva420p", 2.5, np.uint8, to_yuva420, VP9),
    ("mov", False): FilmFormat("yuv444p10le", 3, np.uint16, to_yuv444p10, PRORES, "mov"),
    ("mov", True): FilmFormat("yuva444p10le", 4, np.uint16, to_yuv444p10, PRORES, "mov"),
}
"""By the kind of the file, and whether it is transparent."""


def seamless(film_format: FilmFormat, frames: Sequence[int]) -> FilmFormat:
    """The same for H.264, with some frames so fine that nobody sees one follow the other.

    Left to itself the encoder spends little on the last frames, as no other one needs them: the
    picture would snap where the film begins again.

    Parameters
    ----------
    frames
        Numbers of frames of the segment.
    """
    zones = "/".join(f"{frame},{frame},q={SEAM_QUANTISER}" for frame in frames)
    parameters = f"{film_format.encoder['x264-params']}:zones={zones}"
    return replace(film_format, encoder={**film_format.encoder, "x264-params": parameters})


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
