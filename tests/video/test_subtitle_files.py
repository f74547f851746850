"""Captions beside a video and as its chapters, reopened by another reader."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from spiralcore.stage.pixels.changes import Picture, whole_frame
from spiralcore.story.captions import Caption, CaptionTrack
from spiralcore.story.sentences import Run
from spiralcore.story.subtitles import chapters
from spiralcore.video.encode.film_format import FILM_FORMATS
from spiralcore.video.encode.segments import encode_segment, join_segments
from spiralcore.video.subtitle_files import write_subtitles

TRACK = CaptionTrack(
    [
        Caption(1.0, 3.5, (Run("Grün", 2), Run(" steigt: 50\u202f\u00a0% = ½; #1."))),
        Caption(4.0, 7.0, (Run("Die Klasse \\ „a“ & <b> 'c'."),)),
    ]
)


@pytest.mark.parametrize("kind", ["mp4", "webm", "mov", "av1"])
def test_captions_are_chapters_of_the_video(kind: str, tmp_path: Path) -> None:
    form = FILM_FORMATS[kind, False]
    ending = "mp4" if kind == "av1" else kind
    still = Picture(np.full((120, 160, 4), 255, np.uint8), whole_frame(120, 160))
    segments = [tmp_path / f"{name}.{ending}" for name in "ab"]
    for segment in segments:
        encode_segment([still] * 40, segment, 160, 120, 10, form)
    film = tmp_path / f"a film's #1 = ü;.{ending}"
    parts = chapters(TRACK, 8.0)
    join_segments(segments, film, title="t", comment="c", chapters=parts)
    with av.open(str(film)) as video:
        found = [
            (
                float(part["start"] * part["time_base"]),
                float(part["end"] * part["time_base"]),
                part["metadata"]["title"],
            )
            for part in video.chapters()
        ]
        said = {name.lower(): text for name, text in video.metadata.items()}
        assert len(video.streams.video) == 1
        assert sum(1 for _ in video.decode(video=0)) == 80
    assert found == [
        (0.0, 1.0, "0:00"),
        (1.0, 4.0, "Grün steigt: 50  % = ½; #1"),
        (4.0, 8.0, "Die Klasse \\ „a“ & <b> 'c'"),
    ]
    assert (said["title"], said["comment"]) == ("t", "c")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [film.name, *(segment.name for segment in segments)]
    )


def test_subtitles_lie_beside_the_video_and_are_read_by_ffmpeg(tmp_path: Path) -> None:
    video = tmp_path / "film.of mine.mp4"
    files = write_subtitles(video, TRACK, "de")
    assert [path.name for path in files] == ["film.of mine.vtt", "film.of mine.srt"]
    for path in files:
        with av.open(str(path)) as subtitles:
            (stream,) = subtitles.streams.subtitles
            packets = [packet for packet in subtitles.demux(stream) if packet.size]
        times = [
            (float(packet.pts * packet.time_base), float(packet.duration * packet.time_base))
            for packet in packets
        ]
        assert times == [(1.0, 2.5), (4.0, 3.0)]
        assert "Grün steigt" in bytes(packets[0]).decode("utf-8")
    assert files[0].read_text("utf-8").startswith("WEBVTT\nLanguage: de\n\n")


def test_without_captions_there_are_no_files(tmp_path: Path) -> None:
    assert write_subtitles(tmp_path / "film.mp4", CaptionTrack([]), "en") == []
    assert list(tmp_path.iterdir()) == []
