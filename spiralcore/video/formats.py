"""Formats of films: what an encoder gets and what it is told.

All of them hold colours as BT.709, narrow range. Alpha is straight.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.recipe import Video
from spiralcore.stage.changes import PixelBoxes
from spiralcore.video.keyframes import KEYFRAME, ratio
from spiralcore.video.yuv import to_yuv420, to_yuv444p10, to_yuva420

BT709 = {
    "color_primaries": "bt709",
    "color_trc": "bt709",
    "colorspace": "bt709",
    "color_range": "tv",
}

H264_QUANTISER = 34

H264: dict[str, Any] = {
    "vcodec": "libx264",
    "preset": "veryfast",
    # One quantiser for each kind of frame, see `spiralcore.video.keyframes`: this one, a finer one
    # for keyframes, a coarser one for the five frames in a row that are predicted from both sides.
    # As films move steadily, nothing has to be found out beforehand; the time that this saves goes
    # into finer decisions. Colours carry meaning here, and have a quarter of the samples.
    "qp": H264_QUANTISER,
    "x264-params": f"ipratio={ratio(H264_QUANTISER - KEYFRAME)}:pbratio={ratio(2)}:"
    "chroma-qp-offset=-3:bframes=5:b-adapt=0:scenecut=0:rc-lookahead=0:subme=7:trellis=1:me=umh:"
    "merange=8:no-psy=1",
    "threads": 1,
}

VP9: dict[str, Any] = {
    "vcodec": "libvpx-vp9",
    # Six times as fast as "good" and hardly larger.
    "deadline": "realtime",
    "cpu-used": 5,
    "crf": 30,
    "b:v": 0,
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
    keyframe_seconds
        From a keyframe to the next one.
    """

    pixel_format: str
    samples: float
    depth: type[np.uint8] | type[np.uint16]
    convert: Callable[[NDArray[np.uint8], NDArray[Any], PixelBoxes | None], None]
    encoder: dict[str, Any]
    container: str = "matroska"
    keyframe_seconds: int = 1

    def options(self, frame_rate: int) -> dict[str, Any]:
        """What the encoder is told for films of a rate."""
        return {"g": self.keyframe_seconds * frame_rate, **self.encoder}

    def planes(self, width: int, height: int) -> NDArray[Any]:
        """Room for the planes of a frame."""
        return np.empty(round(width * height * self.samples), dtype=self.depth)


FILM_FORMATS: dict[tuple[Video, bool], FilmFormat] = {
    ("mp4", False): FilmFormat("yuv420p", 1.5, np.uint8, to_yuv420, H264, "mp4"),
    ("webm", False): FilmFormat("yuv420p", 1.5, np.uint8, to_yuv420, VP9, keyframe_seconds=2),
    ("webm", True): FilmFormat("yuva420p", 2.5, np.uint8, to_yuva420, VP9, keyframe_seconds=2),
    ("mov", False): FilmFormat("yuv444p10le", 3, np.uint16, to_yuv444p10, PRORES, "mov"),
    ("mov", True): FilmFormat("yuva444p10le", 4, np.uint16, to_yuv444p10, PRORES, "mov"),
}
"""By the kind of the file, and whether it is transparent."""


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
