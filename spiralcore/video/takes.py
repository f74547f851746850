"""Who gets the frames of a film while they are drawn: each is drawn once, for all of them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from spiralcore.recipe import Quality, Video

if TYPE_CHECKING:
    from spiralcore.stage.changes import Picture

Sink = Callable[["Picture"], None]
"""Takes a frame, before the next one is drawn."""


class Take(Protocol):
    """Something that is made of frames in the order in which they are drawn."""

    @property
    def path(self) -> str:
        """The file."""

    def wants(self, frame: int) -> bool:
        """Whether it takes a frame of the film."""

    def opened(
        self, quality: Quality, transparent: bool
    ) -> contextlib.AbstractContextManager[Sink]:
        """Begin; its file is there when the block ends well.

        Parameters
        ----------
        quality
            Of the frames.
        transparent
            Whether they have an alpha that means something.
        """


@dataclass(frozen=True)
class SegmentTake:
    """A segment of a video.

    Attributes
    ----------
    path
        The file.
    kind
        The format of the film.
    """

    path: str
    kind: Video

    def wants(self, frame: int) -> bool:
        """Every frame."""
        return True

    def opened(
        self, quality: Quality, transparent: bool
    ) -> contextlib.AbstractContextManager[Sink]:
        """Begin to encode."""
        from spiralcore.video.encoding import segment_encoder
        from spiralcore.video.formats import FILM_FORMATS

        film_format = FILM_FORMATS[self.kind, transparent]
        return segment_encoder(Path(self.path), quality.width, *quality, film_format)


@dataclass(frozen=True)
class SmallTake:
    """Smaller frames, fewer of them, without loss: what GIFs and WebPs are made of.

    Attributes
    ----------
    path
        The file.
    size
        Width and height in pixels.
    step
        Which frames: each whose number is a multiple of it.
    """

    path: str
    size: tuple[int, int]
    step: int

    def wants(self, frame: int) -> bool:
        """Every n-th frame."""
        return frame % self.step == 0

    def opened(
        self, quality: Quality, transparent: bool
    ) -> contextlib.AbstractContextManager[Sink]:
        """Begin to scale."""
        from spiralcore.video.loops import small_encoder

        full, rate = (quality.width, quality.height), Fraction(quality.frame_rate, self.step)
        return small_encoder(Path(self.path), full, self.size, rate)


@dataclass(frozen=True)
class PosterTake:
    """The poster.

    Attributes
    ----------
    path
        The file.
    frame
        Which one it is.
    key
        See `spiralcore.video.marking`.
    """

    path: str
    frame: int
    key: str

    def wants(self, frame: int) -> bool:
        """One frame."""
        return frame == self.frame

    @contextlib.contextmanager
    def opened(self, quality: Quality, transparent: bool) -> Iterator[Sink]:
        """Wait for it."""
        from spiralcore.video.poster import write_poster

        yield lambda picture: write_poster(picture.pixels, Path(self.path), self.key, transparent)


@dataclass(frozen=True)
class SmallReel:
    """All small frames of a film.

    Attributes
    ----------
    segments
        The files of its `SmallTake`s, in order.
    size
        Width and height in pixels.
    rate
        Frames a second.
    count
        Number of frames.
    loop
        Whether what is made of them repeats for ever, or is shown once.
    """

    segments: tuple[str, ...]
    size: tuple[int, int]
    rate: Fraction
    count: int
    loop: bool

    def size_at(self, height: int) -> tuple[int, int]:
        """Width and height of smaller frames."""
        return 2 * round(self.size[0] * height / self.size[1] / 2), height
