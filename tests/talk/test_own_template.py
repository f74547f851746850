"""Decks with the design of somebody's own PowerPoint file, and several films on a slide."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.slide import Slide as Page

from spiralcore.errors import UsageError
from spiralcore.talk.deck import Slide
from spiralcore.talk.places import Place, grid
from spiralcore.talk.powerpoint import write_powerpoint
from tests.conftest import spiral
from tests.talk.conftest import FILMS, Made
from tests.talk.test_powerpoint import office

BLUE, TITLE, CONTENT, COMPARISON = "122b4a", 0, 1, 4
"""The template's background, and layouts of the deck that python-pptx brings."""


def company(path: Path, *without: int) -> Path:
    """A template with a background of its own and a sample slide, without some of its layouts."""
    deck = Presentation()
    fill: Any = deck.slide_master.background.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(BLUE)  # type: ignore[no-untyped-call]
    sample: Any = deck.slides.add_slide(deck.slide_layouts[CONTENT])
    sample.shapes.title.text_frame.text = "Our numbers"
    used = {TITLE, *without} - {CONTENT} if CONTENT not in without else set(without)
    if CONTENT in without:
        listed: Any = deck.slides._sldIdLst
        deck.part.drop_rel(listed[0].rId)
        listed.remove(listed[0])
    for layout in [deck.slide_layouts[number] for number in sorted(used)]:
        deck.slide_layouts.remove(layout)
    deck.core_properties.author = "The company"
    deck.save(str(path))
    return path


def slides_of(made: Made, count: int = 2) -> list[Slide]:
    films = [
        Slide(f"{name.capitalize()}: 3 classes", made.film(name), made.poster(name), 5.0,
              f"Notes of {name}.", True, "#101317",
              captions=("Orange gets no land.",))
        for name in ("bending", "row")
    ]  # fmt: skip
    return (films * count)[:count]


def movies(page: Page) -> list[Any]:
    """Films; python-pptx calls one that has a placeholder's number a picture."""
    return [shape for shape in page.shapes if shape.element.xpath(".//a:videoFile")]


def test_the_film_stands_where_the_template_has_content(made: Made, tmp_path: Path) -> None:
    template, file = company(tmp_path / "company.pptx"), tmp_path / "talk.pptx"
    write_powerpoint(slides_of(made), file, "My talk", template=template)
    deck = Presentation(str(file))
    assert (deck.slide_width, deck.slide_height) == (9_144_000, 6_858_000)
    assert (deck.core_properties.title, deck.core_properties.author) == ("My talk", "The company")
    assert len(deck.slides) == 2  # the sample is gone
    for page, name in zip(deck.slides, ("Bending", "Row"), strict=True):
        assert page.slide_layout.name == "Title and Content"
        (movie,), title = movies(page), page.shapes.title
        assert title is not None
        assert title.text_frame.text == f"{name}: 3 classes"
        holder = page.slide_layout.placeholders[1]
        assert movie.element.xpath("./p:nvPicPr/p:nvPr/p:ph/@idx") == ["1"]
        assert [shape.shape_id for shape in page.shapes] == [title.shape_id, movie.shape_id]
        assert movie.left >= holder.left
        assert movie.top >= holder.top
        assert movie.left + movie.width <= holder.left + holder.width + 1
        assert movie.top + movie.height <= holder.top + holder.height + 1
        described = movie.element.nvPicPr.cNvPr.get("descr")
        assert described == f"Film. {name}: 3 classes Orange gets no land."


def test_libreoffice_shows_it_on_the_templates_background(made: Made, tmp_path: Path) -> None:
    template, file = company(tmp_path / "company.pptx"), tmp_path / "talk.pptx"
    write_powerpoint(slides_of(made, 4), file, "My talk", template=template, together=4)
    pdf = office(tmp_path, "pdf", file)
    subprocess.run(["pdftoppm", "-r", "72", "-png", pdf, tmp_path / "slide"], check=True)
    picture = np.asarray(Image.open(tmp_path / "slide-1.png").convert("RGB"), int)
    assert np.abs(picture[2:20, 2:20] - list(bytes.fromhex(BLUE))).max() <= 2
    (page,) = Presentation(str(file)).slides
    scale = picture.shape[1] / 9_144_000
    for number, movie in enumerate(movies(page)):
        middle = picture[
            round(movie.top * scale) + 3 : round((movie.top + movie.height) * scale) - 3,
            round(movie.left * scale) + 3 : round((movie.left + movie.width) * scale) - 3,
        ]
        far = [unlike(middle, made.poster(name)) for name in ("bending", "row")]
        assert far[number % 2] < 10 < far[1 - number % 2]


def unlike(pixels: NDArray[np.int_], file: Path) -> float:
    """Mean difference from a picture in a file, in levels of 255."""
    height, width = pixels.shape[:2]
    with Image.open(file) as picture:
        other = np.asarray(picture.convert("RGB").resize((width, height)), int)
    return float(np.abs(pixels - other).mean())


def test_two_films_take_the_places_for_two_and_their_headings(made: Made, tmp_path: Path) -> None:
    template, file = company(tmp_path / "company.pptx"), tmp_path / "talk.pptx"
    write_powerpoint(slides_of(made), file, "My talk", template=template, together=2)
    (page,) = Presentation(str(file)).slides
    assert page.slide_layout.name == "Comparison"
    words = [shape.text_frame.text for shape in page.shapes if shape.has_text_frame]
    assert words == ["Bending, Row", "Bending: 3 classes", "Row: 3 classes"]
    first, second = movies(page)
    assert first.left + first.width <= second.left
    notes = page.notes_slide.notes_text_frame
    assert notes is not None
    assert notes.text == (
        "Bending: 3 classes\n\nNotes of bending.\n\nRow: 3 classes\n\nNotes of row."
    )


def test_all_films_of_a_slide_begin_with_it(made: Made, tmp_path: Path) -> None:
    file = tmp_path / "talk.pptx"
    write_powerpoint(slides_of(made, 3), file, "My talk", together=3)
    (page,) = Presentation(str(file)).slides
    element: Any = page.element
    ids = element.xpath(".//p:cTn/@id")
    assert len(set(ids)) == len(ids)
    played = element.xpath(".//p:cmd[@cmd='playFrom(0.0)']//p:spTgt/@spid")
    assert played == [str(movie.shape_id) for movie in movies(page)]
    assert element.xpath(".//p:cTn[@presetID='1']/@nodeType") == ["afterEffect"] + 2 * [
        "withEffect"
    ]
    assert element.xpath(".//p:video//p:spTgt/@spid") == played


@pytest.mark.parametrize("without", [(COMPARISON,), (1, 3, 4, 7, 8), tuple(range(10))])
def test_templates_that_lack_layouts(made: Made, tmp_path: Path, without: tuple[int, ...]) -> None:
    template, file = company(tmp_path / "company.pptx", *without), tmp_path / "talk.pptx"
    for together in (1, 2):
        write_powerpoint(slides_of(made), file, "My talk", template=template, together=together)
        deck = Presentation(str(file))
        assert len(deck.slides) == 2 // together
        for page in deck.slides:
            boxes = [(m.left, m.top, m.left + m.width, m.top + m.height) for m in movies(page)]
            assert len(boxes) == together
            for left, top, right, bottom in boxes:
                assert 0 <= left < right <= deck.slide_width
                assert 0 <= top < bottom <= deck.slide_height
                assert right - left > 0.3 * deck.slide_width


def test_a_template_file_of_its_own_kind(made: Made, tmp_path: Path) -> None:
    """POTX, as PowerPoint saves templates."""
    deck, template = company(tmp_path / "company.pptx"), tmp_path / "company.potx"
    with zipfile.ZipFile(deck) as old, zipfile.ZipFile(template, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "[Content_Types].xml":
                content = content.replace(b"presentation.main+xml", b"template.main+xml")
            new.writestr(part, content)
    file = tmp_path / "talk.pptx"
    write_powerpoint(slides_of(made), file, "My talk", template=template)
    assert len(Presentation(str(file)).slides) == 2


HELP = "a PowerPoint file or template (.pptx, .potx) that PowerPoint opens without a password."


def test_templates_that_cannot_be_used(made: Made, tmp_path: Path) -> None:
    text, old, archive = (tmp_path / name for name in ("a.pptx", "b.pptx", "c.pptx"))
    text.write_text("no deck")
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with zipfile.ZipFile(archive, "w") as made_up:
        made_up.writestr("notes.txt", "no deck either")
    bare = company(tmp_path / "d.pptx", *range(11))
    for file, words in (
        (text, f"{text} is no PowerPoint file.\nexpected: {HELP}"),
        (archive, f"{archive} is no PowerPoint file.\nexpected: {HELP}"),
        (bare, f"{bare} has no layouts for slides.\nexpected: {HELP}"),
        (tmp_path, f"{tmp_path} is not a file.\nexpected: {HELP}\n"
                   "next: --template company.pptx"),
        (old, f"{old} has a password, or is of PowerPoint before 2007.\nexpected: {HELP}\n"
              "next: PowerPoint: Save as, PowerPoint Presentation (.pptx)"),
    ):  # fmt: skip
        with pytest.raises(UsageError) as caught:
            write_powerpoint(slides_of(made), tmp_path / "talk.pptx", "t", template=file)
        assert str(caught.value) == words
    assert not (tmp_path / "talk.pptx").exists()


def test_the_call(made: Made, tmp_path: Path) -> None:
    folder = shutil.copytree(made.folder, tmp_path / "made")
    company(folder / "company.pptx")
    call = ("export", *FILMS, "--recipe", "my.toml", "--to")
    done = spiral(folder, *call, "pptx", "--out", "own", "--template", "company.pptx",
                  "--per-slide", "2")  # fmt: skip
    assert done.returncode == 0, done.stderr
    (page,) = Presentation(str(folder / "own" / "films.pptx")).slides
    assert len(movies(page)) == 2
    refused = spiral(folder, *call, "mp4", "--per-slide", "2")
    assert refused.returncode == 2
    assert refused.stderr == (
        "spiral: --per-slide is for a deck of PowerPoint.\n"
        "expected: pptx among the targets.\n"
        "next: --to pptx, or --out talk.pptx\n"
    )


def test_films_of_a_slide_are_as_large_as_they_can_be() -> None:
    area = Place(1.0, 1.0, 12.0, 5.0)
    assert grid(area, [16 / 9]) == [area]
    one, two = grid(area, [16 / 9, 16 / 9])
    assert (one.top, one.height) == (two.top, two.height) == (1.0, 5.0)
    assert two.left - (one.left + one.width) == pytest.approx(0.25)
    lower = grid(area, 3 * [16 / 9])[2]
    assert lower.left + lower.width / 2 == pytest.approx(7.0 if lower.top > 1 else 11.0, abs=0.1)
    upright = grid(area, 4 * [9 / 16])
    assert len({place.top for place in upright}) == 1  # all in one row
