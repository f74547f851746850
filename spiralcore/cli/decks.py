"""Targets of `spiral export` that are no films: decks, which hold all of a call, and scripts."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path

from spiralcore.cli.targets import TARGETS
from spiralcore.errors import UsageError
from spiralcore.extras import DRAWING, require
from spiralcore.registry.themes import OPAQUE_THEMES, is_transparent
from spiralcore.shell import quoted
from spiralcore.talk.deck import DeckDesign
from spiralcore.talk.own_template import open_template
from spiralcore.video.request import FilmOrder
from spiralcore.video.voice import SCRIPT_ENDING

SEVERAL = "films"
"""What a deck of several films is called."""


def decks_among(to: Sequence[str], theme: str | None, max_size: str | None) -> list[str]:
    """The targets that put films together, each once.

    Raises
    ------
    UsageError
        If a deck cannot be made so.
    MissingExtraError
        If a package is missing; better now than when all films are made.
    """
    decks = [name for name in dict.fromkeys(to) if name in TARGETS and TARGETS[name].assembler]
    for name in decks:
        if is_transparent(theme):
            raise UsageError(
                f"A deck ({name}) has no use for films that are transparent.",
                f"the theme {' or '.join(OPAQUE_THEMES)} for decks; "
                "its colour is that of the slides, too.",
                "--theme dark, or --to webm png and your own slides",
            )
        if max_size is not None:
            raise UsageError(
                f"--max-size is about single films, and a deck ({name}) holds all of them.",
                "a lower quality for a smaller deck.",
                "--quality 720p30 in place of --max-size",
            )
        require(*TARGETS[name].works)
        for work in TARGETS[name].works:
            for package in work.packages:
                importlib.import_module(package)  # it may be there, and lack something itself
    return decks


def design_of(decks: Sequence[str], template: Path | None, per_slide: int | None) -> DeckDesign:
    """How the decks of a call look.

    Raises
    ------
    UsageError
        If there is none that a template or several films on a slide are for, or the template
        cannot be used; better now than when all films are made.
    """
    option = "--template" if template else "--per-slide" if per_slide else None
    if option and not any(TARGETS[name].is_designed for name in decks):
        designed = [name for name, target in TARGETS.items() if target.is_designed]
        raise UsageError(
            f"{option} is for a deck of PowerPoint.",
            f"{' or '.join(designed)} among the targets.",
            f"--to {designed[0]}, or --out talk.{designed[0]}",
        )
    if template is not None:
        open_template(template)
    return DeckDesign(template, per_slide or 1)


def deck_of(out: Path | None) -> tuple[str, ...]:
    """The deck that a file's name asks for, if it is one's."""
    ending = "" if out is None else out.suffix[1:].lower()
    return (ending,) if ending in TARGETS and TARGETS[ending].assembler else ()


def deck_path(name: str, orders: Sequence[FilmOrder], out: Path | None) -> Path:
    """Where a deck goes."""
    if out is not None and out.suffix:
        return out
    stems = [order.stem for order in orders]
    return (out or Path()) / f"{stems[0] if len(stems) == 1 else SEVERAL}.{name}"


def is_script(to: Sequence[str]) -> bool:
    """Whether what to read is asked for, and no film."""
    return any(name in TARGETS and TARGETS[name].is_script for name in to)


def check_script(to: Sequence[str], out: Path | None) -> None:
    """See to it that a script, if one is asked for, can be made.

    Raises
    ------
    UsageError
        If it is asked for together with films, or into a file of another kind.
    """
    if is_script(to):
        if len(set(to)) > 1:
            others = [name for name in dict.fromkeys(to) if not TARGETS[name].is_script]
            raise UsageError(
                f"A script is asked for, and {', '.join(others)}.",
                "the script first; then the films, when it has been read.",
                "--to script alone",
            )
        if out is not None and out.suffix and out.suffix.lower() != SCRIPT_ENDING:
            raise UsageError(
                f"{out} cannot be a script.",
                f"a folder, or a file that ends with {SCRIPT_ENDING}.",
                f"--out {quoted(out.with_suffix(SCRIPT_ENDING))}",
            )


def check_sound(decks: Sequence[str], narration: str) -> None:
    """See to it that a voice can be heard.

    Raises
    ------
    UsageError
        If there is one for a deck.
    """
    if narration and decks:
        raise UsageError(
            f"A deck ({', '.join(decks)}) plays its films without sound.",
            "a film with a narration by itself.",
            "--to mp4, or no --narration",
        )


def scripts(orders: Sequence[FilmOrder], out: Path | None) -> list[Path]:
    """Write a script for each film, and tell where they are.

    Raises
    ------
    UsageError
        If several of them would be one file, or a film has nothing to say.
    """
    require(DRAWING)
    from spiralcore.talk.script import ENDING, write_script

    if out is None or not out.suffix:
        made = [(out or Path()) / f"{order.stem}{ENDING}" for order in orders]
    elif len(orders) > 1:
        raise UsageError(
            f"{len(orders)} scripts would be {out}.",
            "a folder.",
            f"--out {quoted(out.with_suffix(''))}",
        )
    else:
        made = [out]
    for order, path in zip(orders, made, strict=True):
        write_script(order, path)
    return made
