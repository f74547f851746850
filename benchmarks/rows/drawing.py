"""Drawing alone: a point cloud of any size, and one in depth (7)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.figures import Figure, Target
from benchmarks.workshop import Workshop, work_off
from spiralcore.system.engine import Job, Report
from spiralcore.system.worker_pool import WorkerPool

if TYPE_CHECKING:
    from spiralcore.stage.painted import Painted

COUNTS = (1_000, 10_000, 100_000, 1_000_000)

RADIUS, RIM = 3.0, 0.84
"""In pixels: those of a panel of middle size."""

SAMPLE_SECONDS = 0.2
"""A timing repeats the drawing for at least so long."""

MOST, GROWTH = 0.4, 1.2

DEEP_COUNT, DEEP_RADIUS, MOST_MORE = 1_400, 7.0, 2.0
"""Points in a cube, as in the film `space`; milliseconds that they may cost beyond flat ones."""


def points(shop: Workshop) -> Iterator[Figure]:
    """Time a point, on one core, for clouds of 10^3 to 10^6 points."""
    shop.say("drawing points")
    job = Job("points", "benchmarks.rows.drawing:time_clouds", {"repeats": 2 * shop.repeats + 1})
    with WorkerPool(1) as pool:
        (taken,) = work_off(pool, [job])
    medians = {count: median(taken[count]) for count in COUNTS}
    for letter, count in zip("abcd", COUNTS, strict=True):
        yield Figure(
            f"7{letter}", f"drawing alone, {count:,} points, time a point and core", "us",
            medians[count], target=Target(most=MOST, of="ours", unit="us"),
            note=f"PointCloud.paint at 1080p, radius {RADIUS:g} px with a rim of {RIM:g} px, "
            "places evenly drawn over the whole frame." if letter == "a" else "",
            timings={"ours": taken[count]},
        )  # fmt: skip
    most, few = medians[1_000_000], medians[10_000]
    yield Figure(
        "7e", "drawing alone, time a point, 10^6 points, against 10^4", "us",
        most, few, most / few, Target(most=GROWTH),
        note="Linear would be 1; the frame does not fit into the nearer caches.",
    )  # fmt: skip
    job = Job("cube", "benchmarks.rows.drawing:time_depth", {"repeats": 2 * shop.repeats + 1})
    with WorkerPool(1) as pool:
        ((flat, deep),) = work_off(pool, [job])
    yield Figure(
        "7f", f"drawing alone, {DEEP_COUNT:,} points in depth with shadows, beyond flat ones", "ms",
        median(deep) - median(flat),
        target=Target(most=MOST_MORE, of="ours", unit="ms"),
        note=f"DeepCloud and Shadows in a cube, against PointCloud, all of {DEEP_RADIUS:g} px.",
        timings={"in depth": deep, "flat": flat},
    )  # fmt: skip


def time_depth(repeats: int, report: Report) -> tuple[list[float], list[float]]:
    """Milliseconds a frame of a flat cloud and of one in depth, in a worker process."""
    import numpy as np

    from spiralcore.registry.spaces import SQUARE
    from spiralcore.registry.themes import theme
    from spiralcore.stage.cloud.point_cloud import PointCloud
    from spiralcore.stage.layout.box import FRAME_HEIGHT, UNIT, Box
    from spiralcore.stage.layout.plane import Plane
    from spiralcore.stage.pixels.canvas import Canvas
    from spiralcore.stage.space.deep_cloud import DeepCloud, Shadows
    from spiralcore.stage.space.space_box import SpaceBox

    rng, look = np.random.default_rng(0), theme("dark")
    width = FRAME_HEIGHT * 1920 / 1080
    canvas = Canvas(
        np.zeros((1080, 1920, 4), dtype=np.uint8), 1 / UNIT, -width / 2, FRAME_HEIGHT / 2
    )
    box, points = Box(70, 128, 880, 880), rng.uniform(-1, 1, (DEEP_COUNT, 3))
    colours = rng.uniform(0, 255, (DEEP_COUNT, 3)).astype(np.float32)
    cube = SpaceBox(box, (-1.0, 1.0), SQUARE, [0.5])
    deep = [
        Shadows(cube, points, DEEP_RADIUS, colours[0]),
        DeepCloud(cube, points, DEEP_RADIUS, look, colours),
    ]
    places = Plane(box, (-1.1, 1.1)).to_scene(points[:, :2])
    flat = [PointCloud(places, colours, DEEP_RADIUS * UNIT, RIM * UNIT, opacity=0.85)]
    taken: tuple[list[float], list[float]] = [], []
    drawn: tuple[Sequence[Painted], Sequence[Painted]] = flat, deep
    for repeat in range(repeats + 1):
        for times, mobjects in zip(taken, drawn, strict=True):
            rounds, started = 0, time.perf_counter()
            while time.perf_counter() - started < SAMPLE_SECONDS:
                for mobject in mobjects:
                    mobject.paint(canvas)
                rounds += 1
            if repeat > 0:  # the first round compiles
                times.append((time.perf_counter() - started) / rounds * 1e3)
    return taken


def time_clouds(repeats: int, report: Report) -> dict[int, list[float]]:
    """Microseconds a point for each count, in a worker process."""
    import numpy as np

    from spiralcore.stage.cloud.point_cloud import PointCloud
    from spiralcore.stage.layout.box import FRAME_HEIGHT, UNIT
    from spiralcore.stage.pixels.canvas import Canvas

    rng = np.random.default_rng(0)
    width = FRAME_HEIGHT * 1920 / 1080
    canvas = Canvas(
        np.zeros((1080, 1920, 4), dtype=np.uint8), 1 / UNIT, -width / 2, FRAME_HEIGHT / 2
    )
    taken: dict[int, list[float]] = {count: [] for count in COUNTS}
    clouds = [
        PointCloud(
            rng.uniform((-width / 2, -FRAME_HEIGHT / 2), (width / 2, FRAME_HEIGHT / 2), (count, 2)),
            rng.uniform(0, 255, (count, 3)),
            radius=RADIUS * UNIT,
            outline=RIM * UNIT,
            opacity=0.85,
        )
        for count in COUNTS
    ]
    for cloud in clouds:
        cloud.paint(canvas)
    for _ in range(repeats):
        for count, cloud in zip(COUNTS, clouds, strict=True):
            rounds, started = 0, time.perf_counter()
            while time.perf_counter() - started < SAMPLE_SECONDS:
                cloud.paint(canvas)
                rounds += 1
            taken[count].append((time.perf_counter() - started) / rounds / count * 1e6)
    return taken
