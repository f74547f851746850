"""Focus: who acts is seen in full, the others step back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.story.captions import FADE, CaptionTrack
from spiralcore.trajectory.play.easing import eased

DIMMED, REGIONS = 0.35, 0.5
"""Opacity of the points of others, and of regions, while somebody acts."""


Clock = Callable[[float], float]
"""A number at a second of the action."""


class Span(NamedTuple):
    """Classes that act, and from when to when."""

    start: float
    end: float
    classes: tuple[int, ...]

    def weight(self, second: float) -> float:
        """How far it has come, eased: up from its start, down from its end."""
        return eased((second - self.start) / FADE) - eased((second - self.end) / FADE)


class Focus:
    """Who acts when.

    Parameters
    ----------
    spans
        In seconds of the action. Where one ends as the next begins, the one passes into the other.
    classes
        How many there are.
    tells
        Whether anything is told in the present frame; otherwise nobody acts.
    """

    def __init__(
        self, spans: Iterable[Span], classes: int, tells: Callable[[], bool] = lambda: True
    ) -> None:
        self._tells = tells
        self.spans = [span for span in spans if 0 < len(set(span.classes)) < classes]
        self.classes = classes

    @classmethod
    def of(
        cls,
        track: CaptionTrack,
        classes: int,
        tells: Callable[[], bool] = lambda: True,
        network: int | None = None,
    ) -> Focus:
        """Those whom captions speak of, while they do; of one network, or of any."""
        return cls(
            (
                Span(caption.start, caption.end, caption.event.classes)
                for caption in track.captions
                if caption.event is not None and network in (None, caption.network)
            ),
            classes,
            tells,
        )

    def depth(self, second: float) -> float:
        """How far the others have stepped back, 0 to 1."""
        if not self._tells():
            return 0.0
        return min(sum(span.weight(second) for span in self.spans), 1.0)

    def acting(self, second: float) -> NDArray[np.float64]:
        """How much each class acts, 0 to 1, shape (K,)."""
        weights = np.zeros(self.classes)
        for span in self.spans:
            weights[list(span.classes)] += span.weight(second)
        return np.minimum(weights, 1.0)

    def strengths(self, second: float) -> NDArray[np.float64]:
        """Opacity of the points of each class, shape (K,)."""
        away = np.maximum(self.depth(second) - self.acting(second), 0.0)
        return np.asarray(1 - (1 - DIMMED) * away)

    def regions(self, second: float) -> float:
        """Opacity of regions."""
        return 1 - (1 - REGIONS) * self.depth(second)


class EnteredFocus(Focus):
    """The focus of a network that enters a film while this runs: its regions appear after that.

    Parameters
    ----------
    spans, classes
        See `Focus`.
    clock
        The film time that is seen.
    entered
        Film time from which on its regions appear.
    """

    def __init__(
        self, spans: Iterable[Span], classes: int, clock: Callable[[], float], entered: float
    ) -> None:
        super().__init__(spans, classes)
        self._clock, self._entered = clock, entered

    @classmethod
    def entering(
        cls,
        track: CaptionTrack,
        classes: int,
        network: int,
        clock: Callable[[], float],
        entered: float,
    ) -> EnteredFocus:
        """Those whom captions speak of in one network."""
        return cls(Focus.of(track, classes, network=network).spans, classes, clock, entered)

    def regions(self, second: float) -> float:
        """Opacity of regions."""
        return super().regions(second) * eased((self._clock() - self._entered) / FADE)
