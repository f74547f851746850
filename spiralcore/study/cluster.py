"""Dask distributed as an engine: the jobs of a `spiralcore.processes.Crew`, on a cluster."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

from distributed import Client, Future, as_completed
from distributed.client import FutureCancelledError
from distributed.scheduler import KilledWorker

from spiralcore.errors import SpiralError, UsageError
from spiralcore.processes import Done, Event, Failed, Job

PATIENCE = 10
"""Seconds that a scheduler has to answer."""

WORKER_PATIENCE = 60.0


class Cluster:
    """A Dask scheduler and its workers, which do jobs.

    Where a worker is lost its jobs go to others; the scheduler gives a job up whose workers have
    died four times. Use it as a context: leaving it withdraws the jobs that are left.

    Parameters
    ----------
    scheduler
        Address, for example ``tcp://127.0.0.1:8786``.
    patience
        Seconds until the first worker has to be there.
    """

    def __init__(self, scheduler: str, patience: float = WORKER_PATIENCE) -> None:
        self._scheduler = scheduler
        self._patience = patience
        self._jobs: dict[Future, Job] = {}

    def __enter__(self) -> Self:
        # What the client logs with a traceback is raised as an error too.
        for name in ("distributed", "distributed.client"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            self._client = Client(self._scheduler, timeout=PATIENCE, set_as_default=False)
        except (OSError, TimeoutError):
            raise SpiralError(
                f"No Dask scheduler answers at {self._scheduler}.",
                "the address that `dask scheduler` prints.",
                "dask scheduler --host 127.0.0.1, then --scheduler tcp://127.0.0.1:8786",
            ) from None
        except (ValueError, TypeError) as error:
            raise UsageError(
                f"{self._scheduler!r} is not an address: {error}.",
                "one such as tcp://127.0.0.1:8786.",
            ) from None
        try:
            self._client.wait_for_workers(1, timeout=self._patience)
        except TimeoutError:
            self._client.close()
            raise SpiralError(
                f"The Dask scheduler at {self._scheduler} has no workers.",
                f"at least one within {self._patience:g} seconds.",
                f"dask worker {self._scheduler} --nworkers auto --nthreads 1",
            ) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.cancel(list(self._jobs))
        self._client.close(timeout=PATIENCE)

    @property
    def cores(self) -> int:
        """Threads of all workers."""
        found: int = sum(self._client.nthreads().values())
        return found

    def submit(self, job: Job) -> None:
        """Queue a job."""
        future = self._client.submit(work, job.function, job.arguments, pure=False)
        self._jobs[future] = job

    def events(self) -> Iterator[Event]:
        """What happens, as it happens, until no job is left."""
        for future in as_completed(list(self._jobs), loop=self._client.loop):
            job = self._jobs.pop(future)
            yield self._event(future, job)
            future.release()

    def _event(self, future: Future, job: Job) -> Event:
        try:
            return Done(job, future.result())
        except SpiralError as error:
            return Failed(job, error)
        except FutureCancelledError:
            raise SpiralError(
                f"The Dask scheduler at {self._scheduler} is gone.",
                "one that runs until the end.",
                "the same command: what is finished is kept",
            ) from None
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
            return Failed(job, SpiralError(f"{type(error).__name__}: {error}"))


def work(function: str, arguments: dict[str, Any]) -> Any:
    """Call ``"module:function"``, in a worker; its progress stays there."""
    module, name = function.split(":")
    return getattr(importlib.import_module(module), name)(**arguments, report=lambda share: None)
