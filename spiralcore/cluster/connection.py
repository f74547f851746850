"""The way to a Dask scheduler, and who is there."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from distributed import Client
from distributed.versions import VersionMismatchWarning

from spiralcore.cluster.address import Address
from spiralcore.cluster.fitness import check_scheduler, check_workers, describe
from spiralcore.cluster.listener import ROLE_PATIENCE, check_listener, check_role
from spiralcore.errors import SpiralError
from spiralcore.extras import Work

ANSWER_SECONDS = 6.0
"""A cluster that takes longer to answer is said to be waited for."""

LOOK_SECONDS = 1.0
"""How often scheduler and workers are looked at."""


class Connection:
    """A scheduler that is connected to when it is needed for the first time.

    Parameters
    ----------
    scheduler
        Where it is.
    patience
        Seconds that are waited for a worker while there is none.
    say
        Told what is waited for.
    """

    def __init__(self, scheduler: Address, patience: float, say: Callable[[str], object]) -> None:
        self._scheduler = scheduler
        self._patience = patience
        self._say = say
        self._client: Client | None = None
        self._needs: set[Work] = set()
        self._fit: set[str] = set()
        self._deserted: float | None = None

    def close(self, withdraw: Callable[[], Any]) -> None:
        """Leave the scheduler, if it was connected to.

        Parameters
        ----------
        withdraw
            A coroutine function of the client's loop that takes back what is left.
        """
        client = self._client
        if client is None:
            return
        if client.status == "running":
            with suppress(OSError, TimeoutError):
                client.sync(withdraw, callback_timeout=LOOK_SECONDS)
        client.close(timeout=LOOK_SECONDS)

    @property
    def is_lost(self) -> bool:
        """Whether the scheduler is gone."""
        return self._client is not None and self._client.status != "running"

    @property
    def client(self) -> Client:
        """Dask's client; the first time scheduler and workers are looked for.

        Raises
        ------
        UsageError
            If something else is at the address, or settings for TLS are missing.
        SpiralError
            If nobody is, a worker is unfit, or there is none.
        """
        if self._client is None:
            self._connect()
        return self._client

    def _connect(self) -> None:
        # What the client logs with a traceback, or warns of, is raised as an error too.
        for name in ("distributed", "distributed.client", "distributed.core", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        warnings.simplefilter("ignore", VersionMismatchWarning)
        warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
        check_listener(self._scheduler)
        check_role(self._scheduler)
        address = str(self._scheduler)
        try:
            self._client = Client(address, timeout=ROLE_PATIENCE, set_as_default=False)
        except OSError:
            raise SpiralError(
                f"The Dask scheduler at {address} takes no clients.",
                "one that runs until the end.",
                "the same command tries again",
            ) from None
        versions = self.ask(self._client.get_versions)
        check_scheduler(address, versions["scheduler"]["packages"])
        self.look()
        while self._deserted is not None:
            time.sleep(min(LOOK_SECONDS, self._patience))
            self.look()

    def expect(self, needs: Work | None) -> None:
        """Let workers count as fit only if they can do some work, too."""
        if needs is not None and needs not in self._needs:
            self._needs.add(needs)
            self._fit.clear()

    def look_again(self) -> None:
        """Look after all workers, also those that were found to be fit; raises as `look` does."""
        self._fit.clear()
        self.look()

    def look(self) -> list[str]:
        """Look after scheduler and workers; say so if there are none.

        Returns
        -------
        list
            Addresses of the workers.

        Raises
        ------
        SpiralError
            If the scheduler is gone, a worker is unfit, or there has been none for too long.
        """
        workers = self.ask(self.client.nthreads)
        if workers:
            self._deserted = None
            if not workers.keys() <= self._fit:
                found = self.ask(self.client.run, describe, on_error="return")
                check_workers(found, self._needs)
                self._fit = set(found)
            return list(workers)
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
        return []

    def ask(self, question: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Ask the client something; say so if the answer takes long.

        Raises
        ------
        SpiralError
            If there is none, or the scheduler is gone.
        """
        client = self.client

        async def ask() -> Any:
            return await question(*arguments, **options)

        answer = asyncio.run_coroutine_threadsafe(ask(), client.loop.asyncio_loop)
        for patience in (ANSWER_SECONDS, self._patience):
            done, _ = concurrent.futures.wait([answer], timeout=patience)
            if client.status != "running":
                raise self.gone()
            if done:
                return answer.result()
            if patience == ANSWER_SECONDS:
                self._say(f"waiting for an answer of the Dask cluster at {self._scheduler}")
        raise SpiralError(
            f"The Dask cluster at {self._scheduler} does not answer.",
            f"an answer within {ANSWER_SECONDS + self._patience:g} seconds.",
            "start its scheduler and its workers again",
        )

    def gone(self) -> SpiralError:
        """What to say when the scheduler has gone."""
        return SpiralError(
            f"The Dask scheduler at {self._scheduler} is gone.",
            "one that runs until the end.",
            "the same command: what is finished is kept",
        )
