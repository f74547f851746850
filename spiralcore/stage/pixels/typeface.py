"""Letters of a font file: HarfBuzz says which glyph stands where, FreeType draws it.

Neither asks the system for anything, so that a text is the same picture on every machine; what
Pillow lays out itself depends on whether it finds FriBiDi there.
"""

from __future__ import annotations

import math
import struct
from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

import numpy as np
import uharfbuzz
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

FEATURES = {"tnum": True, "lnum": True}
"""Digits of equal width and height, so that a running number does not tremble."""

FINER = 4
"""Text is drawn so many times larger and then reduced: hinting for small sizes spoils spacing."""

FIRST, LAST = 0xF0000, 0xFFFFF
"""Characters of a private area that stand for the glyphs 0, 1, 2 ... while they are drawn."""


class Glyph(NamedTuple):
    """A glyph of a line.

    Attributes
    ----------
    number
        In its font.
    x, y
        Where its origin is, right of and above the beginning of the baseline, in font sizes.
    """

    number: int
    x: float
    y: float


class Typeface:
    """The letters of one font file.

    Parameters
    ----------
    data
        What is in the file, OpenType or TrueType.
    """

    def __init__(self, data: bytes) -> None:
        face = uharfbuzz.Face(data)
        self._font = uharfbuzz.Font(face)
        self._units = face.upem
        self._numbered = numbered(data, face.glyph_count)

    def line(self, text: str) -> tuple[list[Glyph], float]:
        """The glyphs of a line of text, and how long it is in font sizes."""
        if not text:
            return [], 0.0
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        uharfbuzz.shape(self._font, buffer, FEATURES)
        glyphs, x, y = [], 0, 0
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            at = (x + place.x_offset) / self._units, (y + place.y_offset) / self._units
            glyphs.append(Glyph(info.codepoint, *at))
            x, y = x + place.x_advance, y + place.y_advance
        return glyphs, x / self._units

    def coverage(self, text: str, size: float) -> tuple[NDArray[np.uint8], int]:
        """A line of text as a mask, 0 to 255, and how far the baseline is below its top.

        Parameters
        ----------
        text
            What to set.
        size
            Font size in pixels.
        """
        glyphs, length = self.line(text)
        ascent, descent = self._reach(size)
        width = max(math.ceil(length * size), 1)
        fine = np.zeros(((ascent + descent) * FINER, width * FINER), np.uint8)
        for glyph in glyphs:
            shape, left, top = self._drawn(glyph.number, size)
            x = round(glyph.x * size * FINER) + left
            y = (ascent * FINER) - round(glyph.y * size * FINER) + top
            _over(fine, shape, x, y)
        return np.asarray(Image.fromarray(fine).reduce(FINER)), ascent

    @lru_cache(maxsize=64)  # noqa: B019 - there are as many as fonts, and they stay
    def _sized(self, size: float) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(
            BytesIO(self._numbered), size * FINER, layout_engine=ImageFont.Layout.BASIC
        )

    def _reach(self, size: float) -> tuple[int, int]:
        """How far letters reach above and below the baseline, in pixels."""
        ascent, descent = (math.ceil(part / FINER) for part in self._sized(size).getmetrics())
        return ascent, descent

    @lru_cache(maxsize=4096)  # noqa: B019
    def _drawn(self, number: int, size: float) -> tuple[NDArray[np.uint8], int, int]:
        """A glyph, `FINER` times as large; its left and top beside the origin, in its pixels."""
        font, text = self._sized(size), chr(FIRST + number)
        left, top, right, bottom = font.getbbox(text, anchor="ls")
        box = math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom)
        image = Image.new("L", (max(box[2] - box[0], 1), max(box[3] - box[1], 1)), 0)
        ImageDraw.Draw(image).text((-box[0], -box[1]), text, fill=255, font=font, anchor="ls")
        return np.asarray(image), box[0], box[1]


def _over(picture: NDArray[np.uint8], shape: NDArray[np.uint8], x: int, y: int) -> None:
    """Put a shape onto a picture, as far as it lies on it; where two overlap the denser stays."""
    left, top = max(x, 0), max(y, 0)
    right = min(x + shape.shape[1], picture.shape[1])
    bottom = min(y + shape.shape[0], picture.shape[0])
    if left < right and top < bottom:
        there = picture[top:bottom, left:right]
        np.maximum(there, shape[top - y : bottom - y, left - x : right - x], out=there)


def numbered(data: bytes, glyphs: int) -> bytes:
    """A font in which the characters from `FIRST` on stand for the glyphs in order.

    Its table ``cmap`` is another one, of format 12 and a single group (OpenType 1.9, "cmap"),
    at the end of the file.
    """
    last = min(FIRST + glyphs - 1, LAST)
    group = struct.pack(">HHIIIIII", 12, 0, 28, 0, 1, FIRST, last, 0)
    table = struct.pack(">HHHHI", 0, 1, 3, 10, 12) + group
    font = bytearray(data + bytes(-len(data) % 4))
    (count,) = struct.unpack_from(">H", data, 4)
    for entry in range(12, 12 + 16 * count, 16):
        if data[entry : entry + 4] == b"cmap":
            struct.pack_into(">III", font, entry + 4, 0, len(font), len(table))
    return bytes(font) + table
