"""Readers of tables of points: CSV and npz, within limits."""

from __future__ import annotations

import csv
import io
import math
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import UsageError
from spiralcore.system.archive import Archive, ArchiveError, Header

MAX_BYTES = 20_000_000
MAX_ROWS = 200_000
MAX_CLASSES = 64

MOST_LABELS = 10_000
"""Different labels that are counted, to say how many there are."""

LONGEST_LINE = 100_000
"""Letters of a line at most: a row is taken apart as a whole."""

COLUMNS = ("x", "y", "label")
EXAMPLE = "a CSV with the columns x, y and label, or an npz with the arrays 'x' (N, 2) and 'y' (N,)"


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
    """

    places: NDArray[np.float64]
    labels: NDArray[np.int64]
    names: list[str]


def read_csv(data: bytes, path: Path) -> Rows:
    """Read a CSV: three columns, with the names x, y and label in its first line or without names.

    Parameters
    ----------
    data
        Content of the file.
    path
        What messages call it.

    Raises
    ------
    UsageError
        Naming the line, what was found and what was expected.
    """
    # A point takes 24 bytes here; as numbers and texts of Python it would take 150.
    places, labels = array("d"), array("q")
    names: dict[str, int] = {}
    columns: list[int] | None = None
    text = io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline="")
    reader = csv.reader(_lines(text, path))
    try:
        for row in reader:
            if columns is not None and (plain := _plain(row, columns)) is not None:
                places.extend(plain)
                labels.append(names.setdefault(row[columns[2]].strip(), len(names)))
                _check_counts(labels, names, path)
                continue
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if columns is None:
                named = any(cell.lower() in COLUMNS for cell in cells)
                columns = _columns(cells, path) if named else list(range(3))
                if named:
                    continue
            places.extend(_place(cells, columns, reader.line_num, path))
            labels.append(names.setdefault(cells[columns[2]], len(names)))
            _check_counts(labels, names, path)
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8 text.", EXAMPLE + ".") from None
    except csv.Error as error:
        raise UsageError(f"{path}, line {reader.line_num}: {error}.", EXAMPLE + ".") from None
    if not labels:
        raise UsageError(f"{path} has no points.", EXAMPLE + ".")
    return Rows(np.frombuffer(places).reshape(-1, 2), np.frombuffer(labels, np.int64), list(names))


def _lines(text: io.TextIOWrapper, path: Path) -> Iterator[str]:
    """The lines of a text, as long as there are not too many and none is too long."""
    for number, line in enumerate(iter(lambda: text.readline(LONGEST_LINE + 1), ""), 1):
        if len(line) > LONGEST_LINE:
            raise UsageError(
                f"{path}, line {number}: it has more than {LONGEST_LINE:,} letters.", EXAMPLE + "."
            )
        if number > 2 * MAX_ROWS:
            raise UsageError(f"{path} has more than {2 * MAX_ROWS:,} lines.", "fewer of them.")
        yield line


def _check_counts(labels: array[int], names: dict[str, int], path: Path) -> None:
    if len(labels) > MAX_ROWS:
        raise UsageError(f"{path} has more than {MAX_ROWS:,} points.", "fewer of them.")
    if len(names) > MOST_LABELS:
        raise UsageError(
            f"{path} has more than {MOST_LABELS:,} different labels.",
            f"2 to {MAX_CLASSES} classes, the label in the last of three columns.",
        )


def _plain(row: list[str], columns: list[int]) -> tuple[float, float] | None:
    """The place in a row as nearly all of them are; None where something has to be looked at."""
    try:
        x, y = float(row[columns[0]]), float(row[columns[1]])
        fine = math.isfinite(x) and math.isfinite(y) and bool(row[columns[2]].strip())
    except (ValueError, IndexError):
        return None
    return (x, y) if fine else None


def _columns(cells: list[str], path: Path) -> list[int]:
    known = [cell.lower() for cell in cells]
    missing = [name for name in COLUMNS if name not in known]
    if missing:
        raise UsageError(
            f"{path}: there is no column '{missing[0]}' in {', '.join(cells)[:200]}.",
            f"the columns {', '.join(COLUMNS)}.",
        )
    return [known.index(name) for name in COLUMNS]


def _place(cells: list[str], columns: list[int], line: int, path: Path) -> tuple[float, float]:
    if len(cells) <= max(columns):
        raise UsageError(
            f"{path}, line {line}: found {len(cells)} columns.", "x, y and a label in each line."
        )
    for column in columns[:2]:
        value = _number(cells[column])
        if value is None or not math.isfinite(value):
            raise UsageError(
                f"{path}, line {line}: found {cells[column][:80]!r}.",
                "a finite number for x and for y.",
            )
    if not cells[columns[2]]:
        raise UsageError(f"{path}, line {line}: the label is missing.", "a label in each line.")
    return float(cells[columns[0]]), float(cells[columns[1]])


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def number_or_text(name: str) -> tuple[int, float, str]:
    """Sorts numbers by their value and before texts."""
    value = _number(name)
    return (1, 0.0, name) if value is None or math.isnan(value) else (0, value, name)


def read_npz(data: bytes, path: Path) -> Rows:
    """Read an npz: coordinates ``x``, shape (N, 2), and labels ``y``, shape (N,).

    Parameters
    ----------
    data
        Content of the file.
    path
        What messages call it.

    Raises
    ------
    UsageError
        Naming what was found and what was expected.
    """
    try:
        with Archive(io.BytesIO(data), MAX_BYTES) as archive:
            for name in ("x", "y"):
                if name not in archive.members:
                    raise ArchiveError(f"the array '{name}' is missing.", EXAMPLE + ".")
            places, labels = archive.header("x"), archive.header("y")
            _check_arrays(places, labels)
            values = archive.array("x").astype(np.float64)
            found, numbers = np.unique(archive.array("y"), return_inverse=True)
    except ArchiveError as error:
        raise UsageError(f"{path}: {error.found}", error.expected) from None
    except Exception as error:
        # zipfile, zlib and the .npy reader raise a dozen kinds of errors on damaged input.
        what = str(error)[:200] or type(error).__name__
        raise UsageError(f"{path} is not a readable .npz file: {what}.", EXAMPLE + ".") from None
    finite = np.isfinite(values).all(axis=1)
    if not finite.all():
        row = int(np.argmin(finite))
        raise UsageError(f"{path}: the array 'x' is not finite in row {row}.", "finite numbers.")
    return Rows(values, numbers.astype(np.int64), [str(name) for name in found.tolist()])


def _check_arrays(places: Header, labels: Header) -> None:
    if len(places.shape) != 2 or places.shape[1] != 2 or places.dtype.kind not in "fiu":
        raise ArchiveError(
            f"the array 'x' has the shape {places.shape} and the type {places.dtype}.",
            "numbers of the shape (N, 2).",
        )
    if labels.shape != places.shape[:1] or labels.dtype.kind not in "iuUb":
        raise ArchiveError(
            f"the array 'y' has the shape {labels.shape} and the type {labels.dtype}.",
            f"integers or texts of the shape ({places.shape[0]},).",
        )
    if not 0 < places.shape[0] <= MAX_ROWS:
        raise ArchiveError(
            f"the array 'x' has {places.shape[0]:,} points.", f"1 to {MAX_ROWS:,} of them."
        )
