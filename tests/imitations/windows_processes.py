"""What Windows refuses of processes: too long a command, too many things to wait for, one port twice.

`tests.imitations.windows` begins it.
"""

from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterable
from multiprocessing import connection
from typing import Any

LONGEST_COMMAND, MOST_AWAITED = 32_766, 63

UNKNOWN = ("pass_fds", "preexec_fn")
"""What `subprocess.Popen` does not take there."""


def begin(family: Callable[[], list[int]]) -> None:
    """Refuse it from now on; a function gives the processes of the imitation."""
    started, waited, removed = subprocess.Popen.__init__, connection.wait, os.rmdir
    set_option = socket.socket.setsockopt

    def start(process: Any, args: Any, *rest: Any, **more: Any) -> None:
        for name in UNKNOWN:
            if more.get(name):
                raise ValueError(f"{name} is not supported on Windows platforms")
        words = [args] if isinstance(args, (str, bytes, os.PathLike)) else args
        if len(subprocess.list2cmdline(map(os.fsdecode, words))) > LONGEST_COMMAND:
            raise FileNotFoundError(errno.ENOENT, "The filename or extension is too long")
        started(process, args, *rest, **more)

    def wait(things: Iterable[Any], timeout: float | None = None) -> list[Any]:
        things = list(things)
        if len(things) > MOST_AWAITED:
            raise ValueError(
                f"need at most {MOST_AWAITED} handles, got a sequence of length {len(things)}"
            )
        return waited(things, timeout)

    def remove(path: Any, **more: Any) -> None:
        for process in family():
            try:
                inside = os.readlink(f"/proc/{process}/cwd") == os.path.realpath(path)
            except OSError:
                continue
            if inside:
                raise PermissionError(errno.EACCES, "it is used by another process", str(path))
        removed(path, **more)

    def set_socket_option(one: socket.socket, level: int, option: int, *value: Any) -> None:
        # What is called so there lets several have one port, as this does here.
        if (level, option) == (socket.SOL_SOCKET, socket.SO_REUSEADDR):
            option = socket.SO_REUSEPORT
        set_option(one, level, option, *value)

    subprocess.Popen.__init__ = start  # type: ignore[method-assign]
    connection.wait = wait  # type: ignore[assignment]
    os.rmdir = remove
    socket.socket.setsockopt = set_socket_option  # type: ignore[assignment,method-assign]
    # Files in a folder that goes are removed by their paths there.
    setattr(shutil, "_use_fd_functions", False)  # noqa: B010
