"""Small pictures that move: frames become GIFs and animated WebPs."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np
from numpy.typing import NDArray

from spiralcore.stage.pixels.changes import Picture
from spiralcore.system.files import whole_file
from spiralcore.video.encode.ffmpeg_pipe import decoded, one_after_the_other, running, url
from spiralcore.video.encode.size import Size
from spiralcore.video.encode.yuv import to_straight

Pixels = NDArray[np.uint8]
FOR_EVER, ONCE = 0, -1
"""What ffmpeg calls how often a GIF repeats."""


@contextlib.contextmanager
def small_encoder(
    path: Path, full: Size, small: Size, rate: Fraction
) -> Iterator[Callable[[Picture], None]]:
    """Open an encoder that makes frames smaller and keeps them without loss, as a segment.

    Parameters
    ----------
    path
        Where the segment goes; see `small_frames`.
    full, small
        Size of the frames that come and of those that are kept. Premultiplied colours can be
        averaged as they are.
    rate
        Frames a second.

    Yields
    ------
    Callable
        Takes the frames in order.

    Raises
    ------
    SpiralError
        If the encoder fails.
    """
    stream = _raw(full, rate)
    if small != full:
        stream = stream.filter("scale", *small, flags="area")
    with whole_file(path) as part:
        kept = stream.output(
            url(part), format="nut", vcodec="ffv1", pix_fmt="bgra", level=3, g=1, threads=1
        )
        with running(kept) as encoder:
            yield lambda picture: encoder.write(picture.pixels.data)


def small_frames(segments: Sequence[Path], size: Size) -> Iterator[Pixels]:
    """Read what `small_encoder` kept.

    Not by imageio, whose readers of films give red, green and blue only: the opacity would be lost.

    Parameters
    ----------
    segments
        In order.
    size
        What the frames are made, if they are larger.

    Yields
    ------
    NDArray
        Premultiplied RGBA, shape (height, width, 4).
    """
    width, height = size
    with one_after_the_other(segments) as source:
        stream = source.filter("scale", width, height, flags="area").output(
            "pipe:", format="rawvideo", pix_fmt="rgba", fps_mode="passthrough"
        )
        for data in decoded(stream, 4 * width * height, segments[0].parent):
            yield np.frombuffer(data, np.uint8).reshape(height, width, 4)


def palette_of(frames: Iterable[Pixels], path: Path, size: Size) -> None:
    """Find the 255 colours that show these frames best, and write them as a PNG.

    Raises
    ------
    SpiralError
        If ffmpeg fails.
    """
    stream = (
        _raw(size, Fraction(25))
        .filter("palettegen", max_colors=256, reserve_transparent=1, stats_mode="full")
        .output(url(path), format="image2", vcodec="png", update=1)
    )
    _encode(stream, frames)


def encode_gif(
    frames: Iterable[Pixels], palette: Path, path: Path, size: Size, rate: Fraction, *, loop: bool
) -> None:
    """Encode frames as a GIF, without dithering.

    Parameters
    ----------
    frames
        Each of shape (height, width, 4).
    palette
        See `palette_of`.
    path
        Where the GIF goes.
    size
        Of the frames.
    rate
        Frames a second. Delays in a GIF are whole hundredths of a second: 20, 25 and 50 can be
        kept exactly, with others some frames stay a hundredth longer than the rest.
    loop
        Whether it repeats for ever, or is shown once.

    Raises
    ------
    SpiralError
        If ffmpeg fails.
    """
    stream = ffmpeg.filter(
        [_raw(size, rate), ffmpeg.input(url(palette))],
        "paletteuse", dither="none", diff_mode="rectangle",
    ).output(url(path), format="gif", loop=FOR_EVER if loop else ONCE)  # fmt: skip
    _encode(stream, frames)


def encode_webp(
    frames: Iterable[Pixels], path: Path, size: Size, rate: Fraction, quality: float, *, loop: bool
) -> None:
    """Encode opaque frames as an animated WebP; see `write_transparent` for others.

    Parameters
    ----------
    frames
        Each of shape (height, width, 4).
    path
        Where the WebP goes.
    size
        Of the frames.
    rate
        Frames a second; delays are whole thousandths of a second.
    quality
        0 to 100.
    loop
        Whether it repeats for ever, or is shown once.

    Raises
    ------
    SpiralError
        If ffmpeg fails.
    """
    stream = _raw(size, rate).output(
        url(path), format="webp", vcodec="libwebp_anim", pix_fmt="bgra",
        quality=quality, compression_level=4, loop=0 if loop else 1,
    )  # fmt: skip
    _encode(stream, frames)


def _encode(stream: Any, frames: Iterable[Pixels]) -> None:
    with running(stream) as encoder:
        for frame in frames:
            encoder.write(frame.data)


def straight_frames(frames: Iterable[Pixels]) -> Iterator[Pixels]:
    """Divide colours by their opacity; each frame overwrites the one before."""
    straight: Pixels | None = None
    for frame in frames:
        straight = np.empty_like(frame) if straight is None else straight
        to_straight(frame, straight)
        yield straight


def _raw(size: Size, rate: Fraction) -> ffmpeg.nodes.FilterableStream:
    width, height = size
    return ffmpeg.input(
        "pipe:", format="rawvideo", pix_fmt="rgba", s=f"{width}x{height}", r=str(rate)
    )
