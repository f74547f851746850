"""Plans what workers do for a set of films: each frame is drawn once, for all files of its film.

A film is cut into spans of a few seconds. A drawing pass draws the frames of a span and makes
pieces of them: segments of videos, small frames that a GIF is made of, the poster. When all pieces
of a file are there, a finishing job puts them together.

Drawing is done wherever the engine has workers. Finishing stays on this machine: the pieces are
here, joining them takes no longer than reading them, and frames that are kept without loss are up
to a hundred times as large as what GIFs, WebPs and videos of a limited size become.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from spiralcore.extras import DRAWING
from spiralcore.recipe import FILM_RATE
from spiralcore.registry.formats import OUTPUT_FORMATS, VIDEOS
from spiralcore.system.engine import Done, Engine, Event, Job
from spiralcore.video.cache_key import are_up_to_date, is_up_to_date
from spiralcore.video.frame_sinks import (
    FrameSink,
    FullFrameStore,
    PosterSink,
    SegmentSink,
    SmallFramesSink,
    SmallFrameStore,
)
from spiralcore.video.request import DRAWING_PASS, SMALL_FRAMES, FilmOrder

SEGMENT_SECONDS = 4
"""Length of the spans that a film is drawn and encoded in."""

JOBS = "spiralcore.video.film_jobs"
FINISHING = "spiralcore.video.finishing"


@dataclass
class Piece:
    """A file that a drawing pass makes of the frames of a span.

    Attributes
    ----------
    path
        The file.
    sink
        Makes it.
    targets
        The files that it is for, with their keys.
    finishing
        Jobs that wait for it.
    """

    path: Path
    sink: FrameSink
    targets: list[tuple[Path, str]] = field(default_factory=list)
    finishing: list[Job] = field(default_factory=list)


class RenderPlan:
    """Plans the jobs for a set of files, and finishes a file when all it needs is there.

    Parameters
    ----------
    work
        Folder for finished segments of unfinished films.

    Attributes
    ----------
    jobs
        All jobs.
    drawn
        How many frames have been drawn so far.
    """

    def __init__(self, work: Path) -> None:
        self._work = work
        self.jobs: list[Job] = []
        self.drawn = 0
        self._finishing: dict[Job, list[Job]] = defaultdict(list)
        self._lacking: dict[Job, int] = defaultdict(int)
        self._targets: dict[Job, list[Path]] = {}

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
        gif_apart = missing.get("gif") if order.settings.gif_frame_rate != FILM_RATE else None
        if gif_apart and is_last:
            self._plan_gif_apart(order, gif_apart)
        length = SEGMENT_SECONDS * order.quality.frame_rate
        starts = range(0, order.frame_count, length)
        pieces: dict[int, dict[Path, Piece]] = {start: {} for start in starts}
        for kind, key in missing.items():
            if kind == "gif" and gif_apart:
                continue
            target = order.targets[kind]
            if OUTPUT_FORMATS[kind].kind == "still":
                frame = order.length.poster_frame(order.quality.frame_rate)
                poster = Piece(target, PosterSink(frame, key, order.most_bytes), [(target, key)])
                pieces[frame // length * length][target] = poster
                continue
            made = self._pieces(order, kind, key, starts)
            finish = self._plan_finishing(order, kind, key, tuple(piece.path for piece in made))
            for start, piece in zip(starts, made, strict=True):
                if not piece.path.exists():
                    shared = pieces[start].setdefault(piece.path, piece)
                    shared.targets.append((target, key))
                    shared.finishing.append(finish)
        for number, start in enumerate(starts):
            if pieces[start]:
                place = self._work / f"{order.intermediate_key(DRAWING_PASS)}-{number:04d}"
                span = range(start, min(start + length, order.frame_count))
                self._plan_pass(order, span, list(pieces[start].values()), place)
        if gif_apart and not is_last:
            self._plan_gif_apart(order, gif_apart)

    def events(self, engine: Engine) -> Iterator[Event]:
        """Give an engine its work, and see to it that files are finished in time."""
        for job in self.jobs:
            if not self._lacking[job]:
                engine.submit(job)
        for event in engine.events():
            yield event
            if isinstance(event, Done):
                self.drawn += event.result or 0
                for job in self._finishing[event.job]:
                    self._lacking[job] -= 1
                    if not self._lacking[job]:
                        # Films appear one after the other, and not all of them at the end.
                        engine.submit(job, soon=True)

    def targets_of(self, job: Job) -> list[Path]:
        """The files that a job is for."""
        return self._targets[job]

    def _pieces(self, order: FilmOrder, kind: str, key: str, starts: range) -> list[Piece]:
        """What passes make for a file, one piece for each span."""
        sinks: list[FrameSink]
        if kind not in VIDEOS:
            name, ending = order.intermediate_key(SMALL_FRAMES), "nut"
            sinks = [SmallFramesSink(order.small_size, order.small_step) for _ in starts]
        elif order.most_bytes is not None:
            name, ending = order.intermediate_key(order.full_frames(kind)), "nut"
            sinks = [SegmentSink(kind, keeps_all=True) for _ in starts]
        else:
            entry = OUTPUT_FORMATS[kind]
            name, ending = key, entry.encodings[order.is_transparent].segments[1]
            sinks = [
                SegmentSink(
                    kind,
                    continuation=order.continuation(start, starts.step) if entry.leads else None,
                )
                for start in starts
            ]
        return [
            Piece(self._work / f"{name}-{number:04d}.{ending}", sink)
            for number, sink in enumerate(sinks)
        ]

    def _plan_finishing(
        self, order: FilmOrder, kind: str, key: str, segments: tuple[Path, ...]
    ) -> Job:
        """Add the job that makes a file of what passes have kept."""
        title = order.named(kind)
        reads: dict[str, tuple[Path, ...]] = {"segments": segments}
        arguments: dict[str, Any] = {"key": key}
        if kind in VIDEOS:
            arguments |= {"title": f"{order.film}: {order.title}"}
            if order.voice:
                reads["voice"] = order.voice.files
                arguments["voiced"] = (order.voice.starts, order.voice.duration)
            if order.most_bytes is None:
                title, function, weight = f"{title}, joining", f"{JOBS}:join_film", 5.0
                arguments["captioned"] = _look(order) if order.settings.captions else None
                reads["trajectories"] = order.trajectories
            else:
                store = FullFrameStore(
                    kind, order.is_transparent, order.size, order.quality.frame_rate
                )
                arguments |= {"store": store, "limit": order.most_bytes}
                function, weight = f"{FINISHING}:fit_film", 2.0 * order.frame_count * order.scale
        else:
            small = SmallFrameStore(
                order.small_size,
                order.small_rate,
                order.small_count,
                order.settings.loop,
                order.is_transparent,
            )
            limit = order.most_bytes or order.settings.gif_megabytes * 1e6
            arguments |= {"store": small, "limit": limit, "strict": order.most_bytes is not None}
            function, weight = OUTPUT_FORMATS[kind].finisher, 0.3 * order.small_count
        job = Job(title, function, arguments, weight, reads, stays=True)
        return self._add_file(job, order.targets[kind], key)

    def _plan_pass(
        self, order: FilmOrder, span: range, pieces: Sequence[Piece], place: Path
    ) -> None:
        """Add the job that draws a span."""
        sinks = [piece.sink for piece in pieces]
        wanted = sum(any(sink.wants(frame) for sink in sinks) for frame in span)
        kinds = [sink.kind for sink in sinks if isinstance(sink, SegmentSink)]
        each = max(sum(OUTPUT_FORMATS[kind].cost for kind in kinds), 0.6)
        job = Job(
            f"{order.film}, {order.title}, frame {span.start}",
            f"{JOBS}:draw_pass",
            {**_look(order), "sinks": sinks, "first": span.start, "last": span.stop},
            max(wanted * each * order.scale, 5),
            reads={"trajectories": order.trajectories},
            makes={"files": tuple(piece.path for piece in pieces)},
            needs=DRAWING,
            place=place,
            is_made=partial(
                are_taken,
                {piece.path for piece in pieces if not isinstance(piece.sink, PosterSink)},
                {piece.path: piece.targets for piece in pieces},
            ),
        )
        self._add(job, [target for piece in pieces for target, _ in piece.targets])
        for piece in pieces:
            for other in piece.finishing:
                self._finishing[job].append(other)
                self._lacking[other] += 1

    def _plan_gif_apart(self, order: FilmOrder, key: str) -> None:
        """Add the job that draws a GIF whose frames are not those of the film."""
        settings = order.settings
        frames = order.length.frames(float(settings.gif_frame_rate))
        job = Job(
            order.named("gif"),
            f"{JOBS}:draw_gif",
            {**_look(order), "key": key},
            frames * 0.6 * (settings.gif_height / 540) ** 1.5,
            reads={"trajectories": order.trajectories},
            needs=DRAWING,
        )
        self._add_file(job, order.targets["gif"], key)

    def _add_file(self, job: Job, target: Path, key: str) -> Job:
        """Add the job that makes a file that was asked for."""
        job.makes, job.place = {"path": target}, target
        job.is_made = partial(is_up_to_date, target, key)
        return self._add(job, [target])

    def _add(self, job: Job, targets: Iterable[Path]) -> Job:
        self.jobs.append(job)
        self._targets[job] = list(targets)
        return job


def _look(order: FilmOrder) -> dict[str, Any]:
    """What decides how the frames of a film look, but for the files it shows."""
    return {"film": order.film, "settings": order.look.model_dump(mode="json")}


def are_taken(kept: Collection[Path], targets: Mapping[Path, Sequence[tuple[Path, str]]]) -> bool:
    """Whether all pieces of a pass are there, or have been used up for their files.

    Parameters
    ----------
    kept
        Those that are there until they are used up; others may be from other settings.
    targets
        For each piece, by its path, the files that it is for and what they are made from.
    """
    return all(
        (path in kept and path.exists()) or are_up_to_date(made) for path, made in targets.items()
    )
