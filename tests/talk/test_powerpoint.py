"""PowerPoint files, opened by python-pptx and by LibreOffice."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from pptx import Presentation
from pptx.shapes.picture import Movie
from pptx.slide import Slide as Page

from spiralcore.errors import UsageError
from spiralcore.talk.deck import Slide
from spiralcore.talk.powerpoint import write_powerpoint
from tests.talk.conftest import HOSTILE, Made

ODF = {
    "anim": "urn:oasis:names:tc:opendocument:xmlns:animation:1.0",
    "smil": "urn:oasis:names:tc:opendocument:xmlns:smil-compatible:1.0",
    "presentation": "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0",
}

ONCE, OTHER_SHAPE = 2, (240, 320)


def office(folder: Path, ending: str, file: Path) -> Path:
    """Let LibreOffice open a file and write it as another."""
    program = shutil.which("soffice")
    if program is None or shutil.which("pdftoppm") is None:
        message = "no LibreOffice here; `make test-programs` installs it"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [program, "--headless", f"-env:UserInstallation={profile}", "--convert-to", ending,
         "--outdir", folder, file],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return folder / f"{file.stem}.{ending}"


@dataclass
class Shown:
    """A deck with slides of all kinds, and what LibreOffice makes of it."""

    slides: list[Slide]
    file: Path
    pictures: list[Image.Image]
    animations: list[ElementTree.Element]


@pytest.fixture(scope="module")
def shown(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The two films of the call, and one of another shape that plays once, with hostile texts."""
    folder = tmp_path_factory.mktemp("office")
    upright = folder / "upright.png"
    Image.new("RGB", OTHER_SHAPE, "#cc79a7").save(upright)
    slides = [
        Slide("One", made.film("bending"), made.poster("bending"), 5.0, "see", True, "#101317"),
        Slide("Two", made.film("row"), made.poster("row"), 5.0, "see", True, "#fbfaf7"),
        Slide(HOSTILE, made.film("row"), upright, 5.0, HOSTILE, False, "#56b4e9"),
    ]
    file = folder / "talk.pptx"
    write_powerpoint(slides, file, HOSTILE)
    pdf = office(folder, "pdf", file)
    subprocess.run(["pdftoppm", "-r", "72", "-png", pdf, folder / "slide"], check=True)
    pictures = [Image.open(path).convert("RGB") for path in sorted(folder.glob("slide-*.png"))]
    with zipfile.ZipFile(office(folder, "odp", file)) as archive:
        content = ElementTree.fromstring(archive.read("content.xml"))
    return Shown(slides, file, pictures, content.findall(".//anim:par[@smil:dur]", ODF))


def difference(picture: Image.Image, file: Path) -> float:
    """Mean difference of a picture from one in a file, in levels of 255."""
    with Image.open(file) as other:
        resized = np.asarray(other.convert("RGB").resize(picture.size), float)
    return float(np.abs(np.asarray(picture, float) - resized).mean())


def movie_of(page: Page) -> Movie:
    (movie,) = (shape for shape in page.shapes if isinstance(shape, Movie))
    return movie


def test_decks_take_the_films_that_a_run_has_made(made: Made) -> None:
    for call in (made.films, made.decks):
        assert call.returncode == 0, call.stderr
    assert {path.name for path in made.powerpoint.parent.iterdir()} == {"films.pptx", "films.html"}
    assert "talk/films.pptx" in made.decks.stdout
    assert "talk/films.html" in made.decks.stdout
    assert "4 files were up to date" in made.decks.stdout


def test_libreoffice_shows_the_posters(shown: Shown) -> None:
    assert len(shown.pictures) == len(shown.slides)
    for picture, slide in zip(shown.pictures[:ONCE], shown.slides, strict=False):
        assert picture.width / picture.height == pytest.approx(16 / 9, rel=0.01)
        assert difference(picture, slide.poster) < 4


def test_a_film_of_another_shape_is_centred_on_the_colour_of_its_slide(shown: Shown) -> None:
    picture = np.asarray(shown.pictures[ONCE], int)[2:-2, 2:-2]  # without half covered edges
    height, width = picture.shape[:2]
    half = 0.5 * height * OTHER_SHAPE[0] / OTHER_SHAPE[1]
    inside = picture[5:-5, int(width / 2 - half) + 4 : int(width / 2 + half) - 4]
    left, right = picture[:, : int(width / 2 - half) - 4], picture[:, int(width / 2 + half) + 4 :]
    for part, colour in ((inside, "#cc79a7"), (left, "#56b4e9"), (right, "#56b4e9")):
        assert np.abs(part - list(bytes.fromhex(colour[1:]))).max() <= 3


def test_libreoffice_plays_films_on_entry_and_repeats_those_that_loop(shown: Shown) -> None:
    assert len(shown.animations) == len(shown.slides)
    smil = f"{{{ODF['smil']}}}"
    for slide, root in zip(shown.slides, shown.animations, strict=True):
        first = root.find("anim:seq/anim:par/anim:par/anim:par", ODF)
        assert first is not None
        assert first.get(f"{{{ODF['presentation']}}}node-type") == "after-previous"
        assert first.get(f"{smil}begin") == "0s"
        command = first.find("anim:command", ODF)
        assert command is not None
        assert command.get(f"{{{ODF['anim']}}}command") == "play"
        assert command.get(f"{smil}dur") == f"{slide.seconds:g}s"
        media = root.find("anim:audio", ODF)  # what LibreOffice calls any media
        assert media is not None
        assert media.get(f"{smil}repeatCount") == ("indefinite" if slide.loop else None)


def test_films_posters_and_notes_are_inside(made: Made) -> None:
    deck = Presentation(str(made.powerpoint))
    assert len(deck.slides) == 2
    about = deck.core_properties
    assert (about.title, about.author, about.last_modified_by) == ("films", "", "")
    with zipfile.ZipFile(made.powerpoint) as archive:
        thumbnail = Image.open(archive.open("docProps/thumbnail.jpeg")).convert("RGB")
    assert difference(thumbnail, made.poster("bending")) < 6
    for page, name in zip(deck.slides, ("bending", "row"), strict=True):
        movie = movie_of(page)
        assert (movie.left, movie.top) == (0, 0)
        assert (movie.width, movie.height) == (deck.slide_width, deck.slide_height)
        assert movie.poster_frame is not None
        assert movie.poster_frame.blob == made.poster(name).read_bytes()
        films = [part.blob for part in page.part.package.iter_parts()
                 if part.content_type == "video/mp4"]  # fmt: skip
        assert made.film(name).read_bytes() in films
        notes = page.notes_slide.notes_text_frame
        assert notes is not None
        assert ("0:02" if name == "bending" else "0:01") + "  Before the training." in notes.text
        title = page.shapes.title
        assert title is not None
        assert title.text_frame.text.startswith(name.capitalize())
        assert title.top + title.height < 0


def test_hostile_texts_stay_texts(shown: Shown) -> None:
    page = Presentation(str(shown.file)).slides[ONCE]
    printable = HOSTILE.replace("\x1b", "?").replace("\x00", "?")
    notes, title = page.notes_slide.notes_text_frame, page.shapes.title
    assert notes is not None
    assert title is not None
    assert notes.text == printable
    assert title.text_frame.text == printable
    with zipfile.ZipFile(shown.file) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                root = ElementTree.fromstring(archive.read(name))
                assert not [node for node in root.iter() if node.tag.endswith(("script", "}img"))]


def test_what_powerpoint_cannot_play_is_refused(made: Made, tmp_path: Path) -> None:
    film = tmp_path / "film.webm"
    film.write_bytes(b"")
    slide = Slide("One", film, made.poster("bending"), 5.0, "")
    with pytest.raises(UsageError) as caught:
        write_powerpoint([slide], tmp_path / "talk.pptx", "talk")
    assert str(caught.value) == f"{film} cannot be played in talk.pptx.\nexpected: .mp4."
    with pytest.raises(UsageError, match=r"^talk\.pptx has no films\.\nexpected: one film or more"):
        write_powerpoint([], tmp_path / "talk.pptx", "talk")
    assert not (tmp_path / "talk.pptx").exists()
