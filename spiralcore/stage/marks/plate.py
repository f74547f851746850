"""The plate under panels and texts of a film without a background."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import cairo
import numpy as np
from manim import Mobject

from spiralcore.registry.aspects import Aspect
from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.layout.box import UNIT, Box, to_design
from spiralcore.stage.marks.borders import Bar
from spiralcore.stage.marks.network_map import NetworkMap
from spiralcore.stage.marks.words import Words
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels.canvas import Canvas, Pixels

RIM = 14.0
"""How far the plate reaches beyond what lies on it, in design pixels; also its roundness."""

CREVICE = 4.0
"""Gaps of up to twice as much, in design pixels, are filled, and inner corners so rounded."""

MARGIN = 5.0
"""Least distance from the lower edge of the frame, in design pixels."""

DESCENT = 0.12
"""Room below the baseline, beside the rim, as a part of the font size."""

LINE_GAP, COLUMN_GAP = 110.0, 76.0
"""Design pixels between texts of one line, or of one column, up to which they share a box."""


class Plate(Painted):
    """Rounded rectangles that grow together where they meet, in one colour.

    Parameters
    ----------
    boxes
        What lies on it, in design pixels.
    theme
        Colour and opacity.
    aspect
        Of the frame.
    """

    def __init__(self, boxes: Iterable[Box], theme: Theme, aspect: Aspect, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.boxes = list(boxes)
        self.colour = rgb(theme.background)
        self.opacity = theme.plate
        self.points = Box(0, 0, aspect.width, aspect.height).corners()

    @classmethod
    def under(cls, mobjects: Iterable[Mobject], theme: Theme, aspect: Aspect) -> Plate:
        """Make the plate of a film: below all texts and bars, and so below all panels.

        Texts that will change show the longest that they can.
        """
        drawn = list(mobjects)
        words = [mobject for mobject in drawn if isinstance(mobject, Words)]
        bars = [mobject.box for mobject in drawn if isinstance(mobject, Bar | NetworkMap)]
        lowest = aspect.height - MARGIN - RIM
        return cls([*bars, *(_around(group, lowest) for group in _groups(words))], theme, aspect)

    def paint(self, canvas: Canvas) -> None:
        """Stamp it."""
        mask = self._mask(canvas)
        kernels.stamp(canvas.pixels, mask, 0, 0, self.colour, self.opacity)

    def _mask(self, canvas: Canvas) -> Pixels:
        """Coverage of the frame, shape (height, width)."""
        from scipy.ndimage import distance_transform_edt  # here, so that films open quickly

        pixel = canvas.scale * UNIT
        beyond = math.ceil(CREVICE * pixel) + 1
        height, width = (size + 2 * beyond for size in canvas.pixels.shape[:2])
        surface = cairo.ImageSurface(cairo.FORMAT_A8, width, height)
        context = cairo.Context(surface)
        left, top = canvas.place(self.points)[0]
        context.translate(left + beyond, top + beyond)
        context.scale(pixel, pixel)
        context.set_line_width(2 * (RIM + CREVICE))
        context.set_line_join(cairo.LINE_JOIN_ROUND)
        for box in self.boxes:
            context.rectangle(*box)
        context.fill_preserve()
        context.stroke()
        surface.flush()
        rows = np.frombuffer(surface.get_data(), np.uint8).reshape(height, -1)
        # Grown and shrunk again: what was closer than that stays together.
        depth = distance_transform_edt(rows[:, :width] >= 128) - CREVICE * pixel
        inside = depth[beyond : height - beyond, beyond : width - beyond]
        return np.asarray(255 * np.clip(inside, 0, 1) + 0.5).astype(np.uint8)


def _groups(words: Sequence[Words]) -> list[list[Words]]:
    """Texts that belong together: a line in several parts, lines below each other."""
    groups: list[list[Words]] = []
    for one in words:
        near = [group for group in groups if any(_belong(one, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([one, *(other for group in near for other in group)])
    return groups


def _belong(one: Words, other: Words) -> bool:
    (x, y), (other_x, other_y) = to_design(one.points[0]), to_design(other.points[0])
    a, b = one.extent(), other.extent()
    if y == other_y:
        return max(a[0], b[0]) - min(a[1], b[1]) < LINE_GAP
    aligned = x == other_x and one.side == other.side
    return aligned and max(a[2], b[2]) - min(a[3], b[3]) < COLUMN_GAP


def _around(group: Sequence[Words], lowest: float) -> Box:
    rooms = np.array([words.extent() for words in group])
    left, top = rooms[:, 0].min(), rooms[:, 2].min()
    below = max(words.extent()[3] + DESCENT * words.size for words in group)
    bottom = min(below, lowest)
    return Box(left, top, rooms[:, 1].max() - left, bottom - top)
