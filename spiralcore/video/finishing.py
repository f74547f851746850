"""What worker processes make of the frames that a pass kept: GIFs, WebPs, small enough videos."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from spiralcore.registry.formats import OUTPUT_FORMATS
from spiralcore.system.engine import Report
from spiralcore.system.files import scratch_file
from spiralcore.video.cache_key import comment
from spiralcore.video.encode import gif, webp
from spiralcore.video.encode.animations import (
    Pixels,
    encode_gif,
    encode_webp,
    palette_of,
    small_frames,
    straight_frames,
)
from spiralcore.video.encode.avif import write_avif
from spiralcore.video.encode.film_format import FILM_FORMATS
from spiralcore.video.encode.fitting import SMALLEST, Descent, Grade, write_fitting
from spiralcore.video.encode.segments import encode_kept
from spiralcore.video.encode.size import Size, scaled
from spiralcore.video.encode.sound import mixed
from spiralcore.video.frame_sinks import FullFrameStore, SmallFrameStore

PALETTE_FRAMES = 36


def finish_gif(
    store: SmallFrameStore,
    segments: Sequence[Path],
    path: Path,
    key: str,
    limit: float,
    strict: bool,
    report: Report,
) -> None:
    """Make a GIF, smaller where it would be too large; see `write_fitting`."""

    def write(frames: Iterator[Pixels], trial: Path, size: Size, _: float) -> None:
        chosen = set(palette_sample(store.count))
        sample = (
            frame for number, frame in enumerate(small_frames(segments, size)) if number in chosen
        )
        write_gif(frames, sample, trial, size, store.rate, key, loop=store.loop)

    _fit_animation("gif", store, segments, write, path, limit, strict, report)


def finish_webp(
    store: SmallFrameStore,
    segments: Sequence[Path],
    path: Path,
    key: str,
    limit: float,
    strict: bool,
    report: Report,
) -> None:
    """Make an animated WebP, of less quality or smaller where it would be too large."""

    def write(frames: Iterator[Pixels], trial: Path, size: Size, quality: float) -> None:
        if store.transparent:
            frames = straight_frames(frames)
            webp.write_transparent(frames, trial, size, store.rate, quality, loop=store.loop)
        else:
            encode_webp(frames, trial, size, store.rate, quality, loop=store.loop)
        webp.add_comment(trial, comment(key))

    _fit_animation("webp", store, segments, write, path, limit, strict, report)


def finish_avif(
    store: SmallFrameStore,
    segments: Sequence[Path],
    path: Path,
    key: str,
    limit: float,
    strict: bool,
    report: Report,
) -> None:
    """Make an animated AVIF, of less quality or smaller where it would be too large."""

    def write(frames: Iterator[Pixels], trial: Path, size: Size, quality: float) -> None:
        if store.transparent:
            frames = straight_frames(frames)
        write_avif(
            frames, trial, size, store.rate, quality, comment(key),
            transparent=store.transparent, loop=store.loop,
        )  # fmt: skip

    _fit_animation("avif", store, segments, write, path, limit, strict, report)


def _fit_animation(
    kind: str,
    store: SmallFrameStore,
    segments: Sequence[Path],
    write: Callable[[Iterator[Pixels], Path, Size, float], None],
    path: Path,
    limit: float,
    strict: bool,
    report: Report,
) -> None:
    """Write small frames so that the file fits, by a function that writes them once."""

    def make(grade: Grade, trial: Path) -> None:
        size = scaled(store.size, grade.side)
        write(
            _told(small_frames(segments, size), store.count, report),
            trial,
            size,
            grade.rate_control,
        )

    side = min(store.size)
    descent = Descent(side, min(SMALLEST, side), OUTPUT_FORMATS[kind].rate_control)
    write_fitting(make, path, descent, limit, strict=strict)


def fit_film(
    store: FullFrameStore,
    segments: Sequence[Path],
    path: Path,
    key: str,
    title: str,
    limit: float,
    report: Report,
    voice: tuple[Path, ...] = (),
    voiced: tuple[Sequence[float], float] = ((), 0.0),
) -> None:
    """Make the best video that is not larger than a limit; see `write_fitting`."""
    film_format = FILM_FORMATS[store.kind, store.transparent]
    entry = OUTPUT_FORMATS[store.kind]
    side = min(store.size)
    attempts = 0

    def make(grade: Grade, trial: Path) -> None:
        nonlocal attempts
        encoder = {
            **film_format.encoder,
            entry.rate_control.option: grade.rate_control,
            **entry.alone,
        }
        encode_kept(
            segments, trial, store.kind,
            replace(film_format, encoder=encoder), scaled(store.size, grade.side),
            store.frame_rate, title=title, comment=comment(key),
            sound=mixed(voice, *voiced),
        )  # fmt: skip
        attempts += 1
        report(1 - 0.6**attempts)

    descent = Descent(side, min(SMALLEST, side), entry.rate_control)
    write_fitting(make, path, descent, limit, strict=True)


def palette_sample(count: int) -> list[int]:
    """The frames that the colours of a GIF are taken from."""
    return [int(i) for i in np.linspace(0, count - 1, min(PALETTE_FRAMES, count))]


def write_gif(
    frames: Iterable[Pixels],
    sample: Iterable[Pixels],
    path: Path,
    size: Size,
    rate: Fraction,
    key: str,
    *,
    loop: bool,
) -> None:
    """Write a GIF with a palette and a key of its own; see `encode_gif`."""
    with scratch_file(path.parent, ".png") as palette:
        palette_of(sample, palette, size)
        encode_gif(frames, palette, path, size, rate, loop=loop)
    gif.add_comment(path, comment(key))


def _told(frames: Iterable[Pixels], count: int, report: Report) -> Iterator[Pixels]:
    for done, frame in enumerate(frames, 1):
        yield frame
        if done % 10 == 0:
            report(done / max(count, done))
