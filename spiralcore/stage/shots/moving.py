"""What shots show in the same way: boxes on their way, words that appear and go, data in small."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.words import LEADING, Words
from spiralcore.stage.shots.network_view import Look, NetworkView
from spiralcore.stage.shots.shot import Shot, Stage
from spiralcore.stage.story.caption_line import broken
from spiralcore.story.sentences import Run, Speaker, text_of
from spiralcore.trajectory.play.easing import eased

LEAVING = 0.4
"""Seconds in which the data go."""

HEADLINE = 84.0
"""Font size of the title above the square, in 16:9."""


def between(one: Box, other: Box, share: float) -> Box:
    """A box on the way from one place to another."""
    return Box(*((1 - share) * a + share * b for a, b in zip(one, other, strict=True)))


def label(
    stage: Stage,
    words: Words,
    opacity: Callable[[float], float],
    text: Callable[[float], str] | None = None,
) -> None:
    """Show words that appear and go, and may change; at first they are as long as they get."""

    def follow(second: float) -> None:
        words.opacity = opacity(second)
        words.shown = words.shown and words.opacity > 0
        if text is not None:
            words.text = text(second)

    stage.add(words, follow, words.reserved())


def headline(stage: Stage, speaker: Speaker, opacity: Callable[[float], float]) -> None:
    """Show what the film is called above the square, where the frame has room for it."""
    places, size = stage.places, stage.film.text(HEADLINE)
    if not places.is_tall:
        return
    title = text_of(speaker.say("explain_title")).rstrip(".")
    rows = broken((Run(title, None),), 0.9 * places.side.width, size)
    for i, row in enumerate(rows):
        y = places.side.bottom - size * (0.6 + LEADING * (len(rows) - 1 - i))
        ink = stage.film.theme.ink
        label(stage, Words(text_of(row), places.side.left, y, size, ink, weight="bold"), opacity)


class WithData(Shot):
    """A shot with the data in small, where there is room.

    Attributes
    ----------
    leaves
        Whether they go at its end: it is the last one that has them.
    """

    leaves = False

    def stays(self, second: float) -> float:
        """Opacity of the data."""
        return 1 - eased((second - self.length + LEAVING) / LEAVING) if self.leaves else 1.0

    def keep_data(self, stage: Stage, strengths: Callable[[float], Any] | None = None) -> None:
        """Show them.

        Parameters
        ----------
        stage
            Where to.
        strengths
            Opacity of each class at a second of the shot, shape (K,).
        """
        box = stage.places.small
        if box is None:
            return

        def look(second: float) -> Look:
            return Look(box, 0.0, opacity=self.stays(second),
                        strengths=strengths(second) if strengths else None)  # fmt: skip

        NetworkView(stage, stage.film.playback(self.cast.lead), look, alone=True)
