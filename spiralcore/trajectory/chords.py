"""Choosing epochs so that straight lines between them stay close to what happened.

A run is a path in time; the kept epochs cut it into chords. `Cone` decides where a chord has
to end. It is the swing filter of Elmeleegy et al. 2009 (Proc. VLDB 2:145), applied to all
coordinates of all points at once and restricted to chords that end on an epoch which really
happened.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

LONGEST_CHORD = 1024
"""Epochs that a chord spans at most, which bounds the memory of the recorder."""

LOOKAHEAD = 64
"""Epochs that the cone waits for a better end; those after the end are looked at again."""


@dataclass(frozen=True)
class Frame:
    """One epoch of a run.

    Attributes
    ----------
    epoch
        Its number.
    hidden
        Shape (N, D), float32; nobody else writes to it.
    width
        The panel's width at this epoch, in the units of ``hidden``.
    readout_weight, readout_bias
        Shapes (K, D) and (K,).
    """

    epoch: int
    hidden: NDArray[np.float32]
    width: float
    readout_weight: NDArray[np.float32]
    readout_bias: NDArray[np.float32]


class Rule(Protocol):
    """Decides where chords end."""

    def start(self, anchor: Frame) -> None:
        """Begin a chord at this frame."""

    def see(self, frame: Frame) -> Frame | None:
        """Take the next frame; return the frame that ends the chord once that is decided."""

    def best_end(self) -> Frame | None:
        """Where the chord should end if no further frame comes; None: at the last one."""


class Schedule:
    """Ends chords at epochs that are fixed beforehand."""

    def __init__(self, epochs: Set[int]) -> None:
        self._epochs = epochs

    def start(self, anchor: Frame) -> None:
        """Nothing to prepare."""

    def see(self, frame: Frame) -> Frame | None:
        """End the chord at a scheduled epoch."""
        return frame if frame.epoch in self._epochs else None

    def best_end(self) -> Frame | None:
        """The last epoch is always kept."""
        return None


class Cone:
    """Ends chords as late as a tolerance allows.

    Parameters
    ----------
    tolerance
        Largest error of a coordinate, as a part of the panel's width at that epoch.
    """

    def __init__(self, tolerance: float) -> None:
        self._tolerance = tolerance

    def start(self, anchor: Frame) -> None:
        """Open the cone: from here every slope is possible."""
        self._anchor = anchor
        self._last_good: Frame | None = None
        self._lower = np.full(anchor.hidden.shape, -np.inf, np.float32)
        self._upper = np.full(anchor.hidden.shape, np.inf, np.float32)

    def see(self, frame: Frame) -> Frame | None:
        """Narrow the cone of slopes that pass within the tolerance of all frames so far."""
        span = frame.epoch - self._anchor.epoch
        slope = frame.hidden - self._anchor.hidden
        slope /= span
        if self._last_good is None or (
            (slope >= self._lower).all() and (slope <= self._upper).all()
        ):
            self._last_good = frame
        slack = np.float32(self._tolerance * frame.width / span)
        np.maximum(self._lower, slope - slack, out=self._lower)
        slope += slack
        np.minimum(self._upper, slope, out=self._upper)
        waited = frame.epoch - self._last_good.epoch
        if span >= LONGEST_CHORD or waited >= LOOKAHEAD or (self._lower > self._upper).any():
            return self._last_good
        return None

    def best_end(self) -> Frame | None:
        """The last frame whose chord stays within the tolerance."""
        return self._last_good


class Chords:
    """Cuts a stream of frames into chords and measures what each of them loses.

    Parameters
    ----------
    rule
        Where chords end.
    first
        The frame of epoch 0, which is always kept.

    Attributes
    ----------
    kept
        The frames at the ends of the chords, in order, ``hidden`` rounded to float16.
    means
        For each kept frame the mean of ``hidden`` over the epochs since the one before,
        that one excluded; shape (N, D), rounded to float16.
    errors
        For each epoch so far: the largest distance of a point from its place on the chord,
        as a part of the panel's width.
    size_bytes
        What the kept arrays take in a file before compression.
    """

    def __init__(self, rule: Rule, first: Frame) -> None:
        self._rule = rule
        self._buffer: list[Frame] = []
        self.kept: list[Frame] = []
        self.means: list[NDArray[np.float32]] = []
        self.errors: list[float] = []
        self.size_bytes = 0
        self._close([first])

    def push(self, frame: Frame) -> None:
        """Take the next epoch."""
        waiting = [frame]
        while waiting:
            candidate = waiting.pop(0)
            self._buffer.append(candidate)
            end = self._rule.see(candidate)
            if end is not None:
                waiting = self._cut(end) + waiting

    def finish(self) -> None:
        """End the last chord at the last epoch."""
        while self._buffer:
            end = self._rule.best_end() or self._buffer[-1]
            for frame in self._cut(end):
                self.push(frame)

    def _cut(self, end: Frame) -> list[Frame]:
        position = end.epoch - self._buffer[0].epoch + 1
        chord, rest = self._buffer[:position], self._buffer[position:]
        self._buffer = []
        self._close(chord)
        return rest

    def _close(self, chord: list[Frame]) -> None:
        end = chord[-1]
        passed = np.stack([frame.hidden for frame in chord])
        self.means.append(in_half_precision(passed.mean(0)))
        end = replace(end, hidden=in_half_precision(end.hidden))
        if self.kept:
            start = self.kept[-1]
            share = np.arange(1, len(chord) + 1, dtype=np.float32) / len(chord)
            passed -= start.hidden
            passed -= share[:, None, None] * (end.hidden - start.hidden)
        else:
            passed -= end.hidden
        distance = np.sqrt(np.einsum("tnd,tnd->tn", passed, passed).max(1))
        widths = np.array([frame.width for frame in chord])
        self.errors.extend((distance / widths).tolist())
        self.kept.append(end)
        self.size_bytes += 4 * end.hidden.size
        self._rule.start(end)


def in_half_precision(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Round to what a float16 can hold; values beyond its range stay as they are."""
    with np.errstate(over="ignore"):
        rounded = values.astype(np.float16).astype(np.float32)
    return np.where(np.isfinite(rounded), rounded, values)
