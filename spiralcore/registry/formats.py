"""Formats of the files that films are made into: one entry each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from spiralcore.registry.encoders import AV1, H264, PRORES, VP9


@dataclass(frozen=True)
class RateControl:
    """An encoder's measure of quality.

    Attributes
    ----------
    best, good, worst
        What is taken where there is room, what still looks good, what can be borne.
    halving
        By how much it changes when a file becomes half as large.
    step
        The smallest change that the encoder knows.
    option
        What ffmpeg calls it, for videos.
    """

    best: float
    good: float
    worst: float
    halving: float
    step: float = 0.1
    option: str = ""


NO_CONTROL = RateControl(0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Encoding:
    """How the frames of a video are encoded.

    Attributes
    ----------
    pixel_format
        Of the planes, in the words of ffmpeg; one of `spiralcore.video.encode.film_format.PLANES`.
    options
        Of ffmpeg.
    segments
        Container of the pieces in which a film is drawn, in the words of ffmpeg, and their ending.
        Matroska counts whole milliseconds, which 60 frames a second are not.
    """

    pixel_format: str
    options: Mapping[str, Any]
    segments: tuple[str, str] = ("matroska", "mkv")


@dataclass(frozen=True)
class OutputFormat:
    """A format of files that films are made into.

    Attributes
    ----------
    name
        What settings call it.
    suffix
        How its files end. Two formats may have the same: then that of a file which is named without
        its format is the first of them, and files of the others have the name of their format at
        the end of their own, as in ``bending-av1.mp4``.
    about
        One line for people.
    kind
        ``"video"``: frames of full size, encoded in pieces; ``"animation"``: made of small frames;
        ``"still"``: one picture.
    media
        What browsers call it.
    alpha
        Whether it can be transparent.
    usual
        For which films it is made where nobody says otherwise: those with a background, those
        without, both or none.
    encodings
        Of videos: how opaque and how transparent frames are encoded, by whether they are
        transparent.
    container
        Of videos: what the file is, in the words of ffmpeg.
    closing
        Of videos: options of ffmpeg that make it a file which players take.
    sound
        Of videos: how a voice is encoded.
    finisher
        Of animations: ``"module:function"`` that makes one of small frames.
    rate_control
        By which a file becomes smaller.
    alone
        Of videos: options of an encoder that encodes a whole film, and may use all cores. The same
        for all machines, so that files are.
    keyframe_seconds
        Of videos: from a keyframe to the next one.
    leads
        Of videos: whether frames lead to keyframes, see `spiralcore.video.encode.keyframes`;
        H.264 only.
    cost
        Of videos: work to encode a frame, where drawing one and encoding it as MP4 is 1.
    """

    name: str
    suffix: str
    about: str
    kind: Literal["video", "animation", "still"]
    media: str
    alpha: bool = False
    usual: frozenset[Literal["opaque", "transparent"]] = frozenset()
    encodings: Mapping[bool, Encoding] = field(default_factory=dict)
    container: str = ""
    closing: Mapping[str, Any] = field(default_factory=dict)
    sound: Mapping[str, Any] = field(default_factory=dict)
    finisher: str = ""
    rate_control: RateControl = NO_CONTROL
    alone: Mapping[str, Any] = field(default_factory=dict)
    keyframe_seconds: int = 1
    leads: bool = False
    cost: float = 0.0

    def file(self, folder: Path, stem: str) -> Path:
        """Where a file of this format goes that is called ``stem``."""
        shared = format_of(self.suffix) is not self
        return folder / f"{stem}{f'-{self.name}' if shared else ''}{self.suffix}"


FAST_START = {"movflags": "+faststart"}

AAC: dict[str, Any] = {"c:a": "aac", "b:a": "96k"}
OPUS: dict[str, Any] = {"c:a": "libopus", "b:a": "64k"}

FINISHING = "spiralcore.video.finishing"

OUTPUT_FORMATS: dict[str, OutputFormat] = {
    entry.name: entry
    for entry in (
        OutputFormat(
            name="mp4",
            suffix=".mp4",
            about="H.264 for PowerPoint, Keynote, Google Slides, browsers",
            kind="video",
            media="video/mp4",
            usual=frozenset(["opaque"]),
            encodings={False: Encoding("yuv420p", H264, ("mp4", "mp4"))},
            container="mp4",
            closing=FAST_START,
            sound=AAC,
            rate_control=RateControl(
                best=H264["qp"], good=40, worst=47, halving=6, step=1, option="qp"
            ),
            leads=True,
            alone={"threads": 4},
            cost=1.0,
        ),
        OutputFormat(
            name="av1",
            suffix=".mp4",
            about="AV1 in MP4 for browsers of 2021 and later: sharper, slower to make",
            kind="video",
            media="video/mp4",
            encodings={False: Encoding("yuv420p", AV1, ("mp4", "mp4"))},
            container="mp4",
            closing=FAST_START,
            sound=AAC,
            rate_control=RateControl(
                best=AV1["crf"], good=54, worst=63, halving=9, step=1, option="crf"
            ),
            alone={"svtav1-params": "lp=2:scd=0"},
            cost=3.0,
        ),
        OutputFormat(
            name="webm",
            suffix=".webm",
            about="VP9 for browsers and reveal.js, with alpha where transparent",
            kind="video",
            media="video/webm",
            alpha=True,
            usual=frozenset(["transparent"]),
            encodings={False: Encoding("yuv420p", VP9), True: Encoding("yuva420p", VP9)},
            container="webm",
            # Without "bitexact" its tracks get random numbers, and no two files are the same.
            closing={"fflags": "+bitexact", "cues_to_front": 1},
            sound=OPUS,
            rate_control=RateControl(
                best=VP9["crf"], good=45, worst=60, halving=11, step=1, option="crf"
            ),
            alone={"threads": 4, "row-mt": 1, "tile-columns": 2},
            keyframe_seconds=2,
            cost=1.5,
        ),
        OutputFormat(
            name="mov",
            suffix=".mov",
            about="ProRes 4444 for Keynote and editors, with alpha where transparent",
            kind="video",
            media="video/quicktime",
            alpha=True,
            encodings={
                False: Encoding("yuv444p10le", PRORES, ("mov", "mov")),
                True: Encoding("yuva444p10le", PRORES, ("mov", "mov")),
            },
            container="mov",
            closing=FAST_START,
            sound=AAC,
            rate_control=RateControl(
                best=PRORES["qscale:v"], good=24, worst=60, halving=24, step=1, option="qscale:v"
            ),
            alone={"threads": 4},
            cost=2.0,
        ),
        OutputFormat(
            name="gif",
            suffix=".gif",
            about="wherever pictures go",
            kind="animation",
            media="image/gif",
            usual=frozenset(["opaque"]),
            finisher=f"{FINISHING}:finish_gif",
        ),
        OutputFormat(
            name="webp",
            suffix=".webp",
            about="like a GIF with all colours, smaller, with alpha where transparent",
            kind="animation",
            media="image/webp",
            alpha=True,
            finisher=f"{FINISHING}:finish_webp",
            rate_control=RateControl(best=80, good=60, worst=20, halving=45),
        ),
        OutputFormat(
            name="avif",
            suffix=".avif",
            about="like a WebP, smaller again, for browsers of 2024 and later",
            kind="animation",
            media="image/avif",
            alpha=True,
            finisher=f"{FINISHING}:finish_avif",
            rate_control=RateControl(best=60, good=40, worst=15, halving=25, step=1),
        ),
        OutputFormat(
            name="png",
            suffix=".png",
            about="the poster: the data, the trained layer, the number of classes",
            kind="still",
            media="image/png",
            alpha=True,
            usual=frozenset(["opaque", "transparent"]),
        ),
    )
}
"""By their names; the first one of a suffix is what a file's name alone stands for."""

VIDEOS = tuple(name for name, entry in OUTPUT_FORMATS.items() if entry.kind == "video")

SUFFIXES = tuple(dict.fromkeys(entry.suffix for entry in OUTPUT_FORMATS.values()))
"""Each once."""


def usual_formats(*, transparent: bool) -> tuple[str, ...]:
    """The formats that are made of films where nobody says otherwise."""
    look: Literal["opaque", "transparent"] = "transparent" if transparent else "opaque"
    return tuple(name for name, entry in OUTPUT_FORMATS.items() if look in entry.usual)


def format_of(suffix: str) -> OutputFormat | None:
    """What a file is whose name ends so, and says no more; None if it is no film."""
    ending = suffix.lower()
    return next((entry for entry in OUTPUT_FORMATS.values() if entry.suffix == ending), None)


def named_format(path: Path) -> OutputFormat | None:
    """What a file is by its whole name; None if it is no film."""
    for entry in reversed(OUTPUT_FORMATS.values()):
        if path.name.lower().endswith(entry.file(Path(), "").name):
            return entry
    return None


def stem_of(path: Path) -> str:
    """What a film is called by the name of one of its files, whatever its format."""
    entry = named_format(path)
    return path.name if entry is None else path.name[: -len(entry.file(Path(), "").name)]
