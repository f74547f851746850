from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from spiralcore.study.grid import Grid, parse_grid
from spiralcore.study.study import Study
from spiralcore.system.engine import Failed
from spiralcore.system.worker_pool import worker_pool
from tests.conftest import made_once

SMALL = """
batch = 2
[data]
points_per_class = 20
[network]
inner_widths = [12, 8]
[training]
epochs = 120
[[part]]
classes = [2, 3]
units = [1, 2]
activations = ["tanh", "relu", "disk"]
seeds = 3
"""
"""36 networks in 24 batches that take some seconds."""


def small_grid(**training: float) -> Grid:
    text = SMALL
    for name, value in training.items():
        text = text.replace("[training]", f"[training]\n{name} = {value}")
    if "epochs" in training:
        text = text.replace("epochs = 120\n", "")
    return parse_grid(text, "small.toml")


def finished(folder: Path, grid: Grid, jobs: int = 0) -> tuple[pa.Table, list[Failed]]:
    """Run a study here, or with so many workers."""
    study = Study(grid, folder)
    todo = study.jobs()
    with worker_pool(jobs) as pool:
        failed = [event for event in study.run(todo, pool) if isinstance(event, Failed)]
    return study.finish(), failed


@pytest.fixture(scope="session")
def small_study() -> Path:
    """Folder of a finished small study; not to be changed."""
    return made_once("study", lambda folder: finished(folder / "small", small_grid())) / "small"


__all__ = ["SMALL", "finished", "small_grid", "small_study"]
