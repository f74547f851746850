"""The finest record of a run whose file stays within its limit."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from spiralcore.recipe import RecordingSettings
from spiralcore.recording.piecewise_linear import PiecewiseLinear, approximate, swing_filter
from spiralcore.registry.policies import policy
from spiralcore.trajectory.file import COMPRESSION, to_bytes
from spiralcore.trajectory.trajectory import Trajectory

Floats = NDArray[np.float32]

SAMPLED = 16
"""One in so many kept epochs is compressed to estimate the size of a file."""


def within_budget(
    run: Floats,
    widths: Floats,
    settings: RecordingSettings,
    build: Callable[[PiecewiseLinear, float], Trajectory],
    other_bytes: int = 0,
) -> tuple[Trajectory, bytes]:
    """Choose the epochs to keep: the trajectory, and the bytes of its file.

    This is the first choice of the policy whose file stays within the limit, or its last one.

    Parameters
    ----------
    run, widths
        Every epoch, see `spiralcore.recording.piecewise_linear.swing_filter`.
    settings
        How to choose.
    build
        Makes a trajectory of a run that has been cut; told how many bytes the file has for what
        is beside the paths.
    other_bytes
        Room that it needs for that in any case.

    Raises
    ------
    UsageError
        If there is no such policy.
    """
    limit = 1e6 * settings.max_megabytes
    choices = policy(settings.keep).choices(_Path(run, widths), settings)
    epochs = next(choices)
    while True:
        made = None
        room = limit - _path_bytes(run, widths, epochs)
        if other_bytes <= room:
            made = _made(run, widths, epochs, build, room)
            if len(made[1]) <= limit:
                return made
        following = next(choices, None)
        if following is None:
            return made or _made(run, widths, epochs, build, room)
        epochs = following


class _Path:
    """A run, as policies see it."""

    def __init__(self, run: Floats, widths: Floats) -> None:
        self._run, self._widths = run, widths

    @property
    def last(self) -> int:
        return len(self._run) - 1

    def within(self, tolerance: float) -> NDArray[np.int64]:
        return swing_filter(self._run, self._widths, tolerance)


def _made(
    run: Floats,
    widths: Floats,
    epochs: NDArray[np.int64],
    build: Callable[[PiecewiseLinear, float], Trajectory],
    room: float,
) -> tuple[Trajectory, bytes]:
    trajectory = build(approximate(run, widths, epochs), room)
    return trajectory, to_bytes(trajectory)


def _path_bytes(run: Floats, widths: Floats, epochs: NDArray[np.int64]) -> float:
    """Size that the paths would have with these epochs, a little less rather than more."""
    sample = np.ascontiguousarray(run[epochs[::SAMPLED]])
    with np.errstate(over="ignore"):
        packed = len(zlib.compress(sample.astype(np.float16).tobytes(), COMPRESSION))
    # The last layer comes with its means.
    return float(0.97 * (1 + 1 / widths.shape[1]) * packed * len(epochs) / len(sample))
