"""Sizes of frames."""

from __future__ import annotations

Size = tuple[int, int]
"""Width and height in pixels."""


def scaled(size: Size, side: int) -> Size:
    """Width and height, both even, of frames whose shorter side is made smaller.

    Parameters
    ----------
    size
        Width and height as they are.
    side
        The shorter one as it shall be, even.
    """
    width, height = (2 * round(length * side / min(size) / 2) for length in size)
    return width, height
