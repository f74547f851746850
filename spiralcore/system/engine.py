"""What work is and who does it: jobs, what becomes of them, and the engine that is given them.

There are two engines: `spiralcore.system.worker_pool.WorkerPool`, processes of this machine, and
`spiralcore.cluster.cluster.Cluster`, workers of other machines, which see no file of this one. A
job says which files it reads and which it makes; the pool hands its paths on, the cluster sends
what is in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from spiralcore.errors import SpiralError
from spiralcore.extras import Work

Report = Callable[[float], None]
"""What a job calls with the share of its work that is done, 0 to 1."""

Files = Path | tuple[Path, ...]
"""One file, or several in an order that means something."""


@dataclass(eq=False)
class Job:
    """A call that a worker makes.

    Attributes
    ----------
    title
        What messages call it.
    function
        ``"module:function"``. It gets the arguments, those that are files too, and ``report``, a
        `Report`.
    arguments
        Keyword arguments that can be pickled. None of them names a file.
    weight
        Expected work, in any unit; only the relations matter.
    reads
        Keyword arguments that are files which the call reads. They are there when it begins.
    makes
        Keyword arguments that are files which the call makes, each of them whole or not at all.
    may_make
        Keyword arguments that are files which it makes or does not make, as it turns out.
    needs
        What has to be installed where it is done.
    stays
        Whether it is done by this machine in any case: it reads so much, and does so little with
        it, that sending would take longer.
    place
        What it makes. Of all processes only one at a time does a job for a place.
    is_made
        Whether another process has made it meanwhile, so that there is nothing to do. It has to
        be something that can be pickled.
    attempts
        How often it has been begun.
    """

    title: str
    function: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    weight: float = 1.0
    reads: Mapping[str, Files] = field(default_factory=dict)
    makes: Mapping[str, Files] = field(default_factory=dict)
    may_make: Mapping[str, Files] = field(default_factory=dict)
    needs: Work | None = None
    stays: bool = False
    place: Path | None = None
    is_made: Callable[[], bool] | None = None
    attempts: int = field(default=0, repr=False)

    @property
    def keywords(self) -> dict[str, Any]:
        """All keyword arguments of the call but ``report``."""
        return {**self.arguments, **self.reads, **self.makes, **self.may_make}


def listed(files: Mapping[str, Files]) -> list[Path]:
    """All files of some keyword arguments, in their order."""
    return [path for own in files.values() for path in (own if isinstance(own, tuple) else (own,))]


@dataclass(frozen=True)
class Progress:
    """A job has got to a share of its work."""

    job: Job
    share: float


@dataclass(frozen=True)
class Done:
    """A job has returned, and the files that it makes are there."""

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


class Engine(Protocol):
    """Whoever does jobs."""

    @property
    def cores(self) -> int:
        """How many jobs it does at a time."""

    def submit(self, job: Job, *, soon: bool = False) -> None:
        """Queue a job; may be called while events are read.

        Parameters
        ----------
        job
            The job.
        soon
            Whether it is done before those that wait already.
        """

    def prepare(self, load: Job) -> None:
        """Be told that jobs will come, and what is to be loaded for them.

        Parameters
        ----------
        load
            A job that loads it, and makes no files.
        """

    def events(self) -> Iterator[Event]:
        """What happens, as it happens, until no job is left."""

    def rest(self) -> None:
        """Give back what the last jobs have taken, as others follow that have no use for it."""
