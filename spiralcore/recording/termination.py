"""A polite end: what is open is saved when the process is asked to terminate."""

from __future__ import annotations

import atexit
import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

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
