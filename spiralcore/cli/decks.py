"""Decks among the targets of `spiral export`: files that hold all films of a call."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path

from spiralcore.cli.targets import TARGETS
from spiralcore.errors import UsageError
from spiralcore.extras import require
from spiralcore.registry.themes import OPAQUE_THEMES, is_transparent
from spiralcore.talk.deck import DeckDesign
from spiralcore.talk.own_template import open_template
from spiralcore.video.request import FilmOrder

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
