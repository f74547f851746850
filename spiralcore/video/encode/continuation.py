"""What comes after a segment of a film."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Continuation:
    """How a segment goes over to what is shown after it.

    Attributes
    ----------
    length
        Frames of the segment.
    ahead
        The frame of the film that is shown after them: 0 where it begins again, or None where
        it ends.
    """

    length: int
    ahead: int | None
