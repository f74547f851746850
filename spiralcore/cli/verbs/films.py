"""`spiral films`: which films there are."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from spiralcore.registry.films import FILMS, Needs
from spiralcore.shell import quoted

SCENES = "spiralcore.scenes"


@click.command("films")
def command() -> None:
    """List the films, and what each of them needs."""
    from spiralcore.cli.tables import console, table

    rows = table(("film", "what it shows", "what it needs", "scene"))
    for film in FILMS.values():
        network = ", and the whole network" if film.whole_network else ""
        layer = f", with {film.wanted}" if film.needs is not Needs.STUDY else ""
        needs = f"{film.needs.value}{layer}{network}"
        rows.add_row(film.name, film.about, needs, film.class_name)
    console().print(rows)
    film = FILMS["bending"]
    click.echo(f"spiral render {film.name} FILE.npz, or with the command of Manim:")
    click.echo(f"manim render {quoted(scene_file(film.name))} {film.class_name}")


def scene_file(film: str) -> Path:
    """Where a film stands, from here."""
    found = find_spec(SCENES)
    assert found is not None
    assert found.origin is not None
    path = Path(found.origin).with_name(f"{film}.py")
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
