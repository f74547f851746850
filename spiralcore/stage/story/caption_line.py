"""Captions on the picture: a line on a plate, in which the classes have their colours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from spiralcore.recipe import FilmSettings
from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import LEAST_TEXT, UNIT, Box, scene_point
from spiralcore.stage.marks.words import LEADING, Weight, rasterised, text_width
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.shapes import Context, fill
from spiralcore.story.captions import LONGEST, CaptionTrack, caption_track
from spiralcore.story.sentences import Line, Run, joined

LEAST_SIZE = LEAST_TEXT
"""Of the letters, in design pixels: what is smaller cannot be read from the back of a room."""

PLATE = 0.88
"""Opacity of the plate, in the colour of the background."""

PAD_X, PAD_Y, ROUNDNESS = 0.6, 0.34, 0.35
"""Room on the plate beside the words, above and below them, and the radius of its corners, in
font sizes."""

READING = 0.8
"""Part of the last hold in which a film says how it is made."""

ASCENT, DESCENT = 0.74, 0.24
"""How far letters reach above and below their baseline, in font sizes."""


class Piece(NamedTuple):
    """Words of one colour and where they begin.

    Attributes
    ----------
    text, label
        See `spiralcore.story.sentences.Run`.
    left, baseline
        In design pixels.
    """

    text: str
    label: int | None
    left: float
    baseline: float


class CaptionLine(Painted):
    """The caption of a time, on a plate; nothing where there is none.

    Parameters
    ----------
    track
        All captions, in seconds of the action.
    x, y
        Middle and baseline of the lowest line, in design pixels; a caption of fewer lines than
        others lies in the middle of their room.
    size
        Of the letters, in design pixels; `LEAST_SIZE` at least.
    width
        Of the plate at most, in design pixels; what is longer is set in several lines.
    theme, classes
        Colours.
    """

    def __init__(
        self,
        track: CaptionTrack,
        x: float,
        y: float,
        size: float,
        width: float,
        theme: Theme,
        classes: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.track = track
        self.size = max(size, LEAST_SIZE)
        self.width_at_most = width
        self.second = -math.inf
        self._x, self._y = x, y
        self._ink, self._background = rgb(theme.ink), rgb(theme.background)
        self._colours = theme.class_colours(max(classes, 1))
        self.points = scene_point(x, y)[None]

    def pieces(self, line: Line) -> list[Piece]:
        """Where the words of a line stand."""
        rows, found = self._broken(line), []
        low = self._lowest(rows)
        for i, row in enumerate(rows):
            baseline = low - LEADING * self.size * (len(rows) - 1 - i)
            left = self._x - _width(row, self.size) / 2
            for run in row:
                found.append(Piece(run.text, run.label, left, baseline))
                left += text_width(run.text, self.size, _weight(run))
        return found

    def _broken(self, line: Line) -> list[Line]:
        return broken(line, self.width_at_most - 2 * PAD_X * self.size, self.size)

    @cached_property
    def _most_rows(self) -> int:
        """Of the captions."""
        return max((len(self._broken(each.line)) for each in self.track.captions), default=1)

    def _lowest(self, rows: Sequence[Line]) -> float:
        """Baseline of the last of some rows: fewer rows lie in the middle of the room of most."""
        return self._y - LEADING * self.size * max(self._most_rows - len(rows), 0) / 2

    def plate(self, line: Line) -> Box:
        """The plate under a line, in design pixels."""
        pieces = self.pieces(line)
        left = min(piece.left for piece in pieces)
        right = max(
            piece.left + text_width(piece.text, self.size, _weight(Run(piece.text, piece.label)))
            for piece in pieces
        )
        top = min(piece.baseline for piece in pieces) - (ASCENT + PAD_Y) * self.size
        bottom = max(piece.baseline for piece in pieces) + (DESCENT + PAD_Y) * self.size
        pad = PAD_X * self.size
        return Box(left - pad, top, right - left + 2 * pad, bottom - top)

    def reserved(self) -> Box:
        """A box that holds all captions, in design pixels."""
        boxes = [self.plate(caption.line) for caption in self.track.captions]
        whole = boxes[0] if boxes else Box(self._x, self._y, 1, 1)
        for box in boxes[1:]:
            whole = whole.around(box)
        return whole.padded(2)

    def room(self) -> Box | None:
        """The plate of the present caption."""
        caption = self.track.at(self.second)
        return self.plate(caption.line).padded(4) if caption else Box(self._x, self._y, 0, 0)

    def paint(self, canvas: Canvas) -> None:
        """Draw the plate and the words."""
        caption = self.track.at(self.second)
        if caption is None:
            return
        opacity = self.opacity * caption.opacity(self.second)
        if opacity <= 0:
            return
        box, radius = self.plate(caption.line), ROUNDNESS * self.size
        fill(canvas, box, _rounded(box, radius), self._background, PLATE * opacity, rim=2.0)
        for piece in self.pieces(caption.line):
            colour = self._ink if piece.label is None else self._colours[piece.label]
            weight = _weight(Run(piece.text, piece.label))
            mask, ascent = rasterised(piece.text, weight, round(self.size * canvas.scale * UNIT, 2))
            x, y = canvas.place(scene_point(piece.left, piece.baseline)[None])[0]
            kernels.stamp(canvas.pixels, mask, round(x), round(y) - ascent, colour, opacity)


def training_captions(film: Film) -> CaptionTrack:
    """What there is to say of the training of a film's first trajectory, in seconds of the action.

    Nothing where the settings want no captions. The film's own `captions` are the same, later by
    its hold.
    """
    settings = film.settings
    if not settings.captions:
        return CaptionTrack(())
    return caption_track(
        film.trajectories[0],
        film.timeline,
        settings.words,
        until=said_until(settings),
    )


def said_until(settings: FilmSettings) -> float:
    """Second of the action at which all captions are over: then a film says how it is made.

    A film too short for both has captions until its end.
    """
    reading = READING if settings.seconds >= LONGEST else 0.0
    return settings.seconds + (1 - reading) * settings.hold


def broken(line: Line, width: float, size: float) -> list[Line]:
    """Break a line where words allow, into as few rows as a width lets it, of about one length."""
    if _width(line, size) <= width:
        return [line]
    words = _words(line)
    rows = _rows(words, width, size)
    for share in np.arange(1 / len(rows), 1.0, 0.02):
        closer = _rows(words, share * width, size)
        if len(closer) == len(rows) and all(_width(row, size) <= width for row in closer):
            return closer
    return rows


def _words(line: Line) -> list[list[Run]]:
    """The words of a line; one may have several colours, such as that of a name before a comma."""
    words: list[list[Run]] = [[]]
    for run in line:
        first, *others = run.text.split(" ")
        words[-1].append(run._replace(text=first))
        words += [[run._replace(text=text)] for text in others]
    return [[run for run in word if run.text] for word in words]


def _rows(words: Sequence[list[Run]], width: float, size: float) -> list[Line]:
    """Fill rows one after the other, each with a word at least."""
    rows: list[list[Run]] = []
    for word in words:
        if rows:
            # A space has the colour of what is before it, which does not matter.
            longer = [*rows[-1][:-1], rows[-1][-1]._replace(text=f"{rows[-1][-1].text} "), *word]
            if _width(longer, size) <= width:
                rows[-1] = longer
                continue
        rows.append(list(word))
    return [joined(row) for row in rows]


def _weight(run: Run) -> Weight:
    return "regular" if run.label is None else "bold"


def _width(row: Sequence[Run], size: float) -> float:
    return sum(text_width(run.text, size, _weight(run)) for run in row)


def _rounded(box: Box, radius: float) -> Any:
    def draw(context: Context) -> None:
        r = min(radius, box.height / 2, box.width / 2)
        quarter = math.pi / 2
        context.new_sub_path()
        context.arc(box.right - r, box.top + r, r, -quarter, 0)
        context.arc(box.right - r, box.bottom - r, r, 0, quarter)
        context.arc(box.left + r, box.bottom - r, r, quarter, 2 * quarter)
        context.arc(box.left + r, box.top + r, r, 2 * quarter, 3 * quarter)
        context.close_path()
        context.fill()

    return draw
