"""Anti-aliased shapes of one colour: outlines in design pixels, filled by cairo, stamped by us."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import cairo
import numpy as np

from spiralcore.registry.themes import Colours
from spiralcore.stage.layout.box import UNIT, Box
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels.canvas import Canvas, Pixels

if TYPE_CHECKING:
    Context = cairo.Context[cairo.ImageSurface]
else:  # its types are generic in the stubs only
    Context = cairo.Context
Drawing = Callable[[Context], None]
"""Draws with a context whose unit is the design pixel."""


class Mask(NamedTuple):
    """Coverage of some pixels.

    Attributes
    ----------
    coverage
        0 to 255, shape (rows, columns).
    left, top
        Where its upper left corner is in the frame, in pixels.
    """

    coverage: Pixels
    left: int
    top: int


def mask(canvas: Canvas, box: Box, draw: Drawing, rim: float = 0.0) -> Mask:
    """Draw on a mask that covers a box.

    Parameters
    ----------
    canvas
        Says where the box is in pixels.
    box
        In design pixels; what is drawn beyond it and its rim, or beyond the frame, is cut off.
    draw
        Draws in the design pixels of the frame.
    rim
        Room around the box, in design pixels.
    """
    pixel = canvas.scale * UNIT
    pad = round(rim * pixel)
    left, top, right, bottom = canvas.edges(box.corners().tolist())
    rows, columns = canvas.pixels.shape[:2]
    first, row = max(int(left) - pad, -pad), max(int(top) - pad, -pad)
    width = min(int(left) + round(right - left), columns) + pad - first
    height = min(int(top) + round(bottom - top), rows) + pad - row
    if width <= 0 or height <= 0:
        return Mask(np.zeros((0, 0), np.uint8), 0, 0)
    surface = cairo.ImageSurface(cairo.FORMAT_A8, width, height)
    context = cairo.Context(surface)
    context.translate(left - first, top - row)
    context.scale(pixel, pixel)
    context.translate(-box.left, -box.top)
    context.set_source_rgba(1, 1, 1, 1)
    draw(context)
    surface.flush()
    drawn = np.frombuffer(surface.get_data(), np.uint8).reshape(height, -1)
    return Mask(np.ascontiguousarray(drawn[:, :width]), first, row)


def fill(
    canvas: Canvas, box: Box, draw: Drawing, colour: Colours, opacity: float, rim: float = 0.0
) -> None:
    """Draw with one colour, see `mask`."""
    coverage, left, top = mask(canvas, box, draw, rim)
    kernels.stamp(canvas.pixels, coverage, left, top, colour, opacity)
