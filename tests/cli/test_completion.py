"""What a shell completes: verbs, names of films, themes, activations, also after several."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from spiralcore.cli.group import cli
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.films import FILMS
from spiralcore.registry.themes import THEMES

FILE = "file:"


def completed(line: str) -> list[str]:
    """What click offers for the last word of a line, in a shell that knows everything."""
    *words, last = line.split(" ")
    items = ShellComplete(cli, {}, "spiral", "_SPIRAL_COMPLETE").get_completions(words, last)
    return [FILE if item.type == "file" else str(item.value) for item in items]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("re", ["render", "recipe"]),
        ("render ", list(FILMS)),
        ("render be", ["bending"]),
        ("render bending ", [FILE]),
        ("render --theme ", [*THEMES, "own", FILE]),
        ("render --theme=li", ["light", FILE]),
        ("render --films ", list(FILMS)),
        ("render --films row be", ["bending"]),
        ("render --activations tanh relu s", [n for n in ACTIVATIONS if n.startswith("s")]),
        ("train --activation ta", ["tanh"]),
        ("train --inner-activation hard", ["hardtanh"]),
        ("train --data mo", ["moons", FILE]),
        ("train --classes 2 3 --activation di", ["disk"]),
        ("export ro", ["row", FILE]),
        ("export bending k4.npz --to web", ["webm", "webp"]),
        ("export bending k4.npz --to webm p", ["png", "pptx"]),
        ("gallery --theme d", ["dark", FILE]),
        ("diff a.npz b.npz --theme t", ["transparent", FILE]),
        ("render --aspect 9", ["9:16"]),
        ("render --language d", ["de"]),
        ("render --timeline l", ["log", "linear"]),
        ("render --qui", ["--quiet"]),
    ],
)
def test_names_are_offered(line: str, names: list[str]) -> None:
    assert completed(line) == names


def test_asking_changes_nothing_for_those_who_run_it_next() -> None:
    assert completed("render --films row be") == ["bending"]
    render = cli.get_command(click.Context(cli), "render")
    assert render is not None
    assert [p.nargs for p in render.params if p.name == "films"] == [1]


SCRIPTS = {"bash": "complete -o", "zsh": "compdef", "fish": "complete --"}


@pytest.mark.parametrize("shell", SCRIPTS)
def test_each_shell_gets_its_script(shell: str) -> None:
    assert SCRIPTS[shell] in asked(_SPIRAL_COMPLETE=f"{shell}_source")


def test_a_shell_asks_as_documented(tmp_path: Path) -> None:
    words = {"COMP_WORDS": "spiral render --theme l", "COMP_CWORD": "3"}
    assert asked(_SPIRAL_COMPLETE="bash_complete", **words) == "plain,light\nfile,l\n"


def asked(**variables: str) -> str:
    """What the command says to a shell that asks."""
    return subprocess.run(
        [sys.executable, "-m", "spiralcore"],
        env={**os.environ, **variables}, capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
