"""Errors that a user can act on.

Every error that spiralcore raises on purpose tells three things: what was found, what was
expected, and what to type next. The command line prints them without a traceback.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TypeVar

__all__ = [
    "DivergenceError",
    "HelperDiedError",
    "MissingExtraError",
    "PointerError",
    "SpiralError",
    "TrajectoryError",
    "UsageError",
]

Entry = TypeVar("Entry")


class SpiralError(Exception):
    """Something the user can mend.

    Parameters
    ----------
    found
        What is wrong, in one sentence.
    expected
        What would have been right.
    next_step
        What to type or change.
    """

    exit_code = 1

    def __init__(self, found: str, expected: str = "", next_step: str = "") -> None:
        self.found = found
        self.expected = expected
        self.next_step = next_step
        lines = [found]
        if expected:
            lines.append(f"expected: {expected}")
        if next_step:
            lines.append(f"next: {next_step}")
        super().__init__(harmless("\n".join(lines)))

    @classmethod
    def of_os(cls, error: OSError) -> SpiralError:
        """What the operating system says, in our words."""
        place = f"{error.filename}: " if error.filename else ""
        return SpiralError(
            f"{place}{error.strerror or error}.", "a place with room that is yours to write."
        )

    def __reduce__(self) -> tuple[type[SpiralError], tuple[str, str, str]]:
        """Survive the way from a worker process to its parent."""
        return type(self), (self.found, self.expected, self.next_step)


def harmless(text: str) -> str:
    """A text of lines, without anything from a file or a name that a terminal would obey."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "?" for letter in text)


class HelperDiedError(SpiralError):
    """A program that does a part of the work was killed; it may work when it is tried again."""


class UsageError(SpiralError):
    """A setting, an option or a recipe that cannot be used."""

    exit_code = 2


class TrajectoryError(SpiralError):
    """A file or a set of arrays that is not a valid trajectory."""

    exit_code = 2


class PointerError(TrajectoryError, UsageError):
    """A file that only says where its content is; nothing may be put in its place."""


class DivergenceError(SpiralError):
    """A training whose loss is no longer a finite number."""


class MissingExtraError(SpiralError):
    """A feature whose optional dependencies are not installed."""

    exit_code = 2

    @classmethod
    def for_extra(cls, extra: str, package: str, purpose: str) -> MissingExtraError:
        """Name the extra that brings ``package``, and the line to type.

        Where something is compiled for it, that line begins with what the system lacks for that.
        """
        from spiralcore.headers import before
        from spiralcore.shell import pip_install

        return cls(
            f"{purpose} needs the package '{package}', which is not installed.",
            f"an installation with the extra '{extra}'.",
            before(extra) + pip_install([extra]),
        )


def nearest(name: str, known: Sequence[str]) -> str:
    """Suggest the known name that is closest to a mistyped one.

    Returns
    -------
    str
        ``" Did you mean 'tanh'?"``, or an empty string where nothing is close.
    """
    close = get_close_matches(name.lower(), known, n=1, cutoff=0.5)
    return f" Did you mean '{close[0]}'?" if close else ""


def first_repeated(names: Iterable[str]) -> str | None:
    """The first of some names that has been there before; None where all differ."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def lookup(table: Mapping[str, Entry], name: str, kind: str, next_step: str = "") -> Entry:
    """Find an entry by its name.

    Parameters
    ----------
    table
        The known entries.
    name
        What was asked for.
    kind
        What the entries are, for the message.
    next_step
        What to type to see what there is.

    Raises
    ------
    UsageError
        If there is none of that name, with the nearest known one.
    """
    if name not in table:
        raise UsageError(
            f"There is no {kind} '{name}'.{nearest(name, list(table))}",
            f"one of {', '.join(table)}.",
            next_step,
        )
    return table[name]
