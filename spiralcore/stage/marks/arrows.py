"""A vector field as arrows of equal length: directions only."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.class_directions import unit_vectors
from spiralcore.registry.themes import rgb
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.shapes import Context, fill

SHAFT, HEAD, HEAD_LENGTH, LENGTH = 0.045, 0.17, 0.36, 0.84
"""Half widths of shaft and head, length of the head and of the arrow, in steps of the grid."""

DOT = 0.07
"""Radius of the dot where there is no direction, in steps of the grid."""


class ArrowField(Painted):
    """Arrows centred at the nodes of a grid; a dot where the vector is zero.

    Parameters
    ----------
    plane
        Where the nodes are.
    nodes
        Shape (M, 2), in the coordinates of the plane.
    step
        Distance between nodes in design pixels.
    colour
        As ``#rrggbb``.

    Attributes
    ----------
    vectors
        Shape (M, 2); set it to turn the arrows.
    """

    def __init__(
        self,
        plane: Plane,
        nodes: NDArray[np.float32],
        step: float,
        colour: str,
        opacity: float = 0.9,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.box = plane.box
        self.points = plane.box.corners()
        self.places = plane.to_design(nodes)
        self.step = step
        self.colour = rgb(colour)
        self.opacity = opacity
        self.vectors = np.zeros((len(nodes), 2), dtype=np.float32)

    def outlines(self) -> NDArray[np.float64]:
        """Corners of the arrows in design pixels, shape (M, 7, 2); NaN where there is none."""
        along = unit_vectors(self.vectors) * (1, -1)  # rows go downwards
        across = np.stack([-along[:, 1], along[:, 0]], axis=1)
        tail, tip = -LENGTH / 2, LENGTH / 2
        neck = tip - HEAD_LENGTH
        shape = (
            (tail, SHAFT), (neck, SHAFT), (neck, HEAD), (tip, 0.0),
            (neck, -HEAD), (neck, -SHAFT), (tail, -SHAFT),
        )  # fmt: skip
        corners = [self.places + self.step * (a * along + b * across) for a, b in shape]
        return np.stack(corners, axis=1)

    def paint(self, canvas: Canvas) -> None:
        """Draw all arrows."""
        fill(canvas, self.box, self._draw, self.colour, self.opacity)

    def _draw(self, context: Context) -> None:
        outlines = self.outlines()
        for (x, y), outline in zip(self.places.tolist(), outlines.tolist(), strict=True):
            if outline[0][0] != outline[0][0]:  # NaN
                context.new_sub_path()
                context.arc(x, y, DOT * self.step, 0.0, 7.0)
            else:
                context.move_to(*outline[0])
                for corner in outline[1:]:
                    context.line_to(*corner)
            context.close_path()
        context.fill()
