"""Which columns of a table are x, y and label: what is not certain is refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from spiralcore.errors import UsageError, first_repeated, nearest
from spiralcore.shell import quoted
from spiralcore.system.rounding import whole_number

ROLES = ("x", "y", "label")

LABEL_NAMES = ("label", "labels", "class", "target")
"""What a column of classes is called, in any letters."""

UNNAMED = ("", "unnamed: 0", "__index_level_0__")
"""What the index of a pandas table is called where it has no name, and the row names of R."""

NUMBERS = ("id", "index", "no", "nr", "row", "rownames")
"""What a column that only numbers the rows is called."""

MOST_SHOWN = 30
"""Columns that a message lists."""

LONGEST_SHOWN = 40
"""Letters of a name or a value that a message shows."""


class Columns(NamedTuple):
    """What somebody says of the columns: names, or numbers counted from 1; None for nothing."""

    x: str | int | None = None
    y: str | int | None = None
    label: str | int | None = None


class Head(NamedTuple):
    """What is known of the columns of a table before its rows are read.

    Attributes
    ----------
    names
        Of the columns; None where they have none.
    numeric
        For each column, whether it seems to hold numbers.
    first
        Values of the first row, for messages.
    """

    names: tuple[str, ...] | None
    numeric: tuple[bool, ...]
    first: tuple[str, ...]


def chosen(head: Head, said: Columns, path: Path) -> tuple[int, int, int]:
    """The places of x, y and label among the columns of a table.

    What is said counts first; then columns that are called x, y and label (or class, target).
    Without any of that, a table of exactly three columns has them in this order.

    Raises
    ------
    UsageError
        If that leaves a doubt, with all columns and the line to type.
    """
    _check_names(head, path)
    places = [_said(head, value, role, said, path)
              for role, value in zip(ROLES, said, strict=True)]  # fmt: skip
    for role, other in ((0, 1), (0, 2), (1, 2)):
        if places[role] is not None and places[role] == places[other]:
            raise UsageError(
                f"--{ROLES[role]} and --{ROLES[other]} are both the column "
                f"{_title(head, places[role] or 0)} of {path}.",
                "three different columns.",
                line_to_type(head, path),
            )
    if None in places:
        places = _by_name(head, places)
    if None in places:
        places = _by_order(head, places, path)
    x, y, label = places
    assert x is not None
    assert y is not None
    assert label is not None
    return x, y, label


def column_list(head: Head) -> str:
    """The columns, for people."""
    titles = [_title(head, place) for place in range(len(head.first))]
    more = len(titles) - MOST_SHOWN
    return ", ".join(titles[:MOST_SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def _title(head: Head, place: int) -> str:
    if head.names is not None and head.names[place]:
        return head.names[place][:LONGEST_SHOWN]
    return f"{place + 1} ({head.first[place][:LONGEST_SHOWN]})"


def _check_names(head: Head, path: Path) -> None:
    names = [name for name in head.names or () if name]
    twice = first_repeated(names)
    if twice is not None:
        raise UsageError(
            f"{path}: two columns are called '{twice[:LONGEST_SHOWN]}'.",
            "columns with different names.",
        )


def _said(head: Head, value: str | int | None, role: str, said: Columns, path: Path) -> int | None:
    """The place of a column that somebody names."""
    if value is None:
        return None
    text = str(value).strip()
    names = list(head.names or ())
    if text in names and isinstance(value, str):
        return names.index(text)
    alike = [place for place, name in enumerate(names) if name.lower() == text.lower()]
    if len(alike) == 1 and isinstance(value, str):
        return alike[0]
    number = whole_number(text)
    if number is not None and 1 <= number <= len(head.first):
        return number - 1
    hint = nearest(text, names) if number is None else ""
    raise UsageError(
        f"--{role}: there is no column '{text[:LONGEST_SHOWN]}' in {path}.{hint}",
        f"one of {column_list(head)}, or its number, from 1 to {len(head.first)}.",
        line_to_type(head, path, said._replace(**{role: None})),
    )


def _by_name(head: Head, places: Sequence[int | None]) -> list[int | None]:
    """Fill in what columns say by their names."""
    if head.names is None:
        return list(places)
    lower = [name.lower() for name in head.names]
    x, y, label = places
    labels = [place for name in LABEL_NAMES for place, known in enumerate(lower) if known == name]
    if label is None and len(labels) == 1:
        label = labels[0]
    named = [place for place, name in enumerate(lower) if name in ("x", "y")]
    if len(named) == 2 and lower[named[0]] != lower[named[1]]:
        taken = {x, y, label}
        if x is None and lower.index("x") not in taken:
            x = lower.index("x")
        if y is None and lower.index("y") not in taken:
            y = lower.index("y")
    return [x, y, label]


def _by_order(head: Head, places: Sequence[int | None], path: Path) -> list[int | None]:
    """Fill in the rest of a table of three columns in their order, or refuse it."""
    count = len(head.first)
    columns = [place for place in range(count) if not _is_index(head, place)]
    free = [place for place in columns if place not in places]
    wanted = [role for role, place in enumerate(places) if place is None]
    doubtful = head.names is not None and _contradicted(head, free, wanted)
    if len(columns) != len(ROLES) or len(free) != len(wanted) or doubtful:
        raise _uncertain(head, places, path)
    filled = list(places)
    for role, place in zip(wanted, free, strict=True):
        filled[role] = place
    return filled


def _is_index(head: Head, place: int) -> bool:
    name = head.names[place].lower() if head.names is not None else None
    return name in UNNAMED[-1:] or (place == 0 and name in UNNAMED)


def _contradicted(head: Head, free: Sequence[int], wanted: Sequence[int]) -> bool:
    """Whether a column is called something else than what its place makes it."""
    names = [head.names[place].lower() for place in free] if head.names else []
    for name, role in zip(names, wanted, strict=False):
        if role < 2 and name in (*LABEL_NAMES, *NUMBERS, ROLES[1 - role]):
            return True
        if role == 2 and (name in NUMBERS or name in ("x", "z")):
            return True
    return False


def _uncertain(head: Head, places: Sequence[int | None], path: Path) -> UsageError:
    said = Columns(*(None if place is None else _name(head, place) for place in places))
    line = line_to_type(head, path, said)
    if head.names is None:
        return UsageError(
            f"{path} has {len(head.first):,} columns without names: {column_list(head)}.",
            "three columns, x, y and label, or which of them are these.",
            line,
        )
    role = ROLES[next(role for role, place in enumerate(places) if place is None)]
    alike = LABEL_NAMES if role == "label" else (role,)
    several = sum(name.lower() in alike for name in head.names) > 1
    found = (
        f"more than one column may be the {role}:" if several else f"there is no column '{role}' in"
    )
    return UsageError(
        f"{path}: {found} {column_list(head)}.",
        "the columns x, y and label, or which of them are these.",
        line,
    )


def _name(head: Head, place: int) -> str:
    """What to type for a column."""
    if head.names is None or not head.names[place]:
        return str(place + 1)
    return head.names[place]


def line_to_type(head: Head, path: Path, said: Columns = Columns()) -> str:  # noqa: B008
    """The line that names the columns: what was said, and what the rest may be.

    Empty where there are too few columns.
    """
    usable = [place for place in range(len(head.first)) if not _is_index(head, place)]
    if len(usable) < len(ROLES):
        return ""
    x, y, label = _by_name(head, (None, None, None))
    if x is None or y is None:
        x = y = None
    if label is None:
        others = [place for place in usable if place not in (x, y)]
        label = [*others[-1:], *(place for place in others if not head.numeric[place])][-1]
    if x is None or y is None:
        numbers = [place for place in usable if head.numeric[place] and place != label]
        x, y = [*numbers, *(place for place in usable if place not in (*numbers, label))][:2]
    words = [
        f"--{role} {quoted(str(value) if value is not None else _name(head, place))}"
        for role, value, place in zip(ROLES, said, (x, y, label), strict=True)
    ]
    return f"spiral train --data {quoted(path)} {' '.join(words)}"
