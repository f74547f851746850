"""Few axes of a wide layer, where a file has no room for all of its units.

Films draw a wide layer on its principal axes. So a record that would be too large with all units
keeps what the layer is on some more axes than these, and which part of the variance that is.
Principal components: Hotelling 1933, J. Educ. Psychol. 24:417.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from spiralcore.recipe import RecordingSettings
from spiralcore.recording.size_budget import fits
from spiralcore.registry.spaces import PLANE, Space
from spiralcore.trajectory.file import most_epochs
from spiralcore.trajectory.play.motion import panel_widths, root_mean_square
from spiralcore.trajectory.shown import Shown

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

FEWEST_AXES, MORE_AXES = 3, (32, 8)
"""Axes that films may draw, and those that are kept where there is room."""

EPOCHS, POINTS = 48, 2000
"""So many of a run, about, tell what its axes are."""

COORDINATES = 2000
"""So many of a layer, about, tell whether a file has room for all of them."""


class Run(Protocol):
    """The layer at every epoch, one after the other: what is too large for the memory."""

    def __len__(self) -> int:
        """Number of epochs."""

    def __getitem__(self, epoch: int) -> Floats:
        """The layer at one of them, shape (N, D)."""


class KeptAxes(NamedTuple):
    """A layer of D units on A axes.

    Attributes
    ----------
    run
        What it is on them at every epoch, shape (E + 1, N, A).
    axes
        Columns of length 1, shape (D, A), the one with most of the variance first.
    offsets
        From the origin to the space of the axes through the mean of the points, at right angles to
        them, shape (E + 1, D).
    shares
        Part of the variance that they have, shape (E + 1,).
    units
        D.
    """

    run: Floats
    axes: Doubles
    offsets: Doubles
    shares: Doubles
    units: int

    @classmethod
    def of(cls, run: Run, space: Space, settings: RecordingSettings) -> KeptAxes | None:
        """Those that a file has room for; None where it has room for the whole layer."""
        units = run[0].shape[1]
        if units <= FEWEST_AXES or _has_room(run, space, settings):
            return None
        axes = _axes(run, min(MORE_AXES[0], units))
        flat = axes.astype(np.float32)
        made = np.empty((len(run), len(run[0]), axes.shape[1]), np.float32)
        means, whole = np.empty((len(run), units)), []
        within = np.empty((len(run), axes.shape[1]))
        for epoch in range(len(run)):
            row = run[epoch]  # a copy
            np.matmul(row, flat, out=made[epoch])
            means[epoch] = row.mean(axis=0, dtype=np.float64)
            row -= means[epoch].astype(np.float32)
            whole.append(float(np.dot(row.ravel(), row.ravel())) / len(row))
            within[epoch] = made[epoch].var(axis=0, dtype=np.float64)
        for count in (*MORE_AXES, FEWEST_AXES):
            kept, few = slice(count), np.ascontiguousarray(made[:, :, :count])
            if fits(few, panel_widths(few, PLANE)[:, None], settings):
                break
        spread = np.maximum(np.array(whole), 1e-30)
        shares = np.clip(within[:, kept].sum(axis=1) / spread, 0.0, 1.0)
        found = axes[:, kept]
        return cls(few, found, means - means @ found @ found.T, shares, units)

    def note(self, epochs: NDArray[np.int64]) -> dict[str, Any]:
        """What a recipe says of them, with the shares at the kept epochs."""
        shares = tuple(self.shares[epochs].tolist())
        return Shown(self.units, share=float(np.mean(shares)), shares=shares).note()

    def readout(self, weight: Floats, bias: Floats, epochs: NDArray[np.int64]) -> list[Floats]:
        """Weight and bias at some epochs, shapes (T, K, D) and (T, K), as they are on the axes.

        Their regions are those of the space of the axes that goes through the mean of the points.
        """
        there = bias + np.einsum("tkd,td->tk", weight.astype(np.float64), self.offsets[epochs])
        return [(weight @ self.axes).astype(np.float32), there.astype(np.float32)]

    @property
    def said(self) -> str:
        """What is kept, for people."""
        share = 100 * float(self.shares.mean())
        return (
            f"{self.axes.shape[1]} principal axes of {self.units:,} units, {share:.1f} % of the "
            "variance: there is no room for all"
        )


def _has_room(run: Run, space: Space, settings: RecordingSettings) -> bool:
    """Whether a file has room for the whole layer, as some of its coordinates tell."""
    first = run[0]
    if settings.keep != "adaptive":
        return len(run) <= most_epochs(first.size)
    stride = max(first.size // COORDINATES, 1)
    stride += stride > 1 and first.shape[1] % stride == 0  # not the same units of all points
    count = len(range(0, first.size, stride))
    some = np.empty((len(run), count, 1), np.float32)
    widths = np.empty((len(run), 1), np.float32)
    for epoch in range(len(run)):
        row = run[epoch]
        some[epoch, :, 0], widths[epoch] = row.ravel()[::stride], panel_widths(row[None], space)
    return fits(some, widths, settings, first.size / count)


def _axes(run: Run, count: int) -> Doubles:
    """The axes with the largest mean share of the variance of the epochs, shape (D, count).

    Epochs count as much as the layer moves around them: so long films show them.
    """
    epochs = np.unique(np.linspace(0, len(run) - 1, EPOCHS).astype(int))
    stride = max(len(run[0]) // POINTS, 1)
    units = run[0].shape[1]
    moving, standing = np.zeros((2, units, units))
    moved_in_all, before = 0.0, None
    for epoch in epochs.tolist():
        row = run[epoch][::stride]
        row = row - row.mean(axis=0, dtype=np.float64).astype(np.float32)
        spread = float((row.astype(np.float64) ** 2).sum())
        row = row / np.float32(np.sqrt(spread)) if spread > 0 else row
        own = row.T @ row
        standing += own
        if before is not None:
            moved = root_mean_square(row - before[0])
            moving += moved * (own + before[1])
            moved_in_all += moved
        before = row, own
    # Pictures that stand still count, too: on average as much as their movement.
    moving += (2 * moved_in_all / len(epochs) or 1.0) * standing
    _, vectors = np.linalg.eigh(moving)
    kept = vectors[:, ::-1][:, :count]
    farthest = np.abs(kept).argmax(axis=0)
    return np.asarray(kept * np.sign(kept[farthest, np.arange(count)]))
