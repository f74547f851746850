"""From films that were made to a deck of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from spiralcore.catalogue import film_entry
from spiralcore.recipe import Quality
from spiralcore.talk.deck import Slide
from spiralcore.talk.notes import speaker_notes, title_of
from spiralcore.talk.page import write_page
from spiralcore.talk.powerpoint import write_powerpoint
from spiralcore.video.opening import load_source, open_film
from spiralcore.video.order import FilmOrder


def assemble_powerpoint(orders: Sequence[FilmOrder], path: Path) -> None:
    """Make a PowerPoint file of films that are there, see `write_powerpoint`."""
    write_powerpoint(slides_of(orders), path, path.stem)


def assemble_page(orders: Sequence[FilmOrder], path: Path) -> None:
    """Make a reveal.js page of films that are there, see `write_page`."""
    write_page(slides_of(orders), path, path.stem)


def slides_of(orders: Sequence[FilmOrder]) -> list[Slide]:
    """A slide for each film, with notes on what is to be seen in it."""
    return [_slide(order) for order in orders]


def _slide(order: FilmOrder) -> Slide:
    sources = [load_source(order.film, path) for path in order.trajectories]
    # Nothing is drawn: the film knows its moments without.
    film = open_film(order.film, sources, order.settings, *Quality.parse(order.settings.quality))
    entry = film_entry(order.film)
    return Slide(
        title=title_of(film, entry),
        film=order.targets["mp4"],
        poster=order.targets["png"],
        seconds=order.time.duration,
        notes=speaker_notes(film, entry),
        loop=order.settings.loop,
        background=film.theme.background,
    )
