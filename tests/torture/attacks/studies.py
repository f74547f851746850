"""Bad studies: Parquet files whose bytes, columns or values are wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.torture.attacks.mutants import BYTES, Rng

ROWS = 24
"""Rows of a study that are enough; those of two units with the paths of their means among them."""

ODD_VALUES: tuple[Any, ...] = (
    None, 0, -1, 1, 2, 65, 2**62, -(2**62), float("nan"), float("inf"), 1e38, "", "tanh",
    "x" * 5_000, "\x1b[31m", "<b>", [], [0.0], [float("nan")] * 4, [0.0] * 9, [-1, 5], [3, 2],
    [None, None],
)  # fmt: skip


def small(good: bytes) -> pa.Table:
    """Some rows of a study, with those that films show."""
    table = pq.read_table(BytesIO(good))
    shown = np.array(table.column("path_means").is_valid())
    return table.take(np.concatenate([np.flatnonzero(shown)[:4], np.arange(ROWS - 4)]))


def parquet(table: pa.Table, **options: Any) -> bytes:
    """The file of a table."""
    out = BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def odd_values(rng: Rng, table: pa.Table) -> bytes:
    """Values of some rows that mean nothing."""
    rows = table.to_pylist()
    for _ in range(int(rng.integers(1, 6))):
        name = str(rng.choice(table.schema.names))
        value = ODD_VALUES[int(rng.integers(len(ODD_VALUES)))]
        place = int(rng.integers(len(rows)))
        try:
            pa.array([value], table.schema.field(name).type)
        except (pa.ArrowException, OverflowError):
            continue
        rows[place][name] = value
    return parquet(pa.Table.from_pylist(rows, schema=table.schema))


def whole_column(rng: Rng, table: pa.Table) -> bytes:
    """A column of one odd value."""
    name = str(rng.choice(table.schema.names))
    value = ODD_VALUES[int(rng.integers(len(ODD_VALUES)))]
    column = pa.array([value] * len(table))
    return parquet(table.set_column(table.schema.get_field_index(name), name, column))


def without(rng: Rng, table: pa.Table) -> bytes:
    """Columns are missing, or there twice, or under another name."""
    name = str(rng.choice(table.schema.names))
    if rng.random() < 0.5:
        return parquet(table.drop_columns([name]))
    return parquet(table.append_column(str(rng.choice([name, "spare", ""])), table.column(name)))


def no_rows(rng: Rng, table: pa.Table) -> bytes:
    """Few rows or none."""
    return parquet(table.slice(0, int(rng.integers(0, 3))))


def without_levels(data: bytes, name: str) -> bytes:
    """A file whose schema says that no value of a column is missing, and whose statistics of the
    column count those that are."""
    # Thrift's compact protocol: field 3, the repetition (1 of optional, 0 of required), then
    # field 4, the name.
    field, rest = b"\x25", b"\x18" + bytes([len(name)]) + name.encode()
    optional, required = field + b"\x02" + rest, field + b"\x00" + rest
    assert data.count(optional) == 1
    return data.replace(optional, required)


CHANGES: Sequence[Callable[[Rng, pa.Table], bytes]] = (odd_values, whole_column, without, no_rows)


def study_mutants(good: bytes, seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Bad studies, the same ones for the same seed."""
    rng = np.random.default_rng(seed)
    table = small(good)
    plain = parquet(table)
    made = [*BYTES, *CHANGES]
    for number in range(count):
        make = made[number % len(made)]
        if make in BYTES:
            yield make.__name__, make(rng, plain)  # type: ignore[arg-type]
        else:
            yield make.__name__, make(rng, table)  # type: ignore[arg-type]


def bombs(good: bytes) -> Iterator[tuple[str, bytes]]:
    """Small files that unpack to much, and a real one that is not read by its ending."""
    table = small(good)
    first = table.slice(0, 1)

    def repeated(name: str, value: Any, rows: int) -> bytes:
        kind = table.schema.field(name).type
        place = table.schema.get_field_index(name)
        many = first.take(np.zeros(rows, np.int64))
        column = pa.array([value], kind).take(pa.array(np.zeros(rows, np.int64)))
        return parquet(many.set_column(place, table.schema.field(name), column))

    yield "a text of a megabyte in 300 rows", repeated("error", "x" * 1_000_000, 300)
    yield "100,000 rows", repeated("status", "done", 100_000)
    yield "a list of a million zeros", repeated("class_means", [0.0] * 1_000_000, 1)
    many = pa.table({"key": pa.array(["x"]).take(pa.array(np.zeros(2_000_000, np.int64)))})
    yield "two million rows", parquet(many)
    yield "nothing", b""
    yield "an end only", b"PAR1" + b"\0" * 4 + b"PAR1"
    yield "an end of 2 GB", b"PAR1" + b"\xff\xff\xff\x7f" + b"PAR1"
