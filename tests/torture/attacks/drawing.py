"""Whether films and figures of odd but valid trajectories come out, and hold only what is known."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import numpy as np

from spiralcore import Trajectory
from spiralcore.analysis.network.prepare import check
from spiralcore.errors import SpiralError
from spiralcore.recipe import FilmSettings
from spiralcore.registry.films import FILMS, Needs

HEIGHT, RATE = 120, 2

SETTINGS = FilmSettings(quality="120p2", seconds=2.0, hold=0.5)


def film_frames(film: str, trajectory: Trajectory) -> Iterator[np.ndarray]:
    """The first, the middle and the last frame of a film.

    Raises
    ------
    SpiralError
        If the film cannot show it, and says why.
    """
    from spiralcore.video.opening import open_film

    check(trajectory, FILMS[film], None)
    shown = [trajectory] * (2 if FILMS[film].needs is Needs.TWO else 1)
    opened = open_film(film, shown, SETTINGS, HEIGHT, RATE)
    for frame in (0, opened.frame_count // 2, opened.frame_count - 1):
        yield opened.show(frame)


def draw_films(trajectory: Trajectory) -> dict[str, str]:
    """Draw all films that can show it; what went wrong, by film."""
    wrong = {}
    for film, entry in FILMS.items():
        if entry.needs is Needs.STUDY:
            continue
        try:
            for picture in film_frames(film, trajectory):
                if picture.max() == picture.min():
                    wrong[film] = "an empty picture"
        except SpiralError:
            continue
        except Exception as error:
            wrong[film] = f"{type(error).__name__}: {error}"[:200]
    return wrong


def draw_figures(trajectory: Trajectory) -> dict[str, str]:
    """Draw all figures that it has all for; what went wrong, by figure."""
    from spiralcore.figures.catalogue import FIGURES
    from spiralcore.figures.style import styled
    from spiralcore.registry.themes import theme

    wrong = {}
    for name, entry in FIGURES.items():
        if entry.lack(trajectory):
            continue
        try:
            with styled(theme("light")):
                entry.draw(trajectory, theme("light")).savefig(BytesIO(), format="svg", dpi=20)
        except Exception as error:
            wrong[name] = f"{type(error).__name__}: {error}"[:200]
    return wrong
