"""A frame as a PNG."""

from __future__ import annotations

from pathlib import Path

import imageio.v3 as imageio
import numpy as np
from numpy.typing import NDArray
from PIL.PngImagePlugin import PngInfo

from spiralcore.files import whole_file
from spiralcore.video.marking import comment
from spiralcore.video.yuv import to_straight


def write_poster(frame: NDArray[np.uint8], path: Path, key: str, transparent: bool) -> None:
    """Write a frame, with straight alpha or without any.

    Parameters
    ----------
    frame
        Premultiplied RGBA, shape (height, width, 4).
    path
        Where the PNG goes.
    key
        See `spiralcore.video.marking`.
    transparent
        Whether its alpha means something.
    """
    if transparent:
        picture = np.empty_like(frame)
        to_straight(frame, picture)
    else:
        picture = frame[:, :, :3]
    note = PngInfo()
    note.add_text("Comment", comment(key))
    # Not straight to the file: where there is no room, imageio complains once more afterwards.
    data = imageio.imwrite("<bytes>", picture, extension=".png", plugin="pillow", pnginfo=note)
    with whole_file(path) as part:
        part.write_bytes(data)
