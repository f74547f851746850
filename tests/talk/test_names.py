"""Decks of files with any name, and of networks whose names say anything."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.presentation import Presentation as Deck

from spiralcore import Trajectory
from spiralcore.cli.verbs.export import command
from spiralcore.recipe import FilmSettings
from spiralcore.talk.assembly import assemble_page, assemble_powerpoint
from spiralcore.video.request import FilmOrder
from tests.conftest import spiral
from tests.talk.conftest import RECIPE, Made
from tests.talk.test_page import Visit
from tests.talk.test_powerpoint import difference, movie_of, office

NAMES = {
    "R&D": "R&D",
    "&amp;": "&amp;",
    "a<b>": "a<b>",
    "<!--": "<!--",
    'say "hi"': 'say "hi"',
    "it's": "it's",
    "]]>": "]]>",
    "%20": "%20",
    "%s{0}$x$": "%s{0}$x$",
    "_x0041_": "_x0041_",
    "a\\b": "a\\b",
    "a.b": "a.b",
    "-x": "-x",
    " a  b": " a  b",
    "λ é 日本": "λ é 日本",
    "\U0001f600": "\U0001f600",
    "\U0001f469\u200d\U0001f52c": "\U0001f469\u200d\U0001f52c",
    "Photo 9.41\u202fAM": "Photo 9.41\u202fAM",
    "two\nlines": "two lines",
    "n" * 200: "n" * 111 + "…",
    # What XML cannot hold, and what is shown in another order than it is written.
    "c\x01d\x0b": "c?d?",
    "tab\tcr\r": "tab?cr?",
    "a\u202eb\ufffe": "a?b?",
    os.fsdecode(b"\xff"): "?",
}
"""Names of files without their ending, and what the title of a deck makes of them."""

ASCII = [name.encode("unicode_escape", "surrogatepass").decode()[:20] for name in NAMES]

LABELS = ('R&D "x"', "<b>it's</b>", "]]>&amp;", "é \U0001f600 日本", "a\x01\x0b\ud800")
"""Names of activations."""


def exported(folder: Path, *call: str) -> None:
    """Make decks in a folder whose films are there already, as those of a run are."""
    recipe = folder / "my.toml"
    recipe.write_text(RECIPE)
    command.main([*call, "--recipe", str(recipe)], standalone_mode=False)


def put(made: Made, trajectory: Trajectory, folder: Path, name: str, film: str = "bending") -> Path:
    """A trajectory under a name, and the film of it where `spiral export` will look for it."""
    (folder / "talk").mkdir(exist_ok=True)
    file = folder / f"{name}.npz"
    trajectory.save(file)
    shutil.copy(made.film(film), folder / "talk" / f"{film}-{name}.mp4")
    shutil.copy(made.poster(film), folder / "talk" / f"{film}-{name}.png")
    return file


def opened(path: Path) -> Deck:
    """A PowerPoint file, each of whose parts is well-formed XML."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            assert name.isascii()
            if name.endswith((".xml", ".rels")):
                parse_xml(archive.read(name))
    return Presentation(str(path))


@pytest.mark.parametrize(("name", "shown"), NAMES.items(), ids=ASCII)
def test_files_of_any_name_become_decks(
    name: str, shown: str, made: Made, trajectory: Trajectory, tmp_path: Path, page: Page
) -> None:
    try:
        (tmp_path / name).touch()
    except OSError:
        pytest.skip("names on this file system have to be Unicode")
    file = put(made, trajectory, tmp_path, name)
    talk = tmp_path / "talk"
    exported(tmp_path, "bending", str(file), "--to", "pptx", "html", "--out", str(talk))
    stem = f"bending-{name}"
    assert {path.name for path in talk.iterdir() if not path.name.startswith(".")} == {
        f"{stem}.{ending}" for ending in ("mp4", "png", "pptx", "html")
    }
    deck = opened(talk / f"{stem}.pptx")
    assert deck.core_properties.title == f"bending-{shown}"
    (slide,) = deck.slides
    movie = movie_of(slide)
    assert movie.name == "Bending: 3 classes, tanh"
    film = slide.part.related_part(movie._element.xpath(".//a:videoFile/@r:link")[0])
    assert film.blob == made.film("bending").read_bytes()
    assert movie.poster_frame is not None
    assert movie.poster_frame.blob == made.poster("bending").read_bytes()

    visit = Visit(page, talk / f"{stem}.html")
    visit.wait("f[0].currentTime > 0")
    assert page.locator("head > title").text_content() == f"bending-{shown}"
    assert page.locator("h2").all_text_contents() == ["Bending: 3 classes, tanh"]
    assert page.evaluate("broken") == []
    assert visit.messages == []


def test_the_command_makes_a_deck_of_a_file_with_an_ampersand(
    made: Made, trajectory: Trajectory, tmp_path: Path
) -> None:
    put(made, trajectory, tmp_path, "R&D")
    (tmp_path / "my.toml").write_text(RECIPE)
    call = ("export", "bending", "R&D.npz", "--recipe", "my.toml", "--to", "pptx", "html")
    ran = spiral(tmp_path, *call, "--out", "talk")
    assert ran.returncode == 0, ran.stderr
    told = ran.stderr.splitlines()
    assert all(line.startswith("films: ") for line in told), told  # where it takes its time
    assert "talk/bending-R&D.pptx" in ran.stdout
    assert "talk/bending-R&D.html" in ran.stdout
    assert "2 files were up to date" in ran.stdout


def test_several_files_of_odd_names_become_one_deck(
    made: Made, trajectory: Trajectory, relu_trajectory: Trajectory, tmp_path: Path
) -> None:
    first = put(made, trajectory, tmp_path, 'R&D "1"')
    second = put(made, trajectory, tmp_path, "a<b>")
    put(made, trajectory, tmp_path, 'R&D "1"', "row")
    other = tmp_path / "it's & <that>.npz"
    relu_trajectory.save(other)
    out = tmp_path / "talk" / "all & <more>.pptx"
    call = ["bending", str(first), "bending", str(second), "row", str(first), str(other)]
    exported(tmp_path, *call, "--out", str(out))
    deck = opened(out)
    assert deck.core_properties.title == "all & <more>"
    titles = ["Bending: 3 classes, tanh"] * 2 + ["Row: 3 classes, tanh, ReLU"]
    assert [movie_of(slide).name for slide in deck.slides] == titles


@pytest.fixture(scope="module")
def orders(
    made: Made, trajectory: Trajectory, tmp_path_factory: pytest.TempPathFactory
) -> list[FilmOrder]:
    """Films of networks with odd names; what they show is not asked for here."""
    folder = tmp_path_factory.mktemp("labels")
    files = {"mp4": made.film("bending"), "png": made.poster("bending")}
    orders = []
    for number, label in enumerate(LABELS):
        file = folder / f"{number}.npz"
        replace(trajectory, recipe={**trajectory.recipe, "activation": label}).save(file)
        orders.append(FilmOrder("bending", label, (file,), FilmSettings(seconds=1.0), files))
    return orders


def shown_of(label: str) -> str:
    return f"Bending: 3 classes, {''.join(a if a.isprintable() else '?' for a in label)}"


def test_names_of_networks_stay_as_they_are_in_powerpoint(
    orders: list[FilmOrder], made: Made, tmp_path: Path
) -> None:
    path = tmp_path / "R&D <1> 'x' %20 é.pptx"
    assemble_powerpoint(orders, path)
    deck = opened(path)
    titles = [shown_of(label) for label in LABELS]
    assert deck.core_properties.title == path.stem
    for slide, title in zip(deck.slides, titles, strict=True):
        assert slide.shapes.title is not None
        assert slide.shapes.title.text_frame.text == title
        named = movie_of(slide)._element.nvPicPr.cNvPr
        assert (named.get("name"), named.get("descr")) == (title, f"Film. {title}")
        notes = slide.notes_slide.notes_text_frame
        assert notes is not None
        assert title.removeprefix("Bending: 3 classes, ") in notes.text.partition("\n")[0]
    with zipfile.ZipFile(path) as archive:
        about = parse_xml(archive.read("docProps/app.xml"))
    assert [text.text for text in about.findall(".//{*}TitlesOfParts//{*}lpstr")][1:] == titles

    pdf = office(tmp_path, "pdf", path)
    subprocess.run(["pdftoppm", "-r", "36", "-png", pdf, tmp_path / "slide"], check=True)
    pictures = sorted(tmp_path.glob("slide-*.png"))
    assert len(pictures) == len(LABELS)
    for picture in pictures:
        with Image.open(picture) as drawn:
            assert difference(drawn.convert("RGB"), made.poster("bending")) < 5


def test_names_of_networks_stay_as_they_are_on_a_page(
    orders: list[FilmOrder], tmp_path: Path, page: Page
) -> None:
    path = tmp_path / "R&D <1> 'x' %20 é.html"
    assemble_page(orders, path)
    visit = Visit(page, path)
    titles = [shown_of(label) for label in LABELS]
    assert page.title() == path.stem
    assert page.locator("h2").all_text_contents() == titles
    labels = [film.get_attribute("aria-label") for film in page.locator("video").all()]
    assert labels == titles
    notes = page.locator("aside.notes").all_text_contents()
    for text, title in zip(notes, titles, strict=True):
        assert title.removeprefix("Bending: 3 classes, ") in text.partition("\n")[0]
    assert page.locator("b").count() == 0
    assert page.evaluate("broken") == []
    assert visit.messages == []
