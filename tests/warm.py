"""Python with its libraries loaded: most of what a command that a test starts would wait for.

One process (`tests.warm_library`) loads NumPy, Numba, torch, Manim and the like, and spiralcore.
Whatever is started here is a fork of it, in a folder, with an environment and with standard streams
of its own; so are the worker processes that it starts. What has the name of a library in that
folder or in ``PYTHONPATH`` comes first, and spiralcore is loaded anew then. Where there is no such
fork, or ``SPIRAL_TEST_COLD`` is in the environment, everything is started from nothing.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO

IS_WARM = sys.platform == "linux" and not os.environ.get("SPIRAL_TEST_COLD")

BEFORE = dict(os.environ)
"""The environment before any test has changed it."""

LIBRARY = Path(__file__).with_name("warm_library.py")


class Started:
    """A command that runs; as much of `subprocess.Popen` as tests need."""

    def __init__(self, pid: int, streams: list[int], status: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdout, self.stderr = [os.fdopen(s) for s in streams] or [None, None]
        self._status = status

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; gives the exit code, negative for a signal."""
        if self.returncode is None:
            if not select.select([self._status], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("a warm command", timeout or 0)
            self.returncode = int(os.read(self._status, 16))
            os.close(self._status)
        return self.returncode

    def poll(self) -> int | None:
        """Look whether it has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Read all that it says, and wait for the end."""
        said: dict[IO[str], str] = {}

        def read(stream: IO[str]) -> None:
            with stream:
                said[stream] = stream.read()

        assert self.stdout is not None
        assert self.stderr is not None
        readers = [threading.Thread(target=read, args=(s,)) for s in (self.stdout, self.stderr)]
        for reader in readers:
            reader.start()
        self.wait(timeout)
        for reader in readers:
            reader.join()
        return said[self.stdout], said[self.stderr]

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def start(
    *arguments: str,
    folder: Path,
    variables: Mapping[str, str] | None = None,
    text: str = "",
    output: IO[str] | None = None,
) -> Started | subprocess.Popen[str]:
    """Start ``python ARGUMENTS`` in a folder.

    Parameters
    ----------
    arguments
        ``-m MODULE``, ``-c CODE`` or a script, and what follows.
    folder
        Where.
    variables
        What is added to the environment.
    text
        What it reads.
    output
        Where all goes that it says; nowhere else can that be read then.
    """
    environment = {**os.environ, **(variables or {})}
    if not IS_WARM:
        return _started_from_nothing(arguments, folder, environment, text, output)
    with LOCK:
        control = _library()
        order = pickle.dumps((arguments, str(folder), environment))
        status, ended = os.pipe()
        if output is None:
            (mine_out, out), (mine_err, err) = os.pipe(), os.pipe()
        else:
            out, err = (os.dup(output.fileno()) for _ in range(2))
        into = _file_of(text)
        socket.send_fds(control, [order], [into, out, err, ended])
        for handle in (into, out, err, ended):
            os.close(handle)
        pid = int(control.recv(16))
    return Started(pid, [mine_out, mine_err] if output is None else [], status)


def run(
    *arguments: str, folder: Path, variables: Mapping[str, str] | None = None, text: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run ``python ARGUMENTS`` to its end; see `start`."""
    started = start(*arguments, folder=folder, variables=variables, text=text)
    out, err = started.communicate()
    assert started.returncode is not None
    return subprocess.CompletedProcess(arguments, started.returncode, out, err)


def _started_from_nothing(
    arguments: tuple[str, ...],
    folder: Path,
    environment: dict[str, str],
    text: str,
    output: IO[str] | None,
) -> subprocess.Popen[str]:
    into = _file_of(text)
    try:
        return subprocess.Popen(
            [sys.executable, *arguments], cwd=folder, env=environment, text=True,
            stdin=into, stdout=output or subprocess.PIPE, stderr=output or subprocess.PIPE,
        )  # fmt: skip
    finally:
        os.close(into)


def _file_of(text: str) -> int:
    """A handle from which a text can be read."""
    if not text:
        return os.open(os.devnull, os.O_RDONLY)
    handle = os.memfd_create("text")
    os.write(handle, text.encode())
    os.lseek(handle, 0, os.SEEK_SET)
    return handle


LOCK = threading.Lock()


@cache
def _library() -> socket.socket:
    """Where orders go."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, str(LIBRARY), str(theirs.fileno())], pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=BEFORE,
        )  # fmt: skip

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours
