"""Points of a user's own: a table of x, y and label, as CSV or npz."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import os
from array import array
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from spiralcore.data.generated import EXTENT, DataSet, Points
from spiralcore.errors import PointerError, UsageError
from spiralcore.system.archive import Archive, ArchiveError, Header
from spiralcore.system.pointers import refuse_pointer

MAX_BYTES = 20_000_000
MAX_ROWS = 200_000
MAX_CLASSES = 64

MOST_LABELS = 10_000
"""Different labels that are counted, to say how many there are."""

LONGEST_LINE = 100_000
"""Letters of a line at most: a row is taken apart as a whole."""

RADIUS = EXTENT
"""Distance of the farthest point from the centre after scaling."""

COLUMNS = ("x", "y", "label")
EXAMPLE = "a CSV with the columns x, y and label, or an npz with the arrays 'x' (N, 2) and 'y' (N,)"


BESIDE_TABLES = {
    "points_per_class": 200, "inner_radius": 2.0, "outer_radius": 20.0, "turns": None, "noise": 0.17
}  # fmt: skip
"""Settings of the spirals that are in the key of every table, where they have never meant anything,
so that keys stay what they are."""


class TableData(DataSet):
    """Points from a table of one's own.

    Attributes
    ----------
    table
        Path of the file, see `read_table`.
    table_sha256
        SHA-256 of its content, found when it is not given: that, and not the name, is what a
        network is made from.
    """

    noun = "points"

    kind: Literal["table"] = "table"
    table: str
    table_sha256: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _content_of_the_table(cls, values: Any) -> Any:
        if not isinstance(values, Mapping) or values.get("table_sha256"):
            return values
        table = values.get("table")
        if not isinstance(table, str):
            return values
        try:
            digest = hashlib.sha256(table_bytes(Path(table))).hexdigest()
        except PointerError:
            raise
        except UsageError as error:
            raise ValueError(error.found) from None
        return {**values, "table_sha256": digest}

    @property
    def title(self) -> str:
        """Name of the file."""
        return Path(self.table).name

    def content(self) -> dict[str, Any]:
        """Digest of the file."""
        return {"table_sha256": self.table_sha256, **BESIDE_TABLES}

    def class_sizes(self, classes: int) -> tuple[int, ...]:
        """How many points of each class are in the file."""
        labels = read_table(Path(self.table)).points.labels
        return tuple(np.bincount(labels, minlength=classes).tolist())

    def draw(self, classes: int, rng: np.random.Generator) -> Points:
        """Read the points.

        Raises
        ------
        UsageError
            If the table cannot be read, has another number of classes, or has been changed.
        """
        table = read_table(Path(self.table))
        if len(table.names) != classes:
            raise UsageError(
                f"{self.table} has {len(table.names)} classes, and the recipe {classes}.",
                "the same number.",
                f"classes = [{len(table.names)}]",
            )
        if table.digest != self.table_sha256:
            raise UsageError(
                f"{self.table} is not what it was when the recipe was read.",
                "the same table.",
                "run again",
            )
        return table.points


class Table(NamedTuple):
    """A table of points.

    Attributes
    ----------
    points
        Moved and scaled, so that their middle is the origin and the farthest is at `RADIUS`;
        classes are 0 to K-1 in the order of their names.
    names
        What the file calls the classes.
    digest
        SHA-256 of the file.
    """

    points: Points
    names: tuple[str, ...]
    digest: str


def read_table(path: Path) -> Table:
    """Read points and labels.

    Parameters
    ----------
    path
        ``.csv``: three columns, with the names x, y and label in its first line or without names;
        labels are any texts. ``.npz``: coordinates ``x``, shape (N, 2), and labels ``y``,
        shape (N,), integers or texts.

    Raises
    ------
    UsageError
        Naming the file, the line, what was found and what was expected.
    """
    data = table_bytes(path)
    read = _read_npz if path.suffix.lower() == ".npz" else _read_csv
    places, labels, found = read(data, path)
    if not 2 <= len(found) <= MAX_CLASSES:
        raise UsageError(
            f"{path} has {len(found):,} different labels.",
            f"2 to {MAX_CLASSES} classes, the label in the last of three columns.",
        )
    names = sorted(found, key=_number_or_text)
    order = np.array([names.index(name) for name in found], dtype=np.int64)
    inputs = _fitted(places, path)
    return Table(Points(inputs, order[labels]), tuple(names), hashlib.sha256(data).hexdigest())


def table_bytes(path: Path) -> bytes:
    """The content of a table file.

    Raises
    ------
    UsageError
        If it cannot be read, or is too large.
    """
    try:
        if path.exists() and not path.is_file():
            raise UsageError(f"{path} is not a file.", EXAMPLE + ".")
        refuse_pointer(path, EXAMPLE + ".")
        with path.open("rb") as file:
            # As much as there is: asked for twenty megabytes, a read takes them at once.
            size = os.fstat(file.fileno()).st_size
            data = file.read(min(size, MAX_BYTES) + 1)
    except (OSError, ValueError) as error:
        # A name with a null in it is a ValueError.
        what = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"{path} cannot be read: {what}.", EXAMPLE + ".") from None
    if len(data) > MAX_BYTES:
        raise UsageError(f"{path} has more than {MAX_BYTES:,} bytes.", "a smaller table.")
    return data


def _fitted(places: NDArray[np.float64], path: Path) -> NDArray[np.float32]:
    """Move the middle of the bounding box to the origin, and scale to `RADIUS`."""
    lower, upper = places.min(axis=0), places.max(axis=0)
    moved = np.subtract(places, lower / 2 + upper / 2)
    reach = float(np.hypot(*moved.T).max())
    if reach == 0:
        raise UsageError(f"{path}: all points lie at one place.", "points that differ.")
    # Divided before multiplied: the largest numbers would overflow.
    moved /= reach
    moved *= RADIUS
    return np.asarray(moved, dtype=np.float32)


class _Read(NamedTuple):
    """What is in a table.

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


def _read_csv(data: bytes, path: Path) -> _Read:
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
    return _Read(np.frombuffer(places).reshape(-1, 2), np.frombuffer(labels, np.int64), list(names))


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


def _number_or_text(name: str) -> tuple[int, float, str]:
    """Sorts numbers by their value and before texts."""
    value = _number(name)
    return (1, 0.0, name) if value is None or math.isnan(value) else (0, value, name)


def _read_npz(data: bytes, path: Path) -> _Read:
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
    return _Read(values, numbers.astype(np.int64), [str(name) for name in found.tolist()])


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
