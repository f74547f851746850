"""Every epoch of a run, on disk while it lasts."""

from __future__ import annotations

import contextlib
import os
import tempfile
import weakref
from collections.abc import Iterator
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.system.files import temporary_folder

Floats = NDArray[np.float32]

PIECE = 1 << 20
"""Bytes that are written at a time."""


def on_disk(shape: tuple[int, ...]) -> Floats:
    """An array in a file that has no name and vanishes with the process.

    Raises
    ------
    OSError
        If there is no room for it; later there always is. It names the folder.
    """
    with _in_temporary_folder(), tempfile.TemporaryFile(dir=temporary_folder()) as file:
        _reserve(file, 4 * int(np.prod(shape)))
        # A plain array: a memmap costs more at each of the many times that a row is taken.
        return np.asarray(np.memmap(file, np.float32, "w+", shape=shape))


def _reserve(file: IO[bytes], size: int) -> None:
    """See to it that there is room for a file: who fills a map of it cannot be told any more."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, size)
        return
    for place in range(0, size, PIECE):  # macOS and Windows: written through
        file.write(bytes(min(PIECE, size - place)))
    file.flush()


@contextlib.contextmanager
def _in_temporary_folder() -> Iterator[None]:
    """Let an error name the folder in which something without a name has no room."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, temporary_folder()) from error


class DiskRows:
    """Rows of equal shape in a file without a name, as many as come.

    Parameters
    ----------
    shape
        Of a row.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self._file = tempfile.TemporaryFile(dir=temporary_folder())  # noqa: SIM115 - see `close`
        weakref.finalize(self, self._file.close)  # where a record is given up
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, row: NDArray[Any]) -> None:
        """Add a row.

        Raises
        ------
        OSError
            If there is no room for it; it names the folder.
        """
        with _in_temporary_folder():
            self._file.write(np.ascontiguousarray(row, dtype=np.float32).data)
        self._count += 1

    def __getitem__(self, index: int) -> Floats:
        """One row, read anew: of large ones few are in memory."""
        row = np.empty(self.shape, np.float32)
        self._file.seek(index * row.nbytes)
        self._file.readinto(row.data)
        self._file.seek(0, os.SEEK_END)
        return row

    def first(self, count: int) -> FirstRows:
        """The first rows, to be read one after the other."""
        return FirstRows(self, count)

    def rows(self) -> Floats:
        """All rows, shape (rows, ...)."""
        self._file.flush()
        shape = (self._count, *self.shape)
        return np.asarray(np.memmap(self._file, np.float32, "c", shape=shape))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class FirstRows:
    """So many rows, see `DiskRows.first`."""

    def __init__(self, rows: DiskRows, count: int) -> None:
        self._rows, self._count = rows, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Floats:
        return self._rows[index]
