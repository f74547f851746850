"""Decision regions behind the points."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.decision_polygons import Polygon, decision_polygons
from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.layout.box import UNIT, Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels import grid_kernels, region_kernels
from spiralcore.stage.pixels.canvas import Canvas

BORDER = 1.1
"""Half width of the line between two regions, in design pixels."""

BORDER_ALPHA = 0.55

Covered = tuple[tuple[float, float], tuple[float, float]]
"""Lower and upper limit of the horizontal axis, and of the vertical one."""


class _Regions(Painted):
    """What both kinds of regions share: a plane, colours and the lines between them."""

    def __init__(self, plane: Plane, theme: Theme, classes: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plane = plane
        self.points = plane.box.corners()
        self.fills = theme.region_colours(classes).astype(np.float32)
        self.line_ink = np.append(rgb(theme.background), np.float32(BORDER_ALPHA))

    def room(self) -> Box | None:
        """The panel."""
        return self.plane.box

    def _line(self, canvas: Canvas) -> float:
        return BORDER * canvas.scale * UNIT


class HiddenRegions(_Regions):
    """Regions of a linear read-out in the plane of the hidden layer.

    Attributes
    ----------
    weight, bias
        The read-out, shapes (K, 2) and (K,); set them to move the regions.
    """

    def __init__(
        self,
        plane: Plane,
        theme: Theme,
        weight: NDArray[np.float32],
        bias: NDArray[np.float32],
        **kwargs: Any,
    ) -> None:
        super().__init__(plane, theme, len(bias), **kwargs)
        self.weight = weight
        self.bias = bias

    def polygons(self) -> list[Polygon]:
        """The regions in the coordinates of the layer, one for each class."""
        (left, right), (lower, upper) = self.plane.inside, self.plane.inside_upright
        return decision_polygons(self.weight, self.bias, (left, lower), (right, upper))

    def paint(self, canvas: Canvas) -> None:
        """Fill the part of the plane that the space allows."""
        (left, right), (lower, upper) = self.plane.inside, self.plane.inside_upright
        edges = canvas.edges(self.plane.corners())
        # Layer coordinates are linear in pixel coordinates: x = left + (px - edge) * step.
        step_x = (right - left) / (edges.right - edges.left)
        step_y = (upper - lower) / (edges.top - edges.bottom)
        weight = np.asarray(self.weight, np.float64)
        slopes = weight * (step_x, step_y)
        origin = np.array([left - edges.left * step_x, upper - edges.top * step_y])
        region_kernels.linear_regions(
            canvas.pixels,
            canvas.pixel_box(edges),
            slopes.astype(np.float32),
            (weight @ origin + self.bias).astype(np.float32),
            self.fills,
            self._line(canvas),
            self.line_ink,
            self.opacity,
        )


class InputRegions(_Regions):
    """Regions of any function, given by its values on a grid over the plane.

    Attributes
    ----------
    values
        Logits at the nodes, shape (rows, columns, K), rows downwards; set it to move the
        regions.
    covered
        Coordinates of the first and the last node on each axis; where None, the edge of the
        plane.
    """

    covered: Covered | None = None

    def __init__(
        self, plane: Plane, theme: Theme, values: NDArray[np.float32], **kwargs: Any
    ) -> None:
        super().__init__(plane, theme, values.shape[2], **kwargs)
        self.values = values

    def paint(self, canvas: Canvas) -> None:
        """Fill the part of the plane that the space allows."""
        plane = self.plane
        (left, right), (lower, upper) = self.covered or (plane.inside, plane.inside_upright)
        corners = (plane.x(left), plane.y(upper)), (plane.x(right), plane.y(lower))
        nodes = canvas.edges(corners)
        rows, columns, _ = self.values.shape
        step_x = (nodes.right - nodes.left) / (columns - 1)
        step_y = (nodes.bottom - nodes.top) / (rows - 1)
        grid_kernels.grid_regions(
            canvas.pixels,
            canvas.pixel_box(canvas.edges(self.plane.corners())),
            np.array([nodes.left, nodes.top, step_x, step_y], dtype=np.float32),
            self.values,
            self.fills,
            self._line(canvas),
            self.line_ink,
            self.opacity,
        )
