"""A Dask cluster on loopback beside the local pool, on the same cores (14)."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, Target
from benchmarks.workshop import Workshop, work_off
from spiralcore.cluster.address import Address
from spiralcore.cluster.cluster import Cluster
from spiralcore.recipe import NetworkRecipe
from spiralcore.system.engine import Engine, Failed
from spiralcore.system.worker_pool import WorkerPool
from spiralcore.training.training_job import training_job
from spiralcore.video.render_plan import RenderPlan
from spiralcore.video.request import FilmOrder

CLASSES, SEEDS, EPOCHS = (2, 3), 3, 2_000
"""Networks of one rate: so many class counts and seeds."""

FILM = {"seconds": 20.0, "hold": 1.5}
"""As long as it is by default, so that each worker has several passes."""

NOTE = (
    "As many workers as cores, each with everything loaded; rounds in turn. Sending, hashing and "
    "writing what comes back are counted in, scheduler and caller have the same cores. {more}"
)


def against_pool(shop: Workshop) -> Iterator[Figure]:
    """Networks and frames a second: a cluster's against the local pool's."""
    rates: dict[str, tuple[list[float], list[float]]] = {"networks": ([], []), "frames": ([], [])}
    with (
        dask_cluster(shop.cores, shop.scratch) as address,
        Cluster(Address.parse(address), shop.cores) as cluster,
        WorkerPool(shop.cores) as pool,
    ):
        engines: tuple[Engine, Engine] = (cluster, pool)
        for engine in engines:
            shop.say("cluster and pool: loading")
            networks_a_second(shop, engine, epochs=20)
            frames_a_second(shop, engine)
        for turn in range(shop.repeats):
            # Each is first in turn.
            for which in (0, 1) if turn % 2 else (1, 0):
                shop.say(f"{'pool' if which else 'cluster'}: networks, then a film")
                rates["networks"][which].append(networks_a_second(shop, engines[which]))
                rates["frames"][which].append(frames_a_second(shop, engines[which]))
    for number, what, title, more in (
        ("14a", "networks", "networks a second",
         f"{len(CLASSES) * SEEDS} networks of {CLASSES[0]} and {CLASSES[-1]} classes, "
         f"{EPOCHS:,} epochs, recorded."),
        ("14b", "frames", "frames a second of row",
         "MP4 and GIF of four classes, 1080p60; joining and the GIF are the caller's on both."),
    ):  # fmt: skip
        ours, peer = rates[what]
        yield Figure(
            number, f"{title}, a cluster against the local pool", "/s",
            median(ours), median(peer), median(ours) / median(peer), Target(least=0.95),
            note=NOTE.format(more=more), timings={"ours": ours, "peer": peer},
        )  # fmt: skip


def networks_a_second(shop: Workshop, engine: Engine, epochs: int = EPOCHS) -> float:
    """How fast networks are trained, recorded and written."""
    recipes = [
        NetworkRecipe.model_validate(
            {"classes": classes, "activation": "tanh", "seed": seed,
             "training": {"epochs": epochs, "attempts": 1}}
        )
        for seed in range(SEEDS) for classes in CLASSES
    ]  # fmt: skip
    folder = _fresh(shop)
    jobs = [training_job(recipe, folder / recipe.file_name) for recipe in recipes]
    started = time.perf_counter()
    work_off(engine, jobs)
    return len(jobs) / (time.perf_counter() - started)


def frames_a_second(shop: Workshop, engine: Engine) -> float:
    """How fast a film is drawn and finished."""
    folder = _fresh(shop)
    settings = shop.recipe.film.model_copy(update=FILM)
    targets = {kind: folder / f"row.{kind}" for kind in ("mp4", "gif")}
    order = FilmOrder("row", "benchmark", shop.cast("row"), settings, targets)
    plan = RenderPlan(folder / "segments")
    plan.plan(order, order.missing(), is_last=True)
    started = time.perf_counter()
    for event in plan.events(engine):
        if isinstance(event, Failed):
            raise event.error
    return plan.drawn / (time.perf_counter() - started)


def _fresh(shop: Workshop) -> Path:
    """A folder that nothing is in yet."""
    folder = shop.scratch / f"cluster-{time.monotonic_ns()}"
    folder.mkdir()
    return folder


@contextmanager
def dask_cluster(workers: int, folder: Path) -> Iterator[str]:
    """A scheduler and workers, each a process of its own; gives the address."""
    log = folder / "scheduler.log"
    processes = [
        _start("dask_scheduler", log, "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    ]
    try:
        address = _address(log)
        processes.append(
            _start(
                "dask_worker", folder / "worker.log", address, "--nworkers", str(workers),
                "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder / "dask"),
            )
        )  # fmt: skip
        yield address
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait()


def _start(program: str, log: Path, *arguments: str) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{program}", *arguments],
            stdout=output,
            stderr=output,
        )


def _address(log: Path) -> str:
    for _ in range(300):
        found = re.search(r"Scheduler at: +(tcp://\S+)", log.read_text(encoding="utf-8"))
        if found:
            return found[1]
        time.sleep(0.1)
    raise TimeoutError(log.read_text(encoding="utf-8"))
