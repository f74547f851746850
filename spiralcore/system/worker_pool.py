"""A pool of worker processes: many jobs, progress on the way, and workers that may die."""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import wait
from typing import Self

from threadpoolctl import threadpool_limits

from spiralcore.errors import SpiralError
from spiralcore.system.engine import Event, Job, Progress
from spiralcore.system.job_queue import JobQueue
from spiralcore.system.locks import LOOK_SECONDS
from spiralcore.system.workers import Worker, perform

GRACE_SECONDS = 0.5
"""What all workers of a pool have together to end when they are asked to."""

MOST_ON_WINDOWS = 60
"""Workers there: a process waits for 63 things at a time."""


class WorkerPool:
    """Worker processes of one thread each; an `spiralcore.system.engine.Engine`.

    Use it as a context: leaving it ends the workers at once, whatever they do, so that an
    interrupt takes effect immediately.

    Parameters
    ----------
    workers
        Number of processes; they are started when there is work for them.
    """

    def __init__(self, workers: int) -> None:
        self._most = max(workers, 1)
        if sys.platform == "win32":
            self._most = min(self._most, MOST_ON_WINDOWS)
        self._context = multiprocessing.get_context("spawn")
        self._queue = JobQueue()
        self._idle: list[Worker] = []
        self._busy: list[Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        _end(self._idle + self._busy)
        self._idle, self._busy = [], []

    @property
    def cores(self) -> int:
        """Number of processes."""
        return self._most

    def submit(self, job: Job, *, soon: bool = False) -> None:
        """Queue a job; may be called while events are read.

        Parameters
        ----------
        job
            The job.
        soon
            Whether it is done before those that wait already.
        """
        self._queue.add(job, soon=soon)

    def prepare(self, load: Job) -> None:
        """Let a worker start now and load what jobs will need; what becomes of it nobody hears."""
        if not self._idle:
            self._idle.append(Worker.start(self._context, load))

    def rest(self) -> None:
        """End the workers that have nothing to do, with all that they have loaded."""
        _end(self._idle)
        self._idle = []

    @property
    def is_at_work(self) -> bool:
        """Whether a job is left."""
        return bool(self._queue or self._busy)

    def events(self) -> Iterator[Event]:
        """What happens, as it happens, until no job is left."""
        while self.is_at_work:
            yield from self.step(None)

    def step(self, patience: float | None) -> Iterator[Event]:
        """Hand out work, and tell what has happened since.

        Parameters
        ----------
        patience
            Seconds that are waited for something to happen at most; None for as long as it takes.
        """
        self._queue.look_elsewhere()
        self._hand_out()
        if not self._busy:
            yield from self._queue.only_elsewhere()
        if self._queue.is_elsewhere:
            patience = LOOK_SECONDS if patience is None else min(patience, LOOK_SECONDS)
        by_connection = {worker.connection: worker for worker in self._busy}
        for ready in wait(list(by_connection), patience):
            yield from self._read(by_connection[ready])  # type: ignore[index]

    def _hand_out(self) -> None:
        while self._queue.has_next and (self._idle or len(self._busy) < self._most):
            worker = self._idle.pop() if self._idle else Worker.start(self._context)
            worker.job = self._queue.take()
            self._busy.append(worker)
            # A worker that is dead already is noticed when its answer is read.
            with contextlib.suppress(OSError):
                worker.connection.send(worker.job)

    def _read(self, worker: Worker) -> Iterator[Event]:
        job = worker.job
        assert job is not None
        try:
            kind, value = worker.connection.recv()
        except (EOFError, OSError):  # it may have died in the middle of a message
            yield self._bury(worker, job)
            return
        if worker.loads:
            worker.loads = kind == "progress"
            return
        if kind == "progress":
            yield Progress(job, value)
            return
        self._busy.remove(worker)
        worker.job = None
        self._idle.append(worker)
        yield from self._queue.ended(job, kind, value)

    def _bury(self, worker: Worker, job: Job) -> Event:
        """Deal with a worker that died: do its job again, with another."""
        self._busy.remove(worker)
        worker.process.join()
        worker.connection.close()
        error = SpiralError(
            f"{job.title}: the worker process died {job.attempts} times "
            f"(exit code {worker.process.exitcode}).",
            "a worker that finishes; memory may have run out.",
            "fewer workers: --jobs 1",
        )
        return self._queue.died(job, error)


class InThisProcess(WorkerPool):
    """A pool without workers: whoever reads its events does the work, in this process."""

    def __init__(self) -> None:
        super().__init__(1)

    def prepare(self, load: Job) -> None:
        """Nothing: there is no time beside that of the caller."""

    def step(self, patience: float | None) -> Iterator[Event]:
        """Do the next job."""
        self._queue.look_elsewhere()
        if not self._queue.has_next:
            yield from self._queue.only_elsewhere()
            time.sleep(LOOK_SECONDS)
            return
        job = self._queue.take()
        with threadpool_limits(1):
            kind, value = perform(job, lambda share: None)
        yield from self._queue.ended(job, kind, value)


def worker_pool(workers: int) -> WorkerPool:
    """A pool of some worker processes; with none of them the work is done in this one."""
    return WorkerPool(workers) if workers else InThisProcess()


def _end(workers: list[Worker]) -> None:
    """End worker processes, whatever they do."""
    for worker in workers:
        worker.process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for worker in workers:
        worker.process.join(max(deadline - time.monotonic(), 0))
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()
        worker.connection.close()
