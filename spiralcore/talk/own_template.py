"""A deck with the masters, fonts and colours of somebody's own template.

The film goes where that template has content: PowerPoint itself puts a film that is dropped onto
a placeholder for content there, with the placeholder's number (ECMA-376, part 1, 19.3.1.36).
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from spiralcore.errors import UsageError
from spiralcore.system.whole_read import read_whole
from spiralcore.talk.places import INCH, Place

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck
    from pptx.slide import Slide as Page

LARGEST = 500_000_000
"""Bytes of a template at most, as it is and unpacked."""

TYPES, TYPE = "[Content_Types].xml", "application/vnd.openxmlformats-officedocument.presentationml"
DECK = f"{TYPE}.presentation.main+xml"
RELATED = ("template.main+xml", "slideshow.main+xml")
"""What a template (POTX) and a show (PPSX) say that they are, after `TYPE`."""

ENCRYPTED = b"\xd0\xcf\x11\xe0"
"""How a compound file begins: PowerPoint before 2007, or a file with a password."""

SHOWN = f"{TYPE}.presProps+xml"
CHOSEN = ("p:sldRg", "p:custShow")
"""What says which slides are shown: a range, or a show of their own."""

CONTENT = (None, "obj", "media", "pic")
"""Types of placeholders that a film may take the place of: for content of any kind first."""

MARGIN, TITLE_HEIGHT = 0.4, 1.0
"""In inches, where a template has no place for content."""

HELP = "a PowerPoint file or template (.pptx, .potx) that PowerPoint opens without a password."


class Design(NamedTuple):
    """The layout of a template that is made for some films.

    Attributes
    ----------
    layout
        Of python-pptx.
    contents, labels
        Numbers of its placeholders for content, and of those for a line to each, left to right.
    """

    layout: Any
    contents: list[int]
    labels: list[int]


def open_template(path: Path) -> Deck:
    """A deck without slides.

    Raises
    ------
    UsageError
        If the file is none that PowerPoint makes.
    """
    from pptx import Presentation

    data = read_whole(path, LARGEST, HELP, "--template company.pptx", "a smaller one.")
    if data.startswith(ENCRYPTED):
        raise UsageError(
            f"{path} has a password, or is of PowerPoint before 2007.", HELP,
            "PowerPoint: Save as, PowerPoint Presentation (.pptx)",
        )  # fmt: skip
    try:
        deck: Deck = Presentation(BytesIO(_as_deck(data, path)))
        layouts = [layout for master in deck.slide_masters for layout in master.slide_layouts]
    except UsageError:
        raise
    except Exception as error:  # python-pptx, lxml and zipfile each have their own
        raise UsageError(f"{path} is no PowerPoint file.", HELP) from error
    if not layouts:
        raise UsageError(f"{path} has no layouts for slides.", HELP)
    _drop_slides(deck)
    return deck


def _as_deck(data: bytes, path: Path) -> bytes:
    """A template is a deck that says of itself that it is none."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        unpacked = sum(part.file_size for part in old.infolist())
        if unpacked > LARGEST:
            raise UsageError(
                f"{path} unpacks to {unpacked:,} bytes, and {LARGEST:,} are the most.",
                HELP,
                "a template without films in it",
            )
        for part in old.infolist():
            content = old.read(part)
            if part.filename == TYPES:
                for kind in RELATED:
                    content = content.replace(f"{TYPE}.{kind}".encode(), DECK.encode())
            new.writestr(part, content)
    return out.getvalue()


def _drop_slides(deck: Deck) -> None:
    """Leave out the slides of a template, and all that points to them.

    A slide that something still points to would stay in the file, under the name of a new one.
    """
    from pptx.opc.constants import RELATIONSHIP_TYPE

    element: Any = deck.element
    for section in element.findall(".//{*}sectionLst"):
        section.getparent().getparent().remove(section.getparent())
    for shows in element.findall("{*}custShowLst"):
        element.remove(shows)
    for part in list(deck.part.package.iter_parts()):
        names = {n for n, rel in part.rels.items() if rel.reltype == RELATIONSHIP_TYPE.SLIDE}
        if part.content_type == SHOWN or names:
            _forget(part, names)


def _forget(part: Any, names: set[str]) -> None:
    """Drop relations of a part of a template to its slides, and the elements that name them.

    What shows some of the slides shows all then (ECMA-376, part 1, 19.2.1).
    """
    from pptx.opc.oxml import serialize_part_xml
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import qn

    parsed = getattr(part, "_element", None)
    root: Any = parse_xml(part.blob) if parsed is None else parsed
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue  # a comment, or the whole
        if element.tag in map(qn, CHOSEN):
            element.tag = qn("p:sldAll")
            element.attrib.clear()
        elif element.get(qn("r:id")) in names:
            element.getparent().remove(element)
    if parsed is None:
        part.blob = bytes(serialize_part_xml(root))
    for name in names:
        part.rels.pop(name)


def design_for(deck: Deck, count: int) -> Design:
    """The layout with as many places for content as there are films; else one to be divided.

    Parameters
    ----------
    deck
        Of `open_template`.
    count
        Number of films on a slide.
    """
    designs = [design for master in deck.slide_masters for design in _designs(master)]
    return min(designs, key=lambda design: _distance(design, count))


def _designs(master: Any) -> list[Design]:
    found = []
    for layout in master.slide_layouts:
        contents: list[tuple[float, float, int]] = []
        labels: list[tuple[float, float, int]] = []
        for holder in layout.placeholders:
            kind = holder.element.ph.get("type")
            which = contents if kind in CONTENT else labels if kind == "body" else None
            if which is not None and holder.element.ph.get("orient") != "vert":
                which.append((holder.top or 0, holder.left or 0, holder.placeholder_format.idx))
        found.append(Design(layout, _numbers(contents), _numbers(labels)))
    return found


def _numbers(holders: list[tuple[float, float, int]]) -> list[int]:
    """In the order in which one reads: what is about as high is one row."""
    rows = sorted((round(top / INCH), left, number) for top, left, number in holders)
    return [number for _, _, number in rows]


def _distance(design: Design, count: int) -> tuple[int, int, int, int]:
    """How far a layout is from what is wanted: the smaller, the better."""
    kinds = {holder.element.ph.get("type") for holder in design.layout.placeholders}
    number = len(design.contents)
    places = 0 if number == count else 1 if number == 1 else 2 if number == 0 else 3
    wanted = count if count > 1 and number == count else 0
    labels = 0 if len(design.labels) == wanted else 1 if not design.labels else 2
    untitled = not kinds & {"title"}
    pictures = sum(holder.element.ph.get("type") == "pic" for holder in design.layout.placeholders)
    return (places, int(untitled), labels, pictures)


def content_area(deck: Deck, page: Page, design: Design) -> Place:
    """Where content goes on a page: its placeholder, or what is free under the title."""
    if design.contents:
        return Place.of(holder_of(page, design.contents[0]))
    width, height = (deck.slide_width or 1) / INCH, (deck.slide_height or 1) / INCH
    title: Any = page.shapes.title
    top = MARGIN
    if title is not None:
        below = (title.top + title.height) / INCH
        top = below if below < height / 2 else MARGIN
    return Place(MARGIN, top, width - 2 * MARGIN, height - top - MARGIN)


def holder_of(page: Page, number: int) -> Any:
    """A placeholder of a page by its number."""
    return next(holder for holder in page.placeholders if holder.placeholder_format.idx == number)


def take_over(page: Page, movie: Any, number: int) -> None:
    """Put a film in the place of a placeholder, which is not there any more then."""
    from copy import deepcopy

    holder = holder_of(page, number).element
    properties = movie.element.nvPicPr.find("{*}nvPr")
    properties.insert(0, deepcopy(holder.ph))
    holder.getparent().remove(holder)


def drop_unused(page: Page, kept: Sequence[Any]) -> None:
    """Remove placeholders that nothing was put into: they ask for a click while one writes."""
    for holder in list(page.placeholders):
        element: Any = holder.element
        if element.tag.endswith("}sp") and element not in [shape.element for shape in kept]:
            element.getparent().remove(element)


def theme_of(deck: Deck) -> str:
    """What a template calls its theme."""
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.oxml import parse_xml

    part: Any = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    return str(parse_xml(part.blob).get("name") or "Theme")
