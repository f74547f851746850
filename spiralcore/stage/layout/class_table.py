"""Where the panels of a table of networks go: a row for each class count, or a column."""

from __future__ import annotations

from typing import NamedTuple

from spiralcore.stage.layout.box import Box

GAP = 12
"""Between panels, in design pixels."""


class ClassTable(NamedTuple):
    """Where the panels of the table go.

    Attributes
    ----------
    left, top
        Of the first one, in design pixels.
    side
        Of a panel.
    panels
        Of each network.
    across
        Whether a class count has a column and not a row.
    wide, high
        Panels beside and below each other.
    """

    left: float
    top: float
    side: int
    panels: int
    across: bool
    wide: int
    high: int

    def box(self, count: int, panel: int) -> Box:
        """Where a panel of the networks of a class count goes."""
        column, row = (count, panel) if self.across else (panel, count)
        pitch = self.side + GAP
        return Box(self.left + column * pitch, self.top + row * pitch, self.side, self.side)

    def end(self) -> tuple[float, float]:
        """Where it ends at the right and below."""
        pitch = self.side + GAP
        return self.left + self.wide * pitch - GAP, self.top + self.high * pitch - GAP
