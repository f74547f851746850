"""The finest record of a run whose file stays within its limit."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from spiralcore.recipe import RecordingSettings
from spiralcore.recording.piecewise_linear import PiecewiseLinear, approximate, swing_filter
from spiralcore.registry.policies import LOOSENING, policy
from spiralcore.trajectory.file import COMPRESSION, most_epochs, to_bytes
from spiralcore.trajectory.trajectory import Trajectory
from spiralcore.trajectory.unrecorded import LIMITED

Floats = NDArray[np.float32]
Epochs = NDArray[np.int64]

SAMPLED, ROUGHLY = 16, 64
"""One in so many kept epochs is compressed to estimate the size of a file, or to guess it."""

THINNED, FEWEST_THINNED = 8, 256
"""One point in so many, of at least so many, tells quickly that a tolerance needs too much."""


def within_budget(
    run: Floats,
    widths: Floats,
    settings: RecordingSettings,
    build: Callable[[PiecewiseLinear, float], Trajectory],
    other_bytes: int = 0,
) -> tuple[Trajectory, bytes]:
    """Choose the epochs to keep: the trajectory, and the bytes of its file.

    This is the first choice of the policy whose file stays within the limit, or its last one.
    Where that has fewer epochs than the tolerance allows, or than the policy says, the trajectory
    tells.

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

    def room_beside(epochs: Epochs, stride: int = SAMPLED) -> float:
        return limit - _path_bytes(run, widths, epochs, stride)

    path = _Path(run, widths, lambda epochs: other_bytes > room_beside(epochs, ROUGHLY))
    for number, epochs in enumerate(policy(settings.keep).choices(path, settings)):
        room, made = room_beside(epochs), None
        if other_bytes > room:
            continue
        made = _made(run, widths, epochs, build, room)
        if len(made[1]) <= limit:
            coarse = number >= len(LOOSENING)
            return _said(made, f"all would take more than {limit / 1e6:g} MB") if coarse else made
    most = most_epochs(run[0].size, widths.shape[1])
    if len(epochs) > most:
        fewer = epochs[np.linspace(0, len(epochs) - 1, most).astype(int)]
        return _said(_made(run, widths, fewer, build, room), "a file can hold no more")
    return made or _made(run, widths, epochs, build, room)


def _said(made: tuple[Trajectory, bytes], why: str) -> tuple[Trajectory, bytes]:
    """A trajectory that tells why it has few epochs, and its file."""
    trajectory, _ = made
    words = f"{len(trajectory.epochs):,} of {trajectory.trained_epochs + 1:,} epochs: {why}"
    noted = with_note(trajectory, LIMITED, words)
    return noted, to_bytes(noted)


def with_note(trajectory: Trajectory, name: str, words: str) -> Trajectory:
    """A trajectory whose recipe says more of how it was made."""
    made = trajectory.recipe.get("made")
    notes = {**(made if isinstance(made, Mapping) else {}), name: words}
    return replace(trajectory, recipe={**trajectory.recipe, "made": notes})


def fits(run: Floats, widths: Floats, settings: RecordingSettings, sampled: float = 1.0) -> bool:
    """Whether a file has room for a run within the tolerances that are usual.

    Parameters
    ----------
    run, widths, settings
        See `within_budget`.
    sampled
        How many times as many values there are as are given.
    """
    if settings.keep != "adaptive":
        return len(run) <= most_epochs(int(run[0].size * sampled))
    epochs = swing_filter(run, widths, LOOSENING[-1] * settings.tolerance)
    return sampled * _path_bytes(run, widths, epochs, SAMPLED) <= 1e6 * settings.max_megabytes


class _Path:
    """A run, as policies see it."""

    def __init__(self, run: Floats, widths: Floats, is_too_much: Callable[[Epochs], bool]) -> None:
        self._run, self._widths, self._is_too_much = run, widths, is_too_much
        layers, points = widths.shape[1], run.shape[1] // widths.shape[1]
        self._thin: Floats | None = None
        if points >= FEWEST_THINNED:
            parts = run.reshape(len(run), layers, points, -1)[:, :, ::THINNED]
            self._thin = np.ascontiguousarray(parts).reshape(len(run), -1, run.shape[2])

    @property
    def last(self) -> int:
        return len(self._run) - 1

    def within(self, tolerance: float) -> Epochs:
        """As few epochs as a tolerance allows, or fewer, where these are too many already."""
        if self._thin is not None:
            few = swing_filter(self._thin, self._widths, tolerance)
            if self._is_too_much(few):
                return few
        return swing_filter(self._run, self._widths, tolerance)


def _made(
    run: Floats,
    widths: Floats,
    epochs: Epochs,
    build: Callable[[PiecewiseLinear, float], Trajectory],
    room: float,
) -> tuple[Trajectory, bytes]:
    trajectory = build(approximate(run, widths, epochs), room)
    return trajectory, to_bytes(trajectory)


def _path_bytes(run: Floats, widths: Floats, epochs: Epochs, stride: int) -> float:
    """Size that the paths would have with these epochs, a little less rather than more."""
    sample = np.ascontiguousarray(run[epochs[::stride]])
    with np.errstate(over="ignore"):
        packed = len(zlib.compress(sample.astype(np.float16).tobytes(), COMPRESSION))
    # The last layer comes with its means.
    return float(0.97 * (1 + 1 / widths.shape[1]) * packed * len(epochs) / len(sample))
