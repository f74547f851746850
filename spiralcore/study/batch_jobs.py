"""What a worker of a study does: trains a batch, and measures what became of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import SpiralError
from spiralcore.extras import TRAINING
from spiralcore.recipe import NetworkRecipe
from spiralcore.recipe.memory import check_memory
from spiralcore.registry.activations import activation
from spiralcore.study.grid import TRAINING_REVISION, Batch
from spiralcore.study.measures import MEASURES_REVISION, Final, measurements
from spiralcore.system.engine import Job, Report
from spiralcore.trajectory.trouble import ENOUGH

REPORTS = 50

PATH_EPOCHS = 64
"""Class means are kept at so many epochs at most, evenly on a logarithmic scale."""

Row = dict[str, Any]

DONE, DIVERGED, FAILED = "done", "diverged", "failed"
"""What can become of a network: the last is what became of its worker."""


REVISION = (TRAINING_REVISION, MEASURES_REVISION)
"""What the worker and whoever sends it must agree on."""


def batch_job(batch: Batch) -> Job:
    """The job that trains and measures a batch; it gives a `Row` for each network.

    Raises
    ------
    UsageError
        If this machine has too little memory for it.
    """
    check_memory(batch.networks[0], len(batch.networks), kept=0)
    return Job(
        title=batch.title,
        function="spiralcore.study.batch_jobs:train_and_measure",
        arguments={"recipes": _plain(batch), "revision": REVISION},
        weight=batch.work,
        needs=TRAINING,
    )


def measuring_job(batch: Batch, rows: list[Row]) -> Job:
    """The job that measures a batch anew, from its rows: see `measure_again`."""
    return Job(
        title=batch.title,
        function="spiralcore.study.batch_jobs:measure_again",
        arguments={"recipes": _plain(batch), "rows": rows, "revision": REVISION},
        weight=batch.work / 1000,
        needs=TRAINING,
    )


def _plain(batch: Batch) -> list[dict[str, Any]]:
    return [recipe.model_dump(mode="json") for recipe in batch.networks]


def train_and_measure(
    recipes: list[dict[str, Any]], revision: tuple[int, int], report: Report
) -> list[Row]:
    """Train a batch and measure its networks.

    Raises
    ------
    SpiralError
        If whoever asks has another version than this worker.
    """
    _agree(revision)
    from spiralcore.training.batch import train_batch
    from spiralcore.training.trainer import points_of

    networks = [NetworkRecipe.model_validate(recipe) for recipe in recipes]
    points = [points_of(network) for network in networks]
    classes, epochs = networks[0].classes, networks[0].training.epochs
    # Points come class by class.
    borders = np.cumsum(networks[0].data.class_sizes(classes))[:-1]
    stride = max(epochs // REPORTS, 1)
    path_epochs = _path_epochs(epochs)
    wanted = set(path_epochs)
    means, accuracies = [], []
    reached: list[int | None] = [None] * len(networks)
    for step in train_batch(networks, points):
        for b in np.flatnonzero(step.accuracy >= ENOUGH).tolist():
            if reached[b] is None:
                reached[b] = step.epoch
        if step.epoch in wanted:
            by_class = np.split(step.hidden, borders, axis=1)
            means.append(np.stack([own.mean(axis=1) for own in by_class], axis=1))
            accuracies.append(step.accuracy)
        if step.epoch % stride == 0:
            report(step.epoch / epochs)
        last = step
    rows: list[Row] = []
    for b in range(len(networks)):
        error = last.errors[b]
        if error is not None:
            rows.append({"status": DIVERGED, "error": str(error)})
            continue
        rows.append(
            {
                "status": DONE,
                "accuracy": float(last.accuracy[b]),
                "cross_entropy": float(last.cross_entropy[b]),
                "loss": float(last.cross_entropy[b] + last.penalty[b]),
                "epochs_to_99": reached[b],
                "readout_weight": _flat(last.readout_weight[b]),
                "readout_bias": _flat(last.readout_bias[b]),
                "path_epochs": path_epochs,
                "path_accuracy": [float(accuracy[b]) for accuracy in accuracies],
                "path_means": _flat(np.stack([mean[b] for mean in means])),
                "hidden": _flat(last.hidden[b]),
            }
        )
    return [_measured(network, row) for network, row in zip(networks, rows, strict=True)]


def _path_epochs(epochs: int) -> list[int]:
    """Epochs from 0 to the last, each once."""
    spaced = np.geomspace(1, epochs, PATH_EPOCHS - 1).round().astype(int)
    return [0, *sorted(set(spaced.tolist()))]


def measure_again(
    recipes: list[dict[str, Any]], rows: list[Row], revision: tuple[int, int], report: Report
) -> list[Row]:
    """Measure networks from what their rows keep of them; raises as `train_and_measure` does."""
    _agree(revision)
    networks = [NetworkRecipe.model_validate(recipe) for recipe in recipes]
    return [_measured(network, row) for network, row in zip(networks, rows, strict=True)]


def _agree(revision: tuple[int, int]) -> None:
    if tuple(revision) != REVISION:
        raise SpiralError(
            f"A worker has the revisions {REVISION} of training and measures, "
            f"and {tuple(revision)} are asked for.",
            "one version of spiralcore on all machines.",
            "pip install the same version for the workers, and start them again",
        )


def _measured(recipe: NetworkRecipe, row: Row) -> Row:
    if row["status"] != DONE:
        return row
    units, classes = recipe.network.widths[-1], recipe.classes
    final = Final(
        hidden=_array(row["hidden"]).reshape(-1, units),
        labels=np.repeat(np.arange(classes), recipe.data.class_sizes(classes)),
        readout_weight=_array(row["readout_weight"]).reshape(classes, units),
        readout_bias=_array(row["readout_bias"]),
        space=activation(recipe.activation).space,
    )
    return {**row, **measurements(final)}


def _flat(values: NDArray[np.float32]) -> list[float]:
    found: list[float] = values.ravel().tolist()
    return found


def _array(values: Any) -> NDArray[np.float32]:
    return np.asarray(values, dtype=np.float32)
