"""The film `classes` as `spiral render` makes it, against other ways to make it (1, 2)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean, median

import imageio_ffmpeg

from benchmarks.figures import Figure, Target
from benchmarks.measuring import interleaved, python, run, spiral
from benchmarks.workshop import Workshop, work_off
from spiralcore.processes import Crew, Job

FIRST_FRAME = 400
"""In the midst of the training."""

MANIM_FRAMES, MATPLOTLIB_FRAMES = 12, 40
WARM_FRAMES = 3
"""Frames of a peer that are not counted."""


def against_peers(shop: Workshop) -> Iterator[Figure]:
    """Wall time a frame: ours, plain Manim, matplotlib."""
    picture = _picture(shop)
    target = shop.scratch / "classes.mp4"

    def ours() -> float:
        shop.say("classes, 1080p60: spiral render")
        target.unlink(missing_ok=True)
        spent = run(spiral("render", "classes", *shop.cast("classes"), "--out", target))
        frames, _ = imageio_ffmpeg.count_frames_and_secs(str(target))
        return 1000 * spent.wall / frames

    def manim() -> float:
        shop.say("classes, 1080p60: plain Manim")
        return _peer("manim_dots", picture, shop.scratch / "manim")

    def matplotlib() -> float:
        shop.say("classes, 1080p60: matplotlib")
        return _peer("matplotlib_film", picture, shop.scratch / "matplotlib.mp4")

    mine, dots, plots = interleaved(shop.repeats, ours, manim, matplotlib)
    for number, name, peer, least, how in (
        ("1", "plain Manim, a VGroup of Dots", dots, 30, f"{MANIM_FRAMES} frames"),
        ("2", "matplotlib, FuncAnimation", plots, 8, f"{MATPLOTLIB_FRAMES} frames; saving an "
         "animation never blits, so its still parts are one image behind"),
    ):  # fmt: skip
        yield Figure(
            number, f"classes film, wall time a frame, against {name}", "ms",
            median(mine), median(peer), median(peer) / median(mine), Target(least=least),
            note="ours: the whole default film by `spiral render`, all workers, start-up and "
            f"joining counted in. Peer: mean over {how} while it draws and encodes, start-up not "
            "counted; it draws points and regions only, without outlines, texts, curves and the "
            "moving regions of the data panels.",
            timings={"ours": mine, "peer": peer},
        )  # fmt: skip


def _picture(shop: Workshop) -> Path:
    path = shop.scratch / "picture.pickle"
    shop.say("classes: working out the picture for the peers")
    job = Job(
        "picture",
        "benchmarks.peers.picture:write_picture",
        {
            "trajectories": [str(name) for name in shop.cast("classes")],
            "first": FIRST_FRAME,
            "count": MATPLOTLIB_FRAMES + WARM_FRAMES + 1,
            "path": str(path),
        },
    )
    with Crew(1) as crew:
        work_off(crew, [job])
    return path


def _peer(name: str, picture: Path, out: Path) -> float:
    """Run a peer; its mean time a frame in ms, without the first ones."""
    spent = run(python("-m", f"benchmarks.peers.{name}", picture, out))
    seconds = json.loads(spent.output.splitlines()[0])["seconds"]
    return 1000 * fmean(seconds[WARM_FRAMES:])
