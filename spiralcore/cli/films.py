"""`spiral films`: which films there are."""

from __future__ import annotations

import click

from spiralcore.catalogue import FILMS


@click.command("films")
def command() -> None:
    """List the films, and what each of them needs."""
    for film in FILMS.values():
        click.echo(f"{film.name:10}{film.about}")
        network = ", and the whole network" if film.whole_network else ""
        click.echo(f"{'':10}needs {film.needs.value}, with {film.wanted}{network}")
        click.echo(f"{'':10}manim render scenes/{film.name}.py {film.class_name}")
