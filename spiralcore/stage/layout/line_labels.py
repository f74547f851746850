"""Where the names at the ends of lines go: each at the height of its line, none over another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from spiralcore.trajectory.play.easing import eased

GAP = 14.0
"""Between names beside each other, in design pixels."""

FREE = 1.3
"""Distance of two heights, in least distances, from which on names do not move aside."""


class Tip(NamedTuple):
    """The place of a name in design pixels: how far beside the end of its line, and its height."""

    aside: float
    height: float


def places(
    heights: Sequence[float],
    widths: Sequence[float],
    least: float,
    area: float,
    most: float = float("-inf"),
) -> list[Tip]:
    """Place names beside the ends of lines.

    A name is at the height of its line, and moves to the right of those that would be in its way,
    the more the nearer they are: so nothing jumps while the lines move. Where the room is not
    enough for all names beside each other, some share it and lie below each other.

    Parameters
    ----------
    heights
        Of the ends of the lines, downwards.
    widths
        Of the names.
    least
        Distance of two heights from which on names can lie below each other.
    area
        Width that all names beside each other may take.
    most
        The highest place of a name where several share the room.
    """
    columns = in_columns(widths, area)
    placed = list(heights)
    for column in columns:
        if len(column) > 1:
            spread = spread_out([heights[i] for i in column], least, most)
            for i, height in zip(column, spread, strict=True):
                placed[i] = height
    ends: list[tuple[float, float]] = []
    asides = [0.0] * len(placed)
    for column in columns:
        for i in column:
            asides[i] = max(
                (_nearness(placed[i] - height, least) * end for height, end in ends), default=0.0
            )
        ends += [(placed[i], asides[i] + widths[i] + GAP) for i in column]
    return [Tip(aside, height) for aside, height in zip(asides, placed, strict=True)]


def in_columns(widths: Sequence[float], area: float) -> list[list[int]]:
    """Deal names to as many columns as there is room for, at least to one."""
    for count in range(len(widths), 1, -1):
        columns = [list(range(first, len(widths), count)) for first in range(count)]
        if sum(max(widths[i] for i in column) for column in columns) + GAP * (count - 1) <= area:
            return columns
    return [list(range(len(widths)))]


def spread_out(heights: Sequence[float], least: float, most: float) -> list[float]:
    """Move heights apart until neighbours are at least so far from each other.

    They keep their order, and each group of them its middle; only where that would be higher than
    ``most``, the group moves down.
    """
    groups = [[i] for i in sorted(range(len(heights)), key=lambda i: heights[i])]
    while True:
        spread = {}
        for group in groups:
            middle = sum(heights[i] for i in group) / len(group)
            half = (len(group) - 1) / 2 * least
            if half:
                middle = max(middle, most + half)
            for rank, i in enumerate(group):
                spread[i] = middle - half + rank * least
        close = next(
            (
                g
                for g in range(len(groups) - 1)
                if spread[groups[g + 1][0]] - spread[groups[g][-1]] < least - 1e-9
            ),
            None,
        )
        if close is None:
            return [spread[i] for i in range(len(heights))]
        groups[close : close + 2] = [groups[close] + groups[close + 1]]


def _nearness(distance: float, least: float) -> float:
    """1 for heights that are nearer than the least distance, 0 for those that are far apart."""
    return eased((FREE - abs(distance) / least) / (FREE - 1))
