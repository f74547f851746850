"""`spiral films`: which films there are."""

from __future__ import annotations

import click

from spiralcore.catalogue import FILMS


@click.command("films")
def command() -> None:
    """List the films, and what each of them needs."""
    for film in FILMS.values():
        click.echo(f"{film.name:10}{film.about}")
        wanted = f", with {film.wanted}" if film.units != (2,) or film.layers > 1 else ""
        click.echo(f"{'':10}needs {film.needs.value}{wanted}; manim render "
                   f"scenes/{film.name}.py {film.class_name}")  # fmt: skip
