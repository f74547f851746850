"""Text in one font that looks the same on every machine."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from font_source_sans_pro import font_files_otf
from numpy.typing import NDArray

from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.layout.box import UNIT, Box, scene_point, to_design
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.typeface import Typeface
from spiralcore.system.font_file import font_bytes

Weight = Literal["regular", "bold"]
Side = Literal["left", "centre", "right"]

FONT_FILES = {
    "regular": font_files_otf["SourceSansPro"],
    "bold": font_files_otf["SourceSansProSemibold"],
}

CAPITAL_HEIGHT = 0.66
"""Height of a capital letter as a part of the font size."""

LEADING = 1.25
"""Distance between two lines, in font sizes."""

_own_letters: ContextVar[tuple[str, str]] = ContextVar("_own_letters", default=("", ""))
"""Fonts of the film that is being worked on, regular and bold, as data URLs."""


class Words(Painted):
    """A line of text.

    Parameters
    ----------
    text
        May be changed at any time: ``words.text = "epoch 12"``.
    x, y
        The place in design pixels: of the left end, the centre or the right end of the
        baseline.
    size
        Font size in design pixels.
    colour
        As ``#rrggbb``.
    side
        Which point of the baseline ``x`` is.
    weight
        ``regular`` or ``bold``.
    """

    def __init__(
        self,
        text: str,
        x: float,
        y: float,
        size: float = 36,
        colour: str = "#eceff3",
        side: Side = "left",
        weight: Weight = "regular",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.text = text
        self.size = size
        self.colour = rgb(colour)
        self.side = side
        self.weight: Weight = weight
        self.points = scene_point(x, y)[None]

    def extent(self) -> tuple[float, float, float, float]:
        """Left, right, top and bottom of the capitals and figures, in design pixels."""
        x, y = to_design(self.points[0])
        width = text_width(self.text, self.size, self.weight)
        left = x - {"left": 0.0, "centre": width / 2, "right": width}[self.side]
        return left, left + width, y - CAPITAL_HEIGHT * self.size, y

    def reserved(self) -> Box:
        """A box that holds these words and any shorter ones, in design pixels."""
        left, right, _, y = self.extent()
        return Box(left - 4, y - self.size, right - left + 8, 1.4 * self.size)

    def room(self) -> Box | None:
        """The words as they are."""
        return self.reserved()

    def paint(self, canvas: Canvas) -> None:
        """Stamp the text at whole pixels."""
        if not self.text:
            return
        pixels_per_design_pixel = canvas.scale * UNIT
        mask, ascent = rasterised(
            self.text, self.weight, round(self.size * pixels_per_design_pixel, 2)
        )
        x, y = canvas.place(self.points)[0]
        shift = {"left": 0.0, "centre": mask.shape[1] / 2, "right": float(mask.shape[1])}
        left = round(x - shift[self.side])
        kernels.stamp(canvas.pixels, mask, left, round(y) - ascent, self.colour, self.opacity)


def use_letters(theme: Theme) -> None:
    """Set texts in the letters of a theme from now on.

    Films say so before they lay out, change or draw anything: several may be open.
    """
    _own_letters.set((theme.font, theme.bold))


@lru_cache(maxsize=8)
def _typeface(weight: Weight, url: str) -> Typeface:
    return Typeface(font_bytes(url) or Path(FONT_FILES[weight]).read_bytes())


def _letters(weight: Weight) -> Typeface:
    regular, bold = _own_letters.get()
    return _typeface(weight, bold if weight == "bold" else regular)


def rasterised(text: str, weight: Weight, size: float) -> tuple[NDArray[np.uint8], int]:
    """Coverage of a line of text.

    Parameters
    ----------
    text, weight
        What to set.
    size
        Font size in pixels.

    Returns
    -------
    tuple
        The mask, 0 to 255, and the height of the baseline below its first row.
    """
    return _rasterised(_letters(weight), text, size)


@lru_cache(maxsize=4096)
def _rasterised(letters: Typeface, text: str, size: float) -> tuple[NDArray[np.uint8], int]:
    return letters.coverage(text, size)


def text_width(text: str, size: float, weight: Weight = "regular") -> float:
    """Width of a line of text in design pixels."""
    return size * _length(_letters(weight), text)


@lru_cache(maxsize=4096)
def _length(letters: Typeface, text: str) -> float:
    return letters.line(text)[1]


def widest(texts: Iterable[str], size: float, weight: Weight = "regular") -> str:
    """The text that takes the most room: for words that change, what has to be reserved."""
    return max(texts, key=lambda text: text_width(text, size, weight))


def wrapped(text: str, width: float, size: float, weight: Weight = "regular") -> list[str]:
    """Break a text into lines that are no wider than ``width`` design pixels, where words allow."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, weight) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
