"""What stands still for a while, painted once and then put there again."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any

from spiralcore.stage.layout.box import Box
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels.canvas import Canvas, Pixels


class AsOne(Painted):
    """Parts that lie on each other, and on nothing that moves.

    From the second frame on in which they are the same they are not painted again: their pixels
    are kept, so that a frame is what it would be otherwise.

    Parameters
    ----------
    parts
        The lowest first.

    Attributes
    ----------
    state
        What their picture depends on; set with the parts.
    """

    def __init__(self, parts: Sequence[Painted], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.parts = parts
        self.state: Hashable = None
        self.points = parts[0].points
        self._painted: Hashable = None
        self._kept: Pixels | None = None

    def _seen(self) -> list[Painted]:
        return [part for part in self.parts if part.shown and part.opacity > 0]

    def room(self) -> Box | None:
        """Around all of them that are seen."""
        rooms = [part.room() for part in self._seen()]
        whole: Box | None = None
        for room in rooms:
            if room is None:
                return None
            whole = room if whole is None else whole.around(room)
        return whole or Box(0, 0, 0, 0)

    def paint(self, canvas: Canvas) -> None:
        """Paint them, or put their pixels there."""
        room = self.room()
        if room is None:
            self._paint(canvas)
            return
        left, top, right, bottom = canvas.edges(room.padded(1).corners().tolist())
        rows, columns = canvas.pixels.shape[:2]
        first, last = max(math.floor(top), 0), min(math.ceil(bottom), rows)
        begin, end = max(math.floor(left), 0), min(math.ceil(right), columns)
        painted = self.state, first, last, begin, end, canvas.scale
        is_same = self._painted == painted
        self._painted = painted
        if is_same and self._kept is not None:
            canvas.pixels[first:last, begin:end] = self._kept
            return
        self._paint(canvas)
        self._kept = canvas.pixels[first:last, begin:end].copy() if is_same else None

    def _paint(self, canvas: Canvas) -> None:
        for part in self._seen():
            part.paint(canvas)
