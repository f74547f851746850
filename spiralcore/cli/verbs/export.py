"""`spiral export`: films for a talk, a page, a post."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from spiralcore.cli.choosing import chosen_film, targets_of
from spiralcore.cli.decks import (
    check_script,
    check_sound,
    deck_of,
    deck_path,
    decks_among,
    design_of,
    is_script,
    scripts,
)
from spiralcore.cli.engines import chosen_engine
from spiralcore.cli.option_kinds import ListCommand, list_option
from spiralcore.cli.options import engine_options, overrides, recipe_options, told
from spiralcore.cli.outcome import end_if, report
from spiralcore.cli.progress import watch
from spiralcore.cli.targets import TARGETS
from spiralcore.cluster.address import Address
from spiralcore.errors import UsageError, lookup
from spiralcore.recipe import FILM_RATE, Recipe, load_recipe
from spiralcore.registry.films import FILMS, Needs
from spiralcore.registry.formats import OUTPUT_FORMATS, format_of, usual_formats
from spiralcore.registry.themes import is_transparent
from spiralcore.shell import quoted
from spiralcore.system.file_names import key
from spiralcore.system.files import tidied
from spiralcore.talk.deck import MOST_TOGETHER
from spiralcore.video.finding import find_film
from spiralcore.video.production import SEGMENTS, Outcome, film_missing
from spiralcore.video.request import FilmOrder
from spiralcore.video.voice import SCRIPT_ENDING, check_narrations

DATA_ENDINGS = (".npz", ".parquet")
"""How files end that films show."""

SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kMG]i?)?B?", re.IGNORECASE)
UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "ki": 2**10, "mi": 2**20, "gi": 2**30}

LARGEST = 2**63
"""Bytes that no file has."""

HELP = """Make films for a talk, a page or a post, in several formats at once.

FILM is one that a run has made, such as row-4-classes or renders/classes.mp4, or one of `spiral
films` with the trajectory FILES that it shows: bending k4.npz. Several may be named. Each frame
is drawn once for all formats.

\b
spiral export row-4-classes --to webm gif png --out talk
spiral export bending k4.npz --to mp4 --max-size 5MB
spiral export classes --to webp --theme transparent
spiral export bending k4.npz row k4.npz k4-relu.npz --out talk.pptx
spiral export explainer --to script --out voice
spiral export explainer --narration voice

Targets:

\b
""" + "\n".join(f"{name:5} {target.about}" for name, target in TARGETS.items())


@click.command("export", cls=ListCommand, help=HELP)
@click.argument("films", nargs=-1, metavar="FILM [FILES]...")
@list_option("--to", metavar="TARGET ...", help=f"{', '.join(TARGETS)}. [default: mp4]")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder, or the only file to make. [default: .]"
)
@click.option("--max-size", help="What no file may be larger than: 5MB, 500kB, 5MiB.")
@click.option(
    "--template", type=click.Path(path_type=Path), help="PowerPoint file whose design pptx gets."
)
@click.option(
    "--per-slide",
    type=click.IntRange(1, MOST_TOGETHER),
    help="Films on a slide of pptx. [default: 1]",
)
@recipe_options(
    "theme",
    "loop/--no-loop",
    "quality",
    "aspect",
    "gif-height",
    "seconds",
    "timeline",
    "layer",
    "captions/--no-captions",
    "language",
    "narration",
    "layout",
    "highlight",
)
@engine_options
def command(
    films: tuple[str, ...],
    to: tuple[str, ...],
    out: Path | None,
    max_size: str | None,
    template: Path | None,
    per_slide: int | None,
    recipe: Path | None,
    jobs: int,
    scheduler: Address | None,
    **options: Any,
) -> None:
    """Make films for a talk, a page or a post."""
    limit = None if max_size is None else parsed_size(max_size)
    to = to or deck_of(out)
    decks = decks_among(to, options["theme"], max_size)
    check_script(to, out)
    design = design_of(decks, template, per_slide)
    kinds = formats_of(to, out, options["theme"])
    changed = {**overrides(options), "formats": kinds, "film.gif_frame_rate": FILM_RATE}
    settings = told(load_recipe(recipe, changed))
    check_sound(decks, settings.film.narration)
    place = None if is_script(to) else out
    orders = [
        replace(_order(settings, name, files, place, decks == list(to)), most_bytes=limit)
        for name, files in grouped(films)
    ]
    _check_names(orders)
    outcome = Outcome()
    if is_script(to):
        outcome.made += scripts(orders, out)
        report(outcome)
        return
    check_narrations({order.stem: order.settings.narration for order in orders})
    folder = next(iter(orders[0].targets.values())).parent
    work = folder / SEGMENTS
    with tidied(folder, work), chosen_engine(jobs, scheduler) as engine:
        film_missing(orders, work, engine, watch, outcome)
        if not outcome.failures:
            for name in decks:
                deck = deck_path(name, orders, out)
                TARGETS[name].assemble(orders, deck, design)
                outcome.made.append(deck)
    report(outcome)
    end_if(outcome.failures)


def parsed_size(text: str) -> int:
    """Read a size in bytes, such as 5MB, 500 kB or 5MiB.

    Raises
    ------
    UsageError
        If it is none.
    """
    match = SIZE.fullmatch(text.strip())
    size = float(match[1]) * UNITS[(match[2] or "").lower()] if match else 0
    if not 1 <= size < LARGEST:
        raise UsageError(
            f"'{text[:80]}' is no size of a file.",
            "a number and a unit.",
            "--max-size 5MB, 500kB or 5MiB",
        )
    return int(size)


def grouped(words: Sequence[str]) -> list[tuple[str, tuple[Path, ...]]]:
    """Films with the files that each is told to show.

    Raises
    ------
    UsageError
        If there is no film, or a file comes before one.
    """
    if not words or words[0].endswith(DATA_ENDINGS):
        raise UsageError(
            f"No film is named before {words[0]}." if words else "No film is named.",
            "a film that a run has made, or one of `spiral films` with the files it shows.",
            f"spiral export bending {quoted(words[0])}" if words else "spiral export row-4-classes",
        )
    films: list[tuple[str, list[Path]]] = []
    for word in words:
        if word.endswith(DATA_ENDINGS):
            films[-1][1].append(Path(word))
        else:
            films.append((word, []))
    return [(name, tuple(files)) for name, files in films]


def formats_of(to: Sequence[str], out: Path | None, theme: str | None) -> list[str]:
    """The formats that a call asks for, each once.

    Raises
    ------
    UsageError
        If there is no such target, or one file shall have several formats.
    """
    targets = [lookup(TARGETS, name, "target", "spiral export --help") for name in to]
    kinds = list(dict.fromkeys(kind for target in targets for kind in target.formats))
    if out is not None and out.suffix and to and not _is_only(to, out.suffix.lower()):
        raise UsageError(
            f"{out} cannot be {' and '.join(to)}.",
            "a folder, or a file with the ending of the only target.",
            f"--out {quoted(out.with_suffix(''))}, or "
            f"--out {quoted(out.with_suffix(_suffix(to[0])))} --to {to[0]}",
        )
    if kinds:
        return kinds
    if out is not None and (named := format_of(out.suffix)):
        return [named.name]
    return list(usual_formats(transparent=is_transparent(theme)))[:1]


def _is_only(to: Sequence[str], suffix: str) -> bool:
    """Whether there is one target, and its files end so."""
    return [_suffix(name) for name in to] == [suffix]


def _suffix(target: str) -> str:
    """How files of a target end; those of decks have its name."""
    if target in TARGETS and TARGETS[target].is_script:
        return SCRIPT_ENDING
    return OUTPUT_FORMATS[target].suffix if target in OUTPUT_FORMATS else f".{target}"


def _order(
    recipe: Recipe, name: str, files: tuple[Path, ...], out: Path | None, only_decks: bool
) -> FilmOrder:
    """What to make of a film: beside a deck that is to be made, where the run has not made it."""
    if deck_of(out) and out is not None:
        out = out.parent
    if files or (name in FILMS and FILMS[name].needs is not Needs.ALL):
        return chosen_film(recipe, name, files, out, "export")
    order = find_film(recipe, name)
    if only_decks and not order.missing():
        return order
    return replace(order, targets=targets_of(recipe, order.stem, out))


def _check_names(orders: Sequence[FilmOrder]) -> None:
    """See to it that no two films are the same file, on any system."""
    seen = set()
    for order in orders:
        for path in order.targets.values():
            if key(str(path)) in seen:
                raise UsageError(
                    f"Two films would be {path}.",
                    "films of different names.",
                    "one of them alone",
                )
            seen.add(key(str(path)))
