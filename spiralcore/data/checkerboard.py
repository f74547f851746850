"""A checkerboard whose fields belong to the classes by turns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from spiralcore.data.generated import EXTENT, GeneratedData, Points, class_by_class, sizes_of
from spiralcore.settings import Positive


def checkerboard(
    classes: int,
    points_per_class: int | Sequence[int] = 200,
    *,
    rng: np.random.Generator,
    fields: int = 4,
    extent: float = 0.7 * EXTENT,
    gap: float = 0.2,
) -> Points:
    """Draw a checkerboard.

    The points of a class go to its fields by turns, and lie anywhere in them but near the edges.

    Parameters
    ----------
    classes
        Number of classes, see `colours`.
    points_per_class
        Points of each class, or a number for each of them.
    rng
        The source of the places.
    fields
        Fields along a side.
    extent
        Half the length of a side.
    gap
        Between points of neighbouring fields at least, in sides of a field.

    Returns
    -------
    Points
        The points, class by class; the middle of the board is the origin.

    Raises
    ------
    ValueError
        If a class would have no field.
    """
    board = colours(fields, classes)
    side = 2 * extent / fields

    def class_fields(label: int, points: int) -> NDArray[np.float64]:
        own = np.argwhere(board == label)
        if not len(own):
            raise ValueError(f"{fields} fields along a side are too few for {classes} classes")
        within = 0.5 + (1 - gap) * rng.uniform(-0.5, 0.5, (points, 2))
        places: NDArray[np.float64] = side * (own[np.arange(points) % len(own)] + within) - extent
        return places

    return class_by_class(sizes_of(points_per_class, classes), class_fields)


def colours(fields: int, classes: int) -> NDArray[np.int64]:
    """The class of each field, shape (fields, fields): ``(column + s row) mod classes``.

    The step s is 1 for two or three classes and 2 for more, so that fields of one class never
    share an edge, and from four classes on no corner either.
    """
    column, row = np.meshgrid(np.arange(fields), np.arange(fields), indexing="ij")
    return (column + (1 if classes < 4 else 2) * row) % classes


def _fewest(classes: int) -> int:
    """Fields along a side from which on each class has one."""
    return next(fields for fields in range(2, 65) if _suffice(fields, classes))


def _suffice(fields: int, classes: int) -> bool:
    """Whether each class has a field."""
    return len(np.unique(colours(fields, classes))) == classes


class Checkerboard(GeneratedData):
    """A checkerboard, see `checkerboard`."""

    noun = "checkerboard"
    always = ("kind", "points_per_class", "fields", "extent", "gap")
    generator = staticmethod(checkerboard)

    kind: Literal["checkerboard"] = "checkerboard"
    fields: Annotated[int, Field(strict=True, ge=2, le=64)] = 4
    extent: Positive = 0.7 * EXTENT
    gap: Annotated[float, Field(ge=0, lt=1)] = 0.2

    def check(self, classes: int) -> None:
        """Refuse sizes that do not fit, and more classes than the board has fields for."""
        super().check(classes)
        if not _suffice(self.fields, classes):
            raise ValueError(
                f"fields: found {self.fields} a side with {classes} classes, "
                f"expected at least {_fewest(classes)}"
            )
