"""A voice to a film: film time waits at each caption until it has been spoken."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spiralcore.errors import UsageError
from spiralcore.story.captions import CaptionTrack

BREATH = 0.4
"""Seconds of silence at least from the end of what is said of a caption to the next one."""


class NarratedTime:
    """When what of a film is seen, if each of its captions lasts as long as it is spoken.

    No caption is shorter than without a voice, and what is between two of them is as long. In
    between the pace changes smoothly, and film time never stands still or goes back.

    Parameters
    ----------
    track
        The captions of the film without a voice.
    spoken
        Seconds that each of them is spoken.
    duration
        Of the film without a voice, in seconds.

    Attributes
    ----------
    duration
        With the voice.
    captions
        The same captions when they are read with the voice. What is said of one begins with it.

    Raises
    ------
    UsageError
        If there are not as many as captions.
    """

    def __init__(self, track: CaptionTrack, spoken: Sequence[float], duration: float) -> None:
        from scipy.interpolate import PchipInterpolator  # here, so that films open quickly

        if len(spoken) != len(track.captions):
            raise UsageError(
                f"spoken: found {len(spoken)} lengths, and the film has "
                f"{len(track.captions)} captions.",
                "as many seconds as captions.",
                "--narration FOLDER, which measures them",
            )
        own, told = [0.0], [0.0]
        times = []
        for caption, seconds in zip(track.captions, spoken, strict=True):
            start = told[-1] + caption.start - own[-1]
            end = start + max(caption.end - caption.start, seconds + BREATH)
            times.append((start, end))
            own += [caption.start, caption.end]
            told += [start, end]
        own.append(max(duration, own[-1]))
        told.append(told[-1] + own[-1] - own[-2])
        kept = np.append(True, np.diff(own) > 1e-9)
        self._own, self._told = np.array(own)[kept], np.array(told)[kept]
        self._of_told = PchipInterpolator(self._told, self._own)
        self.duration = float(self._told[-1])
        self.captions = CaptionTrack(
            caption._replace(start=start, end=end)
            for caption, (start, end) in zip(track.captions, times, strict=True)
        )

    def without(self, second: float) -> float:
        """The second of the film without a voice that is seen at one of that with it."""
        return float(self._of_told(min(max(second, 0.0), self.duration)))

    def told(self, second: float) -> float:
        """When a second of the film without a voice is seen."""
        from scipy.optimize import brentq  # here, so that films open quickly

        second = min(max(second, 0.0), float(self._own[-1]))
        number = max(int(np.searchsorted(self._own, second)), 1)
        begins, ends = self._told[number - 1], self._told[number]
        if second >= self._own[number]:
            return float(ends)
        return float(brentq(lambda at: float(self._of_told(at)) - second, begins, ends))
