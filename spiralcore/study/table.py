"""The rows of a study as Parquet: a file for each finished batch, and one of them all."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from spiralcore.errors import SpiralError
from spiralcore.study.grid import LATER_COLUMNS, Batch, settings_of
from spiralcore.study.measures import LATER_MEASURES, MEASURES, MEASURES_REVISION
from spiralcore.study.row_checks import MisfitError, check_rows, check_size, check_texts
from spiralcore.study.seed_spread import typical
from spiralcore.system.files import whole_file
from spiralcore.system.pointers import refuse_pointer

__all__ = ["STUDY_SCHEMA", "read_study"]

REVISION_NAME = b"spiralcore.measures"
"""Where a file says by which revision of the measures it was made."""

FILMED_UNITS = 2
"""Films show the plane."""

FLOATS = pa.list_(pa.float32())

SETTINGS = (
    ("key", pa.string()),
    ("batch", pa.string()),
    ("activation", pa.string()),
    ("units", pa.int64()),
    ("classes", pa.int64()),
    ("seed", pa.int64()),
    ("points_per_class", pa.int64()),
    ("inner_radius", pa.float64()),
    ("outer_radius", pa.float64()),
    ("turns", pa.float64()),
    ("noise", pa.float64()),
    ("inner_widths", pa.list_(pa.int64())),
    ("inner_activation", pa.string()),
    ("epochs", pa.int64()),
    ("learning_rate", pa.float64()),
    ("l2", pa.float64()),
    ("data", pa.string()),
    ("data_settings", pa.string()),
    ("class_sizes", pa.list_(pa.int64())),
)

OUTCOME = (
    ("status", pa.string()),
    ("error", pa.string()),
    ("accuracy", pa.float64()),
    ("cross_entropy", pa.float32()),
    ("loss", pa.float32()),
    ("epochs_to_99", pa.int64()),
)

STATE = (
    ("class_means", FLOATS),
    ("readout_weight", FLOATS),
    ("readout_bias", FLOATS),
)

_KINDS = {int: pa.int64(), float: pa.float32()}

PATHS = (
    ("path_epochs", pa.list_(pa.int64())),
    ("path_accuracy", FLOATS),
    ("path_means", FLOATS),
)
"""The class means on their way: T epochs, and arrays of the shapes (T,) and (T, K, D)."""

STUDY_SCHEMA = pa.schema(
    [
        *SETTINGS,
        *OUTCOME,
        *((name, _KINDS[kind]) for name, kind in MEASURES.items()),
        *STATE,
        *PATHS,
    ]
)
"""Columns of the finished file; arrays of several dimensions are flat, row by row."""

POINTS = (("hidden", FLOATS),)

PART_SCHEMA = pa.schema([*STUDY_SCHEMA, *POINTS])
"""Columns of a part: with the last hidden layer, so that a network can be measured again."""


def rows_of(batch: Batch, outcomes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Complete what a worker found by the settings."""
    return [
        {**settings_of(recipe), "key": key, "batch": batch.key, **outcome}
        for recipe, key, outcome in zip(batch.networks, batch.keys, outcomes, strict=True)
    ]


def write_part(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the rows of a batch; a value that is not given is null."""
    complete = [{name: row.get(name) for name in PART_SCHEMA.names} for row in rows]
    write_table(path, pa.Table.from_pylist(complete, schema=PART_SCHEMA))


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table with the revision of its measures; the file appears whole or not at all."""
    marked = table.replace_schema_metadata({REVISION_NAME: str(MEASURES_REVISION)})
    with whole_file(path) as part:
        pq.write_table(marked, part, compression="zstd")


def read_part(path: Path) -> pa.Table | None:
    """Read the rows of a batch; None where there is no such file, or none that can be read.

    Raises
    ------
    PointerError
        If the rows are elsewhere: they must not be trained again, and put in its place.
    """
    try:
        return _read(path, [name for name in PART_SCHEMA.names if name in KEPT])
    except (*UNREADABLE, MisfitError):
        return None


UNREADABLE = (OSError, pa.ArrowException, ValueError)
"""What reading a Parquet file raises if it is missing or damaged; damage is an OSError, too, and
names that are no text a ValueError."""


def _misfit(schema: pa.Schema, name: str) -> str:
    """What is wrong with a column; an empty text where nothing is."""
    wanted = PART_SCHEMA.field(name).type
    if schema.names.count(name) != 1:
        return f"has {schema.names.count(name) or 'no'} column '{name}'"
    found = schema.field(name).type
    return (
        "" if found.equals(wanted) else f"has a column '{name}' of the type {found}, not {wanted}"
    )


KEPT = {name for name, _ in (*SETTINGS, *OUTCOME, *PATHS, *POINTS)}
"""Columns that no measuring can bring back."""


def is_current(table: pa.Table) -> bool:
    """Whether its measures are those that this version takes."""
    found = (table.schema.metadata or {}).get(REVISION_NAME)
    return found == str(MEASURES_REVISION).encode() and table.schema.equals(PART_SCHEMA)


def read_study(path: Path) -> pa.Table:
    """Read a finished study; measures that it was made without are null.

    Raises
    ------
    SpiralError
        If the file is missing, a pointer, or no study.
    """
    try:
        return _read(path, STUDY_SCHEMA.names, LATER_COLUMNS | dict.fromkeys(LATER_MEASURES))
    except FileNotFoundError:
        raise SpiralError(
            f"{path} does not exist.", "the study.parquet of a study.", "spiral study GRID.toml"
        ) from None
    except MisfitError as misfit:
        raise SpiralError(
            f"{path} {misfit}.", "the study.parquet of a study of this version."
        ) from None
    except UNREADABLE:
        raise SpiralError(
            f"{path} is not a Parquet file.", "the study.parquet of a study."
        ) from None


def _read(path: Path, names: Iterable[str], later: Mapping[str, Any] = LATER_COLUMNS) -> pa.Table:
    """Read the columns that are known, once it is clear what they hold and how much that is.

    Those that came later, and what stands for them where they are missing, are in ``later``.
    Texts are read as numbers of a dictionary, as which they take no more room than they have in
    the file: a long one that is repeated in every row would take it again for each of them.
    """
    if path.exists() and not path.is_file():
        raise MisfitError("is not a file")
    refuse_pointer(path, "the Parquet file of a study.")
    with Footer(path) as footer, pq.ParquetFile(footer, pre_buffer=True) as file:
        schema = file.schema_arrow
        named = [name for name in names if name not in later or name in schema.names]
        misfit = next(filter(None, (_misfit(schema, name) for name in named)), "")
        if misfit:
            raise MisfitError(misfit)
        footer.verify(file)
        check_size(file.metadata)
    known = [name for name in PART_SCHEMA.names if not _misfit(schema, name)]
    texts = [name for name in known if PART_SCHEMA.field(name).type == pa.string()]
    with pq.ParquetFile(path, read_dictionary=texts) as file:
        table = file.read(columns=known)
    for name in texts:
        place = table.schema.get_field_index(name)
        column = table.column(name)
        check_texts(name, column)
        table = table.set_column(place, schema.field(name), column.cast(pa.string()))
    table.validate(full=True)
    for name, usual in later.items():
        if name not in table.column_names:
            kind = PART_SCHEMA.field(name).type
            table = table.append_column(name, pa.repeat(pa.scalar(usual, kind), table.num_rows))
    table = table.select([name for name in PART_SCHEMA.names if name in table.column_names])
    check_rows(table)
    return table.replace_schema_metadata(schema.metadata)


class Footer(io.FileIO):
    """A file of which only the footer can be read, once that is asked for."""

    _shut = False
    _asked = False

    def verify(self, file: pq.ParquetFile) -> None:
        """Have pyarrow verify what the footer says of each column, and read none.

        It does so as it looks for the places of them all, before it reads the first. Where a
        column is asked for by itself (`file.metadata`), it lets the process die if that is wrong.

        Raises
        ------
        Exception
            Those of `UNREADABLE`.
        """
        self._shut = True
        try:
            file.read(use_threads=False)
        except UNREADABLE:
            if not self._asked:
                raise

    def read(self, size: int | None = -1, /) -> bytes:
        """Read; nothing more once `verify` has been called."""
        # An exception from here would stay in memory, with all that pyarrow has at hand.
        self._asked = self._shut
        return b"" if self._shut else super().read(-1 if size is None else size)


def merge(parts: Iterable[Path], target: Path) -> pa.Table:
    """Join parts to one file, in the order given.

    Left out are the last hidden layers, the class means of networks that are not in the plane,
    and read-out and path of all networks but the typical ones in the plane (see
    `spiralcore.study.seed_spread.typical`), which a film shows. The parts keep everything.
    """
    tables = [pq.ParquetFile(path).read(columns=STUDY_SCHEMA.names) for path in parts]
    table = pa.concat_tables(tables).combine_chunks()
    planar = np.array(table.column("units").to_pylist()) == FILMED_UNITS
    for name, kind in (*STATE, *PATHS):
        kept = planar if name == "class_means" else planar & typical(table)
        values = pc.if_else(pa.array(kept), table.column(name), pa.scalar(None, kind))
        place = table.schema.get_field_index(name)
        table = table.set_column(place, pa.field(name, kind), values)
    write_table(target, table)
    return table
