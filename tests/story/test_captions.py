from __future__ import annotations

import re

import numpy as np
import pytest

from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.story.captions import (
    FADE,
    LONGEST,
    SHORTEST,
    Caption,
    CaptionTrack,
    caption_track,
    holds,
)
from spiralcore.story.event import Event
from spiralcore.story.sentences import Run
from spiralcore.story.subtitles import chapters, ffmetadata, srt, webvtt
from spiralcore.trajectory.play.timeline import Timeline
from tests.story.made import training


def said(start: float, end: float, text: str = "Words.") -> Caption:
    return Caption(start, end, (Run(text),))


def test_captions_never_overlap_and_stay_long_enough() -> None:
    random = np.random.default_rng(5)
    for _ in range(50):
        starts = random.uniform(0, 40, 12)
        given = [said(start, start + random.uniform(0, 8)) for start in starts]
        track = CaptionTrack(given, until=40.0)
        for caption in track.captions:
            assert caption.end - caption.start >= SHORTEST - 1e-9
            assert caption.end <= 40.0
        for one, other in zip(track.captions, track.captions[1:], strict=False):
            assert one.end <= other.start


def test_a_caption_fades_in_and_out() -> None:
    caption = said(10.0, 13.0)
    assert [caption.opacity(second) for second in (9.0, 10.0, 10 + FADE / 2, 10 + FADE)] == [
        0.0, 0.0, pytest.approx(0.5), 1.0
    ]  # fmt: skip
    assert caption.opacity(13 - FADE / 2) == pytest.approx(0.5)
    assert caption.opacity(13.0) == 0.0
    track = CaptionTrack([caption])
    assert track.at(9.99) is None
    assert track.at(10.0) == caption
    assert track.at(13.0) is None


@pytest.mark.parametrize(
    ("seconds", "told"), [(1.0, False), (1.8, False), (2.0, True), (4.0, True)]
)
def test_a_state_is_told_of_where_it_lasts_as_long_as_it_is_read(
    seconds: float, told: bool
) -> None:
    stuck = Event(100, 200, "stuck", (1,), ("bottom",), (0.31,), 0.95)
    moves = stuck._replace(kind="moves")
    paced = Timeline(
        np.array([0.0, 5.0, 5.0 + seconds, 30.0]), np.array([0.0, 100.0, 200.0, 999.0])
    )
    assert holds(5.0, stuck, paced) is told
    assert holds(5.0, moves, paced)


def test_a_state_in_which_the_training_ends_is_told() -> None:
    """However late: the last picture shows it for as long as it stands."""
    stuck = Event(900, 999, "stuck", (1,), ("bottom",), (0.31,), 0.95)
    paced = Timeline(np.array([0.0, 9.0, 10.0]), np.array([0.0, 900.0, 999.0]))
    assert holds(9.0, stuck, paced)
    assert not holds(9.0, stuck._replace(end=998), paced)


def test_captions_follow_the_events_of_a_training() -> None:
    path = training(
        [
            [(0, (0, 0)), (100, (-1, -1)), (2000, (-1, -1))],
            [(0, (0, 0)), (100, (1, -1)), (1000, (1, -1)), (1100, (1, 1)), (2000, (1, 1))],
        ]
    )
    paced = Timeline(np.array([0.0, 20.0]), np.array([0.0, 2000.0]))
    track = caption_track(path, paced, LANGUAGES["de"], offset=1.5, until=21.0)
    texts = [caption.text for caption in track.captions]
    assert texts == [
        "Mindestens 99 % aller Punkte sind richtig.",
        "Orange steigt in die Ecke rechts oben.",
    ]
    climbs = track.captions[1]
    assert climbs.event is not None
    assert climbs.start == pytest.approx(1.5 + climbs.event.epoch / 100)
    assert climbs.line[0] == Run("Orange", 1)
    assert SHORTEST <= climbs.end - climbs.start <= LONGEST


def test_webvtt_and_srt_say_what_is_read_when() -> None:
    track = CaptionTrack([said(1.5, 4.25, "Less & <more>."), said(3661.0, 3664.0, "Late.")])
    assert webvtt(track, "de") == (
        "WEBVTT\nLanguage: de\n\n"
        "00:00:01.500 --> 00:00:04.250\nLess &amp; &lt;more&gt;.\n\n"
        "01:01:01.000 --> 01:01:04.000\nLate.\n"
    )
    assert srt(track) == (
        "1\n00:00:01,500 --> 00:00:04,250\nLess & <more>.\n\n"
        "2\n01:01:01,000 --> 01:01:04,000\nLate.\n"
    )
    assert webvtt(CaptionTrack([])) == "WEBVTT\nLanguage: en\n"


def test_chapters_fill_the_film() -> None:
    track = CaptionTrack([said(2.0, 5.0, "One."), said(8.0, 11.0, "Two = 2; #.")])
    parts = chapters(track, 20.0)
    assert parts == [(0.0, 2.0, "0:00"), (2.0, 8.0, "One"), (8.0, 20.0, "Two = 2; #")]
    assert chapters(CaptionTrack([said(0.2, 3.0)]), 9.0) == [(0.0, 9.0, "Words")]
    assert chapters(CaptionTrack([]), 9.0) == []
    told = ffmetadata(parts)
    assert told.startswith(
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2000\ntitle=0:00\n"
    )
    assert re.findall("title=(.*)", told)[-1] == r"Two \= 2\; \#"
