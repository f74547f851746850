"""The parts of a film: hold, action, hold, and the fade back to the start."""

from __future__ import annotations

from dataclasses import dataclass

WAY_BACK_SECONDS = 1.0

FADE_SECONDS = 0.9
"""How much of the way back the fade takes. The rest, which from 10 frames a second on is a frame
or more, is the first picture itself, so that there is no seam where the film begins again."""

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
    """

    hold: float
    action: float
    loop: bool

    @property
    def action_over(self) -> float:
        """Film time at which the fade back begins."""
        return 2 * self.hold + self.action

    @property
    def duration(self) -> float:
        """Length of the film."""
        return self.action_over + (WAY_BACK_SECONDS if self.loop else 0.0)

    def frames(self, frame_rate: float) -> int:
        """Number of frames at a rate."""
        return max(round(self.duration * frame_rate), 1)

    def poster_frame(self, frame_rate: float) -> int:
        """A frame that shows the trained networks, standing still."""
        return min(
            round((self.hold + self.action + 0.8 * self.hold) * frame_rate),
            round(self.action_over * frame_rate),
            self.frames(frame_rate) - 1,
        )

    def action_second(self, second: float) -> float:
        """Seconds of the action that are over at a film time.

        Negative in the first hold, and more than all in the last one, until everything has
        settled: a path that is smoothed begins to move before its time and comes to rest after.
        Back at the start from the middle of the fade on.
        """
        if self.loop and second > self.action_over + FADE_SECONDS / 2:
            second = 0.0
        return min(max(second - self.hold, -SETTLING_SECONDS), self.action + SETTLING_SECONDS)

    def crossfade(self, second: float) -> float:
        """How far the fade back is: 0 before it, 1 after it, eased at both ends."""
        share = min(max((second - self.action_over) / FADE_SECONDS, 0.0), 1.0)
        return share * share * (3 - 2 * share) if self.loop else 0.0
