"""The parts of `make torture`: what is done to the program, and what has to come of it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple


class Row(NamedTuple):
    """A line of a table in docs/reliability.md.

    Attributes
    ----------
    what
        What was tried, and how often.
    found
        The figure that was measured, with its unit.
    held
        Whether it is what is promised; None for a figure that promises nothing.
    """

    what: str
    found: str
    held: bool | None = None


class Part(NamedTuple):
    """A section of docs/reliability.md.

    Attributes
    ----------
    run
        ``run(folder, short)`` yields the rows of its table, as they are found. The folder is
        empty and for this part alone; with ``short`` it takes seconds and not many minutes.
    about
        How long the long form takes, for people.
    """

    run: Callable[[Path, bool], Iterator[Row]]
    about: str


def _lazily(module: str) -> Callable[[Path, bool], Iterator[Row]]:
    """The rows of a module, which is loaded when its part begins."""

    def run(folder: Path, short: bool) -> Iterator[Row]:
        yield from importlib.import_module(f"tests.torture.{module}").rows(folder, short)

    return run


PARTS: dict[str, Part] = {
    "files": Part(_lazily("attacks.bad_files"), "100,000 bad files and a fuzzer: an hour"),
    "killed": Part(_lazily("runs.killing"), "200 runs, killed at any moment: an hour"),
    "stopped": Part(_lazily("runs.stopping"), "Ctrl-C and SIGTERM: ten minutes"),
    "recorded": Part(_lazily("runs.recording"), "100 recorded trainings, killed: ten minutes"),
    "full": Part(
        _lazily("runs.filling"), "disks without room, folders that cannot be written: minutes"
    ),
    "odd": Part(_lazily("runs.naming"), "odd names, folders that go away, a clock that steps back"),
    "together": Part(_lazily("runs.together"), "two and five runs at the same time: minutes"),
    "same": Part(_lazily("runs.sameness"), "the same recipe under other circumstances: minutes"),
    "network": Part(_lazily("runs.cutting"), "everything without a network: minutes"),
}
"""Each has two marks of its own in docs/reliability.md, `<!-- name -->` and `<!-- end -->`."""
