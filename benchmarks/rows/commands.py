"""What someone who types waits for: commands, loading, a run with nothing to do (10, 11, 13)."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median

from benchmarks.figures import Figure, Target
from benchmarks.measuring import python, run, spiral
from benchmarks.workshop import Workshop, work_off
from spiralcore.errors import SpiralError
from spiralcore.system.engine import Job, Report
from spiralcore.system.worker_pool import WorkerPool
from spiralcore.video.production import film_orders

TIMES = 10
EVALUATIONS = 300
SECONDS = 20.0

HEAVY = {"torch", "manim", "numba"}

SMALL_RECIPE = """
classes = [2]
activations = ["tanh"]
films = ["bending"]
close_ups = [2]
[training]
epochs = 200
[film]
quality = "240p30"
seconds = 1.0
gif_height = 180
"""


def answers(shop: Workshop) -> Iterator[Figure]:
    """`spiral --help`, `spiral info FILE`, `spiral diff FILE FILE`."""
    file = shop.trajectory(7, "tanh")
    for letter, name, words, limit in (
        ("a", "spiral --help", ["--help"], 0.07),
        ("b", "spiral info FILE", ["info", str(file)], 0.25),
        ("c", "spiral diff FILE FILE", ["diff", str(file), str(file)], 0.5),
    ):
        shop.say(name)
        loaded = _loaded(words)
        taken = [run(spiral(*words)).wall for _ in range(TIMES)]
        yield Figure(
            f"10{letter}", name, "s", median(taken),
            target=Target(most=limit, of="ours", unit="s"),
            conditions={"loads no torch, manim, numba": not loaded},
            note=f"Loads {', '.join(loaded) or 'neither torch nor manim nor numba'}.",
            timings={"ours": taken},
        )  # fmt: skip


def _loaded(words: list[str]) -> list[str]:
    """Which heavy packages a call of `spiral` loads."""
    program = (
        "import atexit, sys\n"
        "from spiralcore.cli import main\n"
        f"atexit.register(lambda: print('loaded:', *({HEAVY!r} & sys.modules.keys())))\n"
        f"main({words!r})\n"
    )
    lines = run(python("-c", program)).output.splitlines()
    return sorted(next(line for line in lines if line.startswith("loaded:")).split()[1:])


def trajectories(shop: Workshop) -> Iterator[Figure]:
    """Loading a file, and one frame of it."""
    shop.say("loading and evaluating a trajectory")
    path = str(shop.trajectory(7, "tanh"))
    job = Job("loading", "benchmarks.rows.commands:time_trajectory", {"path": path})
    with WorkerPool(1) as pool:
        (taken,) = work_off(pool, [job])
    for letter, name, title, unit, limit in (
        ("a", "load", "loading the default K=7 tanh trajectory", "s", 0.3),
        ("b", "evaluate", "one frame of it, Trajectory.evaluate", "ms", 1.0),
        ("c", "at", "one frame of it, Playback.at (smoothed)", "ms", 1.0),
    ):
        yield Figure(
            f"11{letter}", title, unit, median(taken[name]),
            target=Target(most=limit, of="ours", unit=unit), timings={"ours": taken[name]},
        )  # fmt: skip


def time_trajectory(path: str, report: Report) -> dict[str, list[float]]:
    """Seconds to load, milliseconds to evaluate; in a worker process."""
    import numpy as np

    from spiralcore.trajectory import Trajectory
    from spiralcore.trajectory.play.pacing import timeline
    from spiralcore.trajectory.play.playback import Playback

    def timed(call: Callable[[], object]) -> float:
        started = time.perf_counter()
        call()
        return time.perf_counter() - started

    load = [timed(lambda: Trajectory.load(path)) for _ in range(TIMES)]
    trajectory = Trajectory.load(path)
    playback = Playback(trajectory, timeline([trajectory], SECONDS, "motion"))
    playback.at(SECONDS / 2)
    rng = np.random.default_rng(0)
    epochs = rng.uniform(0, trajectory.trained_epochs, EVALUATIONS).tolist()
    seconds = rng.uniform(0, SECONDS, EVALUATIONS).tolist()
    return {
        "load": load,
        "evaluate": [1000 * timed(partial(trajectory.evaluate, epoch)) for epoch in epochs],
        "at": [1000 * timed(partial(playback.at, second)) for second in seconds],
    }


def nothing_to_do(shop: Workshop) -> Iterator[Figure]:
    """`make render` when all is there."""
    recipe = shop.scratch / "small.toml"
    recipe.write_text(SMALL_RECIPE, encoding="utf-8")
    small = [f"RECIPE={recipe}", f"OUT={shop.scratch / 'small'}"]
    shop.say("make render: a small recipe")
    _make(small)
    yield _idle("13a", "make render with nothing to do, a small recipe", small)
    if all(not order.missing() for order in film_orders(shop.recipe)):
        yield _idle("13b", "make render with nothing to do, the default recipe", [])


def _make(settings: list[str]) -> tuple[float, str]:
    spent = run(["make", "--no-print-directory", "render", f"VENV={sys.prefix}", *settings])
    return spent.wall, spent.output


def _idle(number: str, title: str, settings: list[str]) -> Figure:
    taken = []
    for _ in range(TIMES):
        seconds, said = _make(settings)
        if "up to date" not in said:
            raise SpiralError(f"make render was to do nothing, and said: {said.strip()}")
        taken.append(seconds)
    return Figure(
        number, title, "s", median(taken), target=Target(most=1.0, of="ours", unit="s"),
        timings={"ours": taken},
    )  # fmt: skip
