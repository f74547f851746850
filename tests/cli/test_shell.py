"""Lines to type: each shell takes them, whatever a path has in it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from spiralcore import shell
from spiralcore.errors import MissingExtraError
from tests.imitations import on_windows

ROOT = Path(__file__).parents[2]
SOURCES = [
    *(ROOT / "spiralcore").rglob("*.py"),
    *(ROOT / "docs").glob("*.md"),
    ROOT / "README.md",
    *(ROOT / "examples").glob("*.ipynb"),
]


@pytest.mark.parametrize("word", ["k4.npz", "my runs/k 4.npz", "it's.npz", "a&b.npz", "größe.npz"])
def test_a_path_is_one_word_of_a_shell(word: str) -> None:
    assert shlex.split(shell.quoted(Path(word))) == [word]


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("k4.npz", "k4.npz"),
        (r"C:\Users\me\k4.npz", r"C:\Users\me\k4.npz"),
        (r"C:\My runs\k4.npz", r'"C:\My runs\k4.npz"'),
        ("it's.npz", '"it\'s.npz"'),
        ("a&b.npz", '"a&b.npz"'),
        ('the "x"', r'"the \"x\""'),
    ],
)
def test_on_windows_only_double_quotes_are_quotes(
    monkeypatch: pytest.MonkeyPatch, word: str, typed: str
) -> None:
    monkeypatch.setattr(shell.sys, "platform", "win32")
    assert shell.quoted(word) == typed


def test_no_line_to_type_has_quotes_that_windows_does_not_know() -> None:
    """In its shell cmd, 'spiralcore[film]' is a name that begins with a quote."""
    found = re.compile(r"pip install \\?'")
    assert [path.name for path in SOURCES if found.search(path.read_text("utf-8"))] == []
    error = MissingExtraError.for_extra("train", "torch", "Training")
    assert error.next_step == 'pip install "spiralcore[train]"'


def test_what_comes_next_can_be_typed_there(tmp_path: Path) -> None:
    folder = tmp_path / "my runs"
    folder.mkdir()
    ran = on_windows(folder, "-m", "spiralcore", "watch", ".")
    assert ran.stderr.endswith("next: spiral watch run.npz\n")
    ran = on_windows(tmp_path, "-m", "spiralcore", "watch", "my runs")
    assert ran.stderr.endswith('next: spiral watch "my runs/run.npz"\n')
    ran = on_windows(tmp_path, "-m", "spiralcore", "new", "film", "slow_turn")
    assert ran.stdout.endswith(
        'next: $env:SPIRAL_TRAJECTORY = "k4.npz"; manim render -ql slow_turn.py SlowTurn\n'
    )
