"""Tables as arrays: npz, and Parquet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.data.table_columns import LABEL_NAMES, Columns, Head, chosen
from spiralcore.data.table_readers import EXAMPLE, MAX_BYTES, Gathered, Rows, check_count
from spiralcore.errors import UsageError
from spiralcore.extras import PARQUET, require
from spiralcore.shell import quoted
from spiralcore.system.archive import Archive, ArchiveError, Header

PAIRS = (("x", "y"), ("X", "y"), ("X", "Y"), ("data", "target"), ("arr_0", "arr_1"))
"""What the arrays of points and labels are called: here, by scikit-learn, by `numpy.savez`."""

TITLES = "target_names"
"""What scikit-learn calls the names of its classes."""


def read_npz(data: bytes, path: Path, said: Columns = Columns()) -> Rows:  # noqa: B008 - a tuple
    """Read an npz: coordinates ``x``, shape (N, 2), and labels ``y``, shape (N,).

    They may also be called ``X`` and ``y``, or ``data`` and ``target``; or there are three arrays
    ``x``, ``y`` and ``label`` of the shape (N,).

    Parameters
    ----------
    data
        Content of the file.
    path
        What messages call it.
    said
        Which columns of the coordinates are x and y, and which array is the label.

    Raises
    ------
    UsageError
        Naming what was found and what was expected.
    """
    try:
        with Archive(io.BytesIO(data), MAX_BYTES) as archive:
            return _from_archive(archive, path, said)
    except ArchiveError as error:
        raise UsageError(f"{path}: {error.found}", error.expected) from None
    except UsageError:
        raise
    except Exception as error:
        # zipfile, zlib and the .npy reader raise a dozen kinds of errors on damaged input.
        what = str(error)[:200] or type(error).__name__
        raise UsageError(f"{path} is not a readable .npz file: {what}.", EXAMPLE + ".") from None


def _from_archive(archive: Archive, path: Path, said: Columns) -> Rows:
    single = _single_arrays(archive, said)
    if single:
        head = Head(tuple(single), tuple(single[name].dtype.kind in "fiu" for name in single), ())
        head = head._replace(first=tuple(str(single[name].dtype) for name in single))
        x, y, label = (list(single)[place] for place in chosen(head, said, path))
        _check_numbers(x, single[x], (), path)
        _check_numbers(y, single[y], single[x].shape, path)
        _check_labels(label, single[label], single[x].shape[0])
        places = np.stack([archive.array(x), archive.array(y)], axis=1).astype(np.float64)
        return _rows(places, archive.array(label), path, f"{x}' or '{y}", _titles(archive))
    coordinates, label = _pair(archive)
    found, labels = archive.header(coordinates), archive.header(label)
    _check_places(coordinates, found, said, path)
    _check_labels(label, labels, found.shape[0])
    values = archive.array(coordinates).astype(np.float64)
    given = archive.array(label)
    if said != Columns():
        width = found.shape[1]
        names = tuple(f"{coordinates}{number}" for number in range(1, width + 1))
        head = Head((*names, "label"), (True,) * width + (False,), (*names, label))
        first, second, third = chosen(head, said, path)
        if max(first, second) >= width:
            raise ArchiveError(
                f"the array '{coordinates}' has {width} columns.", f"x and y from 1 to {width}."
            )
        given = given if third == width else values[:, third]
        values = values[:, [first, second]]
    return _rows(values, given, path, coordinates, _titles(archive))


def _single_arrays(archive: Archive, said: Columns) -> dict[str, Header]:
    """Arrays of one dimension, if x and y are two of them."""
    found = {
        name: archive.header(name) for name in archive.members if name not in (TITLES, "recipe")
    }
    flat = {name: header for name, header in found.items() if len(header.shape) == 1}
    if all(name in flat for name in ("x", "y")) and any(
        name in flat or said.label is not None for name in LABEL_NAMES
    ):
        return flat
    named = [str(value) in flat for value in said]
    return flat if all(named) else {}


def _pair(archive: Archive) -> tuple[str, str]:
    there = [pair for pair in PAIRS if all(name in archive.members for name in pair)]
    places = [name for name in ("x", "X") if name in archive.members]
    if len(there) > 1 and len(places) > 1:
        raise ArchiveError("there are arrays 'x' and 'X'.", "one of them.")
    if not there:
        first = next((name for name in ("x", "X") if name in archive.members), None)
        missing = "y" if first else "x"
        raise ArchiveError(f"the array '{missing}' is missing.", EXAMPLE + ".")
    return there[0]


def _titles(archive: Archive) -> tuple[str, ...]:
    if TITLES not in archive.members:
        return ()
    header = archive.header(TITLES)
    if len(header.shape) != 1 or header.dtype.kind != "U":
        return ()
    return tuple(archive.array(TITLES).tolist())


def _check_places(name: str, found: Header, said: Columns, path: Path) -> None:
    some = said.x is not None and said.y is not None
    wide = len(found.shape) == 2 and (found.shape[1] == 2 or (some and found.shape[1] > 2))
    if not wide or found.dtype.kind not in "fiu":
        choice = len(found.shape) == 2 and found.shape[1] > 2 and found.dtype.kind in "fiu"
        raise UsageError(
            f"{path}: the array '{name}' has the shape {found.shape} and the type {found.dtype}.",
            "numbers of the shape (N, 2)" + (", or which columns are x and y." if choice else "."),
            f"spiral train --data {quoted(path)} --x 1 --y 2" if choice else "",
        )
    check_count(path, f"the array '{name}'", found.shape[0])


def _check_numbers(name: str, found: Header, shape: tuple[int, ...], path: Path) -> None:
    if found.dtype.kind not in "fiu" or (shape and found.shape != shape):
        raise ArchiveError(
            f"the array '{name}' has the shape {found.shape} and the type {found.dtype}.",
            f"numbers of the shape {shape or '(N,)'}.",
        )
    check_count(path, f"the array '{name}'", found.shape[0])


def _check_labels(name: str, labels: Header, count: int) -> None:
    if labels.shape not in ((count,), (count, 1)) or labels.dtype.kind not in "iufUSb":
        raise ArchiveError(
            f"the array '{name}' has the shape {labels.shape} and the type {labels.dtype}.",
            f"integers or texts of the shape ({count},).",
        )


def _rows(
    places: NDArray[np.float64],
    given: NDArray[Any],
    path: Path,
    name: str,
    titles: Sequence[str] = (),
) -> Rows:
    """Rows from arrays; rows are counted from 0."""
    finite = np.isfinite(places).all(axis=1)
    if not finite.all():
        row = int(np.argmin(finite))
        raise UsageError(
            f"{path}: the array '{name}' is not finite in row {row}.", "finite numbers."
        )
    values, first, numbers = np.unique(given.ravel(), return_index=True, return_inverse=True)
    texts = [_text(value) for value in values.tolist()]
    return _labelled(places, texts, first, numbers.reshape(-1), path, tuple(titles))


def _labelled(
    places: NDArray[np.float64],
    texts: Sequence[str],
    first: NDArray[np.int64],
    numbers: NDArray[np.int64],
    path: Path,
    titles: tuple[str, ...] = (),
) -> Rows:
    """Rows of points whose label is the text of a number; ``first`` has the first row of each."""
    gathered = Gathered(path, "row")
    order = np.array(
        [gathered.number(text, int(row)) for text, row in zip(texts, first, strict=True)]
    )
    lines = np.arange(len(numbers), dtype=np.int64)
    return Rows(places, order[numbers], gathered.names, lines, "row", (), titles)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return repr(value) if isinstance(value, float) else str(value)


def read_parquet(data: bytes, path: Path, said: Columns = Columns()) -> Rows:  # noqa: B008
    """Read a Parquet file, as pandas, polars, R and databases write them.

    Parameters
    ----------
    data, path, said
        As of `spiralcore.data.table_csv.read_csv`.

    Raises
    ------
    UsageError
        Naming the column, what was found and what was expected.
    MissingExtraError
        If pyarrow is not installed.
    """
    require(PARQUET)
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(data))
        schema, count = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    check_count(path, "it", count)
    kinds = [field.type for field in schema]
    numeric = tuple(pa.types.is_integer(kind) or pa.types.is_floating(kind)
                    or pa.types.is_decimal(kind) for kind in kinds)  # fmt: skip
    head = Head(tuple(schema.names), numeric, tuple(map(str, kinds)))
    x, y, label = chosen(head, said, path)
    for place in (x, y):
        if not numeric[place]:
            raise UsageError(
                f"{path}: the column '{schema.names[place]}' has the type {kinds[place]}.",
                "numbers for x and for y.",
            )
    if pa.types.is_nested(kinds[label]) and not pa.types.is_dictionary(kinds[label]):
        raise UsageError(
            f"{path}: the column '{schema.names[label]}' has the type {kinds[label]}.",
            "integers or texts for the label.",
        )
    try:
        # Texts stay in their dictionary: a long one would be repeated in every row.
        file = pq.ParquetFile(io.BytesIO(data), read_dictionary=[schema.names[label]])
        table = file.read(columns=[schema.names[place] for place in (x, y, label)])
        table.validate(full=True)
        places = np.stack(
            [
                np.asarray(table.column(schema.names[place]).cast(pa.float64()), dtype=np.float64)
                for place in (x, y)
            ],
            axis=1,
        )
        values = table.column(schema.names[label]).combine_chunks().dictionary_encode()
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        numbers = values.indices.to_numpy(zero_copy_only=False)
        texts = [_text(value) for value in values.dictionary.to_pylist()]
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        raise _unreadable(path, error) from None
    finite = np.isfinite(places).all(axis=1)
    if not finite.all():
        row = int(np.argmin(finite))
        raise UsageError(f"{path}, row {row}: x or y is not a finite number.", "finite numbers.")
    if values.null_count:
        Gathered(path, "row").number("", int(np.argmax(np.asarray(values.is_null()))))
    used, first, inverse = np.unique(numbers, return_index=True, return_inverse=True)
    return _labelled(places, [texts[int(code)] for code in used], first, inverse.reshape(-1), path)


def _unreadable(path: Path, error: Exception) -> UsageError:
    what = (str(error) or type(error).__name__).splitlines()[0][:200]
    return UsageError(f"{path} is not a readable Parquet file: {what}.", EXAMPLE + ".")
