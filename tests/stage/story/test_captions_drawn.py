"""Captions on the picture: readable, in the frame, classes in their colours."""

from __future__ import annotations

import numpy as np
import pytest

from spiralcore.registry.aspects import ASPECTS
from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.registry.themes import THEMES, rgb, theme
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.words import text_width
from spiralcore.stage.story.caption_line import LEAST_SIZE, CaptionLine, broken
from spiralcore.story.captions import FADE, Caption, CaptionTrack
from spiralcore.story.event import Event
from spiralcore.story.sentences import Run, Speaker, text_of
from tests.stage.test_drawn import canvas
from tests.story.test_sentences import every_event

LINE = (Run("Orange", 1), Run(" takes the bottom right corner, now free."))


def shown(track: CaptionTrack, second: float, name: str = "dark", size: float = 48) -> CaptionLine:
    line = CaptionLine(track, 960, 1000, size, 1800, theme(name), 4)
    line.second = second
    return line


def painted(line: CaptionLine) -> np.ndarray:
    paper = canvas()
    line.paint(paper)
    return paper.pixels


def test_a_caption_is_drawn_in_its_time_and_within_its_box() -> None:
    track = CaptionTrack([Caption(2.0, 5.0, LINE)])
    line = shown(track, 3.0)
    drawn = painted(line)
    rows, columns = np.nonzero(drawn[..., :3].any(axis=2))
    box = line.reserved()
    assert box.left <= columns.min() < columns.max() < box.right
    assert box.top <= rows.min() < rows.max() < box.bottom
    for second in (-1.0, 1.99, 5.0, 9.0):
        assert not painted(shown(track, second))[..., :3].any()
    half = painted(shown(track, 2.0 + FADE / 2))
    assert 0 < half[..., :3].max() < drawn[..., :3].max()


@pytest.mark.parametrize("name", sorted(THEMES))
def test_the_class_has_its_colour_and_can_be_read_on_the_plate(name: str) -> None:
    colours = THEMES[name]
    drawn = painted(shown(CaptionTrack([Caption(0.0, 5.0, LINE)]), 2.0, name))
    orange = rgb(colours.classes[1])
    assert (np.abs(drawn[..., :3] - orange).max(axis=2) <= 2).sum() > 300
    assert (np.abs(drawn[..., :3] - rgb(colours.ink)).max(axis=2) <= 2).sum() > 1000
    for colour in colours.classes[:12]:
        assert contrast(rgb(colour), rgb(colours.background)) >= 3.0
    assert contrast(rgb(colours.ink), rgb(colours.background)) >= 4.5


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    """Of WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: np.ndarray) -> float:
    share = colour / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("code", sorted(LANGUAGES))
@pytest.mark.parametrize("aspect", sorted(ASPECTS))
def test_every_caption_stays_in_the_frame(code: str, aspect: str) -> None:
    frame, speaker = ASPECTS[aspect], Speaker(LANGUAGES[code], 7)
    size, width = (65.0 if aspect == "9:16" else 48.0), 0.94 * frame.width
    x, y = frame.width / 2, 0.94 * frame.height
    line = CaptionLine(CaptionTrack([]), x, y, size, width, theme("dark"), 7)
    for words in {speaker.line(event) for event in every_event()}:
        plate, pieces = line.plate(words), line.pieces(words)
        assert Box(0, 0, frame.width, frame.height).holds(plate), text_of(words)
        rows = {piece.baseline for piece in pieces}
        assert len(rows) <= {"16:9": 1, "4:3": 2, "1:1": 2, "9:16": 3}[aspect], text_of(words)
        assert "".join(piece.text for piece in pieces).replace(" ", "") == text_of(words).replace(
            " ", ""
        )


def test_letters_are_never_too_small() -> None:
    assert shown(CaptionTrack([]), 0.0, size=12).size == LEAST_SIZE == 36


def test_a_long_line_is_broken_into_rows_that_fit() -> None:
    rows = broken(LINE, 420, 48)
    assert len(rows) >= 2
    for row in rows:
        assert sum(text_width(run.text, 48) for run in row) <= 430
        assert not row[0].text.startswith(" ")
    assert " ".join(text_of(row) for row in rows) == text_of(LINE)
    assert broken(LINE, 5000, 48) == [LINE]


def test_what_is_never_shown_needs_no_room() -> None:
    line = shown(CaptionTrack([]), 1.0)
    assert not painted(line)[..., :3].any()
    assert line.reserved().width < 10
    event = Event(1, 2, "parts", (0, 1))
    assert Speaker(LANGUAGES["en"], 4).line(event)[0] == Run("Blue", 0)
