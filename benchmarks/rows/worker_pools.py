"""Workers that draw and encode: processor time, how many, memory, other formats (3, 5, 6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import Figure, Target
from benchmarks.footage import footage
from benchmarks.measuring import run
from benchmarks.rows.encoders import encoding_command
from benchmarks.workshop import Workshop, metered_job, work_off
from spiralcore.registry.formats import OUTPUT_FORMATS
from spiralcore.system.engine import Job, listed
from spiralcore.system.worker_pool import WorkerPool

STRETCH = 240
"""Each of two workers gets a stretch of so many frames, in the midst of the training."""

LONGER = 120
"""Where workers are counted: so many frames for each."""

SHORT = 60

FILMS = {"3": "classes", "3b": "row", "3c": "bending"}

MEMORY_FILMS: dict[int, dict[str, Any]] = {
    10: {"seconds": 6.0, "hold": 1.5},
    60: {"seconds": 56.0, "hold": 1.5},
}
"""Films of so many seconds, with the second that leads back to the start."""


@dataclass(frozen=True)
class Drawn:
    """What it cost to draw and encode stretches of a film, with the film open already.

    Attributes
    ----------
    rate
        Frames a second while all workers are busy.
    cpu
        Processor time of all processes a frame, in ms.
    encoding
        That of the encoders alone.
    """

    rate: float
    cpu: float
    encoding: float


def against_encoding(shop: Workshop) -> Iterator[Figure]:
    """Processor time a frame of three films against only encoding the same frames."""
    from spiralcore.registry.encoders import H264

    for number, film in FILMS.items():
        first = shop.midst(film)
        starts = (first, first + STRETCH)
        sources = [footage(shop, film, start, STRETCH) for start in starts]
        commands = [
            encoding_command(source, source.with_suffix(".only.mp4"), H264, shop.quality)
            for source in sources
        ]
        plan = shop.planned(film, "mp4")
        two: list[Drawn] = []
        only: list[float] = []
        for _ in range(shop.repeats):
            shop.say(f"{film}: two workers, only encoding")
            two.append(draw(plan, 2, starts, STRETCH, shop.scratch))
            with ThreadPoolExecutor(len(commands)) as pool:
                spent = list(pool.map(run, commands))
            only.append(1000 * sum(s.cpu for s in spent) / (STRETCH * len(starts)))
        for source in sources:
            source.unlink()  # gigabytes
        cpu = [drawn.cpu for drawn in two]
        share = median(drawn.encoding / drawn.cpu for drawn in two)
        yield Figure(
            number, f"{film}, processor time a frame, against only encoding it", "ms",
            median(cpu), median(only), median(cpu) / median(only), Target(most=1.4),
            note=f"All processes of two workers, start-up not counted ({STRETCH} frames each); "
            "the same frames, finished and in a file, encoded with the same settings by two "
            f"encoders at once. Encoders took {100 * share:.0f} % of our own time.",
            timings={"ours": cpu, "peer": only, "encoders in ours": [d.encoding for d in two]},
        )  # fmt: skip


def scaling(shop: Workshop) -> Iterator[Figure]:
    """Frames a second by the number of workers, with a core each and on the whole machine."""
    first, plan = shop.midst("classes"), shop.planned("classes", "mp4")
    counts = range(1, 2 * shop.cores + 1)
    pinned: dict[int, list[Drawn]] = {1: [], 2: []}
    free: dict[int, list[Drawn]] = {count: [] for count in counts}

    def drawn(workers: int, *, is_pinned: bool) -> Drawn:
        starts = range(first, first + workers * LONGER, LONGER)
        return draw(plan, workers, starts, LONGER, shop.scratch, pinned=is_pinned)

    for _ in range(shop.repeats):
        shop.say(f"classes: a core for each of 1 and 2 workers, then 1 to {counts[-1]} on all")
        for runs, is_pinned in ((pinned, True), (free, False)):
            for count, found in runs.items():
                found.append(drawn(count, is_pinned=is_pinned))
    rates = {count: median(run.rate for run in runs) for count, runs in free.items()}
    for number, name, ours, peer, target, note in (
        ("5", "against 1, each on a core of its own", pinned[2], pinned[1], Target(least=1.9),
         f"{LONGER} frames each, start-up not counted. Each worker shares a core with its "
         "encoder."),
        ("5b", "against 1 on the whole machine", free[2], free[1], None,
         "A worker's encoder is a process beside it, so that one worker alone keeps "
         f"{_busy(free[1]):.2f} cores busy; two keep {_busy(free[2]):.2f}."),
    ):  # fmt: skip
        mine, theirs = [run.rate for run in ours], [run.rate for run in peer]
        yield Figure(
            number, f"classes, frames a second with 2 workers, {name}", "/s",
            median(mine), median(theirs), median(mine) / median(theirs), target,
            note=note, timings={"ours": mine, "peer": theirs},
        )  # fmt: skip
    best = max((count for count in counts if count != shop.cores), key=rates.__getitem__)
    yield Figure(
        "5c", f"classes, frames a second with as many workers as are chosen ({shop.cores}), "
        f"against the best other number ({best})", "/s",
        rates[shop.cores], rates[best], rates[shop.cores] / rates[best], Target(least=0.98),
        note="On the whole machine, workers: frames a second. "
        + ", ".join(f"{count}: {rate:.1f}" for count, rate in rates.items()) + ".",
        timings={str(count): [run.rate for run in runs] for count, runs in free.items()},
    )  # fmt: skip


def memory(shop: Workshop) -> Iterator[Figure]:
    """Peak memory of the largest worker, for a long film and for a short one."""
    peaks: dict[int, float] = {}
    encoders: dict[int, float] = {}
    for seconds, settings in MEMORY_FILMS.items():
        shop.say(f"classes: memory for a film of {seconds} s")
        jobs = [
            metered_job(job, children=True)
            for job in shop.planned("classes", "mp4", **settings)
            if _is_stretch(job)
        ]
        with WorkerPool(shop.cores) as pool:
            costs = work_off(pool, jobs)
        peaks[seconds] = max(cost["peak"] for cost in costs)
        encoders[seconds] = max(cost["peak_children"] for cost in costs)
    long, short = max(peaks), min(peaks)
    note = f"A worker's encoder is a process of its own with {encoders[long]:.0f} MB."
    timings = {"ours": [peaks[long]], "peer": [peaks[short]], "encoder": list(encoders.values())}
    yield Figure(
        "6a", f"peak memory of a worker, {long} s film, against {short} s film", "MB",
        peaks[long], peaks[short], peaks[long] / peaks[short], Target(most=1.05),
        note=note, timings=timings,
    )  # fmt: skip
    yield Figure(
        "6b", f"peak memory of a worker, {long} s film", "MB", peaks[long],
        target=Target(most=450, of="ours", unit="MB"), timings=timings,
    )  # fmt: skip


def other_formats(shop: Workshop) -> Iterator[Figure]:
    """4K, and films with an alpha channel where there are any."""
    kinds: list[tuple[str, str, dict[str, Any]]] = [
        ("2160p60, MP4", "mp4", {"quality": "2160p60"}),
        *(
            (f"1080p60 with alpha, {kind}", kind, {"theme": "transparent"})
            for kind in ("webm", "mov")
            if kind in OUTPUT_FORMATS
        ),
    ]
    first = shop.midst("classes")
    starts = (first, first + SHORT)
    for name, kind, changes in kinds:
        shop.say(f"classes: {name}")
        plan = shop.planned("classes", kind, **changes)
        drawn = draw(plan, 2, starts, SHORT, shop.scratch, pinned=False)
        for what, value in (("processor", drawn.cpu), ("wall", 1000 / drawn.rate)):
            yield Figure(
                "-", f"classes, {name}, {what} time a frame", "ms", value,
                timings={"ours": [value]},
            )  # fmt: skip


def draw(
    plan: Sequence[Job],
    workers: int,
    starts: Sequence[int],
    count: int,
    scratch: Path,
    *,
    pinned: bool = True,
) -> Drawn:
    """Draw and encode stretches of a film, after each worker has opened it.

    Parameters
    ----------
    plan
        The jobs that make the film; one of them is the pattern.
    workers
        Number of processes.
    starts
        First frames of the stretches.
    count
        Length of each.
    scratch
        Where the segments go.
    pinned
        Give each stretch a core of its own, as many as there are workers.
    """
    pattern = next(job for job in plan if _is_stretch(job))

    def stretch(name: str, first: int, frames: int) -> Job:
        (segment,) = listed(pattern.makes)
        changed = {"first": first, "last": first + frames}
        return replace(
            pattern,
            title=name,
            arguments={**pattern.arguments, **changed},
            makes={"files": (scratch / f"stretch-{name}{segment.suffix}",)},
            place=None,
            is_made=None,
        )

    with WorkerPool(workers) as pool:
        work_off(pool, [stretch(f"open-{i}", starts[0], 2) for i in range(workers)])
        jobs = [stretch(str(first), first, count) for first in starts]
        cores = [i % workers if pinned else None for i in range(len(jobs))]
        metered = [metered_job(job, core=core) for job, core in zip(jobs, cores, strict=True)]
        costs: list[dict[str, Any]] = work_off(pool, metered)
    frames = count * len(costs)
    return Drawn(
        rate=workers * frames / sum(cost["wall"] for cost in costs),
        cpu=1000 * sum(cost["own"] + cost["children"] for cost in costs) / frames,
        encoding=1000 * sum(cost["children"] for cost in costs) / frames,
    )


def _busy(runs: Sequence[Drawn]) -> float:
    """Number of cores at work."""
    return median(run.rate * run.cpu / 1000 for run in runs)


def _is_stretch(job: Job) -> bool:
    """Whether a job draws a stretch of frames, as those do that `draw` takes as a pattern."""
    return {"first", "last", "sinks"} <= set(job.arguments)
