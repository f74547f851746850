"""Captions: which line is read when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from spiralcore.registry.languages.language import Language
from spiralcore.story.event import Event, Kind
from spiralcore.story.sentences import Line, Speaker, text_of
from spiralcore.story.telling import spaced, story
from spiralcore.trajectory.play.easing import eased
from spiralcore.trajectory.play.timeline import Timeline
from spiralcore.trajectory.trajectory import Trajectory

STATES: tuple[Kind, ...] = ("landless", "stuck")
"""Kinds of events that are how things are for a while, and not something that happens."""

FADING_SECONDS = 0.6
"""How much of a caption may be left when such a state ends: it is on its way out by then."""

FADE = 0.4
"""Seconds in which a caption appears, and in which it goes."""

SHORTEST, LONGEST = 2.5, 5.0
"""Seconds that a caption is there at least, and at most where nothing else says how long."""


class Caption(NamedTuple):
    """A line and its time.

    Attributes
    ----------
    start, end
        Seconds; the fades are within.
    line
        What it says.
    event
        What it speaks of; None for what is no event.
    network
        Whom of several networks it speaks of, by number.
    """

    start: float
    end: float
    line: Line
    event: Event | None = None
    network: int = 0

    @property
    def text(self) -> str:
        """What it says, without colours."""
        return text_of(self.line)

    def opacity(self, second: float) -> float:
        """How far it has appeared at a time, 0 to 1, eased."""
        return eased(min(second - self.start, self.end - second) / FADE)


class CaptionTrack:
    """Captions one after the other, each for `SHORTEST` seconds at least.

    Parameters
    ----------
    captions
        In any order. What would be over before it can be read stays longer, what runs into the
        next one ends there; one that has no time left before the next one is left out.
    until
        Seconds at which all of them are over; None for no limit.
    """

    def __init__(self, captions: Iterable[Caption], until: float | None = None) -> None:
        kept: list[Caption] = []
        for caption in sorted(captions, key=lambda caption: caption.start):
            end = max(caption.end, caption.start + SHORTEST)
            if until is not None:
                end = min(end, until)
            if end - caption.start < SHORTEST - 1e-9:
                continue
            if kept and kept[-1].end > caption.start:
                if caption.start - kept[-1].start < SHORTEST - 1e-9:
                    continue
                kept[-1] = kept[-1]._replace(end=caption.start)
            kept.append(caption._replace(end=end))
        self.captions = tuple(kept)

    def at(self, second: float) -> Caption | None:
        """The caption at a time; None between two of them."""
        for caption in self.captions:
            if caption.start <= second < caption.end:
                return caption
        return None

    def shifted(self, seconds: float) -> CaptionTrack:
        """The same captions so much later."""
        return CaptionTrack(
            caption._replace(start=caption.start + seconds, end=caption.end + seconds)
            for caption in self.captions
        )


def caption_track(
    trajectory: Trajectory,
    timeline: Timeline,
    language: Language,
    *,
    offset: float = 0.0,
    events: Sequence[Event] | None = None,
    until: float | None = None,
) -> CaptionTrack:
    """The captions of a film of one training.

    Parameters
    ----------
    trajectory
        What the film shows.
    timeline
        When each epoch is shown, in seconds of the action.
    language
        Of the captions.
    offset
        Film time at which the action begins.
    events
        What to tell; all events where None, as far as there is time.
    until
        Film time at which all captions are over.
    """
    speaker = Speaker.of(trajectory, language)
    told = spaced(story(trajectory) if events is None else events, timeline)
    captions = []
    for second, event in told:
        if not holds(second, event, timeline):
            continue
        end = reading_end(second, event, timeline)
        captions.append(Caption(offset + second, offset + end, speaker.line(event), event))
    return CaptionTrack(captions, until)


def holds(second: float, event: Event, timeline: Timeline) -> bool:
    """Whether what is said of an event is true for as long as it is read.

    Of a state such as being stuck nothing is said in a film that is too short to show it. A state
    in which the training ends is shown for as long as its last picture stands.
    """
    if event.kind not in STATES:
        return True
    return _over(event, timeline) >= min(second + SHORTEST - FADING_SECONDS, timeline.duration)


def reading_end(second: float, event: Event, timeline: Timeline) -> float:
    """Until when an event is spoken of that is told from a second of the action on."""
    return min(max(_over(event, timeline) + 1.0, second + SHORTEST), second + LONGEST)


def _over(event: Event, timeline: Timeline) -> float:
    """The second of the action at which an event is over."""
    return float(timeline.seconds_at(np.array([event.end], np.int64))[0])
