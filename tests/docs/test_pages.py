"""Every command and every block of Python in README and on the site runs."""

from __future__ import annotations

import contextlib
import shutil
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from font_source_sans_pro import font_files_otf
from pptx import Presentation

from docs.conf import film_line
from spiralcore import Trajectory
from spiralcore.recipe import parse_recipe
from spiralcore.registry.films import FILMS
from spiralcore.trajectory import fronts
from tests import warm
from tests.docs.blocks import PAGES, ROOT, Block, blocks
from tests.docs.session import GRID, Session, without_workers

TRAIN = "spiral train --classes 4 --activation {} --seed {} --out {}"

GIVEN = {
    name: TRAIN.format(activation, seed, name)
    for name, activation, seed in (
        *((f"{name}.npz", "tanh", 7) for name in ("k4", "a", "before", "k7")),
        *((f"{name}.npz", "tanh", 8) for name in ("other", "b", "after", "seed-1")),
        ("seed-2.npz", "tanh", 9),
        ("k4-relu.npz", "relu", 7),
    )
}
"""Files that pages take for granted, and how they came to be."""

TESTS = """
import numpy as np
import pytest
from pathlib import Path
from spiralcore import Trajectory

trajectory = Trajectory.load(Path("k4.npz").resolve())
trajectory.save(Path("runs", "other.npz"))

def train_my_network():
    return trajectory

"""


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A reader's folder with what pages take for granted."""
    folder = tmp_path_factory.mktemp("reader")
    reader = Session(folder)
    with pytest.MonkeyPatch.context() as patch:
        without_workers(patch)
        patch.setattr("spiralcore.cli.interrupts.begin", lambda: None)
        for line in GIVEN.values():
            reader.type(line)
        points = np.random.default_rng(0).normal(size=(16, 2))
        rows = [f"{x},{y},{'ab'[i % 2]}\n" for i, (x, y) in enumerate(points)]
        (folder / "points.csv").write_text("x,y,label\n" + "".join(rows))
        people = [f"{20 + i},{1000 * (i % 9)},{'yes' if i % 2 else 'no'}\n" for i in range(16)]
        (folder / "people.csv").write_text("age,income,bought\n" + "".join(people))
        (folder / "runs").mkdir()
        Presentation().save(str(folder / "company.pptx"))
        for weight, name in (("Regular", "SourceSansPro"), ("Bold", "SourceSansProSemibold")):
            shutil.copy(font_files_otf[name], folder / f"Brand-{weight}.otf")
        (brand,) = (b for b in blocks(ROOT / "docs" / "recipe.md") if "[theme]" in b.text)
        (folder / "brand.toml").write_text(brand.text)
        yield reader


def own_files(reader: Session, page: str) -> None:
    """The recipe, or the grid, that a page means by a name."""
    grid = page in ("cluster", "study", "README")
    for name in ("my.toml", "grid.toml"):
        recipe = '[film]\ntheme = "light"\n'
        (reader.folder / name).write_text(GRID if grid or name == "grid.toml" else recipe)
    if page == "README":
        (reader.folder / "my.toml").write_text('[film]\ntheme = "light"\n')
    (reader.folder / "docs").mkdir(exist_ok=True)
    (reader.folder / "docs" / "study.toml").write_text(GRID)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_every_command_of_a_page_does_what_it_says(session: Session, page: Path) -> None:
    own_files(session, page.stem)
    lines = [line for block in blocks(page) if not block.language for line in commands(block)]
    if page.stem == "films":
        lines += [film_line(film) for film in FILMS.values()]
    for line in lines:
        session.type(line)
    for line in lines:
        made = line.split("--out ")[1].split()[0] if "--out " in line else ""
        assert not made or line.startswith("make") or (session.folder / made).exists(), line


class Elements(HTMLParser):
    """Elements of a web page that are open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.opened: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.opened.remove(tag)


def commands(block: Block) -> list[str]:
    """The lines of a block that are commands; elements of a web page have to be whole."""
    lines = [line for line in block.text.splitlines() if line.strip()]
    assert Elements("".join(line for line in lines if line.startswith("<"))).opened == []
    return [line for line in lines if not line.startswith("<")]


def names() -> dict[str, object]:
    """What blocks of Python take for granted: a network, points, what a loop computes."""
    import torch

    torch.manual_seed(1)
    points = np.random.default_rng(1).normal(size=(12, 2)).astype(np.float32)
    labels = np.arange(12) % 2
    layers = {"first": torch.nn.Linear(2, 4), "hidden2": torch.nn.Tanh()}
    layers |= {"squeeze": torch.nn.Linear(4, 2), "hidden3": torch.nn.Tanh()}
    model = torch.nn.Sequential()
    for name, layer in {**layers, "readout": torch.nn.Linear(2, 2)}.items():
        model.add_module(name, layer)
    weight, bias = np.array([[2, -1], [-1, 0.5]], np.float32), np.ones(2, np.float32)

    def network(parameters: object, x: object) -> tuple[object, object]:
        hidden = np.tanh(np.asarray(x))
        return hidden, hidden @ weight.T + bias

    return {
        "model": model, "x": points, "y": labels, "loss": 0.5, "parameters": None,
        "network": network, "weight": weight, "bias": bias, "np": np, "torch": torch,
    }  # fmt: skip


PYTHON = [
    block
    for page in PAGES
    for block in blocks(page)
    if block.language == "python" and not block.environment
]
"""Those of other environments run there: see `tests/integrations/test_pages.py`."""


@pytest.mark.parametrize(
    "block", [b for b in PYTHON if "def test_" not in b.text], ids=lambda block: block.name
)
def test_every_block_of_python_runs(session: Session, block: Block) -> None:
    if ".explore(" in block.text:
        pytest.importorskip("anywidget", reason="`make test-widget` brings it")
    given = names() | {"__name__": "typed"}
    code = block.text.replace("range(2000)", "range(3)").replace("range(2001)", "range(3)")
    if "epochs=epochs" in code:
        arrays = Trajectory.load(session.folder / "k4.npz").arrays()
        given |= arrays | {"weight": arrays["readout_weight"], "bias": arrays["readout_bias"]}
    (session.folder / "mine.npz").unlink(missing_ok=True)
    with contextlib.chdir(session.folder), pytest.MonkeyPatch.context() as patch:
        smaller(patch, quality="120p1", seconds=1.0, hold=0.1, jobs=1)
        if block.page == "colab" and "import spiralcore\n" in code:
            given["path"] = Trajectory.load("k4.npz")
        exec(compile(code, block.name, "exec"), given)
        if "Mine" in given:
            play(given["Mine"])
    fronts.front.cache_clear()


def smaller(patch: pytest.MonkeyPatch, **settings: Any) -> None:
    """Let films that a block makes be small, whatever it says."""
    from spiralcore.notebook import show

    whole = show.film

    def small(
        path: object, name: str, to: object = None, jobs: object = None, **_: object
    ) -> object:
        return whole(path, name, to, **settings)

    patch.setattr(show, "film", small)
    fronts.front.cache_clear()


def play(scene: object) -> None:
    """Play a scene of somebody's own, small."""
    from manim import tempconfig

    size = {"pixel_width": 64, "pixel_height": 36, "frame_rate": 2}
    with tempconfig({**size, "dry_run": True, "progress_bar": "none", "verbosity": "ERROR"}):
        scene().render()  # type: ignore[operator]


def test_the_tests_of_the_pages_pass(session: Session) -> None:
    texts = [block.text for block in PYTHON if "def test_" in block.text]
    assert len(texts) >= 3
    for number, text in enumerate(texts):
        (session.folder / f"test_page_{number}.py").write_text(TESTS + text)
    command = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null"]
    command += ["--rootdir", str(session.folder)]
    files = [f"test_page_{number}.py" for number in range(len(texts))]
    for more in (["--trajectory-update"], []):
        ran = warm.run(*command, *files, *more, folder=session.folder)
        assert ran.returncode == 0, ran.stdout
        assert f"{len(texts)} passed" in ran.stdout


def test_every_recipe_of_a_page_is_one(session: Session) -> None:
    found = [block for page in PAGES for block in blocks(page) if block.language == "toml"]
    assert found
    with contextlib.chdir(session.folder):
        for block in found:
            parse_recipe(block.text, block.name)


def test_languages_of_blocks_are_those_that_are_tried() -> None:
    said = {block.language for page in PAGES for block in blocks(page)}
    assert said <= {"", "python", "toml", "text"}
    elsewhere = {block.environment for page in PAGES for block in blocks(page)}
    assert elsewhere == {"", "integrations"}


def test_the_readme_is_short_and_begins_with_three_ways() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert len(text.splitlines()) <= 150
    for way in ("make render", 'pip install "spiralcore[all]"', "examples/tutorial.ipynb"):
        assert way in text
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["name"] == "spiralcore"
