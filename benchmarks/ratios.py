"""Three ratios that cost half a minute, for continuous integration: `make ratios`.

They need none of the default networks. They are printed and judge nothing: on a machine that does
other things, too, they say which way something went, and `make bench` says how far.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure
from benchmarks.measuring import run
from benchmarks.rows.drawing import time_clouds
from benchmarks.rows.encoders import encoding_command
from benchmarks.table import text_table
from benchmarks.workshop import Workshop, metered_job, work_off
from spiralcore.recipe import NetworkRecipe
from spiralcore.system.engine import Job
from spiralcore.system.worker_pool import WorkerPool
from spiralcore.training.training_job import training_job

EPOCHS, WARM_EPOCHS = 600, 5
FRAMES = 90
OPENING = 2
"""Frames whose costs are those of opening the film."""


def main() -> None:
    """Measure and print."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        shop = Workshop(Path(folder))
        network = shop.scratch / "network.npz"
        parts: list[Callable[[], Iterator[Figure]]] = [
            lambda: _recording(network),
            lambda: _drawing(shop, network),
            _points,
        ]
        for part in parts:
            # Whatever one of them breaks down with, the others are still worth their seconds.
            try:
                figures += part()
            except Exception as error:
                print(f"broken down: {type(error).__name__}: {error}")
    print(text_table(figures))


def _recording(path: Path) -> Iterator[Figure]:
    """A training with the recorder against the same training alone."""
    with WorkerPool(1) as pool:

        def cost(epochs: int, *, alone: bool) -> float:
            training = {"epochs": epochs, "attempts": 1}
            recipe = NetworkRecipe.model_validate(
                {"classes": 4, "activation": "tanh", "seed": 1, "training": training}
            )
            job = training_job(recipe, path)
            if alone:
                job = Job(job.title, "benchmarks.rows.learning:train_alone", job.arguments)
            (spent,) = work_off(pool, [metered_job(job)])
            return float(spent["own"])

        cost(WARM_EPOCHS, alone=True)
        cost(WARM_EPOCHS, alone=False)
        path.unlink()
        alone = cost(EPOCHS, alone=True)
        recorded = cost(EPOCHS, alone=False)
    yield Figure(
        "9", f"{EPOCHS} epochs with the recorder, against training alone", "s CPU",
        recorded, alone, recorded / alone,
    )  # fmt: skip


def _drawing(shop: Workshop, network: Path) -> Iterator[Figure]:
    """Drawing and encoding frames of a film, against only encoding them."""
    from spiralcore.registry.encoders import H264

    frames = shop.scratch / "frames.yuv"
    with WorkerPool(1) as pool:

        def cost(count: int) -> float:
            arguments = {
                "film": "bending",
                "trajectories": [str(network)],
                "settings": shop.recipe.film.model_dump(mode="json"),
                "first": 12 * shop.quality.frame_rate,
                "count": count,
                "path": str(frames),
            }
            job = Job("frames", "benchmarks.footage:write_footage", arguments)
            (spent,) = work_off(pool, [metered_job(job)])
            return float(spent["own"])

        cost(OPENING)  # the first one compiles
        opening = cost(OPENING)
        drawn = 1000 * (cost(OPENING + FRAMES) - opening) / FRAMES
    film = shop.scratch / "film.mp4"
    encoding = 1000 * run(encoding_command(frames, film, H264, shop.quality)).cpu
    encoded = encoding / (OPENING + FRAMES)
    yield Figure(
        "3", "bending, processor time a frame, against only encoding it", "ms",
        drawn + encoded, encoded, (drawn + encoded) / encoded,
    )  # fmt: skip


def _points() -> Iterator[Figure]:
    """Drawing many points against drawing few."""
    taken = time_clouds(3, lambda share: None)
    most, few = median(taken[1_000_000]), median(taken[10_000])
    yield Figure("7e", "time a point, 10^6 points, against 10^4", "us", most, few, most / few)


if __name__ == "__main__":
    main()
