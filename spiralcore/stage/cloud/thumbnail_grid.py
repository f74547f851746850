"""Small pictures of points in rows, each in a frame of its point's colour."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from spiralcore.stage.layout.box import Box
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels.canvas import Canvas

CELL = 72.0
"""Least width of a picture and its frame, in design pixels."""

GAP, FRAME = 0.1, 0.06
"""Room between two of them, and width of a frame, as parts of a cell."""


class ThumbnailGrid(Painted):
    """As many pictures as a box has room for, chosen evenly, as large as they can be.

    Parameters
    ----------
    box
        Where, in design pixels.
    pictures
        Shape (M, H, W, 1 or 3), uint8.
    colours
        Of their frames, 0 to 255, shape (M, 3).

    Attributes
    ----------
    chosen
        Which of them there are, from left to right and from above.
    cells
        Where each of these is, with its frame, in design pixels.
    """

    def __init__(
        self, box: Box, pictures: NDArray[np.uint8], colours: NDArray[np.float32], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.points = box.corners()
        across, down = (max(int(side // CELL), 1) for side in (box.width, box.height))
        # Rows that are full, of pictures as large as that lets them be.
        usual = int(np.sqrt(len(pictures) * box.width / box.height))
        columns = min(max(usual, 1), across, len(pictures))
        rows = min(max(len(pictures) // columns, 1), down)
        count = columns * rows
        cell = min(box.width / columns, box.height / rows)
        left = box.left + (box.width - columns * cell) / 2
        top = box.top + (box.height - rows * cell) / 2
        inner = cell * (1 - GAP)
        self.chosen = np.linspace(0, len(pictures) - 1, count).round().astype(int)
        self.cells = [
            Box(left + (i % columns) * cell + GAP / 2 * cell,
                top + (i // columns) * cell + GAP / 2 * cell, inner, inner)
            for i in range(count)
        ]  # fmt: skip
        self._frame = FRAME * cell
        self._pictures = np.broadcast_to(
            pictures[self.chosen], (*pictures[self.chosen].shape[:3], 3)
        )
        self._colours = np.asarray(colours, np.float32)[self.chosen]

    def paint(self, canvas: Canvas) -> None:
        """Paint frames, and pictures of whole pixels in them."""
        for cell, picture, colour in zip(self.cells, self._pictures, self._colours, strict=True):
            left, top, right, bottom = canvas.edges(cell.corners().tolist()).rounded()
            kernels.bar(canvas.pixels, left, top, right, bottom, colour, self.opacity)
            border = max(round(self._frame / cell.width * (right - left)), 1)
            _lay(
                canvas, picture, int(left) + border, int(top) + border,
                int(right - left) - 2 * border, int(bottom - top) - 2 * border, self.opacity,
            )  # fmt: skip


def _lay(
    canvas: Canvas,
    picture: NDArray[np.uint8],
    left: int,
    top: int,
    width: int,
    height: int,
    opacity: float,
) -> None:
    """Lay a picture onto some pixels, as large as it fits in, over a dark ground."""
    if width < 1 or height < 1 or left < 0 or top < 0:
        return
    scale = min(width / picture.shape[1], height / picture.shape[0])
    wide, high = (max(int(size * scale), 1) for size in (picture.shape[1], picture.shape[0]))
    how = Image.Resampling.BOX if scale < 1 else Image.Resampling.NEAREST
    ground = np.zeros((height, width, 3), np.uint8)
    x, y = (width - wide) // 2, (height - high) // 2
    ground[y : y + high, x : x + wide] = np.asarray(
        Image.fromarray(picture).resize((wide, high), how)
    )
    part = canvas.pixels[top : top + height, left : left + width]
    ground = ground[: part.shape[0], : part.shape[1]]
    whole = np.dstack([ground, np.full(ground.shape[:2], 255, np.uint8)])
    part[:] = np.round(part * (1 - opacity) + whole * opacity).astype(np.uint8)
