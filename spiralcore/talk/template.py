"""What python-pptx's template says of itself, made true for a deck.

The template is a deck of 4:3 without slides that somebody made with PowerPoint in 2013: masters,
layouts and guides are for that shape, and its properties (ECMA-376, part 1, 22.2) for that day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from math import isclose
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from spiralcore.talk.deck import Slide, heading
from spiralcore.talk.own_template import theme_of

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck

HEIGHT = 7.5
"""Of a slide, in inches."""

FORMATS = {4 / 3: ("On-screen Show (4:3)", "screen4x3"), 16 / 9: ("Widescreen", None)}
"""What PowerPoint calls slides of this height, and the type it gives them, by their width over
their height."""

OTHER_FORMAT = ("Custom", None)

PROPERTIES, THUMBNAIL = "/docProps/app.xml", "/docProps/thumbnail.jpeg"

VIEW = "/ppt/viewProps.xml"

GUIDES = 576
"""Units of guides to an inch."""

NOTES_PICTURE = (0.75, 0.75, 6.0, 3.75)
"""Where the slide is shown on a page of notes, and how large it is at most, in inches."""

ABOUT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
 xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">
<TotalTime>0</TotalTime><Application>spiralcore</Application>
<PresentationFormat>{format}</PresentationFormat>
<Slides>{count}</Slides><Notes>{count}</Notes><HiddenSlides>0</HiddenSlides>
<MMClips>{films}</MMClips><ScaleCrop>false</ScaleCrop>
<HeadingPairs><vt:vector size="4" baseType="variant">
<vt:variant><vt:lpstr>Theme</vt:lpstr></vt:variant><vt:variant><vt:i4>1</vt:i4></vt:variant>
<vt:variant><vt:lpstr>Slide Titles</vt:lpstr></vt:variant>
<vt:variant><vt:i4>{count}</vt:i4></vt:variant>
</vt:vector></HeadingPairs>
<TitlesOfParts><vt:vector size="{parts}" baseType="lpstr">{titles}</vt:vector></TitlesOfParts>
<LinksUpToDate>false</LinksUpToDate><SharedDoc>false</SharedDoc>
<HyperlinksChanged>false</HyperlinksChanged>
</Properties>
"""

PRESENTATION_FORMAT = re.compile(rb"<PresentationFormat>([^<]*)<")


def new_deck(slides: Sequence[Slide], shape: float, title: str, headings: Sequence[str]) -> Deck:
    """Open the template, and make it one for some films; slides are still to be added.

    Parameters
    ----------
    slides
        What the deck will have.
    shape
        Width of its slides over their height.
    title
        Of the deck.
    headings
        Of the slides: each may hold several films.
    """
    from pptx import Presentation

    deck, now = Presentation(), datetime.now(UTC)
    about = deck.core_properties
    about.title, about.author, about.last_modified_by, about.comments = heading(title), "", "", ""
    about.created = about.modified = now
    _resize(deck, shape)
    _date(deck, now)
    _forget_the_printer(deck)
    files = _files(deck)
    files[VIEW].blob = _view(files[VIEW].blob, shape)
    _describe(deck, slides, headings)
    return deck


def own_deck(deck: Deck, slides: Sequence[Slide], title: str, headings: Sequence[str]) -> Deck:
    """Make an opened template of somebody's own one for some films, as `new_deck` does.

    Its masters, layouts, size and author stay as they are.
    """
    about = deck.core_properties
    about.title, about.modified = heading(title), datetime.now(UTC)
    _describe(deck, slides, headings)
    return deck


def _files(deck: Deck) -> dict[str, Any]:
    """The parts of a deck by their names."""
    return {part.partname: part for part in deck.part.package.iter_parts()}


def _describe(deck: Deck, slides: Sequence[Slide], headings: Sequence[str]) -> None:
    """Bring what a deck says of itself up to date, as far as it says anything."""
    files = _files(deck)
    if PROPERTIES in files:
        files[PROPERTIES].blob = _properties(deck, len(slides), headings, files[PROPERTIES].blob)
    if THUMBNAIL in files:
        files[THUMBNAIL].blob = _thumbnail(slides[0])


def _format(shape: float) -> tuple[str, str | None]:
    """What PowerPoint calls slides of a shape, and their type."""
    return next((told for known, told in FORMATS.items() if isclose(shape, known)), OTHER_FORMAT)


def _resize(deck: Deck, shape: float) -> None:
    """Give the slides their shape, and everything that was laid out for another its place."""
    from pptx.util import Emu, Inches

    before, width = deck.slide_width or 1, round(Inches(HEIGHT) * shape)
    deck.slide_width, deck.slide_height = Emu(width), Inches(HEIGHT)
    size: Any = deck.element.find("{*}sldSz")
    size.attrib.pop("type", None)
    if (kind := _format(shape)[1]) is not None:
        size.set("type", kind)
    master: Any = deck.slide_master
    notes: Any = deck.notes_master
    for page in (master, *master.slide_layouts):
        for name, key in (("off", "x"), ("ext", "cx")):
            for element in page.element.findall(f".//{{*}}xfrm/{{*}}{name}"):
                element.set(key, str(round(int(element.get(key)) * width / before)))
    for placeholder in notes.placeholders:
        if placeholder.element.ph.get("type") == "sldImg":
            left, top, most, highest = NOTES_PICTURE
            across = min(most, highest * shape)
            placeholder.left, placeholder.width = Inches(left + (most - across) / 2), Inches(across)
            down = across / shape
            placeholder.top, placeholder.height = Inches(top + (highest - down) / 2), Inches(down)


def _date(deck: Deck, now: datetime) -> None:
    """Bring the dates on masters and layouts up to date, which programs show until they do so."""
    master: Any = deck.slide_master
    for page in (master, *master.slide_layouts, deck.notes_master):
        for field in page.element.findall(".//{*}fld"):
            if str(field.get("type")).startswith("datetime"):
                field.find("{*}t").text = f"{now.month}/{now.day}/{now:%y}"


def _forget_the_printer(deck: Deck) -> None:
    """Drop what the template knows of the printer of who made it."""
    from pptx.opc.constants import RELATIONSHIP_TYPE

    for name, relation in list(deck.part.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.PRINTER_SETTINGS:
            deck.part.drop_rel(name)


def _properties(deck: Deck, films: int, headings: Sequence[str], before: bytes) -> bytes:
    """What file managers and PowerPoint's own list of properties show."""
    from pptx.util import Inches

    width, height = deck.slide_width or 1, deck.slide_height or 1
    named = PRESENTATION_FORMAT.search(before)
    own = named[1].decode() if named and height != Inches(HEIGHT) else _format(width / height)[0]
    titles = [theme_of(deck), *headings]
    return ABOUT.format(
        format=own,
        count=len(headings),
        films=films,
        parts=len(titles),
        titles="".join(f"<vt:lpstr>{escape(title)}</vt:lpstr>" for title in titles),
    ).encode()


def _thumbnail(slide: Slide) -> bytes:
    """What folders show, in place of the template's blank slide: the first poster."""
    from PIL import Image

    picture = BytesIO()
    with Image.open(slide.poster) as poster:
        small = poster.convert("RGB")
    small.thumbnail((256, 256))
    small.save(picture, "JPEG", quality=85)
    return picture.getvalue()


def _view(blob: bytes, shape: float) -> bytes:
    """Put the upright guide into the middle of the slides."""
    from pptx.opc.oxml import serialize_part_xml
    from pptx.oxml import parse_xml

    view: Any = parse_xml(blob)
    for guide in view.findall(".//{*}guide"):
        if guide.get("orient") != "horz":
            guide.set("pos", str(round(GUIDES * HEIGHT * shape / 2)))
    return bytes(serialize_part_xml(view))
