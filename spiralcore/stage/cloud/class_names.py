"""Names of classes where their points are, as far as there is room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.registry.themes import rgb
from spiralcore.stage.layout.box import UNIT, Box, scene_point, to_design
from spiralcore.stage.marks.words import CAPITAL_HEIGHT, rasterised, text_width
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels.canvas import Canvas

APART = 10.0
"""Design pixels between two names from which on both are seen in full; closer ones fade."""

SPREADS = 1.3
"""A name is so many standard deviations above the middle of its points."""

HALO = 2.5
"""Width of what sets a name apart from the points below it, in design pixels."""

_AROUND = [(round(np.cos(a), 3), round(np.sin(a), 3)) for a in np.arange(8) * np.pi / 4]


class ClassNames(Painted):
    """Names above the middle of the points of their classes.

    A name that would lie on one before it is not drawn, and fades on the way there, so that no
    name appears or vanishes at once.

    Parameters
    ----------
    names
        What is written, for each class; empty for nothing.
    labels
        Class of each point, shape (N,).
    box
        Where they stay, in design pixels.
    size
        Font size in design pixels.
    ink, halo
        Colours as ``#rrggbb``: of the letters, and around them.
    """

    def __init__(
        self,
        names: Sequence[str],
        labels: NDArray[np.int64],
        box: Box,
        size: float,
        ink: str,
        halo: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._names, self._labels, self._box, self._size = names, labels, box, size
        self._ink, self._halo = rgb(ink), rgb(halo)
        self._counts = np.bincount(labels, minlength=len(names))
        self._widths = [text_width(name, size, "bold") for name in names]
        self.points = box.corners()
        self._seen: list[tuple[str, float, float, float]] = []

    def follow(self, places: NDArray[np.float64]) -> None:
        """Lie where the points are, scene coordinates of the shape (N, 3)."""
        count = len(self._names)
        sums = [np.bincount(self._labels, places[:, axis], count) for axis in (0, 1)]
        squares = np.bincount(self._labels, places[:, 1] ** 2, count)
        self._seen = []
        taken: list[tuple[float, float, float]] = []
        for label, name in enumerate(self._names):
            if not name or not self._counts[label]:
                continue
            points = self._counts[label]
            across, up = (float(axis[label] / points) for axis in sums)
            spread = float(np.sqrt(max(squares[label] / points - up**2, 0.0))) / UNIT
            middle = np.array(to_design(np.array([across, up, 0.0])))
            # Above most of its points, which it would hide.
            middle[1] -= SPREADS * spread + 0.7 * self._size
            wide = self._widths[label]
            box = self._box
            if wide + 2 * HALO > box.width or not np.isfinite(middle).all():
                continue
            x = float(np.clip(middle[0], box.left + wide / 2 + 4, box.right - wide / 2 - 4))
            y = float(np.clip(middle[1], box.top + self._size, box.bottom - 0.6 * self._size))
            free = min((self._between(x, y, wide, one) for one in taken), default=APART)
            opacity = float(np.clip(free / APART, 0, 1))
            if opacity > 0:
                taken.append((x, y, wide))
                self._seen.append((name, x, y, opacity))

    def _between(self, x: float, y: float, wide: float, other: tuple[float, float, float]) -> float:
        """Room between two names, in design pixels; less than 0 where they overlap."""
        across = abs(x - other[0]) - (wide + other[2]) / 2
        return max(across, abs(y - other[1]) - self._size)

    @property
    def seen(self) -> list[str]:
        """The names that are drawn in the present frame, at least faintly."""
        return [name for name, *_ in self._seen]

    def paint(self, canvas: Canvas) -> None:
        """Stamp each name on a halo."""
        scale = canvas.scale * UNIT
        for name, x, y, opacity in self._seen:
            mask, ascent = rasterised(name, "bold", round(self._size * scale, 2))
            base = scene_point(x, y + CAPITAL_HEIGHT * self._size / 2)[None]
            at = canvas.place(base)[0]
            left, top = at[0] - mask.shape[1] / 2, round(at[1]) - ascent
            strength = opacity * self.opacity
            for dx, dy in _AROUND:
                place = round(left + dx * HALO * scale), round(top + dy * HALO * scale)
                kernels.stamp(canvas.pixels, mask, *place, self._halo, 0.5 * strength)
            kernels.stamp(canvas.pixels, mask, round(left), top, self._ink, strength)
