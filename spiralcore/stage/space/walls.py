"""The walls, the floor and the edges of a room."""

from __future__ import annotations

from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.decision_polygons import decision_polygons
from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.marks.regions import BORDER, BORDER_ALPHA
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.pen import Pen
from spiralcore.stage.space.space_box import CORNERS, SpaceBox

Doubles = NDArray[np.float64]
Face = tuple[int, int]
"""The axis that is normal to a face of the cube, and its side: -1 or 1."""

EDGES = [(a, b) for a, b in combinations(range(8), 2) if np.abs(CORNERS[a] - CORNERS[b]).sum() == 2]
"""Corners at both ends of the edges of the cube."""

BRIGHTNESS = (0.88, 0.95, 1.0)
"""Of the faces by the axis that is normal to them, so that walls and floor are told apart."""


class Readout(NamedTuple):
    """A linear read-out of three units: shapes (K, 3) and (K,)."""

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]


class Walls(Painted):
    """What is behind everything in a room: walls and floor with the regions of a read-out.

    Parameters
    ----------
    space_box
        Whose walls.
    theme
        Colours.
    classes
        Number of classes.
    readout
        The attribute may be set to move the regions; None for walls without.
    """

    def __init__(
        self,
        space_box: SpaceBox,
        theme: Theme,
        classes: int,
        readout: Readout | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.space_box = space_box
        self.readout = readout
        self.points = space_box.box.corners()
        self.fills = theme.region_colours(classes).astype(np.float32)
        self._plain = floor_colour(theme)[None]
        self._line = rgb(theme.background)
        self._edge = rgb(theme.ink)

    def paint(self, canvas: Canvas) -> None:
        """Fill the faces that are behind, draw the edges between them."""
        pen = Pen(canvas, self.space_box.box, self.opacity)
        faces = self.space_box.faces_seen_from_within()
        for face in faces:
            self._paint_face(pen, face)
        places = self.space_box.see(CORNERS).places
        hidden = [edge for edge in EDGES if _faces_at(edge, faces) == 2]
        pen.stroke([places[list(edge)] for edge in hidden], self._edge, 1.6, 0.35)

    def _paint_face(self, pen: Pen, face: Face) -> None:
        polygons = face_polygons(self.space_box, face, self.readout)
        outlines = [self.space_box.see(polygon).places for polygon in polygons]
        fills = self._plain if self.readout is None else self.fills
        for fill, outline in zip(fills, outlines, strict=True):
            pen.fill(outline, fill * BRIGHTNESS[face[0]])
        pen.stroke(outlines, self._line, 2 * BORDER, BORDER_ALPHA, closed=True)


class BoxEdges(Painted):
    """The edges of a room's cube that are not behind everything."""

    def __init__(self, space_box: SpaceBox, theme: Theme, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.space_box = space_box
        self.points = space_box.box.corners()
        self._colour = rgb(theme.ink)

    def paint(self, canvas: Canvas) -> None:
        """Draw them."""
        faces = self.space_box.faces_seen_from_within()
        places = self.space_box.see(CORNERS).places
        lines = [places[list(edge)] for edge in EDGES if _faces_at(edge, faces) < 2]
        Pen(canvas, self.space_box.box, self.opacity).stroke(lines, self._colour, 2.2, 0.75)


class Floor(Painted):
    """The round floor below a ball."""

    def __init__(self, space_box: SpaceBox, theme: Theme, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.space_box = space_box
        self.points = space_box.box.corners()
        self._fill = floor_colour(theme)
        self._edge = rgb(theme.frame)

    def paint(self, canvas: Canvas) -> None:
        """Fill it."""
        pen = Pen(canvas, self.space_box.box, self.opacity)
        outline = self.space_box.see(self.space_box.floor_outline()).places
        pen.fill(outline, self._fill)
        pen.stroke([outline], self._edge, 1.6, 0.6, closed=True)


def floor_colour(theme: Theme) -> NDArray[np.float32]:
    """Colour of a floor or a wall without regions."""
    return np.asarray(0.84 * rgb(theme.panel) + 0.16 * rgb(theme.frame))


def shadow_colour(theme: Theme) -> NDArray[np.float32]:
    """Colour of what lies in a shadow."""
    return np.asarray(0.55 * rgb(theme.panel))


def face_polygons(space_box: SpaceBox, face: Face, readout: Readout | None) -> list[Doubles]:
    """Regions of a read-out on a face, as corners in the cube, shape (M, 3) for each class."""
    axis, side = face
    others = [other for other in range(3) if other != axis]
    weight, bias = np.zeros((1, 3)), np.zeros(1)
    if readout is not None:
        weight, bias = space_box.readout_in_cube(*readout)
    flat = decision_polygons(
        weight[:, others], bias + side * weight[:, axis], (-1.0, -1.0), (1.0, 1.0)
    )
    return [np.insert(polygon, axis, side, axis=1) for polygon in flat]


def _faces_at(edge: tuple[int, int], faces: list[Face]) -> int:
    """How many of some faces an edge belongs to."""
    return sum(all(CORNERS[corner, axis] == side for corner in edge) for axis, side in faces)
