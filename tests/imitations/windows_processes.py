"""What Windows refuses of processes: long commands, many things to wait for, folders in use.

One port is had twice there, which is no help. `tests.imitations.windows` begins it.
"""

from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterable
from functools import partial
from multiprocessing import connection
from typing import Any

LONGEST_COMMAND, MOST_AWAITED = 32_766, 63

UNKNOWN = ("pass_fds", "preexec_fn")
"""What `subprocess.Popen` does not take there."""


def begin(family: Callable[[], list[int]]) -> None:
    """Refuse it from now on; a function gives the processes of the imitation."""
    subprocess.Popen.__init__ = _start  # type: ignore[method-assign]
    connection.wait = _wait  # type: ignore[assignment]
    os.rmdir = partial(_remove, family)
    socket.socket.setsockopt = _set_option  # type: ignore[assignment,method-assign]
    # Files in a folder that goes are removed by their paths there.
    setattr(shutil, "_use_fd_functions", False)  # noqa: B010


_started, _waited, _removed = subprocess.Popen.__init__, connection.wait, os.rmdir
_option_set = socket.socket.setsockopt


def _start(process: Any, args: Any, *rest: Any, **more: Any) -> None:
    for name in UNKNOWN:
        if more.get(name):
            raise ValueError(f"{name} is not supported on Windows platforms")
    words = [args] if isinstance(args, (str, bytes, os.PathLike)) else args
    if len(subprocess.list2cmdline([os.fsdecode(word) for word in words])) > LONGEST_COMMAND:
        raise FileNotFoundError(errno.ENOENT, "The filename or extension is too long")
    _started(process, args, *rest, **more)


def _wait(things: Iterable[Any], timeout: float | None = None) -> list[Any]:
    things = list(things)
    if len(things) > MOST_AWAITED:
        raise ValueError(
            f"need at most {MOST_AWAITED} handles, got a sequence of length {len(things)}"
        )
    return _waited(things, timeout)


def _remove(family: Callable[[], list[int]], path: Any, **more: Any) -> None:
    for process in family():
        try:
            inside = os.readlink(f"/proc/{process}/cwd") == os.path.realpath(path)
        except OSError:
            continue
        if inside:
            raise PermissionError(errno.EACCES, "it is used by another process", str(path))
    _removed(path, **more)


def _set_option(one: socket.socket, level: int, option: int, *value: Any) -> None:
    # What is called so there lets several have one port, as the other does here.
    if (level, option) == (socket.SOL_SOCKET, socket.SO_REUSEADDR):
        option = socket.SO_REUSEPORT
    _option_set(one, level, option, *value)
