"""What all measurements share: trajectories, a folder for scratch, workers, a voice."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.measuring import run, spiral
from spiralcore.errors import SpiralError
from spiralcore.recipe import FilmSettings, Quality, Recipe, load_recipe
from spiralcore.registry.films import FILMS
from spiralcore.stage.clock.film_time import FilmTime
from spiralcore.subjects.runs import trajectories
from spiralcore.system.cores import cores
from spiralcore.system.engine import Done, Engine, Event, Failed, Job
from spiralcore.system.worker_pool import WorkerPool
from spiralcore.trajectory import Trajectory
from spiralcore.video.production import Outcome, film_missing, train_missing
from spiralcore.video.request import FilmOrder

MIDST_SECONDS = 2.5
"""How much of the action is over where stretches of films are measured."""


@dataclass(frozen=True)
class Workshop:
    """Where the measurements are made.

    Attributes
    ----------
    scratch
        A folder that is removed at the end.
    repeats
        How often each timing is taken.
    """

    scratch: Path
    repeats: int = 3
    recipe: Recipe = field(default_factory=lambda: load_recipe(None))
    started: float = field(default_factory=time.monotonic)

    @property
    def cores(self) -> int:
        """Number of processes of a run that uses the whole machine."""
        return cores()

    @property
    def quality(self) -> Quality:
        """That of the default films."""
        return Quality.parse(self.recipe.film.quality)

    @property
    def seconds(self) -> float:
        """Time since the start."""
        return time.monotonic() - self.started

    def say(self, words: str) -> None:
        """Print a line of progress."""
        passed = int(self.seconds)
        print(f"[{passed // 60:2d}:{passed % 60:02d}] {words}", flush=True)

    @cached_property
    def trajectories(self) -> list[Path]:
        """The default twelve in the order of the films, trained if they are missing."""
        outcome = Outcome()
        with WorkerPool(self.cores) as pool:
            train_missing(trajectories(self.recipe), pool, self._watch, outcome)
        if outcome.failures:
            raise outcome.failures[0].error
        return [
            self._path(classes, activation)
            for classes in self.recipe.classes
            for activation in self.recipe.activations
        ]

    def trajectory(self, classes: int, activation: str) -> Path:
        """One of them."""
        path = self._path(classes, activation)
        assert path in self.trajectories
        return path

    def cast(self, film: str) -> tuple[Path, ...]:
        """What a film is made of: all networks, or those of the default class count."""
        if film == "classes":
            return tuple(self.trajectories)
        activations = self.recipe.activations[: 1 if film == "bending" else None]
        return tuple(self.trajectory(4, name) for name in activations)

    def midst(self, film: str) -> int:
        """A frame of a default film in the midst of the training, whatever opens the film."""
        rows = len({path.classes for path in map(Trajectory.load, self.cast(film))})
        time_of = FilmTime.of(self.recipe.film, FILMS[film], rows)
        return round((time_of.start + MIDST_SECONDS) * self.quality.frame_rate)

    def warm_up(self) -> None:
        """Make a small film, so that all compiled code is in its cache."""
        self.say("warming up")
        target = self.scratch / "warm.mp4"
        run(spiral("render", "classes", *self.cast("classes"), "--quality", "240p30",
                   "--seconds", "1", "--out", target))  # fmt: skip

    def planned(self, film: str, kind: str, cast: Sequence[Path] = (), **changes: Any) -> list[Job]:
        """The jobs that `spiral render` would give its workers for a file.

        Parameters
        ----------
        film
            Its name in the catalogue.
        kind
            ``mp4``, ``png`` and so on.
        cast
            What it shows, if it is not `cast`.
        changes
            Film settings that are not the default ones.
        """
        settings = FilmSettings.model_validate(
            {**self.recipe.film.model_dump(mode="json"), **changes}
        )
        target = self.scratch / f"{film}-planned.{kind}"
        order = FilmOrder(
            film, "benchmark", tuple(cast) or self.cast(film), settings, {kind: target}
        )
        seen: list[Job] = []

        def look(stage: str, jobs: Sequence[Job], events: Iterable[Event]) -> list[Failed]:
            seen.extend(jobs)
            return []

        film_missing([order], self.scratch / "segments", WorkerPool(1), look, Outcome())
        return seen

    def _path(self, classes: int, activation: str) -> Path:
        network = self.recipe.network_recipe(classes, activation)
        return self.recipe.trajectory_path(network).resolve()

    def _watch(self, stage: str, jobs: Sequence[Job], events: Iterable[Event]) -> list[Failed]:
        failures = []
        for event in events:
            if isinstance(event, Done):
                self.say(f"{stage}: {event.job.title}")
            elif isinstance(event, Failed):
                failures.append(event)
        return failures


def metered_job(job: Job, *, children: bool = False, core: int | None = None) -> Job:
    """The same job, telling what it cost; see `benchmarks.measuring.metered`."""
    inner = {
        "function": job.function,
        "arguments": job.keywords,
        "children": children,
        "core": core,
    }
    return Job(job.title, "benchmarks.measuring:metered", inner, job.weight)


def work_off(pool: Engine, jobs: Sequence[Job]) -> list[Any]:
    """Have all jobs done; their results, in the order of the jobs.

    Raises
    ------
    SpiralError
        Of the first job that failed.
    """
    for job in jobs:
        pool.submit(job)
    results: dict[Job, Any] = {}
    for event in pool.events():
        if isinstance(event, Done):
            results[event.job] = event.result
        elif isinstance(event, Failed):
            raise event.error
    if len(results) != len(jobs):
        raise SpiralError(f"{len(jobs) - len(results)} jobs gave no result.")
    return [results[job] for job in jobs]
