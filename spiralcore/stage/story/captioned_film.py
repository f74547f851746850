"""A film with captions: a line below its panels that says what happens."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import ClassVar

from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.words import LEADING, Words, wrapped
from spiralcore.stage.panels.panel import Live, gated, unmoved
from spiralcore.stage.story.caption_line import CaptionLine, said_until, training_captions
from spiralcore.story.captions import CaptionTrack

CAPTION = 48.0
"""Font size of captions, in 16:9."""

FOOT = 30.0
"""Font size of what is said in the place of captions."""

METHOD = 0.9
"""Part of the frame's width that it has at least."""


class CaptionedFilm(Film):
    """A film that says what happens, and how it is made when all is said."""

    caption_size: ClassVar[float] = CAPTION
    """Font size of its captions, in 16:9."""

    @cached_property
    def told(self) -> CaptionTrack:
        """The captions in seconds of the action: what happens in the first training."""
        return training_captions(self)

    @property
    def said_until(self) -> float:
        """Second of the action at which all captions are over: then comes the method."""
        return said_until(self.settings)

    @cached_property
    def captions(self) -> CaptionTrack:
        """What is read on the picture, in film time."""
        return self.told.shifted(self.time_of.start)

    def moment(self) -> Hashable:
        """What is said changes while the training stands still."""
        return super().moment(), self.spoken()

    def spoken(self) -> Hashable:
        """What is read in the present frame, and how far it has appeared."""
        said = self.captions.at(self.film_second)
        return said, said and said.opacity(self.film_second), self.has_said_all()

    def has_said_all(self) -> bool:
        """Whether the training is over, and all is said of it."""
        second, time = self.film_second, self.time_of
        rests = time.start + time.action <= second <= time.action_over
        return rests and self.captions.at(second) is None

    def captions_height(self, method: str = "") -> float:
        """What captions need, or the lines of a method where these need more.

        Parameters
        ----------
        method
            What `show_captions` is told then.
        """
        size = self.text(FOOT)
        lines = wrapped(method, METHOD * self.aspect.width, size)
        said = 2.0 * size + LEADING * size * max(len(lines) - 1, 0)
        if self.captions.captions:
            return max(self._line().reserved().height + 14, said)
        return said

    def show_captions(self, free: Box, method: str = "") -> None:
        """Place the captions.

        Parameters
        ----------
        free
            Where, in design pixels: as high as `captions_height`.
        method
            How the film is made: said at the same place once all else is said.
        """
        line = self._line(self.aspect.width / 2, free.bottom - 0.62 * self.text(self.caption_size))

        def tell(second: float) -> None:
            line.second = self.film_second

        if self.captions.captions:
            self.place_live(line, tell, line.reserved())
        self.say_at_foot(method, free, self.has_said_all)

    def say_at_foot(self, text: str, free: Box, shows: Callable[[], bool]) -> None:
        """Say something in the place of the captions while it holds."""
        size = self.text(FOOT)
        width = min(free.width, 0.97 * self.aspect.width - free.left)
        lines = wrapped(text, width, size) if text else []
        for i, said in enumerate(lines):
            first = 0.5 * (free.height - LEADING * size * (len(lines) - 1)) + 0.35 * size
            y = free.top + max(first, size) + LEADING * size * i
            words = Words(said, free.left, y, size, self.theme.faint)
            self.place_live(*gated(Live(words, unmoved, words.reserved()), shows))

    def _line(self, x: float = 0.0, y: float = 0.0) -> CaptionLine:
        """Captions, over the width of the frame."""
        classes = max((path.classes for path in self.trajectories), default=1)
        width, size = 0.94 * self.aspect.width, self.text(self.caption_size)
        return CaptionLine(self.captions, x, y, size, width, self.theme, classes)
