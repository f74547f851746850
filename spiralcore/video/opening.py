"""Opening a film for drawing. The only place that touches Manim's global configuration."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path

from manim import tempconfig

from spiralcore.recipe import FilmSettings
from spiralcore.registry.aspects import ASPECTS
from spiralcore.registry.films import FilmEntry, film_entry
from spiralcore.stage.film import Film
from spiralcore.subjects import Source, subject_of
from spiralcore.system.files import temporary_folder


def open_film(
    name: str,
    sources: Sequence[Source],
    settings: FilmSettings,
    height: int,
    frame_rate: int,
) -> Film:
    """Make a film ready to `show` its frames.

    Parameters
    ----------
    name
        See `spiralcore.registry.films`.
    sources
        What it shows, see `load_source`.
    settings
        How it looks.
    height
        Of the picture in pixels, or its width where it is upright: the shorter side. The other
        one follows from the aspect.
    frame_rate
        Frames a second.
    """
    entry = film_entry(name)
    chosen = film_class(entry)
    pixel_width, pixel_height = ASPECTS[settings.aspect].pixels(height)
    size = {
        "pixel_width": pixel_width,
        "pixel_height": pixel_height,
        "frame_rate": frame_rate,
        "verbosity": "ERROR",
        "media_dir": str(Path(temporary_folder()) / "spiralcore-unused"),
    }
    with tempconfig(size):
        return chosen(sources=sources, settings=settings)


def film_class(entry: FilmEntry) -> type[Film]:
    """The scene of a film."""
    module = importlib.import_module(f"spiralcore.scenes.{entry.name}")
    found: type[Film] = getattr(module, entry.class_name)
    return found


def is_captioned(name: str) -> bool:
    """Whether a film has captions, if its settings let it."""
    return film_class(film_entry(name)).captions is not Film.captions


def load_source(film: str, path: Path) -> Source:
    """Load a file for a film: a trajectory, or a study for films about one."""
    return subject_of(film_entry(film)).load(path)
