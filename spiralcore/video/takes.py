"""Who gets the frames of a film while they are drawn: each is drawn once, for all of them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from spiralcore.stage.changes import Picture

Size = tuple[int, int]
"""Width and height in pixels."""

Sink = Callable[["Picture"], None]
"""Takes a frame, before the next one is drawn."""


@dataclass(frozen=True)
class Passage:
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


class Take(Protocol):
    """Something that is made of frames in the order in which they are drawn."""

    @property
    def path(self) -> str:
        """The file."""

    @property
    def ahead(self) -> int | None:
        """A frame that it takes after all others, to lead to it."""

    def wants(self, frame: int) -> bool:
        """Whether it takes a frame of the film."""

    def opened(
        self, size: Size, frame_rate: int, transparent: bool
    ) -> contextlib.AbstractContextManager[Sink]:
        """Begin; its file is there when the block ends well.

        Parameters
        ----------
        size
            Of the frames.
        frame_rate
            Frames a second.
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
    keeps_all
        Whether its frames are kept without loss, to be encoded later.
    passage
        How it goes over to the next segment, if its frames lead to keyframes.
    """

    path: str
    kind: str
    keeps_all: bool = False
    passage: Passage | None = None

    @property
    def ahead(self) -> int | None:
        """The frame that is shown after the segment, if it leads there."""
        return self.passage.ahead if self.passage else None

    def wants(self, frame: int) -> bool:
        """Every frame."""
        return True

    def opened(
        self, size: Size, frame_rate: int, transparent: bool
    ) -> contextlib.AbstractContextManager[Sink]:
        """Begin to encode."""
        from spiralcore.video.encoding import segment_encoder
        from spiralcore.video.formats import FILM_FORMATS, lossless

        film_format = FILM_FORMATS[self.kind, transparent]
        if self.keeps_all:
            film_format = lossless(film_format)
        return segment_encoder(Path(self.path), *size, frame_rate, film_format, self.passage)


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
    size: Size
    step: int

    @property
    def ahead(self) -> None:
        """It leads nowhere."""
        return None

    def wants(self, frame: int) -> bool:
        """Every n-th frame."""
        return frame % self.step == 0

    def opened(
        self, size: Size, frame_rate: int, transparent: bool
    ) -> contextlib.AbstractContextManager[Sink]:
        """Begin to scale."""
        from spiralcore.video.loops import small_encoder

        rate = Fraction(frame_rate, self.step)
        return small_encoder(Path(self.path), size, self.size, rate)


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
    most_bytes
        What it may not be larger than, if there is a limit.
    """

    path: str
    frame: int
    key: str
    most_bytes: int | None = None

    @property
    def ahead(self) -> None:
        """It leads nowhere."""
        return None

    def wants(self, frame: int) -> bool:
        """One frame."""
        return frame == self.frame

    @contextlib.contextmanager
    def opened(self, size: Size, frame_rate: int, transparent: bool) -> Iterator[Sink]:
        """Wait for it."""
        from spiralcore.video.poster import write_poster

        path = Path(self.path)
        yield lambda picture: write_poster(
            picture.pixels, path, self.key, transparent, self.most_bytes
        )


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
    transparent
        Whether their alpha means something.
    """

    segments: tuple[str, ...]
    size: Size
    rate: Fraction
    count: int
    loop: bool
    transparent: bool


@dataclass(frozen=True)
class FullReel:
    """All frames of a film, kept without loss by `SegmentTake`s.

    Attributes
    ----------
    segments
        Their files, in order.
    kind
        The format of the film that is made of them.
    transparent
        Whether they have an alpha.
    size
        Width and height in pixels.
    frame_rate
        Frames a second.
    """

    segments: tuple[str, ...]
    kind: str
    transparent: bool
    size: Size
    frame_rate: int


def scaled(size: Size, side: int) -> Size:
    """Width and height, both even, of frames whose shorter side is made smaller.

    Parameters
    ----------
    size
        Width and height as they are.
    side
        The shorter one as it shall be, even.
    """
    width, height = (2 * round(length * side / min(size) / 2) for length in size)
    return width, height
