"""A run from nothing to all films, in little: how well its parts go together (19)."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, Target
from benchmarks.measuring import Spent, memory_of_all, run, spiral
from benchmarks.rows.encoders import encoding_command
from benchmarks.workshop import Workshop, metered_job, work_off
from spiralcore.recipe import Quality, Recipe, load_recipe
from spiralcore.system.engine import Job
from spiralcore.system.worker_pool import WorkerPool
from spiralcore.video.production import film_orders
from spiralcore.video.request import FilmOrder

SETTINGS = {
    "classes": [2, 3, 4],
    "training.epochs": 4000,
    "training.attempts": 1,
    "film.quality": "720p30",
    "film.gif_height": 360,
}
"""What makes the default run small: training and films take about as long in relation."""

FROM_NOTHING = (
    "Six networks, {films} films as MP4, GIF and poster, 720p30: the default run in little, with "
    "its start-up, which weighs the more."
)


class _Watched:
    """What is seen of a run from outside.

    Attributes
    ----------
    first
        Seconds until the first MP4 was there.
    memory
        The most that all of its processes held at a time, in MB.
    """

    def __init__(self, folder: Path) -> None:
        self.first, self.memory = 0.0, 0.0
        self._folder, self._started = folder, time.perf_counter()

    def look(self, process: int) -> None:
        """Look once."""
        self.memory = max(self.memory, memory_of_all(process))
        if not self.first and any(self._folder.glob("[!.]*.mp4")):
            self.first = time.perf_counter() - self._started


def make_render(shop: Workshop) -> Iterator[Figure]:
    """The whole run against its parts, its first film, its memory, and what films cost."""
    parts, wholes, seen = [], [], []
    films: list[Spent] = []
    for number in range(max(shop.repeats - 1, 1)):
        folder = shop.scratch / f"run-{number}"
        shop.say("a small run: training, then films")
        training = run(_command(folder, "--set", "films=[]"))
        films.append(run(_command(folder)))
        parts.append(training.wall + films[-1].wall)
        shutil.rmtree(folder)
        shop.say("a small run: from nothing")
        watched = _Watched(folder)
        wholes.append(run(_command(folder), look=watched.look).wall)
        seen.append(watched)
    recipe = load_recipe(None, {**SETTINGS, "output": str(folder)})
    orders = film_orders(recipe)
    whole = median(wholes)
    note = FROM_NOTHING.format(films=len(orders))
    yield Figure(
        "19", "make render from nothing, against training and then filming", "s",
        whole, median(parts), whole / median(parts), Target(most=0.85), note=note,
        timings={"ours": wholes, "peer": parts},
    )  # fmt: skip
    first = [watched.first for watched in seen]
    yield Figure(
        "19b", "make render from nothing: its first MP4, against all of it", "s",
        median(first), whole, median(first) / whole, Target(most=0.25),
        timings={"ours": first, "peer": wholes},
    )  # fmt: skip
    memory = [watched.memory for watched in seen]
    yield Figure(
        "19c", "make render: the most memory of all its processes together", "MB",
        max(memory), target=Target(most=2000, of="ours", unit="MB"),
        note="What they share counts once.", timings={"ours": memory},
    )  # fmt: skip
    only = _only_encoding(shop, recipe, orders)
    mine = [spent.cpu for spent in films]
    yield Figure(
        "19d", "the films of make render, processor time, against only encoding all files", "s CPU",
        median(mine), only, median(mine) / only, Target(most=1.35),
        note="Start-up and opening of each film counted in; MP4 and GIF from finished frames in a "
        "file, posters left out.",
        timings={"ours": mine, "peer": [only]},
    )  # fmt: skip


def _command(folder: Path, *more: str) -> list[str]:
    given = [f"{name}={value}" for name, value in SETTINGS.items()]
    options = [word for setting in given for word in ("--set", setting)]
    return spiral("render", *options, *more, "--out", folder)


def _only_encoding(shop: Workshop, recipe: Recipe, orders: list[FilmOrder]) -> float:
    """Processor time of the encoders of all MP4s and GIFs, in seconds."""
    from spiralcore.registry.encoders import H264

    spent = 0.0
    quality = Quality.parse(recipe.film.quality)
    for order in orders:
        shop.say(f"{order.film}, {order.title}: only encoding")
        arguments = {
            "film": order.film,
            "trajectories": order.trajectories,
            "settings": order.settings.model_dump(mode="json"),
        }
        frames, film = shop.scratch / "all.yuv", shop.scratch / "all.mp4"
        footage = {"first": 0, "count": order.frame_count, "path": str(frames)}
        gif = {"key": "", "path": shop.scratch / "all.gif"}
        with WorkerPool(shop.cores) as pool:
            _, cost = work_off(
                pool,
                [
                    Job("frames", "benchmarks.footage:write_footage", arguments | footage),
                    metered_job(Job("GIF", "spiralcore.video.film_jobs:draw_gif", arguments | gif)),
                ],
            )
        spent += cost["children"] + run(encoding_command(frames, film, H264, quality)).cpu
        frames.unlink()
    return spent
