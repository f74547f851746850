"""The parts of a film: an opening, hold, action, hold, and the way back to the start."""

from __future__ import annotations

from dataclasses import dataclass

from spiralcore.recipe import FilmSettings
from spiralcore.registry.films import STORY, FilmEntry
from spiralcore.trajectory.play.easing import eased

WAY_BACK_SECONDS = 1.0

FADE_SECONDS = 0.9
"""How much of the way back the fade takes. The rest, which from 10 frames a second on is a frame
or more, is the first picture itself, so that there is no seam where the film begins again."""

RUN_BACK, RESTING = 0.6 / 3.2, 0.3 / 3.2
"""Shares of a closing, at its end: the action runs back, then everything stands as at the start."""

UNHURRIED_SECONDS, LEAST_SHARE = 6.0, 0.4
"""An action that takes at least so long has the opening and the closing of the catalogue; a
shorter one has them shorter in proportion, down to this share."""

SETTLING_SECONDS = 0.5
"""Longer than any smoothing reaches (`spiralcore.trajectory.play.playback`)."""


@dataclass(frozen=True)
class FilmTime:
    """Lengths of the parts of a film, in seconds.

    Attributes
    ----------
    hold
        How long the first and the last picture stand still.
    action
        How long that takes which the film is about: mostly the training, in some films the way of
        the data through a trained network.
    loop
        Whether the film ends with a fade from the last picture to the first, so that it can
        be repeated without a seam.
    opening
        How long something else moves before all that: the data on their way into the layer.
    closing
        How long it moves back at the end of a film that loops, instead of the fade. When it is
        back, the action runs back to its start.
    """

    hold: float
    action: float
    loop: bool
    opening: float = 0.0
    closing: float = 0.0

    @classmethod
    def of(cls, settings: FilmSettings, film: FilmEntry, rows: int = 1) -> FilmTime:
        """The parts of a film of the catalogue that shows so many class counts."""
        share = min(max(settings.seconds / UNHURRIED_SECONDS, LEAST_SHARE), 1.0)
        closing = film.closing if settings.loop else 0.0
        opening = film.opening + (rows * film.entrance if settings.layout == STORY else 0.0)
        return cls(settings.hold, settings.seconds, settings.loop, share * opening, share * closing)

    @property
    def start(self) -> float:
        """Film time at which the action begins."""
        return self.opening + self.hold

    @property
    def action_over(self) -> float:
        """Film time at which the way back begins."""
        return self.start + self.action + self.hold

    @property
    def duration(self) -> float:
        """Length of the film."""
        return self.action_over + ((self.closing or WAY_BACK_SECONDS) if self.loop else 0.0)

    def frames(self, frame_rate: float) -> int:
        """Number of frames at a rate."""
        return max(round(self.duration * frame_rate), 1)

    def poster_frame(self, frame_rate: float) -> int:
        """A frame that shows the trained networks, standing still."""
        return min(
            round((self.start + self.action + 0.8 * self.hold) * frame_rate),
            round(self.action_over * frame_rate),
            self.frames(frame_rate) - 1,
        )

    def action_second(self, second: float) -> float:
        """Seconds of the action that are over at a film time.

        Negative in the first hold, and more than all in the last one, until everything has
        settled: a path that is smoothed begins to move before its time and comes to rest after.
        Back at the start from the middle of the fade on, or running back to it in the closing.
        """
        back = second - self.action_over
        if self.closing:
            begins = (1 - RESTING - RUN_BACK) * self.closing
            share = eased((back - begins) / (RUN_BACK * self.closing))
            last = self.action + SETTLING_SECONDS
            if share > 0:
                return last - share * (last + SETTLING_SECONDS)
        elif self.loop and back > FADE_SECONDS / 2:
            second = 0.0
        return min(max(second - self.start, -SETTLING_SECONDS), self.action + SETTLING_SECONDS)

    def seen_second(self, second: float) -> float:
        """The film time whose picture is seen: the first from the middle of the fade on."""
        faded = self.loop and not self.closing
        return 0.0 if faded and second - self.action_over > FADE_SECONDS / 2 else second

    def is_apart(self, second: float) -> bool:
        """Whether something moves that the action does not move: in the opening, in the closing."""
        return second < self.opening or bool(self.closing and second > self.action_over)

    def crossfade(self, second: float) -> float:
        """How far the fade back is: 0 before it, 1 after it, eased at both ends."""
        if not self.loop or self.closing:
            return 0.0
        return eased((second - self.action_over) / FADE_SECONDS)
