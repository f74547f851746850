"""`spiral new`: a film of one's own that runs, with a test that passes, and the page about it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from spiralcore.cli.verbs.new import named
from tests import warm
from tests.conftest import spiral
from tests.docs.blocks import ROOT, blocks

TEMPLATE = (ROOT / "spiralcore/cli/new/my_film.py").read_text("utf-8")


def test_a_new_film_passes_its_own_test_and_clean_checks(tmp_path: Path) -> None:
    ran = spiral(tmp_path, "new", "film", "slow_turn")
    assert ran.stdout == (
        "slow_turn.py\ntest_slow_turn.py\n"
        "next: SPIRAL_TRAJECTORY=k4.npz manim render -ql slow_turn.py SlowTurn\n"
    )
    texts = [(tmp_path / name).read_text() for name in ("slow_turn.py", "test_slow_turn.py")]
    assert "class SlowTurn(Film):" in texts[0]
    assert 'Words("Slow turn",' in texts[0]
    assert "from slow_turn import SlowTurn" in texts[1]
    assert not any("y_film" in text or "MyFilm" in text for text in texts)
    config = ["--config", str(ROOT / "pyproject.toml")]
    select = ["--select", "E,F,B,UP,PT"]
    for words in (["check", *select], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *words, *config, "."]
        checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    command = ("-m", "pytest", "-q", "-c", "/dev/null", "--rootdir", ".")
    tried = warm.run(*command, "-p", "no:cacheprovider", folder=tmp_path)
    assert "2 passed" in tried.stdout, tried.stdout


def test_the_tutorial_is_the_film_and_has_sixty_lines_at_most() -> None:
    (code,) = (b.text for b in blocks(ROOT / "docs/own-film.md") if b.language == "python")
    assert code.rstrip() == TEMPLATE.rstrip()
    assert len(TEMPLATE.splitlines()) <= 60
    assert named(TEMPLATE, "my_film") == TEMPLATE


@pytest.mark.parametrize(
    "name", ["Slow", "2slow", "slow-turn", "slow turn", "class", "../slow", ""]
)
def test_what_cannot_be_a_module_is_refused(tmp_path: Path, name: str) -> None:
    ran = spiral(tmp_path, "new", "film", name)
    assert ran.returncode == 2
    assert ran.stderr == (
        f"spiral: '{name}' cannot be the name of a module.\n"
        "expected: small letters, digits and _, a letter first.\n"
        "next: spiral new film slow_turn\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_films_that_there_are_and_files_that_there_are_stay(tmp_path: Path) -> None:
    ran = spiral(tmp_path, "new", "film", "bending")
    assert (ran.returncode, ran.stderr) == (2, (
        "spiral: There is a film 'bending' already.\nexpected: a name of its own.\n"
        "next: spiral new film my_bending\n"
    ))  # fmt: skip
    (tmp_path / "test_mine.py").write_text("mine")
    ran = spiral(tmp_path, "new", "film", "mine")
    assert (ran.returncode, ran.stderr) == (2, (
        "spiral: test_mine.py is there already.\nexpected: a new name.\n"
        "next: spiral new film other\n"
    ))  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["test_mine.py"]
    assert (tmp_path / "test_mine.py").read_text() == "mine"


def test_another_folder_may_be_named(tmp_path: Path) -> None:
    ran = spiral(tmp_path, "new", "film", "mine", "--out", "films")
    assert ran.returncode == 0
    assert sorted(path.name for path in (tmp_path / "films").iterdir()) == [
        "mine.py",
        "test_mine.py",
    ]


def test_a_film_is_not_called_as_a_module_that_films_need(tmp_path: Path) -> None:
    for name in ("json", "manim", "con"):
        ran = spiral(tmp_path, "new", "film", name)
        assert ran.returncode == 2
        assert ran.stderr == (
            f"spiral: '{name}' is the name of another module, or of a device.\n"
            f"expected: a name of its own.\nnext: spiral new film my_{name}\n"
        )
    assert not list(tmp_path.iterdir())
