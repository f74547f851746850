"""What a deck is made of: slides with a film each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import isclose
from pathlib import Path
from typing import NamedTuple
from unicodedata import category

from spiralcore.errors import UsageError, harmless
from spiralcore.registry.aspects import ASPECTS

LONGEST_TITLE = 120

JOINERS = ("\u200c", "\u200d")
"""In emoji of several signs, and in Persian and Indian scripts."""

SCREEN = 16 / 9

MOST_TOGETHER = 4
"""Films on a slide: more are too small to be seen from the back of a room."""

ROUNDING = 0.006
"""By what part the shape of a film differs at most from its aspect: a pixel of 180."""


@dataclass(frozen=True)
class Slide:
    """A film that plays when its slide is entered.

    Attributes
    ----------
    title
        For the list of slides, and for those who do not see; it is not on the picture.
    film, poster
        The files: a video, and a PNG of the same shape that is shown until it plays.
    seconds
        Length of the film.
    notes
        For the speaker: paragraphs, with an empty line between them.
    loop
        Whether it plays again and again.
    background, ink
        Colour around the film, and of what is written there, ``#rrggbb``; without an ink black or
        white, whichever is read.
    font
        Family of letters that PowerPoint is to take from the machine; empty for the template's.
    captions
        What is read on the picture, one after the other.
    """

    title: str
    film: Path
    poster: Path
    seconds: float
    notes: str
    loop: bool = True
    background: str = "#000000"
    ink: str = ""
    font: str = ""
    captions: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The ending of the film's name without its dot."""
        return self.film.suffix[1:].lower()

    @property
    def described(self) -> str:
        """For those who do not see: what it is, and what is read on it."""
        return " ".join(["Film.", heading(self.title), *map(harmless, self.captions)])


class DeckDesign(NamedTuple):
    """How a deck looks.

    Attributes
    ----------
    template
        A PowerPoint file whose masters, fonts and colours a PowerPoint file has.
    together
        Number of films on a slide of one.
    """

    template: Path | None = None
    together: int = 1


PLAIN = DeckDesign()


def checked(slides: Sequence[Slide], kinds: Sequence[str], deck: str) -> None:
    """See to it that there are slides whose films a deck can play.

    Raises
    ------
    UsageError
        If there is none, a file is missing, or a film is of another kind.
    """
    if not slides:
        raise UsageError(f"{deck} has no films.", "one film or more, each for a slide.")
    for slide in slides:
        for path in (slide.film, slide.poster):
            if not path.is_file():
                raise UsageError(f"There is no file {path}.", "a film and its poster.")
        if slide.kind not in kinds:
            raise UsageError(
                f"{slide.film} cannot be played in {deck}.",
                f"{' or '.join(f'.{kind}' for kind in kinds)}.",
            )


def shape_of(slide: Slide) -> float:
    """Width of a film over its height."""
    from PIL import Image

    with Image.open(slide.poster) as poster:
        return poster.width / poster.height


def common_shape(slides: Sequence[Slide]) -> float:
    """The shape of all films, where they have the same; otherwise that of a screen.

    Films of 16:9 with 480 lines are 854 pixels wide, for want of half ones: their slides are 16:9.
    """
    shapes = {_intended(slide) for slide in slides}
    return shapes.pop() if len(shapes) == 1 else SCREEN


def _intended(slide: Slide) -> float:
    shape = shape_of(slide)
    named = [aspect.width / aspect.height for aspect in ASPECTS.values()]
    return next((other for other in named if isclose(shape, other, rel_tol=ROUNDING)), shape)


def heading(text: str) -> str:
    """A text for one line.

    Unlike a terminal, a document can have spaces of all widths, and what joins signs to one.
    """
    letters = (a if category(a) == "Zs" or a in JOINERS else harmless(a) for a in text)
    line = "".join(letters).replace("\n", " ")
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1] + "…"


def family_of(font: bytes) -> str:
    """The family that a font file says it is of; an empty text where there is no file."""
    from PIL import ImageFont

    if not font:
        return ""
    basic = ImageFont.Layout.BASIC
    return str(ImageFont.truetype(BytesIO(font), layout_engine=basic).getname()[0] or "")
