"""A pool of worker processes: many jobs, progress on the way, and workers that may die."""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any, Self

from threadpoolctl import threadpool_limits

from spiralcore.errors import HelperDiedError, SpiralError
from spiralcore.system.locks import LOOK_SECONDS, is_free
from spiralcore.system.workers import Job, Report, Worker, perform

__all__ = [
    "ATTEMPTS",
    "Done",
    "Event",
    "Failed",
    "InThisProcess",
    "Job",
    "Progress",
    "Report",
    "Waiting",
    "WorkerPool",
    "worker_pool",
]

ATTEMPTS = 3
"""How often a job is started before its workers' deaths count as its own failure."""

GRACE_SECONDS = 0.5
"""What all workers of a pool have together to end when they are asked to."""


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


@dataclass(frozen=True)
class Waiting:
    """There is nothing else to do than to wait for another process that does this job, too."""

    job: Job


Event = Progress | Done | Failed | Waiting


class WorkerPool:
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
        self._elsewhere: deque[Job] = deque()
        self._waited_for: Job | None = None
        self._idle: list[Worker] = []
        self._busy: list[Worker] = []

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
        deadline = time.monotonic() + GRACE_SECONDS
        for worker in workers:
            worker.process.join(max(deadline - time.monotonic(), 0))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.connection.close()
        self._idle, self._busy = [], []

    def submit(self, job: Job, *, soon: bool = False) -> None:
        """Queue a job; may be called while events are read.

        Parameters
        ----------
        job
            The job.
        soon
            Whether it is done before those that wait already.
        """
        if soon:
            self._waiting.appendleft(job)
        else:
            self._waiting.append(job)

    def events(self) -> Iterator[Event]:
        """What happens, as it happens, until no job is left."""
        while self._waiting or self._busy or self._elsewhere:
            self._look_elsewhere()
            self._hand_out()
            if not self._busy and self._elsewhere[0] is not self._waited_for:
                self._waited_for = self._elsewhere[0]
                yield Waiting(self._waited_for)
            by_connection = {worker.connection: worker for worker in self._busy}
            for ready in wait(list(by_connection), LOOK_SECONDS if self._elsewhere else None):
                worker = by_connection[ready]  # type: ignore[index]
                event = self._read(worker)
                if event is not None:
                    yield event

    def _look_elsewhere(self) -> None:
        """Take back what other processes did, if they have ended it, or have died."""
        for job in list(self._elsewhere):
            assert job.place is not None
            if is_free(job.place):
                self._elsewhere.remove(job)
                self._waiting.appendleft(job)

    def _hand_out(self) -> None:
        while self._waiting and (self._idle or len(self._busy) < self._most):
            worker = self._idle.pop() if self._idle else Worker.start(self._context)
            worker.job = self._waiting.popleft()
            worker.job.attempts += 1
            self._busy.append(worker)
            # A worker that is dead already is noticed when its answer is read.
            with contextlib.suppress(OSError):
                worker.connection.send(worker.job)

    def _read(self, worker: Worker) -> Event | None:
        job = worker.job
        assert job is not None
        try:
            kind, value = worker.connection.recv()
        except (EOFError, OSError):  # it may have died in the middle of a message
            return self._bury(worker, job)
        if kind == "progress":
            return Progress(job, value)
        self._busy.remove(worker)
        worker.job = None
        self._idle.append(worker)
        return self._ended(job, kind, value)

    def _ended(self, job: Job, kind: str, value: Any) -> Event | None:
        """What becomes of a job that has been at work, see `perform`."""
        if kind == "elsewhere":
            job.attempts -= 1
            self._elsewhere.append(job)
            return None
        if isinstance(value, HelperDiedError) and job.attempts < ATTEMPTS:
            self._waiting.appendleft(job)
            return Progress(job, 0.0)
        return Done(job, value) if kind == "done" else Failed(job, value)

    def _bury(self, worker: Worker, job: Job) -> Event | None:
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


class InThisProcess(WorkerPool):
    """A pool without workers: whoever reads its events does the work, in this process."""

    def __init__(self) -> None:
        super().__init__(1)

    def events(self) -> Iterator[Event]:
        """Do one job after the other."""
        while self._waiting or self._elsewhere:
            self._look_elsewhere()
            if not self._waiting:
                if self._elsewhere[0] is not self._waited_for:
                    self._waited_for = self._elsewhere[0]
                    yield Waiting(self._waited_for)
                time.sleep(LOOK_SECONDS)
                continue
            job = self._waiting.popleft()
            job.attempts += 1
            with threadpool_limits(1):
                kind, value = perform(job, lambda share: None)
            event = self._ended(job, kind, value)
            if event is not None:
                yield event


def worker_pool(workers: int) -> WorkerPool:
    """A pool of some worker processes; with none of them the work is done in this one."""
    return WorkerPool(workers) if workers else InThisProcess()
