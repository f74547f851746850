"""What readers of tables of points share: limits, places, labels."""

from __future__ import annotations

import math
from array import array
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.data.table_text import COMMA, PLAIN
from spiralcore.errors import UsageError

MAX_BYTES = 20_000_000
MAX_ROWS = 200_000
MAX_CLASSES = 64

MOST_LABELS = 10_000
"""Different labels that are counted, to say how many there are."""

EXAMPLE = "a CSV with the columns x, y and label, or an npz with the arrays 'x' (N, 2) and 'y' (N,)"

MISSING = {"", "nan", "na", "n/a", "#n/a", "#na", "<na>", "null", "none", "nat", "-nan",
           "+nan"}  # fmt: skip
"""What programs write, in any letters, where there is no label."""

MAX_DIGITS = 100
"""Letters of a label that may be a number."""

LARGEST_WHOLE = 10**15
"""Labels that are whole numbers up to this one are the same label in any writing."""


class Rows(NamedTuple):
    """What is in a table. N points.

    Attributes
    ----------
    places
        Coordinates, shape (N, 2).
    labels
        The label of each point, as its place in the names, shape (N,).
    names
        Those that there are, each once.
    lines
        Where each point is in the file, shape (N,).
    where
        What ``lines`` are: ``line`` or ``row``.
    notes
        What was taken for granted, for people.
    titles
        What the file calls classes 0, 1, ..., if it does.
    """

    places: NDArray[np.float64]
    labels: NDArray[np.int64]
    names: list[str]
    lines: NDArray[np.int64]
    where: str
    notes: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


class Gathered:
    """Rows as they come.

    A point takes 32 bytes here; as numbers and texts of Python it would take 200.

    Parameters
    ----------
    path
        What messages call the table.
    where
        What the numbers of rows are: ``line`` or ``row``.
    """

    def __init__(self, path: Path, where: str) -> None:
        self._path, self._where = path, where
        self._places, self._lines, self._labels = array("d"), array("q"), array("q")
        self._known: dict[str, int] = {}
        self._names: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._labels)

    def add(self, x: float, y: float, label: str, line: int) -> None:
        """Take a row whose numbers are finite.

        Raises
        ------
        UsageError
            If it has no label, or there are too many of them.
        """
        number = self._known.get(label)
        if number is None:
            number = self._known[label] = self.number(label, line)
        self._places.append(x)
        self._places.append(y)
        self._labels.append(number)
        self._lines.append(line)
        if len(self._labels) > MAX_ROWS:
            raise UsageError(f"{self._path} has more than {MAX_ROWS:,} points.", "fewer of them.")

    @property
    def names(self) -> list[str]:
        """The labels that there are, each once."""
        return list(self._names)

    def number(self, label: str, line: int) -> int:
        """The place of a label in the names, the same for the same number in another writing.

        Raises
        ------
        UsageError
            If it is none, or there are too many of them.
        """
        text = label.strip()
        if text.lower() in MISSING:
            found = f"found {text!r} for the label, which is none" if text else ""
            raise UsageError(
                f"{self._path}, {self._where} {line}: {found or 'the label is missing'}.",
                f"a label in each {self._where}.",
                "another word, if it is the name of a class" if text.isalpha() else "",
            )
        number = self._names.setdefault(canonical(text), len(self._names))
        if len(self._names) > MOST_LABELS:
            raise UsageError(
                f"{self._path} has more than {MOST_LABELS:,} different labels.",
                f"2 to {MAX_CLASSES} classes, the label in the last of three columns.",
            )
        return number

    def rows(self, notes: tuple[str, ...] = (), titles: tuple[str, ...] = ()) -> Rows:
        """All of them.

        Raises
        ------
        UsageError
            If there are none.
        """
        if not self._labels:
            raise UsageError(f"{self._path} has no points.", EXAMPLE + ".")
        return Rows(
            np.frombuffer(self._places).reshape(-1, 2),
            np.frombuffer(self._labels, np.int64),
            list(self._names),
            np.frombuffer(self._lines, np.int64),
            self._where,
            notes,
            titles,
        )


def check_count(path: Path, what: str, count: int) -> None:
    """Refuse no points at all, and too many of them, before they are read.

    Raises
    ------
    UsageError
        Saying how many there are.
    """
    if not 0 < count <= MAX_ROWS:
        raise UsageError(f"{path}: {what} has {count:,} points.", f"1 to {MAX_ROWS:,} of them.")


def canonical(label: str) -> str:
    """The same text for the same number: ``0`` for ``0.0``, ``00`` and ``0e0``."""
    if label.lower().lstrip("+-") in ("inf", "infinity", "nan"):
        return label
    if not (PLAIN.fullmatch(label) or COMMA.fullmatch(label)) or len(label) > MAX_DIGITS:
        return label
    try:
        value = Decimal(label.replace(",", "."))
    except InvalidOperation:  # an exponent of twenty digits
        return label
    # Not `abs`, which refuses an exponent of seven.
    if value.copy_abs() >= LARGEST_WHOLE or value != value.to_integral_value():
        return label
    return str(int(value))


def as_number(name: str) -> float | None:
    """The value of a label that is a number, None for texts."""
    if not (PLAIN.fullmatch(name) or COMMA.fullmatch(name)):
        return None
    return float(name.replace(",", "."))


def number_or_text(name: str) -> tuple[int, float, str]:
    """Sorts numbers by their value and before texts."""
    value = as_number(name)
    return (1, 0.0, name) if value is None or math.isnan(value) else (0, value, name)
