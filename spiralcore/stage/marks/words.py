"""Text in one font that looks the same on every machine."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from font_source_sans_pro import font_files_otf
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, features

from spiralcore.registry.themes import rgb
from spiralcore.stage.layout.box import UNIT, Box, scene_point, to_design
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels.canvas import Canvas

Weight = Literal["regular", "bold"]
Side = Literal["left", "centre", "right"]

FONT_FILES = {
    "regular": font_files_otf["SourceSansPro"],
    "bold": font_files_otf["SourceSansProSemibold"],
}

FINER = 4
"""Text is drawn so many times larger and then reduced: hinting for small sizes spoils spacing."""

CAPITAL_HEIGHT = 0.66
"""Height of a capital letter as a part of the font size."""

LEADING = 1.25
"""Distance between two lines, in font sizes."""

# Digits of equal width, so that a running number does not tremble.
_FEATURES = ["tnum", "lnum"] if features.check("raqm") else None


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


@lru_cache(maxsize=8)
def _font(weight: Weight, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT_FILES[weight], size)


@lru_cache(maxsize=4096)
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
        The mask, 0 to 255, and the height of the baseline above its last row's top.
    """
    font = _font(weight, size * FINER)
    ascent, descent = (math.ceil(part / FINER) for part in font.getmetrics())
    width = math.ceil(font.getlength(text, features=_FEATURES) / FINER)
    image = Image.new("L", (max(width, 1) * FINER, (ascent + descent) * FINER), 0)
    ImageDraw.Draw(image).text(
        (0, ascent * FINER), text, fill=255, font=font, anchor="ls", features=_FEATURES
    )
    return np.asarray(image.reduce(FINER)), ascent


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, weight: Weight = "regular") -> float:
    """Width of a line of text in design pixels."""
    return float(_font(weight, size).getlength(text, features=_FEATURES))


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
