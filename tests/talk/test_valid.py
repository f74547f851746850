"""Decks are what ECMA-376 (ISO 29500) says they have to be, whatever the template points to.

They are read by a validator with the schemas and rules of Microsoft's Open XML SDK: what PowerPoint
itself asks of a file before it offers to repair it.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from openxml_audit import FileFormat, OpenXmlValidator
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from spiralcore.talk.powerpoint import write_powerpoint
from tests.talk.conftest import HOSTILE, Made
from tests.talk.test_own_template import company, slides_of

SPACES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
ALL, VIEW, SHOWN = "p:sldAll", "/ppt/viewProps.xml", "/ppt/presProps.xml"


def faults(file: Path) -> list[str]:
    """What the validator finds, and parts that are in the file twice."""
    found = OpenXmlValidator(FileFormat.MICROSOFT_365).validate(str(file)).errors
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
    twice = {f"{name} twice" for name in names if names.count(name) > 1}
    return [f"{error.part_uri}: {error.description}" for error in found] + sorted(twice)


@pytest.mark.parametrize("together", [1, 2, 3, 4])
@pytest.mark.parametrize("own", [False, True])
def test_decks_are_valid(made: Made, tmp_path: Path, own: bool, together: int) -> None:
    template = company(tmp_path / "company.pptx") if own else None
    file = tmp_path / "talk.pptx"
    write_powerpoint(slides_of(made, 4), file, HOSTILE, template=template, together=together)
    assert faults(file) == []


def test_the_decks_of_the_command_are_valid(made: Made) -> None:
    assert faults(made.powerpoint) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (b'nodeType="mainSeq"', b'nodeType="main"', "Invalid value for attribute 'nodeType'"),
        (b"<p:clrMapOvr>", b"<p:timing/><p:clrMapOvr>", "Unexpected element 'clrMapOvr'"),
        (b'r:embed="', b'r:embed="x', "referenced by attribute 'embed' does not exist"),
    ],
)
def test_the_validator_sees_what_is_wrong(
    made: Made, tmp_path: Path, before: bytes, after: bytes, said: str
) -> None:
    file = tmp_path / "bad.pptx"
    with zipfile.ZipFile(made.powerpoint) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "ppt/slides/slide1.xml":
                assert before in content
                content = content.replace(before, after)
            new.writestr(part, content)
    assert any(said in fault for fault in faults(file)), faults(file)


def pointing(path: Path) -> Path:
    """A template whose slides are named by all that may name slides."""
    deck = Presentation(str(company(path)))
    added: Any = deck.slides.add_slide(deck.slide_layouts[1])
    added.shapes.title.text_frame.text = "Our people"
    pages: list[Any] = [page.part for page in deck.slides]
    files: dict[str, Any] = {part.partname: part for part in deck.part.package.iter_parts()}
    element: Any = deck.element
    number = element.sldIdLst[0].rId
    shows = f"""<p:custShowLst {SPACES}><p:custShow name="Short" id="0">
        <p:sldLst><p:sld r:id="{number}"/></p:sldLst></p:custShow></p:custShowLst>"""
    element.find(qn("p:notesSz")).addnext(parse_xml(shows))
    outline = f"""<p:outlineViewPr {SPACES}><p:cViewPr><p:scale><a:sx n="1" d="2"/>
        <a:sy n="1" d="2"/></p:scale><p:origin x="0" y="0"/></p:cViewPr><p:sldLst>
        <p:sld r:id="{files[VIEW].relate_to(pages[1], RELATIONSHIP_TYPE.SLIDE)}"/></p:sldLst>
        </p:outlineViewPr>"""
    view: Any = parse_xml(files[VIEW].blob)
    view.find(qn("p:slideViewPr")).addnext(parse_xml(outline))
    files[VIEW].blob = serialize_part_xml(view)
    shown: Any = parse_xml(files[SHOWN].blob)
    shown.insert(0, parse_xml(f'<p:showPr {SPACES}><p:present/><p:custShow id="0"/></p:showPr>'))
    files[SHOWN].blob = serialize_part_xml(shown)
    layout: Any = deck.slide_layouts.get_by_name("Title and Content")
    link = layout.part.relate_to(pages[0], RELATIONSHIP_TYPE.SLIDE)
    action = f'<a:hlinkClick {SPACES} r:id="{link}" action="ppaction://hlinksldjump"/>'
    layout.placeholders[0].element.nvSpPr.cNvPr.append(parse_xml(action))
    deck.save(str(path))
    return path


@pytest.mark.parametrize("together", [1, 2])
def test_slides_that_a_template_points_to_are_gone(
    made: Made, tmp_path: Path, together: int
) -> None:
    template, file = pointing(tmp_path / "company.pptx"), tmp_path / "talk.pptx"
    assert faults(template) == []
    write_powerpoint(slides_of(made), file, "My talk", template=template, together=together)
    assert faults(file) == []
    with zipfile.ZipFile(file) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    pages = [name for name in held if name.startswith("ppt/slides/slide")]
    assert len(pages) == 2 // together
    assert not any(b"Our people" in content or b"Our numbers" in content
                   for content in held.values())  # fmt: skip
    assert ElementTree.fromstring(held[SHOWN[1:]]).find(f"*/{qn(ALL)}") is not None


def test_a_theme_with_a_sign_in_its_name(made: Made, tmp_path: Path) -> None:
    template, file = company(tmp_path / "company.pptx"), tmp_path / "talk.pptx"
    deck = Presentation(str(template))
    theme: Any = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme.blob = theme.blob.replace(b'name="Office Theme"', b"name='Oak &amp; Elm'")
    deck.save(str(template))
    write_powerpoint(slides_of(made), file, "My talk", template=template)
    with zipfile.ZipFile(file) as archive:
        about = ElementTree.fromstring(archive.read("docProps/app.xml"))
    assert "Oak & Elm" in [node.text for node in about.iter() if node.tag.endswith("lpstr")]


@pytest.mark.parametrize("number", [2, 3, 4])
def test_titles_that_fit_are_written_large(made: Made, tmp_path: Path, number: int) -> None:
    """In 16 points; longer ones are smaller, so that they do not cover the film."""
    file = tmp_path / "talk.pptx"
    slides = slides_of(made, number)
    write_powerpoint(slides, file, "My talk", together=number, template=None)
    (page,) = Presentation(str(file)).slides
    sizes = [shape.text_frame.paragraphs[0].font.size for shape in page.shapes
             if shape.has_text_frame and shape != page.shapes.title]  # fmt: skip
    assert len(sizes) == number
    assert {size.pt for size in sizes if size is not None} == {16.0}
