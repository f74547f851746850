"""Before the first frame: a film that is opened, one that is asked for, one made again (20)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import Figure, Target
from benchmarks.measuring import run, spiral
from benchmarks.workshop import Workshop, metered_job, work_off
from spiralcore.recipe import FilmSettings, Quality
from spiralcore.system.engine import Job, Report
from spiralcore.system.worker_pool import WorkerPool

QUICK = ("--quality", "480p15", "--seconds", "2")
"""A film that somebody asks for to see whether it is the right one."""

AGAIN = {"language": ("--language", "de"), "theme": ("--theme", "light")}
"""Changes after which a film is made again."""


def opening(shop: Workshop) -> Iterator[Figure]:
    """What somebody waits for before anything is drawn, or because of little."""
    yield _opened(shop)
    yield from _made_again(shop)
    yield _cold(shop)


def _opened(shop: Workshop) -> Figure:
    arguments = {
        "film": "classes",
        "trajectories": [str(path) for path in shop.cast("classes")],
        "settings": shop.recipe.film.model_dump(mode="json"),
    }
    job = Job("opening", "benchmarks.rows.opening:open_up_to_first_frame", arguments)
    taken = []
    for _ in range(shop.repeats):
        shop.say("classes: opening it in a new worker")
        with WorkerPool(1) as pool:
            (spent,) = work_off(pool, [metered_job(job)])
        taken.append(spent["wall"])
    return Figure(
        "20", "opening classes, up to its first frame", "s", median(taken),
        target=Target(most=1.0, of="ours", unit="s"),
        note="A new worker: Manim and compiled code are loaded, twelve files read, the timeline "
        "and the views worked out, a frame drawn.",
        timings={"ours": taken},
    )  # fmt: skip


def open_up_to_first_frame(
    film: str, trajectories: list[str], settings: dict[str, Any], report: Report
) -> None:
    """Open a film and draw a frame, in a worker process that has loaded nothing."""
    from spiralcore.video.opening import load_source, open_film

    parsed = FilmSettings.model_validate(settings)
    sources = [load_source(film, Path(name)) for name in trajectories]
    open_film(film, sources, parsed, *Quality.parse(parsed.quality)).show(0)


def _made_again(shop: Workshop) -> Iterator[Figure]:
    """The film of all networks with other captions, or other colours, against its first time."""
    film = shop.scratch / "again.mp4"

    def made(*changes: str) -> float:
        return run(spiral("render", "classes", *shop.cast("classes"), "--quality", "720p30",
                          "--out", film, *changes)).wall  # fmt: skip

    first: list[float] = []
    again: dict[str, list[float]] = {name: [] for name in AGAIN}
    for _ in range(shop.repeats):
        shop.say("classes: for the first time, then with other captions and colours")
        film.unlink(missing_ok=True)
        first.append(made())
        for name, changes in AGAIN.items():
            again[name].append(made(*changes))
    for number, (name, taken) in zip(("20b", "20c"), again.items(), strict=True):
        yield Figure(
            number, f"classes, 720p30, with another {name}, against its first time", "s",
            median(taken), median(first), median(taken) / median(first), Target(most=0.5),
            note="All in, from `spiral render` to the file." if number == "20b" else "",
            timings={"ours": taken, "peer": first},
        )  # fmt: skip


def _cold(shop: Workshop) -> Figure:
    (file,) = shop.cast("bending")
    out = shop.scratch / "cold.mp4"
    taken = []
    for _ in range(2 * shop.repeats):
        shop.say("bending: a small film, cold")
        out.unlink(missing_ok=True)
        taken.append(run(spiral("render", "bending", file, *QUICK, "--out", out)).wall)
    return Figure(
        "20d", f"spiral render bending FILE {' '.join(QUICK)}", "s", median(taken),
        target=Target(most=2.5, of="ours", unit="s"), timings={"ours": taken},
    )  # fmt: skip
