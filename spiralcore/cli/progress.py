"""Progress of many jobs, with the time left."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterable, Iterator, Sequence

from spiralcore.errors import harmless
from spiralcore.system.engine import Done, Event, Failed, Job, Progress, Waiting

LOG = logging.getLogger(__name__)

PLAIN_SECONDS = 5.0
"""How often a line is printed where the output is not a terminal."""


def watch(stage: str, jobs: Sequence[Job], events: Iterable[Event]) -> list[Failed]:
    """Show how far the jobs are; bars on a terminal, plain lines elsewhere.

    Returns
    -------
    list
        The failures.
    """
    meter = _Meter(stage, jobs)
    events = _told(stage, events)
    if sys.stderr.isatty() and LOG.getEffectiveLevel() == logging.INFO:
        return _watch_on_terminal(meter, events)
    failures = []
    printed = time.monotonic()
    for event in events:
        meter.see(event)
        if isinstance(event, Failed):
            failures.append(event)
            LOG.error("%s: %s", stage, _failure_text(event))
        if isinstance(event, Waiting):
            LOG.info("%s: %s", stage, _waiting_text(event))
        if time.monotonic() - printed > PLAIN_SECONDS:
            printed = time.monotonic()
            LOG.info(meter.line())
    LOG.info(meter.line())
    return failures


def _told(stage: str, events: Iterable[Event]) -> Iterator[Event]:
    """Tell, where somebody wants to know it, when each job was first heard of and ended."""
    begun: dict[Job, float] = {}
    for event in events:
        title, now = harmless(event.job.title), time.monotonic()
        if event.job not in begun and not isinstance(event, Waiting):
            LOG.debug("%s: '%s' is at work", stage, title)
        since = begun.setdefault(event.job, now)
        if isinstance(event, Done):
            LOG.debug("%s: '%s' is done, %s later", stage, title, duration_text(now - since))
        yield event


def _watch_on_terminal(meter: _Meter, events: Iterable[Event]) -> list[Failed]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    failures = []
    bars = Bars(
        # Titles have names of files in them, whose brackets are no markup.
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[left]}", markup=False),
        TimeElapsedColumn(),
        TextColumn("{task.fields[now]}", style="dim", markup=False),
        console=Console(stderr=True),
    )
    with bars:
        task = bars.add_task(f"{meter.stage:9}", total=1.0, left="", now="")
        for event in events:
            meter.see(event)
            if isinstance(event, Failed):
                failures.append(event)
                bars.console.print(_failure_text(event), style="red", markup=False, highlight=False)
            if isinstance(event, Waiting):
                bars.console.print(_waiting_text(event), markup=False, highlight=False)
            now = harmless(event.job.title)
            bars.update(task, completed=meter.share, left=meter.left_text(), now=now)
        bars.update(task, completed=1.0, left="", now="")
    return failures


def _waiting_text(event: Waiting) -> str:
    return harmless(f"waiting for another process that is at '{event.job.title}' already")


def _failure_text(failure: Failed) -> str:
    text = str(failure.error)
    title = failure.job.title
    return harmless(text if text.startswith(title) else f"{title}: {text}")


class _Meter:
    """Adds up the work that is done, and estimates the rest."""

    def __init__(self, stage: str, jobs: Sequence[Job]) -> None:
        self.stage = stage
        self._shares = {job: 0.0 for job in jobs}
        self._weights = {job: job.weight for job in jobs}
        self._total = sum(self._weights.values()) or 1.0
        self._done = 0.0
        self._finished = 0
        self._started = time.monotonic()

    @property
    def share(self) -> float:
        """Part of all work that is done."""
        return min(self._done / self._total, 1.0)  # a sum of shares rounds past it

    def see(self, event: Event) -> None:
        """Take an event."""
        if isinstance(event, Progress):
            self._reach(event.job, event.share)
        elif isinstance(event, Done | Failed):
            self._reach(event.job, 1.0)
            self._finished += 1

    def _reach(self, job: Job, share: float) -> None:
        """Take down how far a job is, of which a study has a hundred thousand."""
        self._done += self._weights[job] * (share - self._shares[job])
        self._shares[job] = share

    def left_text(self) -> str:
        """Time left, for people."""
        spent = time.monotonic() - self._started
        if not 0.01 <= self.share < 1 or spent < 2:
            return ""
        return f"{duration_text(spent * (1 - self.share) / self.share)} left"

    def line(self) -> str:
        """One line about everything."""
        left = self.left_text()
        done = f"{self._finished} of {len(self._shares)} jobs"
        return f"{self.stage}: {100 * self.share:.0f} %, {done}" + (f", {left}" if left else "")


def duration_text(seconds: float) -> str:
    """Seconds as ``1:05`` or ``4.2 s``."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)}:{int(seconds % 60):02d} min"
