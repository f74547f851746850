"""What worker processes do with the frames that a pass kept: GIFs and WebPs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np

from spiralcore.files import scratch_file
from spiralcore.processes import Report
from spiralcore.video import gif, webp
from spiralcore.video.fitting import NO_DIAL, Descent, Dial, Grade, write_fitting
from spiralcore.video.loops import (
    Pixels,
    Size,
    encode_gif,
    encode_webp,
    palette_of,
    small_frames,
)
from spiralcore.video.marking import comment
from spiralcore.video.takes import SmallReel

PALETTE_FRAMES = 36

SMALLEST = 180
"""Height below which nothing can be read."""

WEBP_QUALITY = Dial(best=80, good=60, worst=20, halving=45)


def finish_gif(
    reel: SmallReel, path: str, key: str, limit: float, strict: bool, report: Report
) -> None:
    """Make a GIF, smaller where it would be too large; see `write_fitting`."""

    def make(grade: Grade, trial: Path) -> None:
        size = reel.size_at(grade.height)
        chosen = set(palette_sample(reel.count))
        sample = (
            frame for number, frame in enumerate(_frames(reel, size, trial)) if number in chosen
        )
        frames = _told(_frames(reel, size, trial), reel.count, report)
        write_gif(frames, sample, trial, size, reel.rate, key, loop=reel.loop)

    write_fitting(make, Path(path), _descent(reel, NO_DIAL), limit, strict=strict)


def finish_webp(
    reel: SmallReel, path: str, key: str, limit: float, strict: bool, report: Report
) -> None:
    """Make an animated WebP, of less quality or smaller where it would be too large."""

    def make(grade: Grade, trial: Path) -> None:
        size = reel.size_at(grade.height)
        frames = _told(_frames(reel, size, trial), reel.count, report)
        encode_webp(frames, trial, size, reel.rate, grade.dial, loop=reel.loop)
        webp.add_comment(trial, comment(key))

    write_fitting(make, Path(path), _descent(reel, WEBP_QUALITY), limit, strict=strict)


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


def _frames(reel: SmallReel, size: Size, trial: Path) -> Iterator[Pixels]:
    return small_frames([Path(segment) for segment in reel.segments], size, trial.parent)


def _descent(reel: SmallReel, dial: Dial) -> Descent:
    height = reel.size[1]
    return Descent(height, min(SMALLEST, height), dial)


def _told(frames: Iterable[Pixels], count: int, report: Report) -> Iterator[Pixels]:
    for done, frame in enumerate(frames, 1):
        yield frame
        if done % 10 == 0:
            report(done / max(count, done))
