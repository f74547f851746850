"""Encoders: frames go in, files come out."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import ffmpeg
import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import HelperDiedError, SpiralError
from spiralcore.files import scratch_file, whole_file
from spiralcore.stage.changes import Picture
from spiralcore.video.formats import BT709, FILM_FORMATS, FilmFormat

Pixels = NDArray[np.uint8]


PIPE_BYTES = 1 << 20
"""Room between the process that draws and its encoder."""


def ffmpeg_program() -> str:
    """Path of the ffmpeg that comes with imageio-ffmpeg.

    Raises
    ------
    HelperDiedError
        If it does not start.
    """
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())  # tries it out once
    except RuntimeError as error:
        raise HelperDiedError(
            f"ffmpeg does not start: {error}.", "the ffmpeg of imageio-ffmpeg.", "spiral doctor"
        ) from None


def encode_segment(
    pictures: Iterable[Picture],
    path: Path,
    width: int,
    height: int,
    frame_rate: int,
    film_format: FilmFormat = FILM_FORMATS["mp4", False],
) -> None:
    """Encode frames as a closed segment, for `join_segments`.

    Parameters
    ----------
    pictures
        Frames in order, each of shape (height, width, 4); used before the next one is drawn.
    path
        Where the segment goes.
    width, height
        In pixels, even.
    frame_rate
        Frames a second.
    film_format
        Of the film that the segment is for.

    Raises
    ------
    SpiralError
        If the encoder fails.
    """
    planes = film_format.planes(width, height)
    pixel_format = film_format.pixel_format
    with whole_file(path) as part:
        stream = ffmpeg.input(
            "pipe:", format="rawvideo", pix_fmt=pixel_format, s=f"{width}x{height}", r=frame_rate,
            **BT709,
        ).output(
            _url(part), format=film_format.container, pix_fmt=pixel_format,
            **film_format.encoder, **BT709,
        )  # fmt: skip
        with _running(stream) as process:
            for index, picture in enumerate(pictures):
                changed = picture.changed if index else None
                film_format.convert(picture.pixels, planes, changed)
                process.stdin.write(planes.data)


def join_segments(segments: list[Path], path: Path, *, title: str, comment: str) -> None:
    """Join segments to an MP4, WebM or MOV without encoding anything again.

    The alpha of WebM lies beside each frame in the container and goes with it.

    Parameters
    ----------
    segments
        In order, all in one folder, with names without quotes.
    path
        Where the film goes; its suffix is its format.
    title, comment
        Texts that go into the file.

    Raises
    ------
    SpiralError
        If the segments cannot be joined.
    """
    with whole_file(path) as part, scratch_file(segments[0].parent, ".txt") as listing:
        # By their names alone, which are ours: a path can have anything in it, line breaks, too.
        lines = [f"file '{segment.name}'\n" for segment in segments]
        listing.write_text("".join(lines), encoding="utf-8")
        kind = path.suffix[1:].lower()
        if kind == "webm":
            # Without "bitexact" its tracks get random numbers, and no two files are the same.
            options = {"fflags": "+bitexact", "cues_to_front": 1}
        else:
            options = {"movflags": "+faststart"}
        stream = ffmpeg.input(_url(listing), format="concat", safe=0).output(
            _url(part),
            format=kind,
            c="copy",
            **options,
            **{"metadata:g:0": f"title={title}", "metadata:g:1": f"comment={comment}"},
        )
        with _running(stream):
            pass


def palette_of(frames: Iterable[Pixels], path: Path, width: int, height: int) -> None:
    """Find the 255 colours that show these frames best, and write them as a PNG.

    Raises
    ------
    SpiralError
        If ffmpeg fails.
    """
    stream = (
        ffmpeg.input("pipe:", format="rawvideo", pix_fmt="rgba", s=f"{width}x{height}", r=25)
        .filter("palettegen", max_colors=256, reserve_transparent=1, stats_mode="full")
        .output(_url(path), format="image2", vcodec="png", update=1)
    )
    with _running(stream) as process:
        for frame in frames:
            process.stdin.write(frame.data)


def encode_gif(
    frames: Iterable[Pixels], palette: Path, path: Path, width: int, height: int, frame_rate: int
) -> None:
    """Encode frames as a GIF that loops, without dithering.

    Parameters
    ----------
    frames
        Each of shape (height, width, 4).
    palette
        See `palette_of`.
    path
        Where the GIF goes.
    width, height
        In pixels.
    frame_rate
        25 or 50: delays in a GIF are whole hundredths of a second.

    Raises
    ------
    SpiralError
        If ffmpeg fails.
    """
    source = ffmpeg.input(
        "pipe:", format="rawvideo", pix_fmt="rgba", s=f"{width}x{height}", r=frame_rate
    )
    stream = ffmpeg.filter(
        [source, ffmpeg.input(_url(palette))], "paletteuse", dither="none", diff_mode="rectangle"
    ).output(_url(path), format="gif", loop=0)
    with _running(stream) as process:
        for frame in frames:
            process.stdin.write(frame.data)


@contextlib.contextmanager
def _running(stream: Any) -> Iterator[Any]:
    """Run ffmpeg, and turn its failure into our own."""
    arguments = ffmpeg.compile(
        stream.global_args("-hide_banner", "-loglevel", "error", "-nostdin").overwrite_output(),
        cmd=ffmpeg_program(),
    )
    process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stderr is not None
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        # A frame goes through in three parts and not in fifty. Some systems allow less.
        with contextlib.suppress(OSError):
            fcntl.fcntl(process.stdin, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    try:
        # A broken pipe means that ffmpeg has given up; its own words say why.
        with contextlib.suppress(BrokenPipeError):
            yield process
            process.stdin.close()
        message = process.stderr.read().decode(errors="replace").strip()
        if process.wait() != 0:
            raise _failure(message, process.returncode)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stderr.close()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()


def _failure(message: str, code: int) -> Exception:
    """What the end of an ffmpeg means."""
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EFBIG, errno.EIO):
        if os.strerror(number) in message:
            return OSError(number, os.strerror(number))
    if code < 0 or "received signal" in message:
        return HelperDiedError(
            f"ffmpeg was ended by a signal (exit code {code}).",
            "an encoder that finishes; memory may have run out.",
            "fewer workers: --jobs 1",
        )
    last = message.splitlines()[-1] if message else f"exit code {code}"
    return SpiralError(f"ffmpeg failed: {last}.", "a working ffmpeg.", "spiral doctor")


def _url(path: Path) -> str:
    """A path as ffmpeg takes it literally, whatever is in it."""
    return f"file:{path.absolute()}"
