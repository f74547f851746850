"""Videos: frames go in, segments come out, and are joined to films."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import ffmpeg
from numpy.typing import NDArray

from spiralcore.errors import harmless
from spiralcore.registry.formats import OUTPUT_FORMATS, OutputFormat, format_of
from spiralcore.stage.pixels.changes import Picture
from spiralcore.story.subtitles import Chapter, ffmetadata
from spiralcore.system.files import scratch_file, whole_file
from spiralcore.video.encode.continuation import Continuation
from spiralcore.video.encode.ffmpeg_pipe import one_after_the_other, running, url
from spiralcore.video.encode.film_format import BT709, FILM_FORMATS, FilmFormat
from spiralcore.video.encode.keyframes import decoded_alone, leading, quantised

FILTER_BT709 = {
    "color_primaries": "bt709",
    "color_trc": "bt709",
    "colorspace": "bt709",
    "range": "tv",
}
"""What `BT709` says, in the words of a filter."""


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
    path, width, height, frame_rate, film_format
        See `segment_encoder`.

    Raises
    ------
    SpiralError
        If the encoder fails.
    """
    with segment_encoder(path, width, height, frame_rate, film_format) as take:
        for picture in pictures:
            take(picture)


@contextlib.contextmanager
def segment_encoder(
    path: Path,
    width: int,
    height: int,
    frame_rate: int,
    film_format: FilmFormat,
    continuation: Continuation | None = None,
) -> Iterator[Callable[[Picture], None]]:
    """Open an encoder for the frames of a segment; the file is there when the block ends.

    Parameters
    ----------
    path
        Where the segment goes.
    width, height
        In pixels, even.
    frame_rate
        Frames a second.
    film_format
        Of the film that the segment is for.
    continuation
        How the segment goes over to the next one, if its frames lead to keyframes; H.264 only.

    Yields
    ------
    Callable
        Takes the frames in order, each before the next one is drawn, and at last the one that is
        ahead, if there is one.

    Raises
    ------
    SpiralError
        If the encoder fails.
    """
    planes = film_format.planes(width, height)
    source = {
        "format": "rawvideo", "pix_fmt": film_format.pixel_format, "s": f"{width}x{height}",
        "r": frame_rate, **BT709,
    }  # fmt: skip
    options = {"pix_fmt": film_format.pixel_format, **film_format.options(frame_rate), **BT709}
    told = quantised(options, continuation, options["g"]) if continuation else options
    with contextlib.ExitStack() as stack:
        part = stack.enter_context(whole_file(path))
        film = ffmpeg.input("pipe:", **source).output(
            url(part), format=film_format.container, **told
        )
        encoder = stack.enter_context(running(film))

        def handed(frame: NDArray[Any]) -> None:
            encoder.write(frame.data)

        def decoded(keyframe: NDArray[Any]) -> NDArray[Any]:
            return decoded_alone(keyframe, source, options, path.parent)

        write: Callable[[NDArray[Any]], None] = handed
        if continuation:
            write = stack.enter_context(leading(handed, decoded, continuation, options["g"]))
        is_first = True

        def take(picture: Picture) -> None:
            nonlocal is_first
            film_format.convert(picture.pixels, planes, None if is_first else picture.changed)
            is_first = False
            write(planes)

        yield take


def join_segments(
    segments: list[Path],
    path: Path,
    *,
    title: str,
    comment: str,
    chapters: Sequence[Chapter] = (),
    sound: Any = None,
) -> None:
    """Join segments to a film without encoding any of their frames again.

    The alpha of WebM lies beside each frame in the container and goes with it.

    Parameters
    ----------
    segments
        In order, all in one folder, with names without quotes.
    path
        Where the film goes; its suffix says what it is.
    title, comment
        Texts that go into the file.
    chapters
        Parts of the film that players can go to.
    sound
        What is heard with it, see `spiralcore.video.encode.sound.mixed`; None for a silent film.

    Raises
    ------
    SpiralError
        If the segments cannot be joined.
    """
    with contextlib.ExitStack() as stack:
        part = stack.enter_context(whole_file(path))
        sources = [stack.enter_context(one_after_the_other(segments))]
        entry = format_of(path.suffix)
        if entry is None:
            raise ValueError(f"{path} is no film")
        told: dict[str, Any] = {"c": "copy", **_closing(entry, title, comment)}
        if sound is not None:
            sources.append(sound)
            told |= entry.sound
        if chapters:
            metadata = stack.enter_context(scratch_file(segments[0].parent, ".txt"))
            metadata.write_text(ffmetadata(chapters), encoding="utf-8", newline="\n")
            # It has no streams: the question mark lets it be.
            sources.append(ffmpeg.input(url(metadata), format="ffmetadata")["?"])
            # Inputs are numbered as ffmpeg-python puts them, where a voice has many.
            said = ffmpeg.get_args(ffmpeg.output(*sources, url(part)))
            inputs = [said[i + 1] for i, word in enumerate(said) if word == "-i"]
            told["map_chapters"] = inputs.index(url(metadata))
        stream = ffmpeg.output(*sources, url(part), format=entry.container, **told)
        with running(stream, segments[0].parent):
            pass


def encode_kept(
    segments: Sequence[Path],
    path: Path,
    kind: str,
    film_format: FilmFormat,
    size: tuple[int, int],
    frame_rate: int,
    *,
    title: str,
    comment: str,
    sound: Any = None,
) -> None:
    """Encode a film of segments that were kept without loss.

    Parameters
    ----------
    segments
        In order; their planes are those of ``film_format``.
    path
        Where the film goes.
    kind
        Its format.
    film_format
        How it is encoded.
    size
        Width and height; the frames are made smaller where they are larger.
    frame_rate
        Frames a second.
    title, comment
        Texts that go into the file.
    sound
        As in `join_segments`.

    Raises
    ------
    SpiralError
        If ffmpeg fails.
    """
    entry, pixel_format = OUTPUT_FORMATS[kind], film_format.pixel_format
    has_alpha = pixel_format.startswith("yuva")
    with one_after_the_other(segments) as source:
        # Containers count time more coarsely than frames.
        stream = source.filter("settb", f"1/{frame_rate}").filter("setpts", "N")
        stream = stream.filter("setparams", **FILTER_BT709)
        if has_alpha:
            # What is not seen has no colour that could be averaged.
            stream = stream.filter("premultiply", inplace=1)
        stream = stream.filter("scale", *size, flags="bicubic")
        if has_alpha:
            stream = stream.filter("unpremultiply", inplace=1)
        heard = {} if sound is None else entry.sound
        streams = [stream] if sound is None else [stream, sound]
        film = ffmpeg.output(
            *streams, url(path), format=entry.container, pix_fmt=pixel_format, r=frame_rate,
            **film_format.options(frame_rate), **BT709, **heard, **_closing(entry, title, comment),
        )  # fmt: skip
        with running(film, segments[0].parent):
            pass


def _closing(entry: OutputFormat, title: str, comment: str) -> dict[str, Any]:
    """Options for a file that players take."""
    # A file's name, which need not be text, and what players show.
    title = harmless(title)
    return {**entry.closing, "metadata:g:0": f"title={title}", "metadata:g:1": f"comment={comment}"}
