"""What makes a Parquet file the rows of a study. A reader trusts nothing in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from spiralcore.data.sets import GENERATED
from spiralcore.recipe.network_recipe import WIDEST_DRAWN
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.study.grid import MOST_NETWORKS

MAX_BYTES = 2**31
"""Memory that the rows of a file may take; larger files are refused unread."""

LONGEST_TEXT = 10_000
"""Bytes of a text in a row: what a worker failed with is the longest."""

MOST_CLASSES = 64

NEEDED = ("key", "batch", "activation", "units", "classes", "seed", "points_per_class", "data",
          "status")  # fmt: skip
"""Columns without a null."""

DRAWN = ("path_epochs", "path_accuracy", "readout_weight", "readout_bias")
"""Columns without which a path of class means cannot be drawn."""

COUNTS = (("units", 1, WIDEST_DRAWN), ("classes", 2, MOST_CLASSES), ("seed", 0, 2**63 - 1),
          ("points_per_class", 1, 10**6))  # fmt: skip

LARGEST = 1e15
"""Numbers from here on are damage: squares of them must fit into 32 bits."""


class MisfitError(Exception):
    """Why a file is no study, as the end of a sentence that begins with its name."""


def check_size(metadata: pq.FileMetaData) -> None:
    """Refuse a file by what it says of itself, before any of it is unpacked.

    Raises
    ------
    MisfitError
        If it has too many rows, or they take too much memory.
    """
    if metadata.num_rows > MOST_NETWORKS:
        raise MisfitError(f"has {metadata.num_rows:,} rows, and {MOST_NETWORKS:,} are the most")
    needed = declared_bytes(metadata)
    if needed > MAX_BYTES:
        raise MisfitError(f"needs {needed:,} bytes, and {MAX_BYTES:,} are the most")


def declared_bytes(metadata: pq.FileMetaData) -> int:
    """Memory that the rows take, by what a file says of its columns."""
    groups = map(metadata.row_group, range(metadata.num_row_groups))
    columns = (group.column(i) for group in groups for i in range(group.num_columns))
    # A value of a list may take a bit in the file; in memory it takes 8 bytes.
    return sum(max(part.total_uncompressed_size, 8 * part.num_values) for part in columns)


def check_texts(name: str, column: pa.ChunkedArray) -> None:
    """Refuse texts that would take too much memory, while they are numbers of a dictionary.

    Raises
    ------
    MisfitError
        If one is too long.
    """
    for chunk in column.chunks:
        longest = pc.max(pc.binary_length(chunk.dictionary)).as_py() or 0
        if longest > LONGEST_TEXT:
            raise MisfitError(f"has a text of {longest:,} bytes in the column '{name}'")


def check_rows(table: pa.Table) -> None:
    """Verify that the values of each row fit together.

    Raises
    ------
    MisfitError
        Naming the column.
    """
    _check_settings(table)
    for name, lengths in _lengths(table):
        if name in table.column_names:
            _check_lists(name, table.column(name).combine_chunks(), lengths)
    _check_epochs(table.column("path_epochs").combine_chunks())
    path = np.array(table.column("path_means").is_valid())
    for name in DRAWN:
        alone = path & ~np.array(table.column(name).is_valid())
        if alone.any():
            raise MisfitError(f"has a path without '{name}' in row {int(np.argmax(alone))}")


def _check_settings(table: pa.Table) -> None:
    for name in NEEDED:
        if table.column(name).null_count:
            raise MisfitError(f"has a row without '{name}'")
    for name, least, most in COUNTS:
        found = pc.min_max(table.column(name)).as_py()
        if table.num_rows and not least <= found["min"] <= found["max"] <= most:
            raise MisfitError(f"has {found['min']:,} to {found['max']:,} in the column '{name}'")
    for name, known in (("activation", ACTIVATIONS), ("data", GENERATED)):
        strange = set(table.column(name).unique().to_pylist()) - set(known)
        if strange:
            raise MisfitError(f"has the {name} '{min(strange)[:80]}', which is unknown")


def _lengths(table: pa.Table) -> Iterator[tuple[str, Any]]:
    """What lists have to have, by the settings of their row."""
    classes, units, points = (
        np.array(table.column(name)) for name in ("classes", "units", "points_per_class")
    )
    known = pc.fill_null(pc.list_value_length(table.column("path_epochs")), 0)
    epochs = np.array(known).astype(np.int64)
    yield "class_means", classes * units
    yield "readout_weight", classes * units
    yield "readout_bias", classes
    yield "path_epochs", np.maximum(epochs, 2)
    yield "path_accuracy", epochs
    yield "path_means", epochs * classes * units
    yield "class_sizes", classes
    yield "hidden", _point_counts(table, points * classes) * units


def _point_counts(table: pa.Table, equal: Any) -> Any:
    """Points of each row: those of equal classes, unless it says how large each of them is."""
    sizes = table.column("class_sizes").combine_chunks()
    counts = equal.copy()
    told = np.array(sizes.is_valid())
    rows, values = np.array(pc.list_parent_indices(sizes)), np.array(sizes.flatten())
    counts[told] = np.bincount(rows, values, len(equal)).astype(np.int64)[told]
    return counts


def _check_lists(name: str, lists: Any, lengths: Any) -> None:
    there = np.array(lists.is_valid())
    found = np.array(pc.fill_null(pc.list_value_length(lists), 0))
    if not (found[there] == lengths[there]).all():
        row = int(np.flatnonzero(there & (found != lengths))[0])
        raise MisfitError(
            f"has {found[row]:,} values in the column '{name}' of row {row}, not {lengths[row]:,}"
        )
    values = lists.flatten()
    if values.null_count or (len(values) and not _within(np.array(values))):
        raise MisfitError(f"has a list in the column '{name}' that holds no number somewhere")


def _within(values: Any) -> bool:
    return bool(values.max() < LARGEST and values.min() > -LARGEST)


def _check_epochs(lists: Any) -> None:
    values = np.array(lists.flatten())
    starts = np.cumsum(np.array(pc.fill_null(pc.list_value_length(lists), 0)))[:-1]
    rises = values[1:] > values[:-1]
    within = np.ones(len(rises), dtype=bool)
    within[starts[(starts > 0) & (starts <= len(rises))] - 1] = False
    if len(values) and (values.min() < 0 or not rises[within].all()):
        raise MisfitError("has epochs in the column 'path_epochs' that do not increase")
