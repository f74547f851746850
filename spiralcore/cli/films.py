"""`spiral films`: which films there are."""

from __future__ import annotations

import click

from spiralcore.catalogue import FILMS


@click.command("films")
def command() -> None:
    """List the films, and what each of them needs."""
    for film in FILMS.values():
        click.echo(f"{film.name:10}{film.about}")
        units = "" if film.units == (2,) else f" with {film.usual_widths} hidden units"
        click.echo(f"{'':10}needs {film.needs.value}{units}; manim render scenes/{film.name}.py "
                   f"{film.class_name}")  # fmt: skip
