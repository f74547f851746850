"""The parts of the plane, or of R^D, that a layer can reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Shape = Literal["box", "ball", "sphere"]


@dataclass(frozen=True)
class Space:
    """Where the values of a layer lie.

    Attributes
    ----------
    names
        What to call it in two dimensions, in three, and in any other number.
    lower, upper
        Bounds of each coordinate; None where there is none.
    shape
        ``box``: all that is within the bounds. ``ball``: what is closer to the origin than 1.
        ``sphere``: what is at a distance of 1 from it.
    """

    names: tuple[str, str, str]
    lower: float | None = None
    upper: float | None = None
    shape: Shape = "box"

    @property
    def bounded(self) -> bool:
        """Whether the space has a border on all sides."""
        return self.lower is not None and self.upper is not None

    @property
    def is_round(self) -> bool:
        """Whether its border is a circle or a sphere."""
        return self.shape != "box"

    def name(self, units: int) -> str:
        """What to call it in so many dimensions."""
        return self.names[units - 2] if units in (2, 3) else self.names[2]

    def goal(self, units: int) -> str:
        """Where a layer of so many units puts its inputs: ``into the square``, for example."""
        way = "onto" if self.shape == "sphere" else "into" if self.lower is not None else "in"
        article = "a" if self.lower is not None and not self.bounded else "the"
        name = self.name(units)
        if article == "a" and name[0] in "aeiou":
            article = "an"
        return f"{way} {name}" if name == "space" else f"{way} {article} {name}"


SQUARE = Space(("square", "cube", "hypercube"), -1.0, 1.0)
UNIT_SQUARE = Space(("unit square", "unit cube", "unit hypercube"), 0.0, 1.0)
QUADRANT = Space(("quadrant", "octant", "orthant"), 0.0)
DISK = Space(("disk", "ball", "ball"), -1.0, 1.0, "ball")
SPHERE = Space(("circle", "sphere", "sphere"), -1.0, 1.0, "sphere")
PLANE = Space(("plane", "space", "space"))
