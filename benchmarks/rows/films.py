"""The film `classes` as `spiral render` makes it, against other ways to make it (1, 2)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import fmean, median

import imageio_ffmpeg

from benchmarks.figures import Figure, Target
from benchmarks.measuring import interleaved, python, run, spiral
from benchmarks.workshop import Workshop, work_off
from spiralcore.system.engine import Job
from spiralcore.system.worker_pool import WorkerPool

MANIM_FRAMES, MATPLOTLIB_FRAMES = 10, 25
WARM_FRAMES = 3
"""Frames of a peer that are not counted."""

MANIM_NOTE = (
    "Ours: the whole default film by `spiral render`, all workers, start-up and joining counted "
    "in. Peers (1, 2): time from frame to frame while they draw and encode, start-up not counted; "
    "they draw no texts, curves and bars. Manim also draws no outlines of points and no moving "
    "regions in the data panels."
)
MATPLOTLIB_NOTE = (
    "Saving an animation never blits, so what stands still is one image behind. FuncAnimation "
    "draws each frame twice when it saves; that is its own."
)
STAMPED_NOTE = (
    "The same with a collection for each colour, which matplotlib stamps at whole pixels: not the "
    "same picture, as points jump and the last class covers the others."
)


def against_peers(shop: Workshop) -> Iterator[Figure]:
    """Wall time a frame: ours, plain Manim, matplotlib."""
    picture = _picture(shop)
    film = shop.scratch / "classes.mp4"

    def ours() -> float:
        shop.say("classes, 1080p60: spiral render")
        film.unlink(missing_ok=True)
        spent = run(spiral("render", "classes", *shop.cast("classes"), "--out", film))
        frames, _ = imageio_ffmpeg.count_frames_and_secs(str(film))
        return 1000 * spent.wall / int(frames)

    def manim() -> float:
        shop.say("classes, 1080p60: plain Manim")
        return _peer("manim_dots", picture, shop.scratch / "manim", MANIM_FRAMES + WARM_FRAMES + 1)

    def matplotlib(form: str) -> float:
        shop.say(f"classes, 1080p60: matplotlib, {form}")
        return _peer("matplotlib_film", picture, shop.scratch / "matplotlib.mp4", form)

    mine, dots, exact, stamped = interleaved(
        shop.repeats, ours, manim, partial(matplotlib, "exact"), partial(matplotlib, "stamped")
    )
    for number, name, peer, target, how in (
        ("1", "plain Manim, a VGroup of Dots", dots, Target(least=30), MANIM_NOTE),
        ("2", "matplotlib, FuncAnimation", exact, Target(least=8), MATPLOTLIB_NOTE),
        ("2b", "matplotlib, points at whole pixels", stamped, None, STAMPED_NOTE),
    ):
        yield Figure(
            number, f"classes, wall time a frame, against {name}", "ms",
            median(mine), median(peer), median(peer) / median(mine), target,
            note=how, timings={"ours": mine, "peer": peer},
        )  # fmt: skip


def _picture(shop: Workshop) -> Path:
    path = shop.scratch / "picture.pickle"
    shop.say("classes: working out the picture for the peers")
    job = Job(
        "picture",
        "benchmarks.peers.picture:write_picture",
        {
            "trajectories": [str(name) for name in shop.cast("classes")],
            "first": shop.midst("classes"),
            "count": MATPLOTLIB_FRAMES + WARM_FRAMES + 1,
            "path": str(path),
        },
    )
    with WorkerPool(1) as pool:
        work_off(pool, [job])
    return path


def _peer(name: str, *arguments: str | Path | int) -> float:
    """Run a peer; its mean time a frame in ms, without the first ones."""
    spent = run(python("-m", f"benchmarks.peers.{name}", *arguments))
    answer = next(line for line in spent.output.splitlines() if line.startswith("{"))
    seconds: list[float] = json.loads(answer)["seconds"]
    return 1000 * fmean(seconds[WARM_FRAMES:])
