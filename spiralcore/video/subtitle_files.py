"""Subtitles beside a video."""

from __future__ import annotations

from pathlib import Path

from spiralcore.story.captions import CaptionTrack
from spiralcore.story.subtitles import srt, webvtt
from spiralcore.system.files import whole_file


def write_subtitles(video: Path, track: CaptionTrack, language: str) -> list[Path]:
    """Write captions as WebVTT and as SRT, named like the video; nothing where there are none.

    Parameters
    ----------
    video
        Beside which they go.
    track
        In film time.
    language
        Its two letters.

    Returns
    -------
    list
        The files.
    """
    if not track.captions:
        return []
    files = {".vtt": webvtt(track, language), ".srt": srt(track)}
    for suffix, text in files.items():
        with whole_file(video.with_suffix(suffix)) as part:
            part.write_text(text, encoding="utf-8", newline="\n")
    return [video.with_suffix(suffix) for suffix in files]
