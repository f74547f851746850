"""How far an array of one trajectory is from that of another, epoch by epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.trajectory.play.counting import Counting

__all__ = ["Deviation"]

Doubles = NDArray[np.float64]

UNITS = {
    "panel": "of the panel's width",
    "reach": "of the width of the data",
    "readout": "of the largest change of a logit over the panel",
    "entropy": "of ln K",
    "share": "of the points",
    "parameter": "of the largest parameter",
    "epochs": "epochs",
    "parameters": "parameters",
}
"""What deviations are measured in, for people."""


@dataclass(frozen=True, eq=False)
class Deviation:
    """How far one array is from another.

    Attributes
    ----------
    array
        Its name.
    unit
        One of `UNITS`.
    epochs
        Where they were compared, shape (T,); empty for arrays that have no epochs.
    peaks
        Largest deviation at each of these epochs, shape (T,); of arrays without epochs, (1,).
    tolerances
        How large it may be, same shape.
    points
        Which entry of the array it is: the point, the class of a read-out; same shape.
    labels
        Its class, same shape; -1 where it has none.
    """

    array: str
    unit: str
    epochs: NDArray[np.int64]
    peaks: Doubles
    tolerances: Doubles
    points: NDArray[np.int64]
    labels: NDArray[np.int64]

    @property
    def agrees(self) -> bool:
        """Whether no deviation is beyond its tolerance."""
        return bool((self.peaks <= self.tolerances).all())

    @property
    def at(self) -> int:
        """Index of the worst: where it goes farthest beyond its tolerance, or nearest to it."""
        return int(np.argmax(self.peaks - self.tolerances))

    @property
    def worst(self) -> float:
        """The deviation there."""
        return float(self.peaks[self.at])

    @property
    def tolerance(self) -> float:
        """The tolerance there."""
        return float(self.tolerances[self.at])

    @property
    def excess(self) -> float:
        """How many times the tolerance it is; infinite where none is allowed."""
        if self.tolerance > 0:
            return self.worst / self.tolerance
        return float("inf") if self.worst > 0 else 0.0

    @property
    def epoch(self) -> int | None:
        """The epoch of the worst."""
        return int(self.epochs[self.at]) if len(self.epochs) else None

    @property
    def first_epoch(self) -> int | None:
        """The first epoch beyond the tolerance; None if there is none."""
        beyond = np.flatnonzero(self.peaks > self.tolerances)
        return int(self.epochs[beyond[0]]) if len(beyond) and len(self.epochs) else None

    @property
    def point(self) -> int | None:
        """Index of the worst point; None for what is no point."""
        return int(self.points[self.at]) if self.points[self.at] >= 0 else None

    @property
    def label(self) -> int | None:
        """Class of the worst; None for what has none."""
        return int(self.labels[self.at]) if self.labels[self.at] >= 0 else None

    @property
    def place(self) -> str:
        """Where the worst is, for people: ``epoch 30, point 12 of class 1``."""
        return self.place_in(Counting())

    def place_in(self, counting: Counting) -> str:
        """The same where something else than epochs is counted: ``step 960, point ...``."""
        parts = [] if self.epoch is None else [counting.named(self.epoch)]
        if self.point is not None:
            parts.append(f"point {self.point:,} of class {self.label}")
        elif self.label is not None:
            parts.append(f"class {self.label}")
        return ", ".join(parts)

    def facts(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "array": self.array,
            "same": self.agrees,
            "deviation": self.worst,
            "tolerance": self.tolerance,
            "unit": UNITS[self.unit],
            "epoch": self.epoch,
            "point": self.point,
            "class": self.label,
            "first_epoch": self.first_epoch,
        }


class Tally:
    """Collects the largest deviation of each epoch.

    Parameters
    ----------
    array, unit
        See `Deviation`.
    labels
        Classes of the entries, shape (M,); None where the entries are the classes themselves.
    """

    def __init__(self, array: str, unit: str, labels: NDArray[np.int64] | None = None) -> None:
        self._array, self._unit, self._labels = array, unit, labels
        self._peaks: list[Doubles] = []
        self._where: list[NDArray[np.int64]] = []

    def see(self, deviations: NDArray[Any]) -> None:
        """Take the deviations of some epochs, shape (T', M)."""
        self._where.append(deviations.argmax(axis=1))
        self._peaks.append(deviations.max(axis=1).astype(np.float64))

    def result(self, epochs: NDArray[np.int64], tolerances: Doubles | float) -> Deviation:
        """What was collected; the epochs are empty for arrays that have none."""
        peaks, where = np.concatenate(self._peaks), np.concatenate(self._where)
        labels = where if self._labels is None else self._labels[where]
        points = np.full(len(where), -1) if self._labels is None else where
        allowed = np.broadcast_to(np.asarray(tolerances, np.float64), peaks.shape)
        return Deviation(self._array, self._unit, epochs, peaks, allowed, points, labels)


def curve_deviation(
    array: str, unit: str, differences: NDArray[Any], epochs: NDArray[np.int64], tolerance: float
) -> Deviation:
    """Deviations of a quantity that is one number an epoch, shape (T,); of no point or class."""
    nothing = np.full(len(differences), -1)
    allowed = np.full(len(differences), float(tolerance))
    peaks = np.abs(differences).astype(np.float64)
    return Deviation(array, unit, epochs, peaks, allowed, nothing, nothing)


def figures(value: float) -> str:
    """Three figures of a number for people: ``0.0123``, ``24.5``, ``1,190``."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
