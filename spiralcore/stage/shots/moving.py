"""What shots move in the same way: boxes between two places, words that appear and go."""

from __future__ import annotations

from collections.abc import Callable

from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.words import Words
from spiralcore.stage.shots.shot import Stage


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
