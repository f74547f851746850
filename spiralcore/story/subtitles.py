"""Captions as files: WebVTT, SRT, and chapters in ffmpeg's metadata."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from spiralcore.errors import harmless
from spiralcore.story.captions import CaptionTrack


class Chapter(NamedTuple):
    """A part of a film: from when to when, in seconds, and what it is called."""

    start: float
    end: float
    title: str


def webvtt(track: CaptionTrack, language: str = "en") -> str:
    """WebVTT, as W3C has it: https://www.w3.org/TR/webvtt1/."""
    blocks = [f"WEBVTT\nLanguage: {language}"]
    blocks += [
        f"{_clock(caption.start, '.')} --> {_clock(caption.end, '.')}\n{_escaped(caption.text)}"
        for caption in track.captions
    ]
    return "\n\n".join(blocks) + "\n"


def srt(track: CaptionTrack) -> str:
    """SubRip."""
    blocks = [
        f"{number}\n{_clock(caption.start, ',')} --> {_clock(caption.end, ',')}\n{caption.text}\n"
        for number, caption in enumerate(track.captions, 1)
    ]
    return "\n".join(blocks)


def chapters(track: CaptionTrack, duration: float) -> list[Chapter]:
    """Chapters that fill a film: one for each caption.

    Before the first caption there is a chapter without a title of its own: players begin there.
    """
    starts = [caption.start for caption in track.captions]
    titles = [caption.text.rstrip(".") for caption in track.captions]
    if not starts:
        return []
    if starts[0] > 0.5:
        starts, titles = [0.0, *starts], ["0:00", *titles]
    else:
        starts[0] = 0.0
    ends = [*starts[1:], duration]
    return [
        Chapter(start, end, title)
        for start, end, title in zip(starts, ends, titles, strict=True)
        if end > start
    ]


def ffmetadata(parts: Sequence[Chapter]) -> str:
    """Chapters as ffmpeg reads them: https://ffmpeg.org/ffmpeg-formats.html#Metadata-1."""
    lines = [";FFMETADATA1"]
    for start, end, title in parts:
        lines += [
            "[CHAPTER]",
            "TIMEBASE=1/1000",
            f"START={round(1000 * start)}",
            f"END={round(1000 * end)}",
            f"title={_guarded(_plain(title))}",
        ]
    return "\n".join(lines) + "\n"


def _clock(second: float, point: str) -> str:
    """Hours, minutes, seconds and thousandths."""
    thousandths = round(1000 * second)
    seconds, part = divmod(thousandths, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{point}{part:03d}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str) -> str:
    """Without spaces that do not break, which no player's list needs, and nothing hostile."""
    return harmless(text.replace("\u00a0", " ").replace("\u202f", " "))


def _guarded(text: str) -> str:
    """Put a backslash before what means something in ffmpeg's metadata."""
    return "".join(f"\\{letter}" if letter in "=;#\\\n" else letter for letter in text)
