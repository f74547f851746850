"""Jobs that wait to be done: those that are next, and those that another process is at."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from spiralcore.errors import HelperDiedError, SpiralError
from spiralcore.system.engine import Done, Event, Failed, Job, Progress, Waiting
from spiralcore.system.locks import is_free

ATTEMPTS = 3
"""How often a job is started before its workers' deaths count as its own failure."""


class JobQueue:
    """What an engine has to do still, and what becomes of what it has done."""

    def __init__(self) -> None:
        self._waiting: deque[Job] = deque()
        self._elsewhere: deque[Job] = deque()
        self._waited_for: Job | None = None

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self._waiting or self._elsewhere)

    def __iter__(self) -> Iterator[Job]:
        """All of it."""
        yield from self._waiting
        yield from self._elsewhere

    @property
    def has_next(self) -> bool:
        """Whether there is something to begin with, see `take`."""
        return bool(self._waiting)

    @property
    def is_elsewhere(self) -> bool:
        """Whether another process is at something."""
        return bool(self._elsewhere)

    def add(self, job: Job, *, soon: bool = False) -> None:
        """Queue a job, before those that wait already or after them."""
        if soon:
            self._waiting.appendleft(job)
        else:
            self._waiting.append(job)

    def take(self) -> Job:
        """Give the next job, to begin with it."""
        job = self._waiting.popleft()
        job.attempts += 1
        return job

    def look_elsewhere(self) -> None:
        """Take back what other processes did, if they have ended it, or have died."""
        for job in list(self._elsewhere):
            assert job.place is not None
            if is_free(job.place):
                self._elsewhere.remove(job)
                self._waiting.appendleft(job)

    def only_elsewhere(self) -> Iterator[Waiting]:
        """Say once for each job that nothing is left but to wait for another process."""
        if self._elsewhere and self._elsewhere[0] is not self._waited_for:
            self._waited_for = self._elsewhere[0]
            yield Waiting(self._waited_for)

    def ended(self, job: Job, kind: str, value: Any) -> Iterator[Event]:
        """Say what became of a job that has been at work, see `spiralcore.system.workers.perform`.

        One that another process is at comes back later, and one whose helper was killed at once.
        """
        if kind == "elsewhere":
            job.attempts -= 1
            self._elsewhere.append(job)
        elif isinstance(value, HelperDiedError):
            yield self.died(job, value)
        else:
            yield Done(job, value) if kind == "done" else Failed(job, value)

    def died(self, job: Job, error: SpiralError) -> Event:
        """Do a job again, unless it has been tried often enough; then the error is its own."""
        if job.attempts < ATTEMPTS:
            self._waiting.appendleft(job)
            return Progress(job, 0.0)
        return Failed(job, error)
