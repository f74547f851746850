"""Points of a user's own: a table of x, y and label, as CSV or npz."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from spiralcore.data.generated import EXTENT, DataSet, Points
from spiralcore.data.table_readers import (
    EXAMPLE,
    MAX_BYTES,
    MAX_CLASSES,
    number_or_text,
    read_csv,
    read_npz,
)
from spiralcore.errors import PointerError, UsageError
from spiralcore.system.pointers import refuse_pointer

RADIUS = EXTENT
"""Distance of the farthest point from the centre after scaling."""

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
    read = read_npz if path.suffix.lower() == ".npz" else read_csv
    places, labels, found = read(data, path)
    if not 2 <= len(found) <= MAX_CLASSES:
        raise UsageError(
            f"{path} has {len(found):,} different labels.",
            f"2 to {MAX_CLASSES} classes, the label in the last of three columns.",
        )
    names = sorted(found, key=number_or_text)
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
