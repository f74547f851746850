"""How long a finished film is: as long as its parts, and longer where it waits for a voice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from spiralcore.stage.clock.film_time import FilmTime
from spiralcore.stage.clock.narrated_time import NarratedTime
from spiralcore.story.captions import CaptionTrack


class FilmLength(NamedTuple):
    """A film as it is played, second by second.

    Attributes
    ----------
    parts
        Of the film without a voice.
    captions
        In seconds of the film as it is played.
    voice
        How it waits for one; None where there is none.
    """

    parts: FilmTime
    captions: CaptionTrack = CaptionTrack(())
    voice: NarratedTime | None = None

    @classmethod
    def of(cls, parts: FilmTime, captions: CaptionTrack, spoken: Sequence[float]) -> FilmLength:
        """That of a film with captions, which are spoken for so many seconds or not at all."""
        if not spoken:
            return cls(parts, captions)
        voice = NarratedTime(captions, spoken, parts.duration)
        return cls(parts, voice.captions, voice)

    @property
    def duration(self) -> float:
        """In seconds."""
        return self.voice.duration if self.voice else self.parts.duration

    def film_second(self, played: float) -> float:
        """The film time, as its parts count it, that is seen at a second."""
        return self.voice.without(played) if self.voice else played

    def frames(self, frame_rate: float) -> int:
        """Number of frames at a rate."""
        return max(round(self.duration * frame_rate), 1)

    def frame_at(self, second: float, frame_rate: float) -> int:
        """The frame that shows a film time."""
        return round((self.voice.told(second) if self.voice else second) * frame_rate)

    def poster_frame(self, frame_rate: float) -> int:
        """A frame that shows the trained networks, standing still."""
        shown = self.parts.poster_frame(frame_rate)
        if self.voice:
            shown = self.frame_at(shown / frame_rate, frame_rate)
        return min(shown, self.frames(frame_rate) - 1)
