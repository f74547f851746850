"""Words from files and names, for people: nothing that a terminal would obey, and no novels."""

from __future__ import annotations

LONGEST_NAME = 24
"""Letters of a name that a picture has room for."""

LONGEST_LINE = 80


def printable(value: object, most: int = LONGEST_LINE) -> str:
    """A value from a file, on one line, without anything that a terminal would obey."""
    if value is None:
        return "unknown"
    try:
        text = str(value)
    except (RecursionError, ValueError):
        # Nested a thousandfold, or with a number of thousands of digits.
        return "too long to show"
    return _plain(text[:most])


def short_name(text: str, most: int = LONGEST_NAME) -> str:
    """A name from a file, as short as pictures need it."""
    letters = _plain(text[:most])
    return letters if len(text) <= most else letters[: most - 1] + "…"


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)
