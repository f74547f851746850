"""Reading `.npz` archives of strangers: nothing is unpacked before its size and type are known."""

from __future__ import annotations

import io
import math
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, Self

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

DIRECTORY_BYTES = 200_000
"""Of the list of members at most, some thousands of them: it is read before anything is known."""

HEADER_BYTES = 10_000
"""Of the header of an array at most, as NumPy has it."""

SMALL = 64_000_000
"""Bytes that any archive may unpack to."""

RATIO = 20
"""How many times larger than the file its members may be in all, if they are not `SMALL`. Zeros
shrink a thousandfold, and members that overlap without end; recorded paths about twofold."""


PIECE = 1 << 20
"""Bytes of an array that are unpacked at a time."""

_ENTRY = re.compile(
    r"""
    \s* (?P<mark>['"]) (?P<key>\w+) (?P=mark) \s* : \s*
    (?: (?P<quote>['"]) (?P<text>[^'"\\]*) (?P=quote)
      | (?P<truth>True|False)
      | \( (?P<sizes> \s* | (?:\s*\d{1,20}L?\s*,)+ (?:\s*\d{1,20}L?\s*)? ) \)
    )
    \s* (?: , | (?=\}) )
    """,
    re.VERBOSE | re.ASCII,
)
"""An entry of a header: a text, a truth value or a tuple of sizes (with an L in Python 2)."""

_TYPE = re.compile(r"[<>=|]?[?biufcSUVOmM]\d{0,9}", re.ASCII)
"""A type of one thing, and not one of many fields."""


class ArchiveError(Exception):
    """What is wrong with an archive, for people.

    Parameters
    ----------
    found, expected
        What was found, and what would have been right.
    """

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(found)
        self.found = found
        self.expected = expected


class Header(NamedTuple):
    """What is known of an array before it is read."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    by_columns: bool = False


class Archive:
    """The arrays of an `.npz` file. Use it as a context.

    Parameters
    ----------
    file
        A path, or a file that is open for reading.
    most
        Bytes that all members may unpack to.

    Raises
    ------
    ArchiveError
        If a member is there twice, is compressed in an unusual way, or all are too many or too
        large.
    Exception
        Of a dozen kinds, from zipfile, zlib and the reader of arrays, on damaged input.
    """

    def __init__(self, file: Path | io.BytesIO, most: int) -> None:
        self._file = _Wary(io.FileIO(file) if isinstance(file, Path) else file)
        try:
            self._zip = zipfile.ZipFile(self._file)
            self._file.most = None
            self.members = _members(self._zip, most, self._file.seek(0, os.SEEK_END))
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self._zip.close()
        self._file.close()

    def header(self, name: str) -> Header:
        """Shape and type of an array, without reading it.

        Raises
        ------
        KeyError
            If it is not there.
        ArchiveError
            If it is not plain numbers or text, or not all there.
        """
        with self._opened(name) as (_, header):
            return header

    def array(self, name: str) -> NDArray[Any]:
        """Unpack an array; several threads may do so at the same time.

        Raises
        ------
        KeyError, ArchiveError
            See `header`.
        """
        with self._opened(name) as (member, header):
            array = np.empty(math.prod(header.shape), header.dtype)
            target = array.view(np.uint8).data
            place = 0
            while place < len(target):
                piece = member.read(min(PIECE, len(target) - place))
                if not piece:
                    raise ArchiveError(
                        f"the array '{name}' ends after {place:,} of {len(target):,} bytes.",
                        "an array that is all there.",
                    )
                target[place : place + len(piece)] = piece
                place += len(piece)
            # To the end, where the checksum is compared.
            member.read(1)
        return array.reshape(header.shape, order="F" if header.by_columns else "C")

    @contextmanager
    def _opened(self, name: str) -> Iterator[tuple[IO[bytes], Header]]:
        """An array at its first number, and its header, checked."""
        info = self.members[name]
        with self._zip.open(info) as member:
            version = npy_format.read_magic(member)
            if version not in ((1, 0), (2, 0)):
                raise ArchiveError(
                    f"the array '{name}' is in .npy version {version}.", "version 1.0 or 2.0."
                )
            length = int.from_bytes(member.read(2 * version[0]), "little")
            if length > HEADER_BYTES:
                raise ArchiveError(
                    f"the array '{name}' has a header of {length:,} bytes.",
                    f"at most {HEADER_BYTES:,} bytes.",
                )
            header = _header(name, member.read(length).decode("latin-1"))
            if header.dtype.hasobject:
                raise ArchiveError(
                    f"the array '{name}' holds Python objects.", "plain numbers or text."
                )
            declared = math.prod(header.shape) * header.dtype.itemsize
            if declared > info.file_size:
                raise ArchiveError(
                    f"the array '{name}' declares {declared:,} bytes and has {info.file_size:,}.",
                    "an array that is all there.",
                )
            yield member, header


class _Wary(io.BufferedReader):
    """A file whose directory is read at a stroke only if it is not too large."""

    most: int | None = DIRECTORY_BYTES

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, up to the limit that there is."""
        if self.most is not None and size is not None and size > self.most:
            raise ArchiveError(
                f"its list of members takes {size:,} bytes.", f"at most {self.most:,} bytes."
            )
        return super().read(size)


def _header(name: str, text: str) -> Header:
    """Read the header of an array, a dictionary of three entries as Python writes them.

    NumPy (``read_array_header_1_0`` with ``max_header_size``) has Python's own parser read it,
    which loses count where two threads parse (Python 3.11 until 3.11.7, `gh-106905
    <https://github.com/python/cpython/issues/106905>`_). Arrays are read by several threads; a lock
    around NumPy's reader would not keep out what other threads of the program parse. It takes 66 µs
    for each header as well, and this 12.
    """
    entries: dict[str, re.Match[str]] = {}
    text = text.strip()
    place, last = 1, len(text) - 1
    while text[:1] == "{" and (entry := _ENTRY.match(text, place)):
        entries[entry["key"]] = entry
        place = entry.end()
    whole = place <= last and text[last] == "}" and not text[place:last].strip()
    if not whole or set(entries) != {"descr", "fortran_order", "shape"}:
        raise _unreadable(name, text)
    kind, truth, sizes = (
        entries["descr"]["text"],
        entries["fortran_order"]["truth"],
        entries["shape"]["sizes"],
    )
    if truth is None or sizes is None or not _TYPE.fullmatch(kind or ""):
        raise _unreadable(name, text)
    try:
        dtype = np.dtype(kind)
    except (TypeError, ValueError):
        raise _unreadable(name, text) from None
    if not dtype.itemsize:
        raise _unreadable(name, text)
    shape = tuple(int(size.strip(" L")) for size in sizes.split(",") if size.strip())
    return Header(shape, dtype, truth == "True")


def _unreadable(name: str, text: str) -> ArchiveError:
    return ArchiveError(
        f"the array '{name}' has a header that cannot be read: {text[:80]!r}.",
        "a type, an order and a shape of plain numbers or text, as numpy.save writes them.",
    )


def _members(archive: zipfile.ZipFile, most: int, size: int) -> dict[str, zipfile.ZipInfo]:
    members: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for info in archive.infolist():
        name = info.filename.removesuffix(".npy")
        if name in members:
            raise ArchiveError(f"the array {name[:80]!r} is there twice.", "each once.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # The others unpack without a limit to what comes out at a time.
            raise ArchiveError(
                f"the array {name[:80]!r} is compressed in an unusual way.",
                "an archive that numpy.savez or numpy.savez_compressed has written.",
            )
        members[name] = info
        total += info.file_size
    if total > most:
        raise ArchiveError(f"the arrays unpack to {total:,} bytes.", f"at most {most:,} bytes.")
    if total > max(SMALL, RATIO * size):
        raise ArchiveError(
            f"the arrays unpack to {total:,} bytes, {total // size:,} times the size of the file.",
            f"at most {SMALL:,} bytes or {RATIO} times its size.",
        )
    return members
