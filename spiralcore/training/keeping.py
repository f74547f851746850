"""The finest record of a run whose file stays within its limit."""

from __future__ import annotations

import contextlib
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.files import temporary_folder
from spiralcore.recipe import RecordingSettings
from spiralcore.training.chords import Chords, cone, cut, scheduled
from spiralcore.trajectory.file import COMPRESSION, to_bytes
from spiralcore.trajectory.trajectory import Trajectory

Floats = NDArray[np.float32]

TOLERANCES = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0)
"""Multiples of the tolerance that are tried, in turn, until the file stays within its limit."""

SAMPLED = 16
"""One in so many kept epochs is compressed to estimate the size of a file."""


def finest(
    run: Floats,
    widths: Floats,
    settings: RecordingSettings,
    build: Callable[[Chords], Trajectory],
    other_bytes: int = 0,
) -> tuple[Trajectory, bytes]:
    """Choose the epochs to keep: the trajectory, and the bytes of its file.

    With adaptive keeping this is the finest record whose file stays within the limit, or the
    coarsest one.

    Parameters
    ----------
    run, widths
        Every epoch, see `spiralcore.training.chords.cone`.
    settings
        How to choose.
    build
        Makes a trajectory of a run that has been cut.
    other_bytes
        What the file holds beside the paths, if it is much.
    """
    limit = 1e6 * settings.max_megabytes
    for epochs, is_last in _choices(run, widths, settings):
        if not is_last and _path_bytes(run, widths, epochs) + other_bytes > limit:
            continue
        trajectory = build(cut(run, widths, epochs))
        data = to_bytes(trajectory)
        if is_last or len(data) <= limit:
            break
    return trajectory, data


def _choices(
    run: Floats, widths: Floats, settings: RecordingSettings
) -> Iterator[tuple[NDArray[np.int64], bool]]:
    """Sets of epochs that may be kept, the finest first, and whether it is the last one."""
    if settings.keep == "adaptive":
        for factor in TOLERANCES:
            yield cone(run, widths, factor * settings.tolerance), factor == TOLERANCES[-1]
    else:
        yield scheduled(settings.keep, settings.frames, len(run) - 1), True


def _path_bytes(run: Floats, widths: Floats, epochs: NDArray[np.int64]) -> float:
    """Size that the paths would have with these epochs, a little less rather than more."""
    sample = np.ascontiguousarray(run[epochs[::SAMPLED]])
    with np.errstate(over="ignore"):
        packed = len(zlib.compress(sample.astype(np.float16).tobytes(), COMPRESSION))
    # The last layer comes with its means.
    return float(0.97 * (1 + 1 / widths.shape[1]) * packed * len(epochs) / len(sample))


def on_disk(shape: tuple[int, ...]) -> Floats:
    """An array in a file that has no name and vanishes with the process.

    Raises
    ------
    OSError
        If there is no room for it; later there always is. It names the folder.
    """
    with _in_temporary_folder(), tempfile.TemporaryFile(dir=temporary_folder()) as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, 4 * int(np.prod(shape)))
        # A plain array: a memmap costs more at each of the many times that a row is taken.
        return np.asarray(np.memmap(file, np.float32, "w+", shape=shape))


@contextlib.contextmanager
def _in_temporary_folder() -> Iterator[None]:
    """Let an error name the folder in which something without a name has no room."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, temporary_folder()) from error


class Growing:
    """Rows of equal shape in a file without a name, as many as come.

    Parameters
    ----------
    shape
        Of a row.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._shape = shape
        self._file = tempfile.TemporaryFile(dir=temporary_folder())  # noqa: SIM115 - see `close`
        self._count = 0

    def append(self, row: NDArray[Any]) -> None:
        """Add a row.

        Raises
        ------
        OSError
            If there is no room for it; it names the folder.
        """
        with _in_temporary_folder():
            self._file.write(np.ascontiguousarray(row, dtype=np.float32).data)
        self._count += 1

    def rows(self) -> Floats:
        """All rows, shape (rows, ...)."""
        self._file.flush()
        shape = (self._count, *self._shape)
        return np.asarray(np.memmap(self._file, np.float32, "c", shape=shape))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
