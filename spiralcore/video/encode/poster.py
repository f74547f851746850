"""A frame as a PNG."""

from __future__ import annotations

import math
from pathlib import Path

import imageio.v3 as imageio
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from spiralcore.video.cache_key import comment
from spiralcore.video.encode.fitting import SMALLEST, Descent, Grade, write_fitting
from spiralcore.video.encode.size import scaled
from spiralcore.video.encode.yuv import to_straight


def write_poster(
    frame: NDArray[np.uint8], path: Path, key: str, transparent: bool, most_bytes: int | None = None
) -> None:
    """Write a frame, with straight alpha or without any.

    Parameters
    ----------
    frame
        Premultiplied RGBA, shape (height, width, 4).
    path
        Where the PNG goes.
    key
        See `spiralcore.video.cache_key`.
    transparent
        Whether its alpha means something.
    most_bytes
        What the file may not be larger than, if there is a limit; the picture is made smaller.

    Raises
    ------
    SpiralError
        If it cannot be made that small.
    """
    if transparent:
        pixels = np.empty_like(frame)
        to_straight(frame, pixels)
    else:
        pixels = np.ascontiguousarray(frame[:, :, :3])
    picture = Image.fromarray(pixels)
    note = PngInfo()
    note.add_text("Comment", comment(key))

    def make(grade: Grade, trial: Path) -> None:
        size = scaled(picture.size, grade.side)
        smaller = picture if size == picture.size else picture.resize(size, Image.Resampling.BOX)
        # Not by its name: one in which ".zip/" or "~" comes has another meaning for imageio.
        trial.write_bytes(
            imageio.imwrite(
                "<bytes>", np.asarray(smaller), plugin="pillow", extension=".png", pnginfo=note
            )
        )

    side = min(picture.size)
    descent = Descent(side, min(SMALLEST, side))
    write_fitting(make, path, descent, most_bytes or math.inf, strict=True)
