"""Dask distributed as an engine: jobs as in `spiralcore.system.worker_pool`, on a cluster."""

from __future__ import annotations

import asyncio
import importlib
import logging
import queue
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from distributed import Client, Future
from distributed.client import FutureCancelledError
from distributed.scheduler import KilledWorker
from distributed.versions import VersionMismatchWarning

from spiralcore.errors import SpiralError
from spiralcore.study.address import Address
from spiralcore.study.fitness import check_scheduler, check_workers, describe
from spiralcore.study.listener import PATIENCE, ROLE_PATIENCE, check_listener, check_role
from spiralcore.system.worker_pool import Done, Event, Failed, Job

WORKER_PATIENCE = 30.0
"""Seconds that are waited for a worker while there is none."""

CALL = "__import__('spiralcore.study.cluster', fromlist=['work']).work(function, arguments)"
"""What a worker evaluates. It is text, as a worker that cannot unpack a job, for want of what is
named in it, ends without a word; from this comes an error."""

ANSWER_SECONDS = 6.0
"""A cluster that takes longer to answer is said to be waited for."""

LOOK_SECONDS = 1.0
"""How often scheduler and workers are looked at."""


class Cluster:
    """A Dask scheduler and its workers, which do jobs.

    Where a worker is lost its jobs go to others; the scheduler gives a job up whose workers have
    died four times. Use it as a context: leaving it withdraws the jobs that are left.

    Parameters
    ----------
    scheduler
        Address, for example ``tcp://127.0.0.1:8786``.
    patience
        Seconds that are waited for a worker while there is none.
    say
        Told what is waited for.
    """

    def __init__(
        self,
        scheduler: str,
        patience: float = WORKER_PATIENCE,
        say: Callable[[str], object] = lambda text: None,
    ) -> None:
        self._scheduler = scheduler
        self._patience = patience
        self._say = say
        self._jobs: dict[Future, Job] = {}
        self._fit: set[str] = set()
        self._deserted: float | None = None

    def __enter__(self) -> Self:
        # What the client logs with a traceback, or warns of, is raised as an error too.
        for name in ("distributed", "distributed.client", "distributed.core", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        warnings.simplefilter("ignore", VersionMismatchWarning)
        address = Address.parse(self._scheduler)
        check_listener(address)
        check_role(address)
        try:
            self._client = Client(str(address), timeout=ROLE_PATIENCE, set_as_default=False)
        except OSError:
            raise SpiralError(
                f"The Dask scheduler at {self._scheduler} takes no clients.",
                "one that runs until the end.",
                "the same command tries again",
            ) from None
        try:
            versions = self._ask(self._client.get_versions)
            check_scheduler(self._scheduler, versions["scheduler"]["packages"])
            self._look()
            while self._deserted is not None:
                time.sleep(min(LOOK_SECONDS, self._patience))
                self._look()
        except BaseException:
            self._client.close(timeout=LOOK_SECONDS)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._client.status == "running":
            with suppress(OSError, TimeoutError):
                self._client.sync(self._cancel, callback_timeout=LOOK_SECONDS)
        self._client.close(timeout=LOOK_SECONDS)

    @property
    def cores(self) -> int:
        """Threads of all workers."""
        found: int = sum(self._workers().values())
        return found

    def submit(self, job: Job) -> None:
        """Queue a job."""
        given = {"function": job.function, "arguments": job.arguments}
        future = self._client.submit(eval, CALL, given, pure=False)
        self._jobs[future] = job

    async def _cancel(self) -> None:
        await self._client.cancel(list(self._jobs))

    def events(self) -> Iterator[Event]:
        """What happens, as it happens, until no job is left."""
        finished: queue.SimpleQueue[Future] = queue.SimpleQueue()
        for future in self._jobs:
            future.add_done_callback(finished.put)
        looked = time.monotonic()
        while self._jobs:
            with suppress(queue.Empty):
                future = finished.get(timeout=LOOK_SECONDS)
                event = self._event(future, self._jobs[future])
                if event is None:
                    future.add_done_callback(finished.put)
                else:
                    del self._jobs[future]
                    future.release()
                    yield event
            if self._jobs and time.monotonic() - looked > LOOK_SECONDS:
                self._look()
                looked = time.monotonic()

    def _event(self, future: Future, job: Job) -> Event | None:
        """What became of a job; None if its result was lost on the way, and is made again."""
        try:
            return Done(job, future.result(timeout=PATIENCE))
        except SpiralError as error:
            return Failed(job, error)
        except FutureCancelledError:
            raise self._gone() from None
        except TimeoutError:
            return None
        except KilledWorker as error:
            return Failed(
                job,
                SpiralError(
                    f"{job.title}: its workers died, the last at {error.last_worker}.",
                    "workers that finish; memory may have run out.",
                    "the same command tries again",
                ),
            )
        except Exception as error:
            # A worker that has come since may be unfit, and fail whatever it gets.
            self._fit.clear()
            self._look()
            return Failed(job, SpiralError(f"{type(error).__name__}: {error}"))

    def _look(self) -> None:
        """Look after scheduler and workers; say so if there are none.

        Raises
        ------
        SpiralError
            If the scheduler is gone, a worker is unfit, or there has been none for too long.
        """
        workers = self._workers()
        if workers:
            self._deserted = None
            if not workers.keys() <= self._fit:
                found = self._ask(self._client.run, describe, on_error="return")
                check_workers(found)
                self._fit = set(found)
            return
        command = f"dask worker {self._scheduler} --nworkers auto --nthreads 1"
        if self._deserted is None:
            self._deserted = time.monotonic()
            self._say(f"waiting for workers of {self._scheduler}; start some with: {command}")
        elif time.monotonic() - self._deserted > self._patience:
            raise SpiralError(
                f"The Dask scheduler at {self._scheduler} has no workers.",
                f"at least one within {self._patience:g} seconds.",
                command,
            )

    def _workers(self) -> dict[str, int]:
        """Numbers of threads, by the addresses of the workers."""
        found: dict[str, int] = self._ask(self._client.nthreads)
        return found

    def _ask(self, question: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Ask the client something; say so if the answer takes long.

        Raises
        ------
        SpiralError
            If there is none, or the scheduler is gone.
        """

        async def ask() -> Any:
            return await question(*arguments, **options)

        answer = asyncio.run_coroutine_threadsafe(ask(), self._client.loop.asyncio_loop)
        for patience in (ANSWER_SECONDS, self._patience):
            done, _ = wait([answer], timeout=patience)
            if self._client.status != "running":
                raise self._gone()
            if done:
                return answer.result()
            if patience == ANSWER_SECONDS:
                self._say(f"waiting for an answer of the Dask cluster at {self._scheduler}")
        raise SpiralError(
            f"The Dask cluster at {self._scheduler} does not answer.",
            f"an answer within {ANSWER_SECONDS + self._patience:g} seconds.",
            "start its scheduler and its workers again",
        )

    def _gone(self) -> SpiralError:
        return SpiralError(
            f"The Dask scheduler at {self._scheduler} is gone.",
            "one that runs until the end.",
            "the same command: what is finished is kept",
        )


def work(function: str, arguments: dict[str, Any]) -> Any:
    """Call ``"module:function"``, in a worker; its progress stays there."""
    module, name = function.split(":")
    return getattr(importlib.import_module(module), name)(**arguments, report=lambda share: None)
