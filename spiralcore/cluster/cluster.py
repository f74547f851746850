"""Dask distributed as an engine: jobs as in `spiralcore.system.worker_pool`, on a cluster."""

from __future__ import annotations

import asyncio
import concurrent.futures
import queue
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self

from distributed import Client, Future
from distributed.client import FutureCancelledError
from distributed.scheduler import KilledWorker

from spiralcore.cluster.address import Address
from spiralcore.cluster.connection import LOOK_SECONDS, Connection
from spiralcore.cluster.remote import Answer, packed, take_in
from spiralcore.cluster.sent_files import SentFiles
from spiralcore.errors import SpiralError
from spiralcore.system.engine import Event, Job, Progress
from spiralcore.system.job_queue import JobQueue
from spiralcore.system.locks import LOOK_SECONDS as LOCK_SECONDS
from spiralcore.system.locks import only_here
from spiralcore.system.worker_pool import WorkerPool
from spiralcore.system.workers import attempted

WORKER_PATIENCE = 30.0
"""Seconds that are waited for a worker while there is none."""

CALL = "__import__('spiralcore.cluster.remote', fromlist=['work']).work(parcel, contents)"
"""What a worker evaluates. It is text, as a worker that cannot unpack a job, for want of what is
named in it, ends without a word; from this comes an error."""

TURN_SECONDS = 0.05
"""How long is waited for the cluster while processes of this machine are at work, too."""

AHEAD = 2
"""Jobs that are sent for each worker: one that it does, and the next."""


@dataclass
class Sent:
    """A job that is on its way.

    Attributes
    ----------
    future
        Dask's own.
    answer
        What comes of it.
    claim
        Holds its place, so that no other process of this machine begins with it.
    worker
        Who is to do it, as long as it is there.
    digests
        What names the content of the files that it reads.
    """

    future: Future
    answer: concurrent.futures.Future[Answer]
    claim: ExitStack
    worker: str
    digests: Mapping[Path, str]

    @property
    def key(self) -> str:
        """What Dask calls it."""
        return str(self.future.key)


class Cluster:
    """A Dask scheduler and its workers, which do jobs; an `spiralcore.system.engine.Engine`.

    Nobody is asked for before the first job comes. Where a worker is lost its jobs go to others;
    the scheduler gives a job up whose workers have died four times. Jobs that stay are done by
    processes of this machine. Use it as a context: leaving it withdraws the jobs that are left.

    Parameters
    ----------
    scheduler
        Where it is.
    jobs
        Number of processes for jobs that stay.
    patience
        Seconds that are waited for a worker while there is none.
    say
        Told what is waited for.
    """

    def __init__(
        self,
        scheduler: Address,
        jobs: int = 1,
        patience: float = WORKER_PATIENCE,
        say: Callable[[str], object] = lambda text: None,
    ) -> None:
        self._scheduler = Connection(scheduler, patience, say)
        self._here = WorkerPool(jobs)
        self._queue = JobQueue()
        self._sent: dict[Job, Sent] = {}
        self._topic = f"spiralcore-{uuid.uuid4().hex}"
        self._subscribed = False
        # By the keys of Dask's futures: jobs that have ended, and shares that are done.
        self._news: queue.SimpleQueue[tuple[str, float | None]] = queue.SimpleQueue()
        self._files = SentFiles()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self._here.__exit__(*reason)
        for sent in self._sent.values():
            sent.claim.close()
        self._scheduler.close(self._withdraw)

    @property
    def cores(self) -> int:
        """Number of workers, each of which does one job at a time."""
        return max(len(self._scheduler.look()), 1)

    def submit(self, job: Job, *, soon: bool = False) -> None:
        """Queue a job, see `spiralcore.system.engine.Engine`."""
        if job.stays:
            self._here.submit(job, soon=soon)
        else:
            self._scheduler.expect(job.needs)
            self._queue.add(job, soon=soon)

    def prepare(self, load: Job) -> None:
        """Nothing: its workers have been running, and others use them, too."""

    def rest(self) -> None:
        """End the processes of this machine that have nothing to do."""
        self._here.rest()

    async def _withdraw(self) -> None:
        await self._scheduler.client.cancel([sent.future for sent in self._sent.values()])

    def events(self) -> Iterator[Event]:
        """What happens, as it happens, until no job is left.

        Raises
        ------
        UsageError
            If something else is at the address, or settings for TLS are missing.
        SpiralError
            If the scheduler does not answer or is gone, a worker is unfit, or there is none.
        """
        looked = float("-inf")
        workers: list[str] = []
        there: list[str] = []
        while self._queue or self._sent or self._here.is_at_work:
            if (self._queue or self._sent) and time.monotonic() - looked > LOOK_SECONDS:
                there = self._scheduler.look()
                if there and not set(there) & set(workers):
                    self._send_again(there)
                workers = there or workers
                looked = time.monotonic()
            self._queue.look_elsewhere()
            while self._queue.has_next and there and (worker := self._least_busy(workers)):
                yield from self._begin(self._queue.take(), worker)
            if not self._sent and not self._here.is_at_work:
                yield from self._queue.only_elsewhere()
            if self._here.is_at_work:
                yield from self._here.step(0 if self._sent else LOOK_SECONDS)
            busy = self._here.is_at_work or self._queue.is_elsewhere
            if self._sent:
                with suppress(queue.Empty):
                    key, share = self._news.get(timeout=TURN_SECONDS if busy else LOOK_SECONDS)
                    job = next((job for job, sent in self._sent.items() if sent.key == key), None)
                    if job is not None:
                        yield from self._end(job) if share is None else [Progress(job, share)]
            elif self._queue:
                time.sleep(LOCK_SECONDS)

    def _least_busy(self, workers: list[str]) -> str | None:
        """The worker that has the least to do for us; None if all have enough."""
        load = Counter(sent.worker for sent in self._sent.values())
        worker = min(workers, key=lambda address: load[address], default=None)
        return worker if worker is not None and load[worker] < AHEAD else None

    def _begin(self, job: Job, worker: str) -> Iterator[Event]:
        """Send a job, unless another process is at it, or has done it."""
        with ExitStack() as claim:
            kind, value = attempted(partial(self._claimed, job, claim))
            if kind == "here":
                self._send(job, value, worker, claim)
                return
        yield from self._queue.ended(job, kind, value)

    def _send(self, job: Job, digests: Mapping[Path, str], worker: str, claim: ExitStack) -> None:
        """Send a job; what holds its place is kept with it from then on."""
        future = self._submitted(job, digests, worker)
        client = self._scheduler.client
        answer: concurrent.futures.Future[Answer] = asyncio.run_coroutine_threadsafe(
            _gathered(client, future), client.loop.asyncio_loop
        )
        self._sent[job] = Sent(future, answer, claim.pop_all(), worker, digests)
        answer.add_done_callback(lambda _: self._news.put((future.key, None)))

    def _send_again(self, workers: list[str]) -> None:
        """Send the jobs of workers who are all gone to those that have come.

        Dask lets a job that was meant for one worker go to another that is there when that one
        is lost. If there is none, it waits for the lost one for ever.
        """
        for job, sent in list(self._sent.items()):
            sent.future.cancel()
            worker = self._least_busy(workers) or workers[0]
            self._send(job, sent.digests, worker, sent.claim)

    def _submitted(self, job: Job, digests: Mapping[Path, str], worker: str) -> Future:
        """Hand a job to the scheduler, with the content of the files that it reads."""
        client = self._scheduler.client
        name = job.function.partition(":")[2]
        try:
            if not self._subscribed:
                client.subscribe_topic(self._topic, lambda event: self._news.put(tuple(event[1])))
                self._subscribed = True
            parcel = packed(job, digests, self._topic)
            given = {"parcel": parcel, "contents": self._files.futures(client, digests)}
            # Left to itself, Dask gives all jobs that read a file to the worker that has it first.
            return client.submit(
                eval, CALL, given, key=f"{name}-{uuid.uuid4().hex}",
                workers=[worker], allow_other_workers=True,
            )  # fmt: skip
        except Exception:
            if self._scheduler.is_lost:
                raise self._scheduler.gone() from None
            raise

    def _claimed(self, job: Job, claim: ExitStack) -> tuple[str, Any]:
        """What becomes of a job before it is sent: ``"here"``, with the content of its files."""
        if job.place and not claim.enter_context(only_here(job.place)):
            return "elsewhere", None
        if job.is_made is not None and job.is_made():
            return "done", None
        return "here", self._files.digests(job)

    def _end(self, job: Job) -> Iterator[Event]:
        """What became of a job that was sent; its files are there then."""
        sent = self._sent.pop(job)
        with sent.claim:
            kind, value = self._outcome(job, sent)
        yield from self._queue.ended(job, kind, value)

    def _outcome(self, job: Job, sent: Sent) -> tuple[str, Any]:
        """What `spiralcore.system.workers.perform` would have said of a job."""
        try:
            kind, value, made = sent.answer.result()
        except (FutureCancelledError, asyncio.CancelledError, concurrent.futures.CancelledError):
            raise self._scheduler.gone() from None
        except KilledWorker as error:
            return "failed", SpiralError(
                f"{job.title}: its workers died, the last at {error.last_worker}.",
                "workers that finish; memory may have run out.",
                "the same command tries again",
            )
        except Exception as error:
            # A worker that has come since may be unfit, and fail whatever it gets.
            self._scheduler.look_again()
            return "failed", SpiralError(f"{type(error).__name__}: {error}")
        finally:
            sent.future.release()
            self._files.forget(job, [*self._sent, *self._queue])
        if kind != "done":
            return kind, value

        def taken_in() -> tuple[str, Any]:
            take_in(job, made)
            return "done", value

        return attempted(taken_in)


async def _gathered(client: Client, future: Future) -> Answer:
    """Wait for what comes of a job, and fetch it; if it is lost on the way, it is made again."""
    answer: Answer = await client.gather(future, asynchronous=True)
    return answer
