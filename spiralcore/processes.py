"""A crew of worker processes: many jobs, progress on the way, and workers that may die."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import multiprocessing
import os
import signal
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Self

from spiralcore.errors import SpiralError

ATTEMPTS = 3
"""How often a job is started before its workers' deaths count as its own failure."""

GRACE_SECONDS = 0.5

Report = Callable[[float], None]
"""What a job calls with the share of its work that is done, 0 to 1."""


@dataclass(eq=False)
class Job:
    """A call that a worker makes.

    Attributes
    ----------
    title
        What messages call it.
    function
        ``"module:function"``. It gets the arguments and ``report``, a `Report`.
    arguments
        Keyword arguments that can be pickled.
    weight
        Expected work, in any unit; only the relations matter.
    """

    title: str
    function: str
    arguments: dict[str, Any]
    weight: float = 1.0
    attempts: int = field(default=0, repr=False)


@dataclass(frozen=True)
class Progress:
    """A job has got to a share of its work."""

    job: Job
    share: float


@dataclass(frozen=True)
class Done:
    """A job has returned."""

    job: Job
    result: Any


@dataclass(frozen=True)
class Failed:
    """A job has raised, or its workers died again and again."""

    job: Job
    error: SpiralError


Event = Progress | Done | Failed


class Crew:
    """Worker processes of one thread each.

    Use it as a context: leaving it ends the workers at once, whatever they do, so that an
    interrupt takes effect immediately.

    Parameters
    ----------
    workers
        Number of processes; they are started when there is work for them.
    """

    def __init__(self, workers: int) -> None:
        self._most = max(workers, 1)
        self._context = multiprocessing.get_context("spawn")
        self._waiting: deque[Job] = deque()
        self._idle: list[_Worker] = []
        self._busy: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        workers = self._idle + self._busy
        for worker in workers:
            worker.process.terminate()
        for worker in workers:
            worker.process.join(GRACE_SECONDS)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.connection.close()
        self._idle, self._busy = [], []

    def submit(self, job: Job) -> None:
        """Queue a job; may be called while events are read."""
        self._waiting.append(job)

    def events(self) -> Iterator[Event]:
        """What happens, as it happens, until no job is left."""
        while self._waiting or self._busy:
            self._hand_out()
            by_connection = {worker.connection: worker for worker in self._busy}
            for ready in wait(list(by_connection)):
                worker = by_connection[ready]  # type: ignore[index]
                event = self._read(worker)
                if event is not None:
                    yield event

    def _hand_out(self) -> None:
        while self._waiting and (self._idle or len(self._busy) < self._most):
            worker = self._idle.pop() if self._idle else _Worker.start(self._context)
            worker.job = self._waiting.popleft()
            worker.job.attempts += 1
            self._busy.append(worker)
            # A worker that is dead already is noticed when its answer is read.
            with contextlib.suppress(BrokenPipeError):
                worker.connection.send((worker.job.function, worker.job.arguments))

    def _read(self, worker: _Worker) -> Event | None:
        job = worker.job
        assert job is not None
        try:
            kind, value = worker.connection.recv()
        except (EOFError, ConnectionResetError):
            return self._bury(worker, job)
        if kind == "progress":
            return Progress(job, value)
        self._busy.remove(worker)
        worker.job = None
        self._idle.append(worker)
        return Done(job, value) if kind == "done" else Failed(job, value)

    def _bury(self, worker: _Worker, job: Job) -> Event | None:
        """Deal with a worker that died: do its job again, with another."""
        self._busy.remove(worker)
        worker.process.join()
        worker.connection.close()
        if job.attempts < ATTEMPTS:
            self._waiting.appendleft(job)
            return Progress(job, 0.0)
        return Failed(
            job,
            SpiralError(
                f"{job.title}: the worker process died {job.attempts} times "
                f"(exit code {worker.process.exitcode}).",
                "a worker that finishes; memory may have run out.",
                "fewer workers: --jobs 1",
            ),
        )


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    connection: Connection
    job: Job | None = None

    @classmethod
    def start(cls, context: multiprocessing.context.SpawnContext) -> _Worker:
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, os.getpid()), daemon=True)
        with _single_threaded():
            process.start()
        theirs.close()
        return cls(process, ours)


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


def _work(connection: Connection, parent: int) -> None:
    """Main function of a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    _die_with(parent)
    while True:
        try:
            function_name, arguments = connection.recv()
        except EOFError:
            return
        try:
            module, name = function_name.split(":")
            function = getattr(importlib.import_module(module), name)
            result = function(
                **arguments, report=lambda share: connection.send(("progress", share))
            )
            connection.send(("done", result))
        except SpiralError as error:
            connection.send(("failed", error))
        except OSError as error:
            connection.send(("failed", SpiralError.of_os(error)))
        except Exception as error:
            detail = traceback.format_exc(limit=-3)
            failure = SpiralError(f"{type(error).__name__}: {error}\n{detail}".rstrip())
            connection.send(("failed", failure))


def _die_with(parent: int) -> None:
    """Ask Linux to end this process when its parent dies."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
