"""Who gets the frames of a film while they are drawn: each is drawn once, for all of them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from spiralcore.video.encode.continuation import Continuation
from spiralcore.video.encode.size import Size

if TYPE_CHECKING:
    from spiralcore.stage.pixels.changes import Picture

WriteFrame = Callable[["Picture"], None]
"""Takes a frame, before the next one is drawn."""


class FrameSink(Protocol):
    """Something that is made of frames in the order in which they are drawn."""

    @property
    def ahead(self) -> int | None:
        """A frame that it takes after all others, to lead to it."""

    def wants(self, frame: int) -> bool:
        """Whether it takes a frame of the film."""

    def opened(
        self, path: Path, size: Size, frame_rate: int, transparent: bool
    ) -> contextlib.AbstractContextManager[WriteFrame]:
        """Begin; its file is there when the block ends well.

        Parameters
        ----------
        path
            The file.
        size
            Of the frames.
        frame_rate
            Frames a second.
        transparent
            Whether they have an alpha that means something.
        """


@dataclass(frozen=True)
class SegmentSink:
    """A segment of a video.

    Attributes
    ----------
    kind
        The format of the film.
    keeps_all
        Whether its frames are kept without loss, to be encoded later.
    continuation
        How it goes over to the next segment, if its frames lead to keyframes.
    """

    kind: str
    keeps_all: bool = False
    continuation: Continuation | None = None

    @property
    def ahead(self) -> int | None:
        """The frame that is shown after the segment, if it leads there."""
        return self.continuation.ahead if self.continuation else None

    def wants(self, frame: int) -> bool:
        """Every frame."""
        return True

    def opened(
        self, path: Path, size: Size, frame_rate: int, transparent: bool
    ) -> contextlib.AbstractContextManager[WriteFrame]:
        """Begin to encode."""
        from spiralcore.video.encode.film_format import FILM_FORMATS, lossless
        from spiralcore.video.encode.segments import segment_encoder

        film_format = FILM_FORMATS[self.kind, transparent]
        if self.keeps_all:
            film_format = lossless(film_format)
        return segment_encoder(path, *size, frame_rate, film_format, self.continuation)


@dataclass(frozen=True)
class SmallFramesSink:
    """Smaller frames, fewer of them, without loss: what GIFs and WebPs are made of.

    Attributes
    ----------
    size
        Width and height in pixels.
    step
        Which frames: each whose number is a multiple of it.
    """

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
        self, path: Path, size: Size, frame_rate: int, transparent: bool
    ) -> contextlib.AbstractContextManager[WriteFrame]:
        """Begin to scale."""
        from spiralcore.video.encode.animations import small_encoder

        rate = Fraction(frame_rate, self.step)
        return small_encoder(path, size, self.size, rate)


@dataclass(frozen=True)
class PosterSink:
    """The poster.

    Attributes
    ----------
    frame
        Which one it is.
    key
        See `spiralcore.video.cache_key`.
    most_bytes
        What it may not be larger than, if there is a limit.
    """

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
    def opened(
        self, path: Path, size: Size, frame_rate: int, transparent: bool
    ) -> Iterator[WriteFrame]:
        """Wait for it."""
        from spiralcore.video.encode.poster import write_poster

        yield lambda picture: write_poster(
            picture.pixels, path, self.key, transparent, self.most_bytes
        )


@dataclass(frozen=True)
class SmallFrameStore:
    """All small frames of a film, kept by `SmallFramesSink`s.

    Attributes
    ----------
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

    size: Size
    rate: Fraction
    count: int
    loop: bool
    transparent: bool


@dataclass(frozen=True)
class FullFrameStore:
    """All frames of a film, kept without loss by `SegmentSink`s.

    Attributes
    ----------
    kind
        The format of the film that is made of them.
    transparent
        Whether they have an alpha.
    size
        Width and height in pixels.
    frame_rate
        Frames a second.
    """

    kind: str
    transparent: bool
    size: Size
    frame_rate: int
