"""The random numbers of NumPy's global stream, put back cheaply where a pass draws none of them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

MEMORY = 4 * 624 + 4
"""Bytes of what a Mersenne Twister remembers: its numbers, and at which of them it is."""


class NumpyStream:
    """Lets the numbers afterwards be those that would have come anyway.

    Asking NumPy for its state, and setting it, takes longer than a small network takes for all
    points. Where the first pass has drawn nothing, later ones copy the memory of the generator
    instead, and put it back if it has changed; from then on the state is asked for again. (What
    NumPy keeps of a pair of normal numbers is not in that memory: a pass whose first draw are
    these, after the first pass, may use up one of them.)
    """

    def __init__(self) -> None:
        self._draws: bool | None = None

    @contextmanager
    def as_it_was(self) -> Iterator[None]:
        """While this lasts somebody may draw numbers."""
        generator = np.random.get_bit_generator()  # type: ignore[attr-defined]
        if type(generator) is not np.random.MT19937 or self._draws is not False:
            before, state = _memory(generator), np.random.get_state()  # noqa: NPY002 - of others
            try:
                yield
            finally:
                self._draws = bool(self._draws) or _memory(generator) != before
                np.random.set_state(state)  # noqa: NPY002
            return
        before = _memory(generator)
        try:
            yield
        finally:
            if _memory(generator) != before:
                self._draws = True
                ctypes.memmove(_place(generator), before, MEMORY)


def _place(generator: Any) -> int:
    return int(generator.ctypes.state_address)


def _memory(generator: Any) -> bytes:
    """What a Mersenne Twister remembers; nothing of other kinds."""
    if type(generator) is not np.random.MT19937:
        return b""
    return ctypes.string_at(_place(generator), MEMORY)
