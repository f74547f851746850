"""Worker processes: how they are started, and what happens where a job is done."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing import spawn
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from spiralcore.errors import SpiralError
from spiralcore.extras import missing_extra
from spiralcore.system.engine import Job, Report
from spiralcore.system.files import temporary_folder
from spiralcore.system.locks import only_here

if sys.platform != "win32":
    from multiprocessing import resource_tracker


@dataclass(eq=False)
class Worker:
    """A worker process as its pool sees it.

    Attributes
    ----------
    process
        The process.
    connection
        To it, and from it.
    job
        What it does now.
    loads
        Whether it has something to load before its first job, and has not said yet that it did.
    """

    process: BaseProcess
    connection: Connection
    job: Job | None = None
    loads: bool = False

    @classmethod
    def start(
        cls, context: multiprocessing.context.SpawnContext, load: Job | None = None
    ) -> Worker:
        """Start one, which first does a job that nobody waits for; others can be sent at once."""
        pipe: tuple[Any, Any] = context.Pipe()
        ours, theirs = pipe
        process = context.Process(target=_work, args=(theirs, os.getpid()), daemon=True)
        with STARTING, _single_threaded(), _deaf_to_interrupts(), _without_main():
            process.start()
        theirs.close()
        if load is not None:
            ours.send(load)
        return cls(process, ours, loads=load is not None)


STARTING = threading.Lock()
"""Held while a worker is started, which changes what the whole process shares."""


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Let children that this thread starts leave the program alone that is running here.

    A spawned process imports the ``__main__`` of its parent, in case that it needs something from
    there. Workers never do; and a script without a guard would run once more in each of them.
    """
    original, starting = spawn.get_preparation_data, threading.get_ident()

    def prepared(name: str) -> dict[str, Any]:
        data: dict[str, Any] = original(name)
        if threading.get_ident() == starting:
            for key in ("init_main_from_name", "init_main_from_path"):
                data.pop(key, None)
        return data

    setattr(spawn, "get_preparation_data", prepared)  # noqa: B010
    try:
        yield
    finally:
        setattr(spawn, "get_preparation_data", original)  # noqa: B010


@contextlib.contextmanager
def _single_threaded() -> Iterator[None]:
    """Let libraries that a child loads use one thread each."""
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let a child, and its own children, never hear Ctrl-C: the parent decides."""
    if sys.platform == "win32":
        # What does not hear it itself when it starts a process hands that down.
        set_handler = ctypes.windll.kernel32.SetConsoleCtrlHandler
        set_handler(None, True)
        try:
            yield
        finally:
            set_handler(None, False)
    else:
        # It comes with the first child, and leaves the parent listening again (Python 3.11 does).
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(connection: Connection, parent: int) -> None:
    """Main function of a worker."""
    _die_with(parent)
    while True:
        try:
            job: Job = connection.recv()
        except (EOFError, OSError):
            return
        connection.send(perform(job, lambda share: connection.send(("progress", share))))


def perform(job: Job, report: Report) -> tuple[str, Any]:
    """Do a job here and now.

    Returns
    -------
    tuple
        ``"done"`` and the result, ``"failed"`` and a `SpiralError`, or ``"elsewhere"`` and None if
        another process is at it.
    """

    def done_here() -> tuple[str, Any]:
        with only_here(job.place) if job.place else contextlib.nullcontext(True) as alone:
            if not alone:
                return "elsewhere", None
            made = job.is_made is not None and job.is_made()
            return "done", None if made else call(job.function, job.keywords, report)

    return attempted(done_here)


def call(function: str, keywords: Mapping[str, Any], report: Report) -> Any:
    """Call ``"module:function"``."""
    module, name = function.split(":")
    return getattr(importlib.import_module(module), name)(**keywords, report=report)


def attempted(work: Callable[[], tuple[str, Any]]) -> tuple[str, Any]:
    """Do something; where it raises, give ``"failed"`` and a `SpiralError`."""
    temporary_folder()  # before a library asks for it
    try:
        return work()
    except SpiralError as error:
        return "failed", error
    except OSError as error:
        return "failed", SpiralError.of_os(error)
    except ModuleNotFoundError as error:
        return "failed", missing_extra(error) or _unforeseen(error)
    except Exception as error:
        return "failed", _unforeseen(error)


def _unforeseen(error: Exception) -> SpiralError:
    detail = "".join(traceback.format_exception(error, limit=-3))
    return SpiralError(f"{type(error).__name__}: {error}\n{detail}".rstrip())


def _die_with(parent: int) -> None:
    """See to it that this process ends when its parent dies."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
    else:
        threading.Thread(target=_end_after_parent, daemon=True).start()


def _end_after_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
