"""A run: train what is missing, film what is missing."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from spiralcore.activations import ACTIVATIONS
from spiralcore.catalogue import FILMS, Needs
from spiralcore.files import check_name
from spiralcore.locks import among_others
from spiralcore.processes import Crew, Done, Event, Failed, Job
from spiralcore.recipe import VIDEOS, FilmSettings, NetworkRecipe, Quality, Recipe
from spiralcore.stage.filmtime import FilmTime
from spiralcore.training.jobs import training_job
from spiralcore.video.marking import film_key, is_drawn, is_up_to_date

SEGMENT_SECONDS = 4
"""Length of the segments that a film is drawn and encoded in."""

Watch = Callable[[str, Sequence[Job], Iterable[Event]], list[Failed]]
"""Shows progress: gets a name for the stage, its jobs and their events; returns the failures."""


@dataclass(frozen=True)
class FilmOrder:
    """A film to make.

    Attributes
    ----------
    film
        Its name in the catalogue.
    title
        What to call this one, for people.
    trajectories
        The files it shows.
    settings
        How it looks.
    targets
        For each format the file to make: ``{"mp4": ..., "gif": ..., "png": ...}``.
    """

    film: str
    title: str
    trajectories: tuple[Path, ...]
    settings: FilmSettings
    targets: dict[str, Path]

    def key(self, kind: str) -> str:
        """Name what a target is made from: the settings that matter for its format."""
        settings = self.settings.model_dump(mode="json")
        ignored = (
            {"gif_height", "gif_frame_rate", "gif_megabytes"} if kind != "gif" else {"quality"}
        )
        relevant = {name: value for name, value in settings.items() if name not in ignored}
        return film_key(self.film, self.trajectories, {**relevant, "format": kind})

    def missing(self) -> dict[str, str]:
        """Formats whose file is not there or not up to date, with the key of each."""
        keys = {kind: self.key(kind) for kind in self.targets}
        return {
            kind: key for kind, key in keys.items() if not is_up_to_date(self.targets[kind], key)
        }


@dataclass
class Outcome:
    """What a run has done.

    Attributes
    ----------
    made
        Files that were made.
    kept
        Files that were up to date.
    seconds
        How long each stage took.
    failures
        Jobs that failed.
    """

    made: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    failures: list[Failed] = field(default_factory=list)


def film_orders(recipe: Recipe) -> list[FilmOrder]:
    """The films that a recipe asks for, the longest to draw first."""
    orders = []
    for film in recipe.films:
        needs = FILMS[film].needs
        for networks in recipe.casts(film):
            classes, activation = networks[0].classes, networks[0].activation
            if needs is Needs.ALL:
                stem, title = film, "all class counts"
            elif needs is Needs.ROW:
                stem, title = f"{film}-{classes}-classes", f"{classes} classes"
            else:
                stem = f"{film}-{classes}-{activation}"
                title = f"{classes} classes, {ACTIVATIONS[activation].label}"
            orders.append(_order(recipe, film, stem + layer_ending(recipe.film), title, networks))
    return orders


def film_settings(recipe: Recipe, film: str) -> FilmSettings:
    """The settings of a film, with the room that its GIFs get."""
    megabytes = FILMS[film].gif_room * recipe.film.gif_megabytes
    return recipe.film.model_copy(update={"gif_megabytes": megabytes})


def layer_ending(settings: FilmSettings) -> str:
    """What the names of films end with that show another layer than the last one."""
    return "" if settings.layer is None else f"-layer-{settings.layer}"


def train_missing(
    recipe: Recipe, workers: int, watch: Watch, outcome: Outcome
) -> dict[Path, NetworkRecipe]:
    """Train the networks whose trajectory is not there yet.

    Returns
    -------
    dict
        The trajectories of the run that are there now.
    """
    paths = {recipe.trajectory_path(network): network for network in recipe.networks()}
    jobs = [training_job(network, path) for path, network in paths.items() if not path.exists()]
    started = time.monotonic()
    if jobs:
        with Crew(workers) as crew:
            for job in jobs:
                crew.submit(job)
            outcome.failures += watch("training", jobs, crew.events())
    outcome.seconds["training"] = time.monotonic() - started
    made = {Path(job.arguments["path"]) for job in jobs}
    for path in paths:
        if path.exists():
            (outcome.made if path in made else outcome.kept).append(path)
    return {path: network for path, network in paths.items() if path.exists()}


def film_missing(
    orders: Sequence[FilmOrder], work: Path, workers: int, watch: Watch, outcome: Outcome
) -> None:
    """Make the files that are missing or out of date.

    Parameters
    ----------
    orders
        What to make.
    work
        Folder for finished segments of unfinished films; a run that was interrupted goes on
        with them.
    workers
        Number of processes.
    watch
        Shows progress.
    outcome
        Is told what was made.
    """
    started = time.monotonic()
    wanted = [(order, order.missing()) for order in orders]
    for order, missing in wanted:
        for kind, target in order.targets.items():
            check_name(target)
            (outcome.made if kind in missing else outcome.kept).append(target)
    if any(missing for _, missing in wanted):
        with among_others(work):
            _film(wanted, work, workers, watch, outcome)
    _tidy(orders, work)
    outcome.seconds["films"] = time.monotonic() - started


def _film(
    wanted: Sequence[tuple[FilmOrder, dict[str, str]]],
    work: Path,
    workers: int,
    watch: Watch,
    outcome: Outcome,
) -> None:
    studio = _Studio(work)
    for order, missing in wanted:
        for kind, key in missing.items():
            studio.plan(order, kind, key)
    with Crew(workers) as crew:
        for job in studio.jobs:
            if job.function != JOIN:
                crew.submit(job)
        failures = watch("films", studio.jobs, studio.joining(crew))
    broken = {target for failure in failures for target in studio.targets_of(failure.job)}
    outcome.made = [path for path in outcome.made if path not in broken]
    outcome.failures += failures


def _tidy(orders: Sequence[FilmOrder], work: Path) -> None:
    """Remove what is left of the segments of finished films, unless somebody works there."""
    if work.exists():
        # In a folder that cannot be written they do no harm.
        with contextlib.suppress(OSError), among_others(work) as nobody_else:
            if nobody_else():
                for order in orders:
                    missing = order.missing()
                    for kind in order.targets:
                        if kind not in missing:
                            for left in work.glob(f"{order.key(kind)}-*"):
                                left.unlink()
                work.rmdir()


def clear(work: Path) -> None:
    """Remove segments of films that nobody asks for any more, unless somebody works there."""
    if work.exists():
        with contextlib.suppress(OSError), among_others(work) as nobody_else:
            if nobody_else():
                shutil.rmtree(work)


JOIN = "spiralcore.video.jobs:join_film"


class _Studio:
    """Plans the jobs for a set of files, and joins segments when all of a film are there."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self.jobs: list[Job] = []
        self._joins: dict[int, Job] = {}
        self._open: dict[int, int] = {}
        self._targets: dict[int, Path] = {}

    def plan(self, order: FilmOrder, kind: str, key: str) -> None:
        """Add the jobs for one file."""
        shared = {
            "film": order.film,
            "trajectories": [str(path) for path in order.trajectories],
            "settings": order.settings.model_dump(mode="json"),
        }
        target = order.targets[kind]
        name = f"{order.film}, {order.title}, {kind.upper()}"
        if kind in VIDEOS:
            self._plan_segments(order, shared, kind, key, name)
        elif kind == "gif":
            settings = order.settings
            frames = _time_of(settings).frames(settings.gif_frame_rate)
            weight = frames * 0.6 * (settings.gif_height / 540) ** 1.5
            self._plan_file(name, "draw_gif", {**shared, "key": key}, weight, target)
        else:
            self._plan_file(name, "draw_poster", {**shared, "key": key}, 10, target)

    def joining(self, crew: Crew) -> Iterable[Event]:
        """The crew's events; submits the joining of a film when its segments are done."""
        for job in list(self._joins.values()):
            if self._open[id(job)] == 0:
                crew.submit(job)
        for event in crew.events():
            yield event
            if isinstance(event, Done) and id(event.job) in self._joins:
                join = self._joins[id(event.job)]
                self._open[id(join)] -= 1
                if self._open[id(join)] == 0:
                    crew.submit(join)

    def targets_of(self, job: Job) -> list[Path]:
        """The files that a job is for."""
        return [self._targets[id(job)]] if id(job) in self._targets else []

    def _plan_file(
        self, name: str, function: str, arguments: dict[str, Any], weight: float, target: Path
    ) -> None:
        job = self._add(name, function, {**arguments, "path": str(target)}, weight, target)
        job.place, job.is_made = target, partial(is_up_to_date, target, arguments["key"])

    def _plan_segments(
        self, order: FilmOrder, shared: dict[str, Any], kind: str, key: str, name: str
    ) -> None:
        quality = Quality.parse(order.settings.quality)
        frames = _time_of(order.settings).frames(quality.frame_rate)
        length = SEGMENT_SECONDS * quality.frame_rate
        starts = range(0, frames, length)
        ending = ".mkv" if kind == "webm" else f".{kind}"
        target = order.targets[kind]
        segments = [self._work / f"{key}-{start // length:04d}{ending}" for start in starts]
        join = Job(
            title=f"{name}, joining",
            function=JOIN,
            arguments={
                "segments": [str(path) for path in segments],
                "path": str(target),
                "title": f"{order.film}: {order.title}",
                "key": key,
            },
            weight=5.0,
            place=target,
            is_made=partial(is_up_to_date, target, key),
        )
        self._open[id(join)] = 0
        for start, segment in zip(starts, segments, strict=True):
            if segment.exists():
                continue
            last = min(start + length, frames)
            weight = (last - start) * (quality.height / 1080) ** 1.5
            span = {"first": start, "last": last, "path": str(segment)}
            arguments = {**shared, "kind": kind, **span}
            job = self._add(f"{name}, frame {start}", "draw_segment", arguments, weight, target)
            job.place, job.is_made = segment, partial(is_drawn, segment, target, key)
            self._joins[id(job)] = join
            self._open[id(join)] += 1
        self.jobs.append(join)
        self._targets[id(join)] = target
        if self._open[id(join)] == 0:
            self._joins[id(join)] = join

    def _add(
        self, title: str, function: str, arguments: dict[str, Any], weight: float, target: Path
    ) -> Job:
        job = Job(title, f"spiralcore.video.jobs:{function}", arguments, weight)
        self.jobs.append(job)
        self._targets[id(job)] = target
        return job


def _time_of(settings: FilmSettings) -> FilmTime:
    return FilmTime(settings.hold, settings.seconds, settings.loop)


def _order(
    recipe: Recipe, film: str, stem: str, title: str, networks: Sequence[NetworkRecipe]
) -> FilmOrder:
    folder = Path(recipe.output)
    return FilmOrder(
        film=film,
        title=title,
        trajectories=tuple(recipe.trajectory_path(network) for network in networks),
        settings=film_settings(recipe, film),
        targets={kind: folder / f"{stem}.{kind}" for kind in recipe.formats},
    )
