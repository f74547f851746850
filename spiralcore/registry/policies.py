"""Recording policies: which epochs of a run are kept.

One entry of `POLICIES` is all that a new policy needs: settings, options and messages follow it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import lookup

Epochs = NDArray[np.int64]

LOOSENING = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0)
"""Multiples of the tolerance that are tried, in turn, until the file stays within its limit."""

COARSER = (6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0)
"""Those that are tried after these, and of which files tell."""


class Run(Protocol):
    """What a policy may ask of a run."""

    @property
    def last(self) -> int:
        """Number of the last epoch."""

    def within(self, tolerance: float) -> Epochs:
        """As few epochs as a tolerance allows, as a part of the panel's width."""


class Limits(Protocol):
    """What a policy may ask of the settings."""

    @property
    def tolerance(self) -> float:
        """Largest error of a coordinate, as a part of the panel's width."""

    @property
    def frames(self) -> int:
        """How many epochs to aim at."""


@dataclass(frozen=True)
class Policy:
    """One way to choose epochs.

    Attributes
    ----------
    name
        What settings call it.
    summary
        For people.
    choices
        ``choices(run, settings)``: sets of epochs that may be kept, the finest first. Where the
        file of one becomes too large the next one is tried; the last one is taken in any case.
        Each has the first and the last epoch.
    """

    name: str
    summary: str
    choices: Callable[[Run, Limits], Iterator[Epochs]]


def _adaptive(run: Run, settings: Limits) -> Iterator[Epochs]:
    for factor in (*LOOSENING, *COARSER):
        yield run.within(factor * settings.tolerance)


def _log(run: Run, settings: Limits) -> Iterator[Epochs]:
    yield _with_ends(np.geomspace(1, max(run.last - 1, 1), settings.frames).astype(int), run.last)


def _linear(run: Run, settings: Limits) -> Iterator[Epochs]:
    yield _with_ends(np.linspace(0, run.last, settings.frames).round().astype(int), run.last)


def _every(run: Run, settings: Limits) -> Iterator[Epochs]:
    yield np.arange(run.last + 1)


def _with_ends(epochs: Epochs, last: int) -> Epochs:
    return np.unique(np.concatenate([[0], epochs[epochs <= last], [last]]))


POLICIES: dict[str, Policy] = {
    entry.name: entry
    for entry in (
        Policy("adaptive", "where straight lines would miss the tolerance", _adaptive),
        Policy("log", "at equal factors", _log),
        Policy("linear", "at equal distances", _linear),
        Policy("every", "all of them", _every),
    )
}


def policy(name: str) -> Policy:
    """Look a policy up by its name.

    Raises
    ------
    UsageError
        If there is none of that name, with the nearest known one.
    """
    return lookup(POLICIES, name, "recording policy")
