"""Training one network from its recipe to its file: what a worker process does."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from spiralcore.files import whole_file
from spiralcore.processes import Job, Report
from spiralcore.recipe import NetworkRecipe

REPORTS = 200


def training_job(recipe: NetworkRecipe, path: Path) -> Job:
    """The job that trains a network and writes its trajectory."""
    sizes = (2, *recipe.network.widths, recipe.classes)
    products = sum(a * b for a, b in pairwise(sizes))
    points = recipe.classes * recipe.data.points_per_class
    return Job(
        title=recipe.title,
        function="spiralcore.training.jobs:train_to_file",
        arguments={"recipe": recipe.model_dump(mode="json"), "path": str(path)},
        weight=float(points * products * recipe.training.epochs),
    )


def train_to_file(recipe: dict[str, Any], path: str, report: Report) -> None:
    """Train a network, record it, and write the file once all of it is there."""
    from spiralcore.training.recorder import Recorder
    from spiralcore.training.trainer import points_of, train

    settings = NetworkRecipe.model_validate(recipe)
    points = points_of(settings)
    recorder = Recorder(settings, points)
    epochs = settings.training.epochs
    stride = max(epochs // REPORTS, 1)
    for step in train(settings, points):
        recorder.record(step)
        if step.epoch % stride == 0:
            report(step.epoch / epochs)
    _, data = recorder.finish()
    with whole_file(Path(path)) as part:
        part.write_bytes(data)
