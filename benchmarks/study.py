"""Studies: what a batch wins over single networks, and a Dask cluster beside the local pool.

Run by `python -m benchmarks.study`; prints Markdown, takes some five minutes on two cores. Leave
the machine alone while it runs.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from benchmarks.rows.clusters import dask_cluster
from spiralcore.cluster.address import Address
from spiralcore.cluster.cluster import Cluster
from spiralcore.recipe import NetworkRecipe
from spiralcore.study.grid import Grid, parse_grid
from spiralcore.study.study import Study
from spiralcore.system.cores import cores as available
from spiralcore.system.engine import Done, Engine
from spiralcore.system.worker_pool import WorkerPool
from spiralcore.training.batch import train_batch
from spiralcore.training.trainer import points_of, train

BATCHES = (1, 2, 4, 8, 16, 32)

CASES = (
    ("small", (64, 32), 100, 2, 2, "tanh"),
    ("small", (64, 32), 100, 7, 2, "tanh"),
    ("small", (64, 32), 100, 7, 2, "disk"),
    ("small", (64, 32), 100, 12, 8, "tanh"),
    ("default", (120, 80, 40), 200, 2, 2, "tanh"),
    ("default", (120, 80, 40), 200, 7, 2, "tanh"),
)
"""Name, hidden widths below the last, points a class, classes, units, activation."""

WARM, SECONDS = 10, 0.7

THROUGHPUT = """
[training]
epochs = 1500
[[part]]
classes = [2, 4, 6, 8]
units = [2, 4]
activations = ["tanh", "relu"]
seeds = 8
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args(arguments).repeats
    print(batch_table(repeats), flush=True)
    print(cluster_text(repeats), flush=True)


def batch_table(repeats: int) -> str:
    """Processor time of one epoch of one network, in batches of several sizes."""
    head = ["hidden widths", "points", "K", "D", "activation", "alone"]
    head += [f"B={size}" for size in BATCHES]
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    for _, widths, points, classes, units, name in CASES:
        grid = parse_grid(
            f"batch = 64\n[data]\npoints_per_class = {points}\n"
            f"[network]\ninner_widths = {list(widths)}\n[training]\nepochs = 1000000\n"
            f"[[part]]\nclasses = [{classes}]\n"
            f'units = [{units}]\nactivations = ["{name}"]\nseeds = {max(BATCHES)}\n',
            "benchmark",
        )
        ((*recipes,),) = (batch.networks for batch in grid.batches())
        best = [min(_alone(recipes[0]) for _ in range(repeats))]
        best += [min(_together(recipes[:size]) for _ in range(repeats)) for size in BATCHES]
        cells = [", ".join(map(str, widths)), points * classes, classes, units, name]
        cells += [f"{1e6 * seconds:.0f}" for seconds in best]
        lines.append(" | ".join(map(str, cells)))
    return "\n".join(f"| {line} |" for line in lines)


def _alone(recipe: NetworkRecipe) -> float:
    return _epoch_seconds(train(recipe, points_of(recipe)))


def _together(recipes: Sequence[NetworkRecipe]) -> float:
    points = [points_of(recipe) for recipe in recipes]
    return _epoch_seconds(train_batch(recipes, points)) / len(recipes)


def _epoch_seconds(steps: Iterator[object]) -> float:
    for _ in range(WARM):
        next(steps)
    started, epochs = time.process_time(), 0
    while time.process_time() - started < SECONDS:
        next(steps)
        epochs += 1
    return (time.process_time() - started) / epochs


def cluster_text(repeats: int) -> str:
    """Throughput of the local pool and of a Dask cluster on loopback, in turn."""
    cores = available()
    grid = parse_grid(THROUGHPUT, "benchmark")
    local, dask = [], []
    with tempfile.TemporaryDirectory() as name, dask_cluster(cores, Path(name)) as address:
        for number in range(repeats):
            with WorkerPool(cores) as pool:
                local.append(_rate(grid, pool, Path(name) / f"local-{number}"))
            with Cluster(Address.parse(address)) as cluster:
                dask.append(_rate(grid, cluster, Path(name) / f"dask-{number}"))
    ratios = [d / c for c, d in zip(local, dask, strict=True)]
    rounds = ", ".join(f"{ratio:.3f}" for ratio in ratios)
    return (
        f"\n{cores} processes of one thread, {len(grid.batches())} batches of {grid.batch} "
        f"networks, {repeats} rounds in turn.\n"
        f"Local pool: {median(local):.2f} networks a second; Dask on loopback: {median(dask):.2f}. "
        f"Ratio: {median(ratios):.3f} (rounds: {rounds})."
    )


def _rate(grid: Grid, engine: Engine, folder: Path) -> float:
    """Networks a second, with workers that have loaded everything already."""
    warm = Study(parse_grid(THROUGHPUT.replace("1500", "5"), ""), folder / "warm")
    for _ in warm.run(warm.jobs(), engine):
        pass
    study = Study(grid, folder)
    jobs = study.jobs()
    started = time.perf_counter()
    done = sum(isinstance(event, Done) for event in study.run(jobs, engine))
    seconds = time.perf_counter() - started
    assert done == len(jobs)
    rows: int = study.finish().num_rows
    return rows / seconds


if __name__ == "__main__":
    main()
