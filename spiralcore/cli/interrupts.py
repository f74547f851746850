"""Ctrl-C and SIGTERM: soon, with a word on how to go on, and without a traceback.

Imported before everything else, so it imports next to nothing.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType
from typing import NoReturn

AGAIN = "what is finished is kept, the same command makes the rest"

PATIENCE = 1.0
"""Seconds for ending in order. Whoever holds a signal up for longer is not waited for."""

WORDS = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}


class Stopped(BaseException):
    """A signal has asked for the end."""


class _State:
    """What a signal does: while there is something to tidy up, it raises `Stopped`."""

    in_order = False
    advice = f"; {AGAIN}"
    signal: int | None = None


def listen() -> None:
    """Listen to both signals; until `begin`, they end the process at once."""
    for number in WORDS:
        signal.signal(number, _hear)


def begin() -> None:
    """From now on there is something to tidy up."""
    _State.in_order = True


def serve() -> None:
    """From now on there is nothing to go on with: a signal is the usual end."""
    _State.advice = ""


def end() -> None:
    """From now on there is nothing to tidy up any more."""
    _State.in_order = False


def is_stopping() -> bool:
    """Whether a signal has come: whatever is raised now may come from it."""
    return _State.signal is not None


def leave(number: int | None = None) -> NoReturn:
    """End the process with the exit code of its signal, and say how to go on."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, 0)
    for other in WORDS:
        signal.signal(other, signal.SIG_IGN)
    stopped = number or _State.signal or signal.SIGINT
    text = f"spiral: {WORDS[signal.Signals(stopped)]}{_State.advice}\n"
    try:
        if sys.stderr.isatty():
            text = "\x1b[?25h" + text  # a progress bar hides the cursor
        os.write(2, text.encode())
    except OSError:
        pass
    os._exit(128 + stopped)


def _hear(number: int, frame: FrameType | None) -> None:
    if not _State.in_order or is_stopping():
        leave(_State.signal or number)
    _State.signal = number
    # What is interrupted may swallow the exception, or complain that it was interrupted.
    sys.unraisablehook = lambda unraisable: None
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, lambda number, frame: leave())
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    else:
        timer = threading.Timer(PATIENCE, leave)
        timer.daemon = True
        timer.start()
    raise Stopped
