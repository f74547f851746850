"""What worker processes do to make files of films."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spiralcore.errors import SpiralError
from spiralcore.recipe import FilmSettings, Quality
from spiralcore.story.subtitles import chapters as chapters_of
from spiralcore.system.engine import Job, Report
from spiralcore.system.files import whole_file
from spiralcore.video.cache_key import comment
from spiralcore.video.frame_sinks import FrameSink, PosterSink
from spiralcore.video.subtitle_files import write_subtitles

if TYPE_CHECKING:
    from spiralcore.stage.film import Film
    from spiralcore.stage.pixels.changes import Picture

SMALLER = 0.97

STEPS = 24
"""Sizes that a GIF may have between none and the largest, where that is too large a file."""


def loading(film: str) -> Job:
    """What a worker can do before it is known what there is to draw of a film."""
    return Job(f"{film}, loading", f"{__name__}:load", {"film": film})


def load(film: str, report: Report) -> None:
    """Load what drawing and encoding a film takes."""
    from spiralcore.registry.films import film_entry
    from spiralcore.video.encode import segments  # noqa: F401
    from spiralcore.video.opening import film_class

    film_class(film_entry(film))


def draw_pass(
    film: str,
    trajectories: tuple[Path, ...],
    settings: dict[str, Any],
    sinks: Sequence[FrameSink],
    files: Sequence[Path],
    first: int,
    last: int,
    report: Report,
) -> int:
    """Draw frames from ``first`` to before ``last``, each once, for everyone who wants them.

    Parameters
    ----------
    film, trajectories, settings
        What is drawn, and how it looks.
    sinks, files
        Who wants them, and the file of each.
    first, last
        The span.
    report
        Is told how much is drawn.

    Returns
    -------
    int
        How many were drawn, but for those that are ahead.
    """
    quality = Quality.parse(settings["quality"])
    drawn = _film(film, trajectories, _frozen(settings), *quality)
    camera, is_transparent = drawn.stage_camera, drawn.theme.transparent
    size = (camera.pixel_width, camera.pixel_height)
    wanted = [frame for frame in range(first, last) if any(sink.wants(frame) for sink in sinks)]
    with contextlib.ExitStack() as stack:
        opened = [
            (sink, stack.enter_context(sink.opened(path, size, quality.frame_rate, is_transparent)))
            for sink, path in zip(sinks, files, strict=True)
        ]
        for frame, picture in zip(wanted, _reported(drawn, wanted, report), strict=True):
            for sink, write in opened:
                if sink.wants(frame):
                    write(_as_wanted(sink, drawn, frame, picture))
        for frame in {sink.ahead for sink in sinks if sink.ahead is not None}:
            picture = drawn.picture(frame)
            for sink, write in opened:
                if sink.ahead == frame:
                    write(picture)
    return len(wanted)


def _as_wanted(sink: FrameSink, film: Film, frame: int, picture: Picture) -> Picture:
    """A frame; of a poster what stands for the whole film."""
    if not isinstance(sink, PosterSink):
        return picture
    from spiralcore.stage.poster import poster

    return picture._replace(pixels=poster(film, frame))


def draw_gif(
    film: str,
    trajectories: tuple[Path, ...],
    settings: dict[str, Any],
    key: str,
    path: Path,
    report: Report,
) -> int:
    """Draw a film at the size and rate of a GIF, smaller where it would become too large.

    Returns
    -------
    int
        How many frames were drawn.
    """
    from spiralcore.video.encode.fitting import SMALLEST
    from spiralcore.video.finishing import palette_sample, write_gif

    parsed = FilmSettings.model_validate(settings)
    shorter, rate = parsed.gif_height, int(parsed.gif_frame_rate)
    limit = parsed.gif_megabytes * 1e6
    drawn = 0
    while True:
        opened = _film(film, trajectories, _frozen(settings), shorter, rate)
        count, size = opened.frame_count, opened.aspect.pixels(shorter)
        sample = (opened.show(frame) for frame in palette_sample(count))
        frames = (picture.pixels for picture in _reported(opened, range(count), report))
        with whole_file(path) as part:
            write_gif(frames, sample, part, size, Fraction(rate), key, loop=parsed.loop)
            written = part.stat().st_size
        drawn += count
        if written <= limit or shorter <= SMALLEST:
            return drawn
        # In steps, so that GIFs that are nearly alike have one size.
        step = max(parsed.gif_height // STEPS // 2 * 2, 2)
        smaller = int(shorter * SMALLER * (limit / written) ** 0.5)
        shorter = max(min(smaller // step * step, shorter - step), SMALLEST)


def join_film(
    segments: Sequence[Path],
    path: Path,
    title: str,
    key: str,
    captioned: dict[str, Any] | None,
    report: Report,
    trajectories: tuple[Path, ...] = (),
    voice: tuple[Path, ...] = (),
    voiced: tuple[Sequence[float], float] = ((), 0.0),
) -> None:
    """Join the segments of a film, and remove them.

    Parameters
    ----------
    segments, path, title, key
        Files, and what goes into the new one.
    captioned, trajectories
        Name and settings of a film whose captions go beside it and into it, and what it shows.
    report
        Is told how far it is.
    voice, voiced
        Recordings that are heard with it, when they begin, and how long it is, in seconds.

    Raises
    ------
    SpiralError
        If one of them has gone.
    """
    from spiralcore.video.encode.segments import join_segments
    from spiralcore.video.encode.sound import mixed

    lost = [segment for segment in segments if not segment.exists()]
    if lost:
        raise SpiralError(
            f"{lost[0]} was there and has gone.",
            "a folder that nobody clears while films are made.",
            "the same command again",
        )
    chapters = []
    if captioned and _says_something(captioned["film"]):
        film = _captioned(trajectories=trajectories, **captioned)
        write_subtitles(path, film.length.captions, film.settings.language)
        chapters = chapters_of(film.length.captions, film.length.duration)
    join_segments(
        list(segments), path, title=title, comment=comment(key), chapters=chapters,
        sound=mixed(voice, *voiced),
    )  # fmt: skip
    for segment in segments:
        segment.unlink(missing_ok=True)
    report(1.0)


def _reported(film: Film, frames: Sequence[int], report: Report) -> Iterator[Picture]:
    for done, frame in enumerate(frames, 1):
        yield film.picture(frame)
        if done % 10 == 0 or done == len(frames):
            report(done / len(frames))


def _says_something(film: str) -> bool:
    from spiralcore.video.opening import is_captioned

    return is_captioned(film)


def _captioned(film: str, trajectories: tuple[Path, ...], settings: dict[str, Any]) -> Film:
    """The film whose captions are asked for; where it was drawn in this process, it is open."""
    quality = Quality.parse(settings["quality"])
    return _film(film, trajectories, _frozen(settings), *quality)


def _frozen(settings: dict[str, Any]) -> str:
    return FilmSettings.model_validate(settings).model_dump_json()


_open_film: dict[tuple[object, ...], Film] = {}
"""The film that this process has open; one at most, as a film takes hundreds of megabytes."""


def _film(
    name: str, trajectories: tuple[Path, ...], settings: str, height: int, frame_rate: int
) -> Film:
    """Open a film; the next segment of the same film finds it open."""
    from spiralcore.video.opening import load_source, open_film

    key = (name, trajectories, settings, height, frame_rate)
    if key not in _open_film:
        # Scenes and their mobjects refer to each other: only the collector can free them.
        _open_film.clear()
        gc.collect()
        _open_film[key] = open_film(
            name,
            [load_source(name, path) for path in trajectories],
            FilmSettings.model_validate_json(settings),
            height,
            frame_rate,
        )
    return _open_film[key]
