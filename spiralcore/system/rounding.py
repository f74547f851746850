"""Numbers as people write them, and as they round them.

That is halves away from zero, of what the number was before it was stored. Python rounds the binary
number, halves to even digits: 45 of 80 is 56.2 %, and 53 of 80, which has no exact binary form,
66.3 %.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

DIGITS = 7
"""Significant digits that a float32 is sure to have kept."""

MOST_DIGITS = 18
"""Of a whole number that counts something."""


def whole_number(text: str) -> int | None:
    """The whole number that a text is in plain digits; None for any other text, and a longer one.

    `str.isdigit` says yes to more than `int` takes: to ``²``, and to thousands of digits.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def fixed(value: float, places: int) -> str:
    """A finite number with so many decimal places; zero without a sign.

    Raises
    ------
    ValueError
        If it is not finite.
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} has no decimal places")
    exact = Decimal(f"{float(value):.{DIGITS - 1}e}")
    text = f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
    return text.removeprefix("-") if not float(text) else text


def percent(share: float, places: int = 1) -> str:
    """A share as ``56.3 %``."""
    return f"{fixed(100 * float(f'{float(share):.{DIGITS - 1}e}'), places)} %"
