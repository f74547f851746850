"""Plans what workers do for a set of films: each frame is drawn once, for all files of its film."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from spiralcore.recipe import FILM_RATE
from spiralcore.registry.formats import OUTPUT_FORMATS, VIDEOS
from spiralcore.system.worker_pool import Done, Event, Job, WorkerPool
from spiralcore.video.cache_key import are_up_to_date, is_up_to_date
from spiralcore.video.frame_sinks import (
    FrameSink,
    FullFrameStore,
    PosterSink,
    SegmentSink,
    SmallFramesSink,
    SmallFrameStore,
)
from spiralcore.video.request import FilmOrder

SEGMENT_SECONDS = 4
"""Length of the segments that a film is drawn and encoded in."""

JOBS = "spiralcore.video.film_jobs"
FINISHING = "spiralcore.video.finishing"


class RenderPlan:
    """Plans the jobs for a set of files, and finishes a file when all it needs is there.

    Parameters
    ----------
    work
        Folder for finished segments of unfinished films.
    """

    def __init__(self, work: Path) -> None:
        self._work = work
        self.jobs: list[Job] = []
        self.drawn = 0
        self._finishing: dict[Job, list[Job]] = defaultdict(list)
        self._open: dict[Job, int] = {}
        self._targets: dict[Job, list[Path]] = defaultdict(list)

    def plan(self, order: FilmOrder, missing: dict[str, str], *, is_last: bool = False) -> None:
        """Add the jobs for the files of a film.

        Parameters
        ----------
        order
            The film.
        missing
            Formats to make, with the key of each; see `FilmOrder.missing`.
        is_last
            Whether no other film follows. Then a GIF that one process draws alone is begun first,
            so that the others have something to do meanwhile; else videos come first.
        """
        shared: dict[str, Any] = {
            "film": order.film,
            "trajectories": [str(path) for path in order.trajectories],
            "settings": order.settings.model_dump(mode="json"),
        }
        rate, frames = order.quality.frame_rate, order.frame_count
        length = SEGMENT_SECONDS * rate
        starts = range(0, frames, length)
        sinks: dict[int, dict[str, FrameSink]] = {start: {} for start in starts}
        waiting: dict[str, list[Job]] = defaultdict(list)
        films: dict[str, list[tuple[Path, str]]] = defaultdict(list)
        draws_gif_apart = "gif" in missing and order.settings.gif_frame_rate != FILM_RATE
        if draws_gif_apart and is_last:
            self._plan_gif_apart(order, shared, missing["gif"])
        for kind, key in missing.items():
            target = order.targets[kind]
            if kind == "gif" and draws_gif_apart:
                continue
            if OUTPUT_FORMATS[kind].kind == "still":
                frame = order.time.poster_frame(rate)
                poster = PosterSink(str(target), frame, key, order.most_bytes)
                sinks[frame // length * length][poster.path] = poster
                films[poster.path].append((target, key))
                continue
            segments = self._segments(order, kind, key, starts)
            finish = self._finishing_job(order, kind, key, segments)
            for start, sink in zip(starts, segments, strict=True):
                if not Path(sink.path).exists():
                    sinks[start][sink.path] = sink
                    waiting[sink.path].append(finish)
                    films[sink.path].append((target, key))
        for number, start in enumerate(starts):
            if sinks[start]:
                span = (start, min(start + length, frames))
                chosen = list(sinks[start].values())
                job = self._plan_pass(order, shared, span, chosen, waiting)
                job.place = self._work / f"{order.key('pass')}-{number:04d}"
                job.is_made = partial(are_taken, chosen, dict(films))
        if draws_gif_apart and not is_last:
            self._plan_gif_apart(order, shared, missing["gif"])

    def events(self, pool: WorkerPool) -> Iterator[Event]:
        """Give the pool its work, and see to it that files are finished in time."""
        for job in self.jobs:
            if self._open.get(job, 0) == 0:
                pool.submit(job)
        for event in pool.events():
            yield event
            if isinstance(event, Done):
                self.drawn += event.result or 0
                for job in self._finishing[event.job]:
                    self._open[job] -= 1
                    if self._open[job] == 0:
                        # Films appear one after the other, and not all of them at the end.
                        pool.submit(job, soon=True)

    def targets_of(self, job: Job) -> list[Path]:
        """The files that a job is for."""
        return self._targets[job]

    def _segments(
        self, order: FilmOrder, kind: str, key: str, starts: range
    ) -> Sequence[FrameSink]:
        """What the pass keeps for a file."""
        count = len(starts)
        if kind in VIDEOS and order.most_bytes is not None:
            shared = order.kept_key[kind]
            return [
                SegmentSink(str(self._work / f"{shared}-{number:04d}.nut"), kind, True)
                for number in range(count)
            ]
        if kind in VIDEOS:
            entry = OUTPUT_FORMATS[kind]
            ending = entry.encodings[order.is_transparent].segments[1]
            return [
                SegmentSink(
                    str(self._work / f"{key}-{number:04d}.{ending}"),
                    kind,
                    continuation=order.continuation(start, starts.step) if entry.leads else None,
                )
                for number, start in enumerate(starts)
            ]
        shared = order.key("small")
        return [
            SmallFramesSink(
                str(self._work / f"{shared}-{number:04d}.nut"), order.small_size, order.small_step
            )
            for number in range(count)
        ]

    def _finishing_job(
        self, order: FilmOrder, kind: str, key: str, segments: Iterable[FrameSink]
    ) -> Job:
        """The job that makes a file of what the pass kept."""
        target = order.targets[kind]
        files = tuple(sink.path for sink in segments)
        arguments: dict[str, Any] = {"path": str(target), "key": key}
        title = f"{order.film}: {order.title}"
        if kind in VIDEOS and order.most_bytes is not None:
            full = FullFrameStore(
                files, kind, order.is_transparent, order.size, order.quality.frame_rate
            )
            arguments |= {"store": full, "title": title, "limit": order.most_bytes}
            weight = 2.0 * order.frame_count * order.scale
            return self._add_file(order.named(kind), f"{FINISHING}:fit_film", arguments, weight)
        if kind in VIDEOS:
            arguments |= {"segments": files, "title": title}
            name = f"{order.named(kind)}, joining"
            return self._add_file(name, f"{JOBS}:join_film", arguments, 5)
        store = SmallFrameStore(
            files,
            order.small_size,
            order.small_rate,
            order.small_count,
            order.settings.loop,
            order.is_transparent,
        )
        limit = order.most_bytes or order.settings.gif_megabytes * 1e6
        arguments |= {"store": store, "limit": limit, "strict": order.most_bytes is not None}
        return self._add_file(
            order.named(kind), OUTPUT_FORMATS[kind].finisher, arguments, 0.3 * store.count
        )

    def _plan_pass(
        self,
        order: FilmOrder,
        shared: dict[str, Any],
        span: tuple[int, int],
        sinks: list[FrameSink],
        waiting: dict[str, list[Job]],
    ) -> Job:
        first, last = span
        wanted = sum(any(sink.wants(frame) for sink in sinks) for frame in range(first, last))
        finishing = [job for sink in sinks for job in waiting[sink.path]]
        targets = [path for job in finishing for path in self.targets_of(job)]
        targets += [Path(sink.path) for sink in sinks if isinstance(sink, PosterSink)]
        kinds = [sink.kind for sink in sinks if isinstance(sink, SegmentSink)]
        each = max(sum(OUTPUT_FORMATS[kind].cost for kind in kinds), 0.6)
        job = self._add(
            f"{order.film}, {order.title}, frame {first}",
            f"{JOBS}:draw_pass",
            {**shared, "sinks": sinks, "first": first, "last": last},
            max(wanted * each * order.scale, 5),
            targets,
        )
        for other in finishing:
            self._finishing[job].append(other)
            self._open[other] = self._open.get(other, 0) + 1
        return job

    def _plan_gif_apart(self, order: FilmOrder, shared: dict[str, Any], key: str) -> None:
        settings, target = order.settings, order.targets["gif"]
        frames = order.time.frames(float(settings.gif_frame_rate))
        weight = frames * 0.6 * (settings.gif_height / 540) ** 1.5
        arguments = {**shared, "key": key, "path": str(target)}
        self._add_file(order.named("gif"), f"{JOBS}:draw_gif", arguments, weight)

    def _add_file(self, title: str, function: str, arguments: dict[str, Any], weight: float) -> Job:
        """Add the job that makes a file that was asked for."""
        target = Path(arguments["path"])
        job = self._add(title, function, arguments, weight, [target])
        job.place, job.is_made = target, partial(is_up_to_date, target, arguments["key"])
        return job

    def _add(
        self,
        title: str,
        function: str,
        arguments: dict[str, Any],
        weight: float,
        targets: list[Path],
    ) -> Job:
        job = Job(title, function, arguments, weight)
        self.jobs.append(job)
        self._targets[job] = list(targets)
        return job


def are_taken(sinks: Iterable[FrameSink], films: Mapping[str, Sequence[tuple[Path, str]]]) -> bool:
    """Whether all pieces of a pass are there, or have been used up for their films.

    Parameters
    ----------
    sinks
        The pieces.
    films
        For each piece, by its path, the files that it is for and what they are made from.
    """
    return all(
        (not isinstance(sink, PosterSink) and Path(sink.path).exists())
        or are_up_to_date(films[sink.path])
        for sink in sinks
    )
