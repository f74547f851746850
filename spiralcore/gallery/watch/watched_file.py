"""A trajectory file that is followed while it is written: what the page shows of it right now."""

from __future__ import annotations

import hashlib
import threading
import time
from pathlib import Path

from spiralcore.errors import SpiralError
from spiralcore.gallery.watch.handed import handed, words
from spiralcore.gallery.watch.loopback import Answer
from spiralcore.system.printable import printable
from spiralcore.trajectory import Trajectory

PATIENCE = 10.0
"""Reading takes one part in so many of the time at most: large files are looked at more rarely."""

KIND = "application/octet-stream"

Stamp = tuple[int, ...] | str


class WatchedFile:
    """What a file says, read again when it has changed.

    Whoever writes it is not asked: a file that another one replaces, that goes or that cannot be
    read is said to be so, and the next one is shown as soon as it is there.

    Parameters
    ----------
    path
        The file; it need not be there yet.

    Raises
    ------
    TrajectoryError
        If there is a file, and it is no trajectory.
    UsageError
        If it cannot be drawn in a plane.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = threading.Lock()
        self._stamp: Stamp | None = None
        self._answer = Answer(b"", KIND)
        self._cost = self._looked = 0.0
        self._look(self._now())

    @property
    def is_there(self) -> bool:
        """Whether there is a file."""
        return not isinstance(self._stamp, str)

    def __call__(self, known: str) -> Answer | None:
        """What is to be shown; None if the browser has that already."""
        with self._turn:
            stamp = self._now()
            rested = time.monotonic() - self._looked >= PATIENCE * self._cost
            if stamp != self._stamp and rested:
                try:
                    self._look(stamp)
                except SpiralError as error:
                    self._say(stamp, str(error))
        return None if known == self._answer.tag else self._answer

    def _now(self) -> Stamp:
        """What tells this content of the file from another one, as cheaply as that can be."""
        try:
            found = self._path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return "absent"
        except OSError as error:
            return error.strerror or "unreadable"
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns

    def _look(self, stamp: Stamp) -> None:
        """Read the file."""
        if isinstance(stamp, str):
            absent = f"{self._path} is not there."
            self._say(stamp, absent if stamp == "absent" else f"{self._path}: {stamp}.")
            return
        began = time.thread_time()
        try:
            body = handed(Trajectory.load(self._path), printable(self._path.stem))
        finally:
            self._looked = time.monotonic()
            self._cost = time.thread_time() - began
        self._stamp, self._answer = stamp, Answer(body, KIND, _tag(stamp))

    def _say(self, stamp: Stamp, text: str) -> None:
        self._stamp = stamp
        self._answer = Answer(words({"text": text}), KIND, _tag((text, stamp)))


def _tag(content: object) -> str:
    return f'"{hashlib.sha256(repr(content).encode()).hexdigest()[:20]}"'
