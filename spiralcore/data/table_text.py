"""The text of a table: how it is packed and encoded, what separates its cells, its decimal sign."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from spiralcore.errors import UsageError

SPACE = " "
"""Stands for any number of spaces and tabs."""

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", SPACE: "spaces"}

COMMENT = "#"

PIECE = 1 << 16

GZIP = b"\x1f\x8b"

UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How a text in UTF-16 begins."""

PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:nan|inf|infinity)", re.I)
COMMA = re.compile(r"[+-]?(?:\d+,\d+|,\d+)(?:[eE][+-]?\d+)?")
GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?:\.\d{3})+,\d+|(?:,\d{3})+\.\d+|(?:[.,]\d{3}){2,})")
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


def unpacked(data: bytes, most: int, path: Path, expected: str) -> bytes:
    """The content of a file that may be packed by gzip.

    Raises
    ------
    UsageError
        If it is damaged, or has more than ``most`` bytes.
    """
    parts: list[bytes] = []
    size = 0
    while data.startswith(GZIP):
        packed = zlib.decompressobj(wbits=31)
        try:
            parts.append(packed.decompress(data, most + 1 - size))
        except zlib.error as error:
            raise UsageError(f"{path} cannot be unpacked: {error}.", expected) from None
        size += len(parts[-1])
        if size > most:
            raise UsageError(f"{path} unpacks to more than {most:,} bytes.", "a smaller table.")
        if not packed.eof:
            raise UsageError(f"{path} cannot be unpacked: it is cut off.", expected)
        data = packed.unused_data
        if not data.startswith(GZIP):
            return b"".join(parts)
    return data


def encoding_of(data: bytes, path: Path, expected: str) -> str:
    """The encoding of a text: UTF-8, UTF-16 if it says so, otherwise that of Windows and Latin-1.

    Raises
    ------
    UsageError
        If it is no text in any of them.
    """
    names = ("utf-16",) if data.startswith(UTF_16) else ("utf-8-sig", "cp1252")
    for name in names:
        if _is(name, data):
            return name
    raise UsageError(f"{path} is not UTF-8 text.", expected)


def _is(name: str, data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    pieces = range(0, max(len(data), 1), PIECE)
    strict = name == "cp1252"
    try:
        for start in pieces:
            text = decoder.decode(data[start : start + PIECE], start + PIECE >= len(data))
            if strict and any(ord(letter) < 32 and letter not in "\t\r\n" for letter in text):
                return False
    except UnicodeDecodeError:
        return False
    return True


class Sample(NamedTuple):
    """The first lines of a table, taken apart in one way.

    Attributes
    ----------
    separator
        One of `SEPARATORS`.
    rows
        Cells of each line without comments and empty lines.
    numbers
        For each column of the first line, whether at least half of its cells below are numbers.
    """

    separator: str
    rows: list[list[str]]
    numbers: tuple[bool, ...]

    @classmethod
    def of(cls, lines: list[str], separator: str) -> Sample:
        """Take lines apart."""
        rows = [row for row in cells_of(lines, separator) if any(row)]
        # What is empty in all lines after the last column is none.
        filled = max((len(row) - _empty(row) for row in rows), default=0)
        rows = [row[:filled] for row in rows]
        width = max(map(len, rows[:2]), default=0)
        below = rows[1:] or rows
        counts = [sum(is_number(row[i]) for row in below if i < len(row)) for i in range(width)]
        return cls(separator, rows, tuple(2 * count >= len(below) > 0 for count in counts))

    @property
    def fits(self) -> bool:
        """Whether there may be two columns of numbers and one of labels."""
        return len(self.numbers) >= 3 and sum(self.numbers) >= 2

    @property
    def fits_well(self) -> bool:
        """Whether all columns but one at most are numbers."""
        return self.fits and sum(self.numbers) >= len(self.numbers) - 1


def _empty(row: list[str]) -> int:
    """How many cells at the end of a row are empty."""
    return next(i for i, cell in enumerate(reversed(row)) if cell)


def sampled(lines: Iterable[str], names: Iterable[str], path: Path) -> Sample:
    """Find out what separates the cells of a table.

    Parameters
    ----------
    lines
        The first ones, without comments and empty ones.
    names
        What columns may be called, where there are no rows that would tell.
    path
        What messages call it.

    Raises
    ------
    UsageError
        If more than one separator may be meant.
    """
    first = list(lines)
    samples = [Sample.of(first, separator) for separator in SEPARATORS]
    fitting = [sample for sample in samples if sample.fits]
    if len(fitting) > 1:
        fitting = [sample for sample in fitting if sample.fits_well] or fitting
    if len(fitting) > 1:
        fitting = [sample for sample in fitting if sample.separator != SPACE]
    if len(fitting) > 1:
        raise UsageError(
            f"{path}: its cells may be separated by "
            f"{' or '.join(SEPARATORS[sample.separator] for sample in fitting)}: "
            f"{first[0].strip()[:80]!r}.",
            "one separator, and texts that hold another one in quotation marks.",
        )
    if fitting:
        return fitting[0]
    known = {*names}
    named = [s for s in samples if s.rows and {cell.lower() for cell in s.rows[0]} & known]
    return max(named or samples[:1], key=lambda sample: len(sample.rows[0]) if sample.rows else 0)


def cells_of(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    """The cells of each row, without the blanks around them; `csv.Error` if it is none."""
    return ([cell.strip() for cell in row] for row in reader_of(lines, separator))


def reader_of(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    """A reader of rows, which counts its lines."""
    if separator == SPACE:
        lines = (line.strip().replace("\t", SPACE) for line in lines)
    return csv.reader(lines, delimiter=separator, skipinitialspace=True)


def declared(line: str) -> str | None:
    """The separator that the first line of a file for Excel states: ``sep=;``."""
    found = re.fullmatch(r"\s*\"?sep=(.)\"?\s*", line)
    return found[1] if found and found[1] in SEPARATORS else None


def is_number(text: str) -> bool:
    """Whether a cell is a number, with a point or a comma, or signs between thousands."""
    return bool(PLAIN.fullmatch(text) or COMMA.fullmatch(text) or GROUPED.fullmatch(text))


class Decimals:
    """Reads numbers, all with a point or all with a comma.

    Attributes
    ----------
    expected
        What would have been right in place of the last number, if its sign was the wrong one.
    """

    def __init__(self) -> None:
        self.expected = ""
        self._sign = ""
        self._doubtful: str | None = None
        self._certain = False

    def number(self, text: str) -> float | None:
        """The value of a cell; None if it is no number, or has another sign than those before."""
        if self._sign == "." or COMMA.fullmatch(text) is None:
            if not PLAIN.fullmatch(text):
                self._hint(text)
                return None
            if "." in text:
                if self._sign == ",":
                    self._hint(text)
                    return None
                self._sign = "."
            return float(text)
        self._sign = ","
        if THOUSANDS.fullmatch(text):
            self._doubtful = self._doubtful or text
        else:
            self._certain = True
        return float(text.replace(",", "."))

    def _hint(self, text: str) -> None:
        if GROUPED.fullmatch(text):
            self.expected = "numbers without signs between thousands."
        elif is_number(text) and self._sign:
            name = {".": "point", ",": "comma"}[self._sign]
            self.expected = f"a decimal {name}, as in the numbers before, or the other in all."

    def check(self, path: Path) -> None:
        """Refuse numbers whose commas may be those of thousands.

        Raises
        ------
        UsageError
            If each number with a comma has three digits after it.
        """
        if self._doubtful is not None and not self._certain:
            raise UsageError(
                f"{path}: the comma of {self._doubtful!r} may be a decimal one or that of "
                "thousands, and so may all others.",
                "decimal points, and no sign between thousands.",
            )


def text_of(data: bytes, encoding: str) -> io.TextIOWrapper:
    """The text, to be read line by line."""
    return io.TextIOWrapper(io.BytesIO(data), encoding, newline="")
