"""What PowerPoint files say of themselves: shape, numbers, titles, dates.

Sizes and their types are those of ECMA-376, part 1, 19.2.1.39 and 19.7.18: a type names one
size in inches, and what has none is ``custom``, the default.
"""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import imageio.v3 as imageio
import pytest
from PIL import Image
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.util import Inches

from spiralcore.registry.aspects import ASPECTS
from spiralcore.talk.deck import Slide
from spiralcore.talk.powerpoint import write_powerpoint
from tests.conftest import spiral
from tests.talk.conftest import Made
from tests.talk.test_powerpoint import difference, movie_of, office

FORMATS = {
    "16:9": (12_192_000, None, "Widescreen"),
    "4:3": (9_144_000, "screen4x3", "On-screen Show (4:3)"),
    "1:1": (6_858_000, None, "Custom"),
    "9:16": (3_857_625, None, "Custom"),
}
"""Width in EMUs where the height is 7.5 inches, type, and the name that PowerPoint has for it."""

TYPED = {"screen4x3": (10, 7.5), "screen16x9": (10, 5.625), "screen16x10": (10, 6.25)}
"""Types of screens, and the inches that PowerPoint gives them."""

HEIGHTS = (120, 144, 240, 360, 480, 486, 576, 720, 1080, 1082, 2160)
"""Of films; with some of them no width is that of the aspect to the pixel."""


class Properties:
    """A deck, and what is written in it."""

    def __init__(self, file: Path) -> None:
        self.deck = Presentation(str(file))
        with zipfile.ZipFile(file) as archive:
            self.names = archive.namelist()
            self.files = {name: archive.read(name) for name in self.names}

    def root(self, name: str) -> Any:
        return parse_xml(self.files[name])

    @cached_property
    def about(self) -> Any:
        return self.root("docProps/app.xml")

    def told(self, name: str) -> str:
        (element,) = self.about.findall(f"{{*}}{name}")
        return str(element.text)

    @property
    def size(self) -> tuple[int, int, str | None]:
        (size,) = self.root("ppt/presentation.xml").findall("{*}sldSz")
        return int(size.get("cx")), int(size.get("cy")), size.get("type")

    @property
    def headings(self) -> dict[str, int]:
        cells = [cell[0] for cell in self.about.find("{*}HeadingPairs")[0]]
        assert self.about.find("{*}HeadingPairs")[0].get("size") == str(len(cells))
        return {
            heading.text: int(count.text)
            for heading, count in zip(cells[::2], cells[1::2], strict=True)
        }

    @property
    def titles(self) -> list[str]:
        vector = self.about.find("{*}TitlesOfParts")[0]
        assert vector.get("size") == str(len(vector))
        return [cell.text for cell in vector]


def written(folder: Path, made: Made, *sizes: tuple[int, int], title: str = "talk") -> Properties:
    """A deck with a slide for each of some sizes of films."""
    slides = []
    for number, size in enumerate(sizes, 1):
        poster = folder / f"{number}.png"
        Image.new("RGB", size, "#cc79a7").save(poster)
        slides.append(Slide(f"Film {number} <&>", made.film("bending"), poster, 5.0, "see"))
    write_powerpoint(slides, folder / "talk.pptx", title)
    return Properties(folder / "talk.pptx")


def test_all_aspects_are_known_here() -> None:
    assert FORMATS.keys() == ASPECTS.keys()


@pytest.mark.parametrize("aspect", FORMATS)
@pytest.mark.parametrize("height", HEIGHTS)
def test_slides_have_size_type_and_format_of_their_films(
    aspect: str, height: int, made: Made, tmp_path: Path
) -> None:
    told = written(tmp_path, made, ASPECTS[aspect].pixels(height))
    width, kind, name = FORMATS[aspect]
    assert told.size == (width, 6_858_000, kind)
    assert told.told("PresentationFormat") == name
    movie = movie_of(told.deck.slides[0])
    assert movie.width == pytest.approx(width, rel=0.006)
    assert movie.height == pytest.approx(6_858_000, rel=0.006)
    assert movie.left + movie.width / 2 == pytest.approx(width / 2, abs=1)
    assert movie.top + movie.height / 2 == pytest.approx(3_429_000, abs=1)


@pytest.mark.parametrize(
    ("sizes", "width", "name"),
    [
        ([(320, 180), (256, 144), (854, 480)], 16 / 9, "Widescreen"),
        ([(320, 240), (960, 720)], 4 / 3, "On-screen Show (4:3)"),
        ([(320, 180), (320, 240)], 16 / 9, "Widescreen"),
        ([(320, 240), (180, 320), (200, 200)], 16 / 9, "Widescreen"),
        ([(320, 200)], 1.6, "Custom"),
        ([(640, 274)], 640 / 274, "Custom"),
        ([(300, 226)], 4 / 3, "On-screen Show (4:3)"),
        ([(300, 220)], 300 / 220, "Custom"),
    ],
)
def test_other_shapes_and_several_of_them(
    sizes: list[tuple[int, int]], width: float, name: str, made: Made, tmp_path: Path
) -> None:
    told = written(tmp_path, made, *sizes)
    across, down, kind = told.size
    assert (across, down) == (round(6_858_000 * width), 6_858_000)
    assert told.told("PresentationFormat") == name
    if kind is not None:
        assert (across, down) == tuple(map(Inches, TYPED[kind]))
    for slide in told.deck.slides:
        movie = movie_of(slide)
        assert movie.left >= 0
        assert movie.top >= 0
        assert movie.left + movie.width <= across + 1
        assert movie.top + movie.height <= down + 1


@pytest.mark.parametrize("count", [1, 2, 13])
def test_numbers_and_titles_are_those_of_the_slides(count: int, made: Made, tmp_path: Path) -> None:
    told = written(tmp_path, made, *[(320, 180)] * count)
    parts = Counter(Path(name).parent.as_posix() for name in told.names if name.endswith(".xml"))
    assert len(told.deck.slides) == parts["ppt/slides"] == parts["ppt/notesSlides"] == count
    assert told.told("Slides") == told.told("Notes") == told.told("MMClips") == str(count)
    assert told.told("HiddenSlides") == "0"
    assert not [slide for slide in told.deck.slides if slide._element.get("show") == "0"]
    films = [f"Film {number} <&>" for number in range(1, count + 1)]
    themes = [told.root("ppt/theme/theme1.xml").get("name")]
    assert told.headings == {"Theme": 1, "Slide Titles": count}
    assert told.titles == themes + films
    shown = [slide.shapes.title for slide in told.deck.slides]
    assert [title.text_frame.text for title in shown if title is not None] == films


def test_nothing_of_the_template_is_left(made: Made, tmp_path: Path) -> None:
    before = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    told = written(tmp_path, made, (320, 180), title="R&D")
    after = datetime.now(UTC).replace(tzinfo=None)
    about = told.deck.core_properties
    assert (about.title, about.author, about.last_modified_by) == ("R&D", "", "")
    assert (about.comments, about.subject, about.keywords, about.category) == ("",) * 4
    assert about.revision == 1
    for date in (about.created, about.modified):
        assert date is not None
        assert before <= date <= after + timedelta(seconds=1)
    assert told.told("Application") == "spiralcore"
    assert told.told("TotalTime") == "0"
    assert not told.about.findall("{*}Company")
    assert not [name for name in told.names if "printer" in name]
    with Image.open(io.BytesIO(told.files["docProps/thumbnail.jpeg"])) as small:
        assert small.size == (256, 144)
        assert difference(small.convert("RGB"), tmp_path / "1.png") < 3
    for name, content in told.files.items():
        if name.endswith(".xml"):
            for word in (b"Canny", b"PowerPoint Presentation", b"2013", b"/13<"):
                assert word not in content, name


def test_layouts_are_as_wide_as_the_slides(made: Made, tmp_path: Path) -> None:
    """What somebody adds in PowerPoint lies on the slide, and reaches across as in the template."""
    template = Presentation()
    for aspect, (width, _, _) in FORMATS.items():
        deck = written(tmp_path, made, ASPECTS[aspect].pixels(360)).deck
        for old, new in zip(template.slide_layouts, deck.slide_layouts, strict=True):
            for was, shape in zip(old.placeholders, new.placeholders, strict=True):
                assert shape.left / width == pytest.approx(was.left / 9_144_000, abs=1e-6)
                assert shape.width / width == pytest.approx(was.width / 9_144_000, abs=1e-6)
                assert (shape.top, shape.height) == (was.top, was.height)


def test_pages_of_notes_show_slides_in_their_shape(made: Made, tmp_path: Path) -> None:
    for aspect, shape in ASPECTS.items():
        deck = written(tmp_path, made, shape.pixels(360)).deck
        for notes in (deck.notes_master, deck.slides[0].notes_slide):
            (picture,) = (
                holder for holder in notes.placeholders if holder.element.ph.get("type") == "sldImg"
            )
            told = picture.width / picture.height
            assert told == pytest.approx(shape.width / shape.height, rel=1e-4), aspect


def test_an_upright_film_of_a_call_fills_an_upright_slide(
    trajectory_file: Path, tmp_path: Path
) -> None:
    call = ("export", "bending", trajectory_file.name, "--aspect", "9:16", "--quality", "120p1")
    ran = spiral(tmp_path, *call, "--seconds", "1", "--to", "pptx", "--jobs", "1")
    assert ran.returncode == 0, ran.stderr
    (file,), (film,), (poster,) = (tmp_path.glob(f"*.{kind}") for kind in ("pptx", "mp4", "png"))
    height, width = imageio.imread(film, index=0, plugin="FFMPEG").shape[:2]
    assert (width, height) == ASPECTS["9:16"].pixels(120)
    told = Properties(file)
    assert told.size == (3_857_625, 6_858_000, None)
    assert told.told("PresentationFormat") == "Custom"
    pdf = office(tmp_path, "pdf", file)
    subprocess.run(["pdftoppm", "-r", "72", "-png", pdf, tmp_path / "slide"], check=True)
    (picture,) = tmp_path.glob("slide-*.png")
    with Image.open(picture) as drawn:
        assert drawn.width / drawn.height == pytest.approx(9 / 16, rel=0.01)
        # A blank slide is 20 from it; what is left is the edges of tiny letters, drawn anew.
        assert difference(drawn.convert("RGB").resize((width, height)), poster) < 10
