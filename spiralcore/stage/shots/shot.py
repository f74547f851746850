"""A shot: a piece of the film with a length, words, and a picture of its own time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.painted import Painted
from spiralcore.stage.panels.panel import unmoved
from spiralcore.stage.shots.cast import Cast
from spiralcore.stage.shots.places import Places
from spiralcore.story.sentences import Line, Speaker

Update = Callable[[float], None]
"""Sets something to a second of its shot."""


class Said(NamedTuple):
    """A line of a shot.

    Attributes
    ----------
    start, end
        Seconds of the shot; the line may stay until the next shot begins.
    line
        What is said.
    """

    start: float
    end: float
    line: Line


class Stage:
    """What a shot draws on: the film, while it is the turn of this shot.

    Parameters
    ----------
    film, places
        Where to.
    shows
        Whether the shot is seen in the present frame.
    clock
        Its own second in the present frame, at the usual pace.
    pace
        Seconds of film for one at the usual pace.
    """

    def __init__(
        self,
        film: Film,
        places: Places,
        shows: Callable[[], bool],
        clock: Callable[[], float],
        pace: float,
    ) -> None:
        self.film, self.places, self.pace = film, places, pace
        self._shows, self._clock = shows, clock
        self._parts: list[tuple[Painted, Update, Box | None]] = []
        self._is_set = False

    def add(self, mobject: Painted, update: Update, within: Box | None = None) -> None:
        """Draw a mobject over all that was added before, while the shot lasts."""
        self._parts.append((mobject, update, within))

    def set_up(self) -> None:
        """Give the film all that was added: the first of it moves the others.

        Most shots of a film are not seen in a frame, and then cost nothing.
        """
        for i, (mobject, _, within) in enumerate(self._parts):
            self.film.place_live(mobject, unmoved if i else self._follow, within)

    def _follow(self, _: float) -> None:
        """Set everything to the present frame."""
        shown = self._shows()
        if shown or not self._is_set:
            for mobject, _update, _within in self._parts:
                mobject.shown = shown
        self._is_set = not shown
        if shown:
            second = self._clock()
            for _mobject, update, _within in self._parts:
                update(second)


class Shot(ABC):
    """A piece of the film.

    Parameters
    ----------
    cast
        The networks.

    Attributes
    ----------
    length
        Seconds at the usual pace.
    """

    length: float

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    @classmethod
    def of(cls, cast: Cast) -> Sequence[Shot]:
        """The shots of this kind that these networks give; none where they lack something."""
        return [cls(cast)]

    def lines(self, speaker: Speaker) -> list[Said]:
        """What is said, in the order of time; every sentence is true of the networks."""
        return []

    def speaker(self, stage: Stage) -> Speaker:
        """Who says the words of its picture."""
        return Speaker.of(self.cast.lead, stage.film.settings.words)

    @abstractmethod
    def draw(self, stage: Stage) -> None:
        """Place what is seen."""

    def moment(self, second: float) -> Hashable:
        """What the picture at a second of the shot depends on: by default on every second."""
        return second
