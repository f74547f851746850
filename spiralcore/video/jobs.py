"""What worker processes do to make files of films."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spiralcore.errors import SpiralError
from spiralcore.files import scratch_file, whole_file
from spiralcore.processes import Report
from spiralcore.recipe import FilmSettings, Quality, Video
from spiralcore.video.gif import add_comment
from spiralcore.video.marking import comment

if TYPE_CHECKING:
    from spiralcore.stage.changes import Picture
    from spiralcore.stage.film import Film

PALETTE_FRAMES = 36
SMALLER = 0.97
SMALLEST_GIF = 180


def draw_segment(
    film: str,
    trajectories: list[str],
    settings: dict[str, Any],
    kind: Video,
    first: int,
    last: int,
    path: str,
    report: Report,
) -> None:
    """Draw the frames from ``first`` to before ``last`` and encode them as one segment."""
    from spiralcore.video.encoding import encode_segment
    from spiralcore.video.formats import FILM_FORMATS

    quality = Quality.parse(settings["quality"])
    opened = _film(film, tuple(trajectories), _frozen(settings), *quality)
    frames = _reported(opened, range(first, last), report)
    film_format = FILM_FORMATS[kind, opened.theme.transparent]
    encode_segment(frames, Path(path), quality.width, *quality, film_format)


def draw_gif(
    film: str,
    trajectories: list[str],
    settings: dict[str, Any],
    key: str,
    path: str,
    report: Report,
) -> None:
    """Draw a film at the size and rate of a GIF, smaller where it would become too large."""
    from spiralcore.video.encoding import encode_gif, palette_of
    from spiralcore.video.opening import frame_width

    parsed = FilmSettings.model_validate(settings)
    height, rate = parsed.gif_height, parsed.gif_frame_rate
    limit = parsed.gif_megabytes * 1e6
    target = Path(path)
    while True:
        opened = _film(film, tuple(trajectories), _frozen(settings), height, rate)
        count, width = opened.frame_count, frame_width(height)
        sample = np.linspace(0, count - 1, min(PALETTE_FRAMES, count)).astype(int)
        with (
            whole_file(target) as part,
            scratch_file(target.parent, ".png") as palette,
        ):
            palette_of((opened.show(int(i)) for i in sample), palette, width, height)
            frames = (picture.pixels for picture in _reported(opened, range(count), report))
            encode_gif(frames, palette, part, width, height, rate)
            add_comment(part, comment(key))
            size = part.stat().st_size
        if size <= limit or height <= SMALLEST_GIF:
            return
        smaller = int(height * SMALLER * (limit / size) ** 0.5)
        height = max(min(smaller // 2 * 2, height - 2), SMALLEST_GIF)


def draw_poster(
    film: str,
    trajectories: list[str],
    settings: dict[str, Any],
    key: str,
    path: str,
    report: Report,
) -> None:
    """Draw the poster: the trained networks, standing still."""
    import imageio.v3 as imageio
    from PIL.PngImagePlugin import PngInfo

    from spiralcore.video.yuv import to_straight

    quality = Quality.parse(settings["quality"])
    opened = _film(film, tuple(trajectories), _frozen(settings), *quality)
    frame = opened.show(opened.time_of.poster_frame(quality.frame_rate))
    if opened.theme.transparent:
        picture = np.empty_like(frame)
        to_straight(frame, picture)
    else:
        picture = frame[:, :, :3]
    note = PngInfo()
    note.add_text("Comment", comment(key))
    with whole_file(Path(path)) as part:
        imageio.imwrite(part, picture, extension=".png", plugin="pillow", pnginfo=note)
    report(1.0)


def join_film(segments: list[str], path: str, title: str, key: str, report: Report) -> None:
    """Join the segments of a film, and remove them.

    Raises
    ------
    SpiralError
        If one of them has gone.
    """
    from spiralcore.video.encoding import join_segments

    parts = [Path(segment) for segment in segments]
    lost = [part for part in parts if not part.exists()]
    if lost:
        raise SpiralError(
            f"{lost[0]} was there and has gone.",
            "a folder that nobody clears while films are made.",
            "the same command again",
        )
    join_segments(parts, Path(path), title=title, comment=comment(key))
    for part in parts:
        part.unlink(missing_ok=True)
    report(1.0)


def _reported(film: Film, frames: Sequence[int], report: Report) -> Iterator[Picture]:
    for done, frame in enumerate(frames, 1):
        yield film.picture(frame)
        if done % 10 == 0 or done == len(frames):
            report(done / len(frames))


def _frozen(settings: dict[str, Any]) -> str:
    return FilmSettings.model_validate(settings).model_dump_json()


_open_film: dict[tuple[object, ...], Film] = {}
"""The film that this process has open; one at most, as a film takes hundreds of megabytes."""


def _film(
    name: str, trajectories: tuple[str, ...], settings: str, height: int, frame_rate: int
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
            [load_source(name, Path(path)) for path in trajectories],
            FilmSettings.model_validate_json(settings),
            height,
            frame_rate,
        )
    return _open_film[key]
