"""Tables as text: CSV and its relatives, of any program, taken apart without guessing."""

from __future__ import annotations

import csv
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from spiralcore.data.table_columns import (
    LABEL_NAMES,
    ROLES,
    Columns,
    Head,
    chosen,
    column_list,
    line_to_type,
)
from spiralcore.data.table_readers import EXAMPLE, MAX_BYTES, MAX_ROWS, Gathered, Rows
from spiralcore.data.table_text import (
    COMMENT,
    Decimals,
    Sample,
    cells_of,
    declared,
    encoding_of,
    is_number,
    reader_of,
    sampled,
    text_of,
    unpacked,
)
from spiralcore.errors import UsageError
from spiralcore.system.rounding import whole_number

LONGEST_LINE = 100_000
"""Letters of a line at most: a row is taken apart as a whole."""

SAMPLED = 200
"""Lines that are looked at before the rows are read."""

SAMPLED_LETTERS = 20_000
"""After so many letters no more lines are looked at than the first two."""


def read_csv(data: bytes, path: Path, said: Columns = Columns()) -> Rows:  # noqa: B008 - a tuple
    """Read a table of texts.

    Parameters
    ----------
    data
        Content of the file; it may be packed by gzip.
    path
        What messages call it.
    said
        Which columns are x, y and label.

    Raises
    ------
    UsageError
        Naming the line, what was found and what was expected.
    """
    text = _Text(unpacked(data, MAX_BYTES, path, EXAMPLE + "."), path)
    try:
        sample, comment = text.beginning()
        if not sample.rows:
            raise UsageError(f"{path} has no points.", EXAMPLE + ".")
        heading = _heading(sample, comment, path)
        places = chosen(heading.head, said, path)
        return _read(text, sample.separator, heading, places)
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8 text.", EXAMPLE + ".") from None
    except csv.Error as error:
        raise UsageError(f"{path} is no table: {error}.", EXAMPLE + ".") from None


class _Text:
    """The lines of a table. Comments are empty ones, so that all have their numbers."""

    def __init__(self, data: bytes, path: Path) -> None:
        self._data, self.path = data, path
        self._encoding = encoding_of(data, path, EXAMPLE + ".")
        self._separator = declared(next(self.lines(), ""))

    @property
    def notes(self) -> tuple[str, ...]:
        if self._encoding != "cp1252":
            return ()
        return ("its texts are read as Windows-1252 (Latin-1), as they are not UTF-8",)

    def lines(self, on_comment: Callable[[int, str], None] | None = None) -> Iterator[str]:
        """All lines, as long as there are not too many and none is too long."""
        text = text_of(self._data, self._encoding)
        for number, line in enumerate(iter(lambda: text.readline(LONGEST_LINE + 1), ""), 1):
            if len(line) > LONGEST_LINE:
                raise UsageError(
                    f"{self.path}, line {number}: it has more than {LONGEST_LINE:,} letters.",
                    EXAMPLE + ".",
                )
            if number > 2 * MAX_ROWS:
                raise UsageError(
                    f"{self.path} has more than {2 * MAX_ROWS:,} lines.", "fewer of them."
                )
            comment = line.lstrip().startswith(COMMENT)
            if comment and on_comment:
                on_comment(number, line)
            yield "\n" if comment or (number == 1 and declared(line)) else line

    def beginning(self) -> tuple[Sample, str]:
        """The first lines, taken apart, and the last comment above them."""
        comments: list[str] = []
        filled = (
            line for line in self.lines(lambda _, text: comments.append(text)) if line.strip()
        )
        first = next(filled, None)
        comment = comments[-1] if comments else ""
        if first is None:
            return Sample(",", [], ()), ""
        beginning = [first, *itertools.islice(filled, 1)]
        letters = sum(map(len, beginning))
        for line in itertools.islice(filled, SAMPLED if letters < SAMPLED_LETTERS else 0):
            beginning.append(line)
            letters += len(line)
            if letters > SAMPLED_LETTERS:
                break
        if self._separator is not None:
            return Sample.of(beginning, self._separator), comment
        return sampled(beginning, (*ROLES, *LABEL_NAMES), self.path), comment


class _Heading(NamedTuple):
    """What stands above the rows.

    Attributes
    ----------
    head
        The columns.
    skipped
        Rows of cells before the first point.
    titles
        What classes 0, 1, ... are called, if the heading says so.
    points
        How many there are, if the heading says so.
    """

    head: Head
    skipped: int = 0
    titles: tuple[str, ...] = ()
    points: int | None = None


def _heading(sample: Sample, comment: str, path: Path) -> _Heading:
    """Find out which rows are points, and what the columns are called."""
    first, *rows = sample.rows

    def head(names: Sequence[str] | None, shown: Sequence[str]) -> Head:
        """The columns of some names, judged by the rows that have as many."""
        whole = [row for row in rows if len(row) >= len(shown)] or [list(shown)]
        counts = [sum(is_number(row[i]) for row in whole) for i in range(len(shown))]
        numeric = tuple(2 * count >= len(whole) for count in counts)
        return Head(tuple(names) if names is not None else None, numeric, tuple(shown))

    if _is_of_scikit_learn(first, rows):
        return _Heading(head(None, rows[0]), 1, tuple(first[2:]), whole_number(first[0]))
    if _are_names(first):
        # With commas, a decimal one may have made two cells of one.
        if sample.separator != "," and _has_row_names(first, rows):
            return _Heading(head(("", *first), rows[0]), 1)
        # Without rows, and where rows are too short or too long, their own lines say so.
        shown = rows[0] if rows and len(rows[0]) >= len(first) else first
        return _Heading(head(first, shown[: len(first)]), 1)
    if _counts_from_0(first):
        if first[0] == "" or _cannot_be_a_point(rows, sample.numbers):
            return _Heading(head(first, rows[0] if len(rows) else first), 1)
        raise UsageError(
            f"{path}: its first row, {', '.join(first)}, may be a point or the names of columns.",
            "names in the first line.",
            "x,y,label as the first line, and the row below it if it is a point",
        )
    above = next(cells_of([comment.lstrip().lstrip(COMMENT)], sample.separator), [])
    named = len(above) == len(first) and _are_names(above)
    return _Heading(head(above if named else None, first))


def _are_names(cells: Sequence[str]) -> bool:
    return any(cells) and not any(is_number(cell) for cell in cells)


def _counts_from_0(cells: Sequence[str]) -> bool:
    """Whether these are the numbers that pandas gives to columns without names."""
    numbers = cells[1:] if cells[0] == "" else cells
    return len(numbers) >= 3 and list(numbers) == list(map(str, range(len(numbers))))


def _cannot_be_a_point(rows: Sequence[Sequence[str]], numbers: Sequence[bool]) -> bool:
    """Whether some column has a decimal sign in all rows, so that a whole number is none of it."""
    return bool(rows) and any(
        numeric and all(i < len(row) and {*row[i]} & {*".,eE"} for row in rows)
        for i, numeric in enumerate(numbers)
    )


def _has_row_names(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows begin with their number, which has no name above it, as R writes them."""
    return len(rows) > 1 and all(
        len(row) == len(first) + 1 and row[0] == str(number) for number, row in enumerate(rows, 1)
    )


def _is_of_scikit_learn(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row has the numbers of points and of features, and the names of classes."""
    if len(first) <= 3:
        return False
    points, features = map(whole_number, first[:2])
    return (
        points is not None
        and features is not None
        and _are_names(first[2:])
        and bool(rows)
        and all(len(row) == features + 1 and all(map(is_number, row)) for row in rows)
    )


def _read(text: _Text, separator: str, heading: _Heading, places: tuple[int, int, int]) -> Rows:
    path, width = text.path, len(heading.head.first)
    x, y, label = places
    gathered = Gathered(path, "line")
    decimals = Decimals()

    def on_comment(number: int, line: str) -> None:
        cells = next(cells_of([line], separator), [])
        if len(gathered) and len(cells) == width and is_number(cells[x]) and is_number(cells[y]):
            raise UsageError(
                f"{path}, line {number}: it begins with {COMMENT}, and may be a comment or a "
                "point.",
                "a label in quotation marks, or no comment like this one.",
            )

    reader = reader_of(text.lines(on_comment), separator)
    skip = heading.skipped
    for row in reader:
        if not any(map(str.strip, row)):
            continue
        if skip:
            skip -= 1
            continue
        line = reader.line_num  # type: ignore[attr-defined]
        if len(row) != width and (len(row) < width or any(map(str.strip, row[width:]))):
            raise _wrong_width(row, heading.head, path, line)
        values = [decimals.number(row[column].strip()) for column in (x, y)]
        for column, value in zip((x, y), values, strict=True):
            if value is None or not math.isfinite(value):
                raise UsageError(
                    f"{path}, line {line}: found {row[column].strip()[:80]!r}.",
                    decimals.expected or "a finite number for x and for y.",
                    "" if heading.head.numeric[column] else line_to_type(heading.head, path),
                )
        gathered.add(values[0] or 0.0, values[1] or 0.0, row[label], line)
    decimals.check(path)
    if heading.points not in (None, len(gathered)):
        raise UsageError(
            f"{path}: its first line says {heading.points:,} points, and there are "
            f"{len(gathered):,}.",
            "a whole file.",
        )
    return gathered.rows(text.notes, heading.titles)


def _wrong_width(row: Sequence[str], head: Head, path: Path, line: int) -> UsageError:
    named = "x, y and a label in each line." if len(head.first) == 3 else ""
    return UsageError(
        f"{path}, line {line}: found {len(row)} columns.",
        named or f"{len(head.first)} in each line: {column_list(head)}.",
    )
