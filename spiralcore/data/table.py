"""Points of a user's own: a table of x, y and label, as CSV, npz or Parquet."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from pydantic import model_validator

from spiralcore.data.generated import DataSet, Points
from spiralcore.data.table_arrays import read_npz, read_parquet
from spiralcore.data.table_columns import Columns
from spiralcore.data.table_csv import read_csv
from spiralcore.data.table_fit import Scale, fitted
from spiralcore.data.table_readers import (
    EXAMPLE,
    MAX_BYTES,
    MAX_CLASSES,
    Rows,
    as_number,
    number_or_text,
)
from spiralcore.errors import PointerError, UsageError
from spiralcore.system.whole_read import read_whole

READERS = {".npz": read_npz, ".parquet": read_parquet, ".pq": read_parquet}
"""By the ending of a file's name; all others are texts."""

WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".ods", ".numbers")

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
    x, y, label
        Which columns these are: names, or numbers counted from 1; where it is not said, the file
        has to make it certain.
    scale
        ``same``: one scale for both axes; ``each``: each axis by itself. Found when it is not
        given, see `spiralcore.data.table_fit`.
    """

    noun = "points"

    kind: Literal["table"] = "table"
    table: str
    table_sha256: str | None = None
    x: str | int | None = None
    y: str | int | None = None
    label: str | int | None = None
    scale: Scale | None = None

    @model_validator(mode="before")
    @classmethod
    def _content_of_the_table(cls, values: Any) -> Any:
        if not isinstance(values, Mapping) or values.get("table_sha256"):
            return values
        table = values.get("table")
        if not isinstance(table, str):
            return values
        try:
            table_bytes(Path(table))
        except PointerError:
            raise
        except UsageError as error:
            raise ValueError(error.found) from None
        said = Columns(*(values.get(role) for role in Columns._fields))
        scale = values.get("scale")
        if scale not in (None, "same", "each") or not all(
            value is None or isinstance(value, str | int) for value in said
        ):
            return values  # the check says what is wrong with it
        read = read_table(Path(table), said, scale)
        return {**values, "table_sha256": read.digest, "scale": read.scale}

    @property
    def title(self) -> str:
        """Name of the file."""
        return Path(self.table).name

    def content(self) -> dict[str, Any]:
        """Digest of the file, and how it is read where that is said."""
        said = self.model_dump(exclude_none=True, include={*Columns._fields})
        scaled = {"scale": self.scale} if self.scale == "each" else {}
        return {"table_sha256": self.table_sha256, **BESIDE_TABLES, **said, **scaled}

    def read(self) -> Table:
        """The table; raises as `read_table` does."""
        return read_table(Path(self.table), Columns(self.x, self.y, self.label), self.scale)

    def class_sizes(self, classes: int) -> tuple[int, ...]:
        """How many points of each class are in the file."""
        labels = self.read().points.labels
        return tuple(np.bincount(labels, minlength=classes).tolist())

    def draw(self, classes: int, rng: np.random.Generator) -> Points:
        """Read the points.

        Raises
        ------
        UsageError
            If the table cannot be read, has another number of classes, or has been changed.
        """
        table = self.read()
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
        counted = table.names == tuple(map(str, range(classes)))
        return table.points if counted else table.points._replace(names=table.names)


class Table(NamedTuple):
    """A table of points.

    Attributes
    ----------
    points
        Moved and scaled, see `spiralcore.data.table_fit.fitted`; classes are 0 to K-1 in the order
        of their names.
    names
        What the file calls the classes.
    digest
        SHA-256 of the file.
    scale
        How it was scaled.
    notes
        What was taken for granted, and what looks odd, for people.
    """

    points: Points
    names: tuple[str, ...]
    digest: str
    scale: Scale = "same"
    notes: tuple[str, ...] = ()

    def counted(self) -> str:
        """The classes with their numbers of points: ``a 120, b 80``."""
        counts = np.bincount(self.points.labels, minlength=len(self.names)).tolist()
        return ", ".join(
            f"{name} {count:,}" for name, count in zip(self.names, counts, strict=True)
        )


def read_table(
    path: Path,
    columns: Columns = Columns(),  # noqa: B008 - a tuple
    scale: Scale | None = None,
) -> Table:
    """Read points and labels.

    Parameters
    ----------
    path
        A table as text, which may be packed by gzip: separators, decimal signs and headings are
        found out. ``.npz``: coordinates ``x`` or ``X``, shape (N, 2), and labels ``y``, shape
        (N,), integers or texts. ``.parquet``: as any program writes it.
    columns
        Which ones are x, y and label, where the file does not make it certain.
    scale
        How to scale the axes; found out where it is not given.

    Raises
    ------
    UsageError
        Naming the file, the line, what was found and what was expected.
    """
    if path.suffix.lower() in WORKBOOKS:
        raise UsageError(
            f"{path} is a workbook.", EXAMPLE + ".", "save its sheet as CSV, and --data with that"
        )
    data = table_bytes(path)
    reader = READERS.get(path.suffix.lower(), read_parquet if data[:4] == b"PAR1" else read_csv)
    rows = reader(data, path, columns)
    measured = next((name for name in rows.names if (as_number(name) or 0) % 1), "")
    if measured:
        raise UsageError(
            f"{path} has labels such as {measured[:80]}, which is a measured value and no class.",
            f"2 to {MAX_CLASSES} classes: whole numbers, or texts.",
            "--label with another column",
        )
    if not 2 <= len(rows.names) <= MAX_CLASSES:
        raise UsageError(
            f"{path} has {len(rows.names):,} different labels.",
            f"2 to {MAX_CLASSES} classes, the label in the last of three columns.",
        )
    names = sorted(rows.names, key=number_or_text)
    order = np.array([names.index(name) for name in rows.names], dtype=np.int64)
    inputs, scale, notes = fitted(rows, path, scale)
    points = Points(inputs, order[rows.labels])
    digest = hashlib.sha256(data).hexdigest()
    return Table(points, _titled(names, rows), digest, scale, (*rows.notes, *notes))


def _titled(names: list[str], rows: Rows) -> tuple[str, ...]:
    """Names that the file has for classes 0 to K-1 in another place, or those in its column."""
    counted = names == list(map(str, range(len(names))))
    return rows.titles if counted and len(rows.titles) == len(names) else tuple(names)


def table_bytes(path: Path) -> bytes:
    """The content of a table file.

    Raises
    ------
    UsageError
        If it cannot be read, or is too large.
    """
    return read_whole(path, MAX_BYTES, EXAMPLE + ".", smaller="a smaller table.")
