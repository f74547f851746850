"""A run: train what is missing, film what is missing."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spiralcore.errors import SpiralError
from spiralcore.extras import DRAWING, TRAINING, require
from spiralcore.recipe import FilmSettings, NetworkRecipe, Recipe
from spiralcore.registry.films import FILMS, STORY, check_layout
from spiralcore.registry.formats import OUTPUT_FORMATS
from spiralcore.subjects import subject_of
from spiralcore.subjects.runs import check_shown, trajectories
from spiralcore.system.engine import Engine, Event, Failed, Job
from spiralcore.system.file_names import check_name
from spiralcore.system.locks import among_others
from spiralcore.training.training_job import training_job
from spiralcore.video.encode.fitting import side_with_room
from spiralcore.video.render_plan import RenderPlan
from spiralcore.video.request import FilmOrder
from spiralcore.video.voice import check_narrations

SEGMENTS = ".segments"
"""Folder of finished pieces of unfinished films, beside the films."""

Watch = Callable[[str, Sequence[Job], Iterable[Event]], list[Failed]]
"""Shows progress: gets a name for the stage, its jobs and their events; returns the failures."""


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
    drawn
        How many frames were drawn, each of them once for all formats that want it.
    failures
        Jobs that failed.
    absent
        Files that were asked for and are not there, with what became of them: ``"failed"``, or
        ``"left out"`` for want of something else that failed.
    lengths
        Of films, in seconds.
    """

    made: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    drawn: int = 0
    failures: list[Failed] = field(default_factory=list)
    absent: dict[Path, str] = field(default_factory=dict)
    lengths: dict[Path, float] = field(default_factory=dict)

    def spent(self, stage: str, since: float) -> None:
        """Add the time since a moment of `time.monotonic` to that of a stage."""
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.monotonic() - since


@dataclass(frozen=True)
class Round:
    """Networks to train, and then films to make that show them.

    Attributes
    ----------
    trajectories
        The networks, by their files.
    orders
        The films, the quickest first.
    """

    trajectories: dict[Path, NetworkRecipe]
    orders: list[FilmOrder]


def film_orders(recipe: Recipe) -> list[FilmOrder]:
    """The films that a recipe asks for, the longest to draw first.

    Raises
    ------
    UsageError
        If it asks for a layout that none of them has.
    """
    layout, orders = recipe.film.layout, []
    if recipe.films and not any(layout in FILMS[film].layouts for film in recipe.films):
        check_layout(recipe.films[0], layout)
    for film in recipe.films:
        subject = subject_of(FILMS[film])
        for cast in subject.casts(recipe, film):
            stem, title = subject.name(film, cast)
            orders.append(_order(recipe, film, stem + name_ending(recipe.film), title, cast))
    return orders


def rounds(recipe: Recipe, engine: Engine) -> list[Round]:
    """Divide a run, so that the first films are there soon.

    Parameters
    ----------
    recipe
        Its settings.
    engine
        Who does the work; the first round has networks for all of its cores.

    Returns
    -------
    list
        At most two; one if nothing has to be trained but what the first films show.
    """
    networks = trajectories(recipe)
    check_shown(recipe)
    orders = sorted(film_orders(recipe), key=lambda order: len(order.trajectories))
    check_narrations({order.stem: order.settings.narration for order in orders})
    if all(path.exists() for path in networks):
        return [Round(networks, orders)]
    first: set[Path] = set()
    for order in orders:
        if len(first) < engine.cores:
            first.update(order.trajectories)
    if not first or all(path.exists() for path in networks if path not in first):
        return [Round(networks, orders)]
    early = [order for order in orders if first.issuperset(order.trajectories)]
    return [
        Round({path: networks[path] for path in networks if path in first}, early),
        Round(
            {path: networks[path] for path in networks if path not in first},
            [order for order in orders if order not in early],
        ),
    ]


def film_settings(recipe: Recipe, film: str) -> FilmSettings:
    """The settings of a film: room and height of its GIFs, and a layout that it has."""
    entry, settings = FILMS[film], recipe.film
    room, usual = entry.gif_room * settings.gif_megabytes, FilmSettings()
    need = entry.gif_need * settings.seconds / usual.seconds
    height = side_with_room(settings.gif_height, usual.gif_height, need, room)
    changed: dict[str, object] = {"gif_megabytes": room, "gif_height": height}
    if settings.layout not in entry.layouts:
        changed["layout"] = STORY
    return settings.model_copy(update=changed)


def name_ending(settings: FilmSettings) -> str:
    """What the names of films end with that show another layer than the last one, or are not 16:9.

    They may lie beside those that do and are.
    """
    layer = "" if settings.layer is None else f"-layer-{settings.layer}"
    return layer + aspect_ending(settings)


def aspect_ending(settings: FilmSettings) -> str:
    """What the names of films end with that are not 16:9."""
    return "" if settings.aspect == "16:9" else f"-{settings.aspect.replace(':', 'x')}"


def train_missing(
    paths: Mapping[Path, NetworkRecipe], engine: Engine, watch: Watch, outcome: Outcome
) -> dict[Path, NetworkRecipe]:
    """Train the networks whose trajectory is not there yet.

    Parameters
    ----------
    paths
        The networks, by the files of their trajectories.
    engine
        Trains them.
    watch
        Shows progress.
    outcome
        Is told what was made.

    Returns
    -------
    dict
        Those that are there now.
    """
    todo = {path: training_job(recipe, path) for path, recipe in paths.items() if not path.exists()}
    started = time.monotonic()
    if todo:
        require(TRAINING)
        for job in todo.values():
            engine.submit(job)
        outcome.failures += watch("training", list(todo.values()), engine.events())
        engine.rest()
    outcome.spent("training", started)
    for path in paths:
        if path.exists():
            (outcome.made if path in todo else outcome.kept).append(path)
        else:
            outcome.absent[path] = "failed"
    return {path: network for path, network in paths.items() if path.exists()}


def film_missing(
    orders: Sequence[FilmOrder], work: Path, engine: Engine, watch: Watch, outcome: Outcome
) -> None:
    """Make the files that are missing or out of date.

    Parameters
    ----------
    orders
        What to make.
    work
        Folder for finished segments of unfinished films; a run that was interrupted goes on
        with them.
    engine
        Draws and finishes them.
    watch
        Shows progress.
    outcome
        Is told what was made.
    """
    started = time.monotonic()
    wanted = []
    for order in orders:
        missing = order.missing()
        if missing:
            wanted.append((order, missing))
        for kind, target in order.targets.items():
            check_name(target)
            if OUTPUT_FORMATS[kind].kind != "still":
                outcome.lengths[target] = order.seconds(kind)
            (outcome.made if kind in missing else outcome.kept).append(target)
    if wanted:
        require(DRAWING)
        with among_others(work):
            _film(wanted, work, engine, watch, outcome)
    _tidy(orders, work)
    outcome.spent("films", started)


def _film(
    wanted: Sequence[tuple[FilmOrder, dict[str, str]]],
    work: Path,
    engine: Engine,
    watch: Watch,
    outcome: Outcome,
) -> None:
    plan = RenderPlan(work)
    for order, missing in wanted:
        plan.plan(order, missing, is_last=order is wanted[-1][0])
    failures = watch("films", plan.jobs, plan.events(engine))
    engine.rest()
    broken = {target for failure in failures for target in plan.targets_of(failure.job)}
    outcome.made = [path for path in outcome.made if path not in broken]
    outcome.absent |= dict.fromkeys(sorted(broken), "failed")
    outcome.failures += failures
    outcome.drawn += plan.drawn


def _tidy(orders: Sequence[FilmOrder], work: Path) -> None:
    """Remove what is left of the segments of finished films, unless somebody works there."""
    if work.exists():
        # In a folder that cannot be written, or that has been taken away, they do no harm.
        with contextlib.suppress(OSError, SpiralError), among_others(work) as nobody_else:
            if nobody_else():
                for order in orders:
                    for key in order.done_with():
                        for left in work.glob(f"{key}-*"):
                            left.unlink()
                work.rmdir()


def clear(work: Path) -> None:
    """Remove segments of films that nobody asks for any more, unless somebody works there."""
    if work.exists():
        with contextlib.suppress(OSError), among_others(work) as nobody_else:
            if nobody_else():
                shutil.rmtree(work)


def _order(
    recipe: Recipe, film: str, stem: str, title: str, networks: Sequence[NetworkRecipe]
) -> FilmOrder:
    folder = Path(recipe.output)
    kinds = recipe.formats
    if FILMS[film].in_shots:
        # Minutes of it are nothing for a small animation, unless that is all that is asked for.
        kinds = tuple(kind for kind in kinds if OUTPUT_FORMATS[kind].kind != "animation") or kinds
    return FilmOrder(
        film=film,
        title=title,
        trajectories=tuple(recipe.trajectory_path(network) for network in networks),
        settings=film_settings(recipe, film),
        targets={kind: OUTPUT_FORMATS[kind].file(folder, stem) for kind in kinds},
    )
