"""The file of a record: whether it may be there already, and when it is written."""

from __future__ import annotations

import atexit
import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from spiralcore.errors import TrajectoryError, UsageError
from spiralcore.recording.checks import writable, write_or_rescue
from spiralcore.recording.run.live import Live
from spiralcore.system import locks
from spiralcore.system.files import remove_leftovers, whole_file
from spiralcore.system.pointers import refuse_pointer
from spiralcore.trajectory import Trajectory

if TYPE_CHECKING:
    from spiralcore.recording.record import Record

SAVE_EVERY = 30.0
"""Seconds between two times that a file is saved while the training goes on."""

PATIENCE = 10.0
"""Saving takes one part in so many of the time at most: large records wait longer."""


class RecordFile:
    """Where a record is kept.

    Parameters
    ----------
    path
        The file.
    overwrite
        Whether one that is there may be replaced.
    resume
        Whether to go on with one that is there.
    save_every
        Seconds between two times that it is saved.
    live
        See `spiralcore.recording.run.live.Live`.

    Attributes
    ----------
    path
        Absolute.
    before
        What is there to go on with; None if nothing is.
    live
        Shows the record in a notebook.

    Raises
    ------
    UsageError
        If a file is there, and it is not said what becomes of it.
    TrajectoryError
        If it is to be gone on with, and is no trajectory; `PointerError` if its content is
        not here.
    """

    def __init__(
        self,
        path: Path,
        *,
        overwrite: bool,
        resume: bool,
        save_every: float = SAVE_EVERY,
        live: bool | None = None,
    ) -> None:
        if overwrite and resume:
            raise UsageError(
                "overwrite=True and resume=True are given.",
                "one of them: to begin anew, or to go on with what is there.",
            )
        if not save_every >= 0:
            raise UsageError(f"save_every is {save_every}.", "seconds, 0 or more.")
        self.live = Live(live, path.name)
        self.path = writable(path)
        self.before: Trajectory | None = None
        if not overwrite:
            refuse_pointer(path, "a trajectory file, or a new one.")
        if path.exists() and resume:
            self.before = Trajectory.load(self.path)
        elif path.exists() and not overwrite:
            raise UsageError(
                f"{path} is there already{_what(path)}.",
                "a new file, or a word of what becomes of this one.",
                "resume=True to go on with it, or overwrite=True to replace it",
            )
        remove_leftovers(self.path.parent)
        locks.load()  # or the first save is taken for a long one
        self._every, self._cost = save_every, 0.0
        self._saved: float | None = None

    def is_due(self, record: Record) -> bool:
        """Show the record, where it is shown, and see whether it is time to save."""
        self.live.offer(record)
        now = time.monotonic()
        if self._saved is None:  # there is something to lose from the first state on
            self._saved = now
        return now - self._saved >= max(self._every, PATIENCE * self._cost)

    def begin(self) -> None:
        """Begin to save; how long that takes decides when it is done again."""
        self._saved = time.monotonic()

    def write(self, data: bytes) -> None:
        """Write it in between; the training goes on if that fails, and it is tried again later."""
        try:
            with undisturbed(), whole_file(self.path) as part:
                part.write_bytes(data)
        except OSError:
            return  # at the end it is said
        finally:
            now = time.monotonic()
            self._cost, self._saved = now - (self._saved or now), now

    def write_last(self, data: bytes) -> None:
        """Write it at the end; raises `SpiralError` if it had to be put elsewhere."""
        with undisturbed():
            write_or_rescue(self.path, data)


class RecordBlock:
    """A recorder: when its block ends, or it is closed, the file of its record is written."""

    _record: Record

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def trajectory(self) -> Trajectory:
        """The record up to now; `AttributeError` where nothing has been recorded yet."""
        return self._record.trajectory

    @property
    def epoch(self) -> int:
        """Number of the epoch that comes next: where a file is gone on with, it is not 0."""
        return self._record.epoch

    def best(self) -> None:
        """Mark the state that was recorded last as the best so far, of early stopping say.

        Of several the last one counts. Loss curves show it, and `spiral info`.
        """
        self._record.states.best()

    def report(self, loss: Any) -> None:
        """Say the loss of the state that was recorded last, where it was not known then."""
        self._record.states.report(loss)

    def _begin(self, readout: Any) -> None:
        """After the first state: say what was taken of it.

        Raises `UsageError` if a read-out that was asked for, None for none, is not the model's.
        """
        record = self._record
        if readout is not None and not record.readouts:
            record.forget()
            raise UsageError(
                f"The read-out '{readout}' does not give the model's output from the layer "
                f"'{record.layer}'; outputs: {record.said['outputs']}.",
                "logits weight @ layer + bias, or what softmax or a positive scale makes of them.",
                "readout=None, or outputs=, a function from the model's output to these logits",
            )
        record.tell()

    def close(self) -> None:
        """Write the file, where there is no block to end."""
        self._record.finish()


def _what(path: Path) -> str:
    """What a file that is in the way is, in a few words."""
    try:
        found = Trajectory.load(path)
    except TrajectoryError:
        return ", and is no trajectory"
    return f": {found.points:,} points, {found.trained_epochs:,} epochs"


ASKED = 128 + signal.SIGTERM
"""What a shell calls a process that ended by SIGTERM."""

_open: list[Callable[[], None]] = []
_pending = _busy = False
_installed = False


def on_end(save: Callable[[], None]) -> None:
    """Have something saved when the process ends, by SIGTERM too, until `let_go`.

    SIGTERM then ends the process as an exception does, so that blocks are left and files beside
    tidied. A handler that the program has itself stays as it is.
    """
    if not _open:
        _install()
    _open.append(save)


def let_go(save: Callable[[], None]) -> None:
    """It is saved."""
    if save in _open:
        _open.remove(save)
    if not _open:
        _remove()


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Let SIGTERM wait until the block has ended: a file is being written."""
    global _busy, _pending
    outermost, _busy = not _busy, True
    try:
        yield
    finally:
        if outermost:
            _busy = False
            if _pending:
                _pending = False
                raise SystemExit(ASKED)


def _install() -> None:
    global _installed
    main = threading.current_thread() is threading.main_thread()
    if main and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _asked)
        _installed = True
    atexit.register(_save_all)


def _remove() -> None:
    global _installed
    atexit.unregister(_save_all)
    main = threading.current_thread() is threading.main_thread()
    if _installed and main and signal.getsignal(signal.SIGTERM) is _asked:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _installed = False


def _asked(number: int, frame: FrameType | None) -> None:
    global _pending
    if _busy:
        _pending = True
        return
    raise SystemExit(ASKED)


def _save_all() -> None:
    for save in [*_open]:
        save()
