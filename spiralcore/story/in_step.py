"""The story of several trainings in step: what happens in which of them, and how it is said."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from spiralcore.registry.languages.language import Language
from spiralcore.story.captions import Caption, CaptionTrack, holds, reading_end
from spiralcore.story.event import Event, Kind
from spiralcore.story.sentences import MOST_WORDS, Line, Run, Speaker, joined, text_of
from spiralcore.story.telling import ranked, spaced
from spiralcore.trajectory.play.timeline import Timeline
from spiralcore.trajectory.trajectory import Trajectory

IN_TURN = 0.12
"""How much less important the next event of the same network is, so that all of them get a word."""


class Told(NamedTuple):
    """An event of one of several networks.

    Attributes
    ----------
    network
        Its number.
    event
        What happens.
    importance
        That of the event, less for a network that has its say already.
    """

    network: int
    event: Event
    importance: float

    @property
    def epoch(self) -> int:
        """When it begins."""
        return self.event.epoch


def in_step(
    trajectories: Sequence[Trajectory], kinds: Collection[Kind] = (), most: int = 8
) -> list[Told]:
    """What is worth telling of several trainings, the most important first.

    Parameters
    ----------
    trajectories
        All of them.
    kinds
        Kinds of events that are told; all of them if there are none.
    most
        How many of a network at most.
    """
    found = []
    for number, path in enumerate(trajectories):
        chosen = [event for event in ranked(path) if not kinds or event.kind in kinds]
        found += [
            Told(number, event, event.importance - IN_TURN * rank)
            for rank, event in enumerate(chosen[:most])
        ]
    return sorted(found, key=lambda told: (-told.importance, told.epoch, told.network))


def captions_in_step(
    trajectories: Sequence[Trajectory],
    happening: Sequence[Told],
    timeline: Timeline,
    language: Language,
    called: Callable[[int], str],
    until: float | None = None,
    before: float = 0.0,
) -> CaptionTrack:
    """The captions of a film of several trainings, in seconds of the action.

    Parameters
    ----------
    trajectories
        What the film shows.
    happening
        See `in_step`. What would take more than `MOST_WORDS` words is left out.
    timeline
        When each epoch is shown.
    language
        Of the captions.
    called
        What a network is called before what it does, by its number; nothing if it needs no name.
    until
        Second at which all captions are over.
    before
        Second before which nothing is told.
    """
    speakers = [Speaker.of(path, language) for path in trajectories]
    lines = {told: _named(called(told.network), speakers[told.network].line(told.event))
             for told in happening}  # fmt: skip
    short = [told for told in happening if words_of(lines[told]) <= MOST_WORDS]
    captions = [
        Caption(second, reading_end(second, told.event, timeline), lines[told], told.event,
                told.network)
        for second, told in spaced(short, timeline)
        if second >= before and holds(second, told.event, timeline)
    ]  # fmt: skip
    return CaptionTrack(captions, until)


def words_of(line: Line) -> int:
    """How many words a line has."""
    return sum(any(map(str.isalnum, word)) for word in text_of(line).split())


def _named(name: str, line: Line) -> Line:
    return joined([Run(f"{name}: "), *line]) if name else line
