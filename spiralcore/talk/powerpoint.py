"""A PowerPoint file: films on slides, which play when the slide is entered.

python-pptx puts films, posters and notes into the file; when they play is said in
`spiralcore.talk.timing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spiralcore.errors import harmless
from spiralcore.system.files import whole_file
from spiralcore.talk.deck import Slide, checked, common_shape, heading, shape_of
from spiralcore.talk.own_template import (
    content_area,
    design_for,
    drop_unused,
    holder_of,
    open_template,
    take_over,
)
from spiralcore.talk.places import LABEL, Place, grid
from spiralcore.talk.template import HEIGHT, new_deck, own_deck
from spiralcore.talk.timing import Playing, timing

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck
    from pptx.slide import Slide as Page

KINDS = ("mp4",)
"""What PowerPoint plays on every system."""

TITLE_LAYOUT = 5
"""Of the template that python-pptx brings: a title and nothing else."""

LABEL_POINTS, UNSEEN_POINTS = range(16, 8, -1), 18
"""Letters of the text under a film, as large as there is room, and of a title above the slide,
which is at most two lines."""

POINTS, LEADING, LETTER = 72, 1.2, 0.55
"""To an inch; the height of a line and the width of a letter, by the size of letters."""


def write_powerpoint(
    slides: Sequence[Slide],
    path: Path,
    title: str,
    *,
    template: Path | None = None,
    together: int = 1,
) -> None:
    """Make a PowerPoint file.

    Parameters
    ----------
    slides
        Their films are MP4s. Without a template the slides have the shape of the films where all
        are of one; otherwise they are 16:9 and the films are centred.
    path
        The file to make.
    title
        Of the deck.
    template
        A PowerPoint file whose masters, fonts and colours the deck has. Films then stand where its
        layouts have content, under a title that is seen.
    together
        Number of films on a slide, with a line under each from two on.

    Raises
    ------
    UsageError
        If there is no film, or one of another kind; if the template cannot be used.
    """
    checked(slides, KINDS, path.name)
    groups = _groups(slides, together)
    headings = [_heading(group) for group in groups]
    if template is None:
        shape = common_shape(slides) if together == 1 else 16 / 9
        deck = new_deck(slides, shape, title, headings)
        for group in groups:
            _fill(deck.slides.add_slide(deck.slide_layouts[TITLE_LAYOUT]), group, shape)
    else:
        deck = own_deck(open_template(template), slides, title, headings)
        for group in groups:
            _fill_own(deck, group)
    with whole_file(path) as part:
        deck.save(str(part))


def _groups(slides: Sequence[Slide], together: int) -> list[list[Slide]]:
    """What stands together, in order."""
    left = iter(slides)
    return [list(islice(left, together)) for _ in range(0, len(slides), together)]


def _fill(page: Page, group: Sequence[Slide], shape: float) -> None:
    """Put films onto a page: background, title, pictures, timing, notes."""
    from pptx.dml.color import RGBColor
    from pptx.util import Inches, Pt

    fill: Any = page.background.fill
    fill.solid()
    colour: Any = RGBColor
    fill.fore_color.rgb = colour.from_string(group[0].background[1:])
    whole = Place(0.0, 0.0, HEIGHT * shape, HEIGHT)
    _place_all(page, group, whole, group[0].ink or _ink_on(group[0].background))
    words: Any = page.shapes.title
    words.text_frame.text = _heading(group)
    words.text_frame.paragraphs[0].font.size = Pt(UNSEEN_POINTS)
    words.text_frame.paragraphs[0].font.name = group[0].font or None
    # Above the slide, where PowerPoint itself puts titles that are not to be seen.
    words.left, words.top, words.width, words.height = map(Inches, (0, -1, whole.width, 0.8))


def _fill_own(deck: Deck, group: Sequence[Slide]) -> None:
    """Add a slide of somebody's own template."""
    design = design_for(deck, len(group))
    page = deck.slides.add_slide(design.layout)
    kept: list[Any] = []
    if (words := page.shapes.title) is not None:
        words.text_frame.text = _heading(group)
        kept.append(words)
    if len(design.contents) == len(group):
        playing = []
        lines = design.labels if len(design.labels) == len(group) > 1 else []
        for position, (slide, number) in enumerate(zip(group, design.contents, strict=True)):
            place = Place.of(holder_of(page, number))
            movie = _add(page, slide, place, labelled=len(group) > 1 and not lines)
            take_over(page, movie, number)
            playing.append(Playing(movie.shape_id, slide.seconds, slide.loop))
            if lines:
                label = holder_of(page, lines[position])
                label.text_frame.text = heading(slide.title)
                kept.append(label)
        _finish(page, group, playing)
    else:
        _place_all(page, group, content_area(deck, page, design), None)
    drop_unused(page, kept)


def _place_all(page: Page, group: Sequence[Slide], area: Place, ink: str | None) -> None:
    """Share an area among films, with a line under each if there are several."""
    playing = []
    for slide, cell in zip(group, grid(area, [shape_of(slide) for slide in group]), strict=True):
        movie = _add(page, slide, cell, labelled=len(group) > 1, ink=ink)
        playing.append(Playing(movie.shape_id, slide.seconds, slide.loop))
    _finish(page, group, playing)


def _add(page: Page, slide: Slide, place: Place, *, labelled: bool, ink: str | None = None) -> Any:
    """Add a film, as large as a place allows, with its title under it or without; its shape."""
    room = place._replace(height=place.height - LABEL) if labelled else place
    film_place = room.fitted(shape_of(slide))
    if labelled:
        below = film_place.top + film_place.height
        _write(page, slide, Place(place.left, below, place.width, LABEL), ink)
    box = film_place.units
    # As open files: of a path, python-pptx puts the name into XML as it is.
    with slide.film.open("rb") as film, slide.poster.open("rb") as poster:
        shapes: Any = page.shapes
        movie = shapes.add_movie(film, *box, poster_frame_image=poster, mime_type="video/mp4")
    named = movie.element.nvPicPr.cNvPr
    named.set("name", heading(slide.title))
    named.set("descr", slide.described)
    return movie


def _write(page: Page, slide: Slide, place: Place, ink: str | None) -> None:
    """Write a film's title under it, in the template's own letters."""
    from pptx.dml.color import RGBColor
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    shapes: Any = page.shapes
    frame = shapes.add_textbox(*place.units).text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.text = heading(slide.title)
    (paragraph,) = frame.paragraphs
    paragraph.alignment = PP_ALIGN.CENTER
    paragraph.font.size = Pt(_points(frame.text, place))
    if ink is not None:
        colour: Any = RGBColor
        paragraph.font.color.rgb = colour.from_string(ink[1:])
        paragraph.font.name = slide.font or None


def _points(text: str, place: Place) -> int:
    """Size of letters with which a text stays in its place, as far as it can be read."""

    def height(points: int) -> float:
        a_line = place.width * POINTS / (points * LETTER)
        return ceil(len(text) / a_line) * points * LEADING / POINTS

    return next((p for p in LABEL_POINTS if height(p) <= place.height), LABEL_POINTS[-1])


def _finish(page: Page, group: Sequence[Slide], playing: Sequence[Playing]) -> None:
    """Say when the films play, in place of what python-pptx says: on a click; and the notes."""
    from pptx.oxml import parse_xml

    element: Any = page.element
    for old in element.findall("{*}timing"):
        element.remove(old)
    element.append(parse_xml(timing(playing)))
    notes: Any = page.notes_slide.notes_text_frame
    if notes is not None:
        several = len(group) > 1
        told = (f"{slide.title}\n\n{slide.notes}" if several else slide.notes for slide in group)
        notes.text = harmless("\n\n".join(told))


def _heading(group: Sequence[Slide]) -> str:
    """The title of a slide; of several films what stands before the colon of theirs, each once."""
    if len(group) == 1:
        return heading(group[0].title)
    return heading(", ".join(dict.fromkeys(slide.title.partition(":")[0] for slide in group)))


def _ink_on(background: str) -> str:
    """Black or white, whichever is read on a colour."""
    red, green, blue = bytes.fromhex(background[1:])
    return "#000000" if 0.299 * red + 0.587 * green + 0.114 * blue > 128 else "#ffffff"
