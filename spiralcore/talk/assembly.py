"""From films that were made to a deck of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from spiralcore.recipe import FilmSettings, Quality
from spiralcore.registry.films import film_entry
from spiralcore.system.font_file import font_bytes
from spiralcore.talk.deck import PLAIN, DeckDesign, Slide, family_of
from spiralcore.talk.notes import speaker_notes, title_of
from spiralcore.talk.page import write_page
from spiralcore.talk.powerpoint import write_powerpoint
from spiralcore.video.opening import load_source, open_film
from spiralcore.video.request import FilmOrder


def assemble_powerpoint(
    orders: Sequence[FilmOrder], path: Path, design: DeckDesign = PLAIN
) -> None:
    """Make a PowerPoint file of films that are there, see `write_powerpoint`."""
    write_powerpoint(
        slides_of(orders), path, path.stem, template=design.template, together=design.together
    )


def assemble_page(orders: Sequence[FilmOrder], path: Path, design: DeckDesign = PLAIN) -> None:
    """Make a reveal.js page of films that are there, see `write_page`; it has its own design."""
    write_page(slides_of(orders), path, path.stem)


def slides_of(orders: Sequence[FilmOrder]) -> list[Slide]:
    """A slide for each film, with notes on what is to be seen in it."""
    return [_slide(order) for order in orders]


def _slide(order: FilmOrder) -> Slide:
    settings = order.settings.model_dump_json()
    title, notes, captions = _told(order.film, order.trajectories, settings)
    theme = order.settings.colours
    return Slide(
        title=title,
        film=order.targets["mp4"],
        poster=order.targets["png"],
        seconds=order.length.duration,
        notes=notes,
        loop=order.settings.loop,
        background=theme.background,
        ink=theme.ink,
        font=family_of(font_bytes(theme.font)),
        captions=captions,
    )


@lru_cache(maxsize=64)
def _told(film: str, files: tuple[Path, ...], look: str) -> tuple[str, str, tuple[str, ...]]:
    """Title, notes and captions of a film; one call may make several decks of it."""
    settings = FilmSettings.model_validate_json(look)
    sources = [load_source(film, path) for path in files]
    # Nothing is drawn: the film knows its moments without.
    opened = open_film(film, sources, settings, *Quality.parse(settings.quality))
    entry = film_entry(film)
    captions = tuple(caption.text for caption in opened.captions.captions)
    notes = speaker_notes(opened, entry)
    return title_of(opened, entry), notes, captions
