"""Names in files do not become markup, orders to a terminal, or formulas."""

from __future__ import annotations

import io
import sys
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from spiralcore import Trajectory
from spiralcore.cli import main
from spiralcore.cli.progress import watch
from spiralcore.errors import SpiralError
from spiralcore.figures.style import save, styled
from spiralcore.recipe import load_recipe
from spiralcore.registry.themes import theme
from spiralcore.system.engine import Done, Failed, Job, Waiting
from spiralcore.trajectory.clip import Clip
from tests.conftest import made_trajectory
from tests.torture.attacks.drawing import film_frames

NAMES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "$\\frac{1}{",
    "\u202egnp.exe",
    "a\nb\tc\rd",
    "[bold]x[/]",
    "\ud800",
    "&lt;b&gt;--></svg><script/>",
    "x" * 100_000,
    "\x00\x01\x9b2J",
    "   ",
)


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def named(name: str) -> Trajectory:
    """A trajectory that bears a name wherever it can."""
    plain = made_trajectory(np.random.default_rng(0).uniform(-1, 1, size=(3, 8, 2)))
    arrays = {key: np.asarray(value) for key, value in plain.arrays().items()}
    recipe = {
        "activation": name,
        "seed": name,
        "data": {"table": name},
        "made": {"table": name, "earlier_attempts": [{"trouble": name}]},
    }
    return Trajectory.from_arrays(recipe, **arrays)


def is_harmless(text: str) -> bool:
    return all(letter.isprintable() or letter == "\n" for letter in text)


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_notebook_shows_names_as_text(name: str) -> None:
    page = Tags(named(name)._repr_html_())
    assert page.tags == {"div", "img", "table", "tr", "th", "td"}
    assert page.attributes == {"style", "src", "alt"}


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_films_and_figures_get_names_that_fit(name: str) -> None:
    label = named(name).activation_label
    assert 1 <= len(label) <= 24
    assert is_harmless(label)
    assert "\n" not in label


def test_films_draw_hostile_names() -> None:
    plain = next(film_frames("bending", named("mine")))
    odd = next(film_frames("bending", named("\x1b" + NAMES[0] * 1_000)))
    assert odd.shape == plain.shape
    # The title is another one; what is below it is the same.
    assert (odd[:10] != plain[:10]).any()
    assert np.array_equal(odd[30:], plain[30:])


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_an_svg_holds_names_as_text(name: str, tmp_path: Path) -> None:
    from spiralcore.figures.catalogue import FIGURES

    path = tmp_path / "a.svg"
    with styled(theme("light")):
        save(FIGURES["loss"].draw(named(name), theme("light")), path, "svg")
    tags = {element.tag.partition("}")[2] for element in ElementTree.parse(path).iter()}
    assert not tags & {"script", "foreignObject", "image", "a", "img"}
    assert "path" in tags


def test_a_film_file_with_a_hostile_name_is_no_markup(tmp_path: Path) -> None:
    path = tmp_path / '"><script>alert(1)<.gif'
    path.write_bytes(b"GIF89a")
    page = Tags(Clip(path)._repr_html_())
    assert page.tags == {"img"}
    assert page.attributes == {"src", "alt"}


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_terminal_is_not_given_orders(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named(name).save(tmp_path / "a.npz")
    for arguments in (["info"], ["info", "--json"]):
        with pytest.raises(SystemExit) as end:
            main([*arguments, str(tmp_path / "a.npz")])
        assert end.value.code == 0
        assert is_harmless(capsys.readouterr().out)


def test_progress_shows_brackets_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    console = Console(file=shown, force_terminal=True, width=200)
    monkeypatch.setattr("rich.console.Console", lambda **settings: console)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    job = Job("[/red].csv \x1b]0;x\x07[bold]", "module:function", {})
    failed = Failed(job, SpiralError("[/x] \x1b[2J"))
    assert watch("training", [job, job], [Done(job, None), failed]) == [failed]
    assert "[/red].csv ?]0;x?[bold]" in shown.getvalue()
    assert "\x1b[2J" not in shown.getvalue()
    assert "\x07" not in shown.getvalue()


def test_progress_in_plain_lines_gives_no_orders(capsys: pytest.CaptureFixture[str]) -> None:
    job = Job("\x1b[31m.csv", "module:function", {})
    watch("training", [job], [Waiting(job), Failed(job, SpiralError("x \x9b2J"))])
    told = capsys.readouterr().err
    assert is_harmless(told)
    assert "waiting for another process that is at '?[31m.csv' already\n" in told


def test_labels_of_a_table_give_no_orders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table is trained on whose name and labels are hostile, from the command line."""
    monkeypatch.chdir(tmp_path)
    table = tmp_path / "[bold]\x1b[31m$.csv"
    table.write_text("".join(f"{i},{i * i},{NAMES[i % 3]!r}\n" for i in range(9)))
    with pytest.raises(SystemExit) as end:
        main(["train", "--data", table.name, "--epochs", "3", "--attempts", "1", "--widths", "2",
              "--out", "a\x1b[2J.npz", "--jobs", "1"])  # fmt: skip
    assert end.value.code == 0
    out, err = capsys.readouterr()
    assert is_harmless(out)
    assert is_harmless(err)
    (made,) = tmp_path.glob("*.npz")
    assert Trajectory.load(made).classes == 3


def test_a_recipe_with_hostile_names_is_refused_in_plain_letters(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('"\\u001b[31m\\u202e" = 1\nfilms = ["<b>\\u009b2J"]\n')
    with pytest.raises(SpiralError) as error:
        load_recipe(path)
    assert is_harmless(str(error.value))
