"""Settings of `make`, as the programs get them that it calls."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.setup.small_project import ROOT, SYSTEM_PATH, program

ECHO = """printf '[%s]' "$@"; echo; env | grep -E '^(MINUTES|OUT|SEED|CLASSES)=' | sort"""
"""A Python that tells what it is called with, and what is in its environment."""


def call(folder: Path, target: str, *settings: str, **variables: str) -> str:
    venv = program(folder / "a 'b'" / "bin" / "python", ECHO).parents[1]
    return subprocess.run(
        ["make", "--old-file=setup", target, f"VENV={venv}", *settings],
        cwd=ROOT, env={"PATH": SYSTEM_PATH, **variables}, capture_output=True, text=True,
        check=True,
    ).stdout  # fmt: skip


START = "[-m][spiralcore.cli][render]"


@pytest.mark.parametrize(
    ("settings", "seen"),
    [
        ([], f"{START}\n"),
        (["CLASSES=2 3"], f"{START}[--classes][2][3]\nCLASSES=2 3\n"),
        (["OUT=my slides", "FIGURES=1"], f"{START}[--out][my slides][--figures]\nOUT=my slides\n"),
        (["OUT=a \"b\" 'c' `d` \\e $$f"], f"{START}[--out][a \"b\" 'c' `d` \\e $f]"),
        (["RECIPE=my own.toml"], f"{START}[--recipe][my own.toml]\n"),
        (["FIGURES=0", "LENGTH=12", "JOBS=2"], f"{START}[--seconds][12][--jobs][2]\n"),
        (["FILMS=row classes", "ASPECT=9:16"], f"{START}[--films][row][classes][--aspect][9:16]\n"),
    ],
)
def test_settings_arrive_whole_and_only_those_that_are_given(
    tmp_path: Path, settings: list[str], seen: str
) -> None:
    assert call(tmp_path, "render", *settings).startswith(seen)


def test_settings_may_be_variables_of_the_caller(tmp_path: Path) -> None:
    assert call(tmp_path, "render", SEED="7") == f"{START}[--seed][7]\nSEED=7\n"


@pytest.mark.parametrize(
    ("target", "settings", "seen"),
    [
        ("preview", ["SEED=7"], "[-m][spiralcore.cli][render][--preview][--seed][7]\nSEED=7\n"),
        ("bench", ["ONLY=4 7"], "[-m][benchmarks.bench][--only][4][7]\n"),
        ("lock", ["UPGRADE=1"], "[-m][scripts.lock][--upgrade]\n"),
        ("mutation", ["MINUTES=5"], "[-m][scripts.mutation][--minutes][5]\nMINUTES=5\n"),
    ],
)
def test_other_targets(tmp_path: Path, target: str, settings: list[str], seen: str) -> None:
    program(tmp_path / "a 'b'" / "bin" / "uv", "exit 0")
    assert call(tmp_path, target, *settings) == seen


def test_the_page_gets_what_the_films_got(tmp_path: Path) -> None:
    seen = call(tmp_path, "gallery", "OUT=my slides", "FIGURES=1").splitlines()
    assert seen[0::2] == [
        f"{START}[--out][my slides][--figures]",
        "[-m][spiralcore.cli][gallery][--out][my slides]",
    ]
