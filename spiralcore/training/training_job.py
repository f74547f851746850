"""Training one network from its recipe to its file: what a worker process does."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.data.table import TableData
from spiralcore.errors import PointerError, TrajectoryError, UsageError
from spiralcore.extras import TRAINING
from spiralcore.recipe import NetworkRecipe
from spiralcore.recipe.layers import drawn_layers
from spiralcore.recipe.memory import check_memory, points_count
from spiralcore.registry.policies import policy
from spiralcore.system.engine import Job, Report
from spiralcore.system.file_names import LONGEST_NAME, check_name
from spiralcore.system.files import whole_file
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.file import most_epochs, record_bytes
from spiralcore.trajectory.given import CLASS_NAMES, RUN_NAME
from spiralcore.trajectory.trouble import trouble

REPORTS = 200


def training_job(recipe: NetworkRecipe, path: Path) -> Job:
    """The job that trains a network and writes its trajectory.

    Raises
    ------
    UsageError
        If this machine has too little memory for it, a file too little room, or the file cannot
        have its name.
    """
    check_name(path)
    check_memory(recipe)
    check_file(recipe)
    sizes = (2, *recipe.network.widths, recipe.classes)
    products = sum(a * b for a, b in pairwise(sizes))
    points = points_count(recipe)
    data = recipe.data
    return Job(
        title=recipe.title,
        function="spiralcore.training.training_job:train_to_file",
        arguments={"recipe": recipe.model_dump(mode="json")},
        weight=float(points * products * recipe.training.epochs),
        reads={"table": Path(data.table)} if isinstance(data, TableData) else {},
        makes={"path": path},
        may_make={"failed": failed_attempts(path, recipe)},
        needs=TRAINING,
        place=path,
        is_made=partial(holds, path, recipe),
    )


def check_file(recipe: NetworkRecipe) -> None:
    """Refuse to record what a file cannot hold, before any of it is trained.

    Raises
    ------
    UsageError
        Saying how much it would be, and what fits.
    """
    settings, last = recipe.recording, recipe.training.epochs
    if settings.keep == "adaptive":  # that takes as many as there is room for
        return
    layers, units = len(drawn_layers(recipe.network.widths)), recipe.network.widths[-1]
    points = points_count(recipe)
    values = points * layers * units
    kept = len(next(policy(settings.keep).choices(AnyRun(last), settings)))
    most = most_epochs(values, layers)
    if kept > most:
        raise UsageError(
            f'{recipe.title}: keep = "{settings.keep}" keeps {kept:,} epochs of {points:,} points, '
            f"{record_bytes(kept, values, layers) / 1e9:.1f} GB.",
            f"at most {most:,} epochs of so many points, or {points * most // kept:,} points in "
            "so many epochs: more than that is not read again.",
            'keep = "adaptive", which takes as many as there is room for',
        )


class AnyRun:
    """A run of which only its length is known."""

    def __init__(self, last: int) -> None:
        self.last = last

    def within(self, tolerance: float) -> NDArray[np.int64]:
        """Its ends."""
        return np.array([0, self.last])


def holds(path: Path, recipe: NetworkRecipe) -> bool:
    """Whether a file holds the network of a recipe.

    Raises
    ------
    PointerError
        If its content is elsewhere: another network must not be put in its place.
    """
    try:
        found = Trajectory.load(path).recipe
    except PointerError:
        raise
    except TrajectoryError:
        return False
    return is_made_by(found, recipe.settings())


def is_made_by(recipe: Mapping[str, Any], settings: Mapping[str, Any]) -> bool:
    """Whether the recipe of a file has these settings; classes may be called as a table does."""
    said = {name: value for name, value in recipe.items() if name not in ("made", RUN_NAME)}
    return {CLASS_NAMES: said.get(CLASS_NAMES), **settings} == {CLASS_NAMES: None, **said}


def attempt_path(path: Path, number: int) -> Path:
    """Where a failed attempt belongs; a name that would become too long is cut."""
    ending, stem = f".attempt-{number}{path.suffix}", path.stem
    while len(os.fsencode(stem + ending)) > LONGEST_NAME:
        stem = stem[:-1]
    return path.with_name(stem + ending)


def failed_attempts(path: Path, recipe: NetworkRecipe) -> tuple[Path, ...]:
    """Where attempts 1, 2, ... of a recipe belong if they fail, see `attempt_path`."""
    return tuple(attempt_path(path, number + 1) for number in range(recipe.training.attempts))


def train_to_file(
    recipe: dict[str, Any],
    path: Path,
    failed: Sequence[Path],
    report: Report,
    table: Path | None = None,
) -> None:
    """Train a network, record it, and write the file once all of it is there.

    A run that dies or gets stuck is tried again with other first weights. The best of the failed
    attempts stands in for a good one where there is none; the others are kept beside it.

    Parameters
    ----------
    recipe
        The settings of the network.
    path
        Where the trajectory belongs.
    failed
        Where those of failed attempts do, see `failed_attempts`.
    report
        Is told how much of an attempt is done.
    table
        Where the points are, if they come from a table.
    """
    settings = NetworkRecipe.model_validate(recipe)
    earlier: list[dict[str, Any]] = []
    files: list[bytes] = []
    for attempt in range(1, settings.training.attempts + 1):
        trajectory, data = _run(settings, table, attempt, earlier, report)
        files.append(data)
        found = trouble(trajectory)
        if not found:
            break
        earlier.append(_what_became(trajectory, found))
    else:
        best = max(earlier, key=lambda run: (not run["dead_units"], run["accuracy"]))
        attempt = earlier.index(best) + 1
    for number, data in enumerate(files, 1):
        if number != attempt:
            _write(failed[number - 1], data)
    _write(path, files[attempt - 1])


def _run(
    recipe: NetworkRecipe,
    table: Path | None,
    attempt: int,
    earlier: list[dict[str, Any]],
    report: Report,
) -> tuple[Trajectory, bytes]:
    from spiralcore.training.step_recorder import StepRecorder
    from spiralcore.training.trainer import points_of, train

    here = {} if table is None else {"data": recipe.data.model_copy(update={"table": str(table)})}
    points = points_of(recipe.model_copy(update=here))
    recorder = StepRecorder(recipe, points, earlier)
    epochs = recipe.training.epochs
    stride = max(epochs // REPORTS, 1)
    for step in train(recipe, points, attempt):
        recorder.record(step)
        if step.epoch % stride == 0:
            report(step.epoch / epochs)
    return recorder.finish()


def _what_became(trajectory: Trajectory, found: str) -> dict[str, Any]:
    """What a later attempt remembers of a failed one."""
    return {
        "trouble": found,
        "accuracy": float(trajectory.accuracy[-1]),
        "cross_entropy": float(trajectory.cross_entropy[-1]),
        "loss": float(trajectory.loss[-1]),
        "dead_units": sorted(trajectory.dead_since),
    }


def _write(path: Path, data: bytes) -> None:
    with whole_file(path) as part:
        part.write_bytes(data)
