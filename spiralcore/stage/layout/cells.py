"""Networks as cells of a grid: which grid has the largest panels, and what lies where in a cell."""

from __future__ import annotations

from typing import NamedTuple

from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.words import text_width

GAP = 16.0
"""Between panels of one network."""

LABEL, HEAD, NAME, NUMBER = 36.0, 36.0, 36.0, 48.0
"""Font sizes of a network's name, of heads and captions, of the names of numbers, of numbers."""

LEAST_CURVE, LARGEST_CURVE = 112.0, 260.0
"""Height of a curve, its caption not included, in design pixels; without room there is none."""

LEAST_PANEL = {1: 60.0, 2: 150.0}
"""Side of a panel at least with so many numbers: panels come first."""

NAMES = ("accuracy", "cross-entropy")
"""Of the numbers; without room there is the first one only."""

LEAST_COLUMN = 200.0
"""Width of a column of curve and numbers."""


class NetworkCell(NamedTuple):
    """Where the parts of one network go, in design pixels.

    Attributes
    ----------
    panels
        The evolving layer last; before it the final one, if it has a panel.
    curve
        The loss curve, below its caption; None without room.
    numbers
        Accuracy and cross-entropy.
    label
        The whole cell: the name is at its top, heads of panels lie just above them.
    names
        Of the numbers.
    """

    panels: list[Box]
    curve: Box | None
    numbers: Box
    label: Box
    names: tuple[str, ...]

    @property
    def area(self) -> float:
        """Of all panels."""
        return sum(panel.width * panel.height for panel in self.panels)


def best_cells(count: int, area: Box, gap: float, panels: int, text: float) -> list[NetworkCell]:
    """Lay out networks in the grid, and each in the way, that gives them the largest panels.

    Parameters
    ----------
    count
        Number of networks.
    area
        Where, in design pixels.
    gap
        Between cells.
    panels
        Of each network: 1 or 2.
    text
        How much larger than in 16:9 texts are.
    """
    for names in (NAMES, NAMES[:1]):
        candidates = [
            [cell(box, panels, text, names) for box in boxes]
            for columns in range(1, count + 1)
            for boxes in [grid(count, columns, area, gap)]
            for cell in (_above, _beside, _below)
        ]
        possible = [cells for cells in candidates if _fits(cells[0], text)]
        if possible:
            break
    return max(possible or candidates, key=lambda cells: cells[0].area)


def grid(count: int, columns: int, area: Box, gap: float) -> list[Box]:
    """Boxes of equal size, row by row."""
    rows = -(-count // columns)
    width = (area.width - gap * (columns - 1)) / columns
    height = (area.height - gap * (rows - 1)) / rows
    return [
        Box(
            area.left + i % columns * (width + gap),
            area.top + i // columns * (height + gap),
            width,
            height,
        )
        for i in range(count)
    ]


def are_beside(width: float, text: float) -> bool:
    """Whether both numbers have room beside each other."""
    return width >= 2 * text * (text_width(NAMES[1], NAME) + 15)


def numbers_height(width: float, text: float, names: tuple[str, ...]) -> float:
    """Height of the numbers, in design pixels."""
    rows = 1 if are_beside(width, text) else len(names)
    return text * (rows * (NAME + 0.9 * NUMBER) + (rows - 1) * 14)


def _heads(panels: int, text: float) -> float:
    """Height of the name of a network, and of the heads of two panels."""
    return text * (LABEL + 10 + (HEAD + 10 if panels > 1 else 0))


def _curve(left: float, top: float, width: float, bottom: float, text: float) -> Box | None:
    """What is left for a curve below its caption."""
    top += text * (NAME + 14)
    height = min(bottom - top, text * LARGEST_CURVE)
    return Box(left, top, width, height) if height >= text * LEAST_CURVE else None


def _above(box: Box, panels: int, text: float, names: tuple[str, ...]) -> NetworkCell:
    """The panels beside each other, below them the curve and the numbers."""
    head, numbers = _heads(panels, text), numbers_height(box.width, text, names)
    side = min((box.width - GAP * (panels - 1)) / panels, box.height - head - text * 20 - numbers)
    top = box.top + head
    boxes = [Box(box.left + i * (side + GAP), top, side, side) for i in range(panels)]
    end = top + side
    curve = _curve(box.left, end + text * 18, box.width, box.bottom - numbers - text * 24, text)
    first = curve.bottom + text * 24 if curve else end + text * 20
    return NetworkCell(boxes, curve, Box(box.left, first, box.width, numbers), box, names)


def _beside(box: Box, panels: int, text: float, names: tuple[str, ...]) -> NetworkCell:
    """The panels beside each other, and at their right the curve above the numbers."""
    head = _heads(panels, text)
    side = min(box.height - head, (box.width - text * LEAST_COLUMN - GAP * panels) / panels)
    boxes = [Box(box.left + i * (side + GAP), box.top + head, side, side) for i in range(panels)]
    x = boxes[-1].right + 1.5 * GAP
    width = box.right - x
    numbers, end = numbers_height(width, text, names), boxes[-1].bottom
    top = box.top + _heads(1, text)
    curve = _curve(x, top - text * 14, width, end - numbers - text * 24, text)
    first = end - numbers if curve else top
    return NetworkCell(boxes, curve, Box(x, first, width, numbers), box, names)


def _below(box: Box, panels: int, text: float, names: tuple[str, ...]) -> NetworkCell:
    """The evolving layer in full width, below it the final one with the numbers beside it."""
    if panels < 2:
        return _above(box, panels, text, names)
    head, between = _heads(1, text), text * (HEAD + 34)
    column = text * LEAST_COLUMN
    curve = text * (LEAST_CURVE + NAME + 44)
    side = min(box.width, (box.height - head - between - curve) / 1.46)
    evolving = Box(box.left, box.top + head, side, side)
    small = min(0.46 * side, box.width - column - GAP)
    final = Box(box.left, evolving.bottom + between, small, small)
    x = final.right + 1.5 * GAP
    numbers = Box(x, final.top, box.right - x, numbers_height(box.right - x, text, names))
    below = max(final.bottom, numbers.bottom)
    shown = _curve(box.left, below + text * 18, box.width, box.bottom, text)
    return NetworkCell([final, evolving], shown, numbers, box, names)


def _fits(cell: NetworkCell, text: float) -> bool:
    """Whether all of a cell is inside of it, and not too small."""
    everything = [*cell.panels, cell.numbers, *([cell.curve] if cell.curve else [])]
    least = max(text_width(name, NAME * text) for name in (*cell.names, "accuracy"))
    return (
        min(panel.width for panel in cell.panels) >= LEAST_PANEL[len(cell.names)]
        and cell.numbers.width >= max(least, text_width("100.0 %", NUMBER * text))
        and all(
            part.right <= cell.label.right + 1 and part.bottom <= cell.label.bottom + 1
            for part in everything
        )
    )
