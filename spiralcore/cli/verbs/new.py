"""`spiral new`: the beginning of something of one's own."""

from __future__ import annotations

import keyword
import re
import sys
from importlib.resources import files
from pathlib import Path

import click

from spiralcore.cli.option_kinds import FolderName
from spiralcore.errors import UsageError
from spiralcore.extras import DRAWING
from spiralcore.registry.films import FILMS
from spiralcore.shell import quoted, with_variable
from spiralcore.system.file_names import refused_by_windows
from spiralcore.system.files import whole_file

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

TAKEN = {*sys.stdlib_module_names, *DRAWING.packages, "numpy", "scipy", "spiralcore"}
"""Modules that films need: a file of such a name beside one would be taken for it."""


@click.command("new")
@click.argument("kind", type=click.Choice(["film"]))
@click.argument("name")
@click.option(
    "--out",
    default=Path(),
    type=FolderName(),
    help="Folder. [default: this one]",
)
def command(kind: str, name: str, out: Path) -> None:
    """Begin a film of your own: NAME.py with a film that runs, and its test.

    NAME is that of the module, such as slow_turn; the scene in it is then SlowTurn.
    """
    check(name)
    source, test = out / f"{name}.py", out / f"test_{name}.py"
    for path in (source, test):
        if path.exists():
            raise UsageError(f"{path} is there already.", "a new name.", "spiral new film other")
    out.mkdir(parents=True, exist_ok=True)
    for path, template in ((source, "my_film.py"), (test, "test_my_film.txt")):
        text = files("spiralcore.cli.new").joinpath(template).read_text("utf-8")
        with whole_file(path) as part:
            part.write_text(named(text, name), "utf-8", newline="\n")
        click.echo(str(path))
    manim = f"manim render -ql {quoted(source)} {scene(name)}"
    click.echo(f"next: {with_variable('SPIRAL_TRAJECTORY', 'k4.npz', manim)}")


def check(name: str) -> None:
    """Refuse what cannot be a module with a film of one's own.

    Raises
    ------
    UsageError
        If it is no name, a word of Python, or that of a module or a film that there is.
    """
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise UsageError(
            f"'{name}' cannot be the name of a module.",
            "small letters, digits and _, a letter first.",
            "spiral new film slow_turn",
        )
    if refused_by_windows(f"{name}.py") or name in TAKEN:
        raise UsageError(
            f"'{name}' is the name of another module, or of a device.",
            "a name of its own.",
            f"spiral new film my_{name}",
        )
    if name in FILMS:
        raise UsageError(
            f"There is a film '{name}' already.", "a name of its own.", f"spiral new film my_{name}"
        )


def scene(name: str) -> str:
    """The name of the scene in a module."""
    return "".join(part.capitalize() for part in name.split("_"))


def named(text: str, name: str) -> str:
    """A template with names of one's own."""
    title = name.replace("_", " ").capitalize()
    text = text.replace("MyFilm", scene(name)).replace("my_film", name)
    return text.replace("My film", title)
