"""Trajectories in a notebook: a poster with a summary, and films inside the page.

`spiralcore.trajectory` knows nothing of pictures: `pyproject.toml` declares the functions of this
module as entry points of the group that `spiralcore.trajectory.fronts` looks into.
"""

from __future__ import annotations

import base64
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Sequence
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from spiralcore.errors import SpiralError, UsageError
from spiralcore.extras import DRAWING, FIGURES, absent, require
from spiralcore.registry.films import Needs, film_entry
from spiralcore.registry.formats import SUFFIXES, format_of
from spiralcore.shell import pip_install
from spiralcore.system.cores import cores
from spiralcore.system.files import temporary_folder
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.clip import Clip
from spiralcore.trajectory.summary import notes, summary

POSTERS = ("hidden", "angles", "loss", "input")
"""Figures that can stand for a network, the best first."""

POSTER_DPI = 60


class Keeper:
    """A temporary folder that goes when nobody holds this object any more."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp("", "spiralcore-", temporary_folder()))
        self.clear = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)


def as_html(trajectory: Trajectory) -> str:
    """A poster, where matplotlib is there to draw it, and a summary."""
    lines = {**summary(trajectory), **{f"note {n}": t for n, t in enumerate(notes(trajectory), 1)}}
    rows = "".join(
        f'<tr><th style="text-align: left">{escape(name)}</th>'
        f'<td style="text-align: left">{escape(value)}</td></tr>'
        for name, value in lines.items()
    )
    return (
        '<div style="display: flex; flex-wrap: wrap; gap: 1.5em; align-items: center">'
        f"{_poster(trajectory)}"
        f'<table style="flex: 1 1 22em">{rows}</table></div>'
    )


def film(
    trajectory: Trajectory | str | Path,
    name: str = "bending",
    path: str | Path | None = None,
    jobs: int | None = None,
    **settings: Any,
) -> Clip:
    """Make one film of a trajectory, or of its file; see `Trajectory.film`.

    Raises
    ------
    TrajectoryError
        If there is no such file, or it is no trajectory.
    UsageError, MissingExtraError
        As `Trajectory.film` does.
    """
    require(DRAWING)
    if not isinstance(trajectory, Trajectory):
        trajectory = Trajectory.load(trajectory)
    from spiralcore.analysis.network.prepare import check
    from spiralcore.recipe import load_recipe
    from spiralcore.system.engine import Event, Failed, Job
    from spiralcore.system.worker_pool import worker_pool
    from spiralcore.video.production import Outcome, film_missing, film_settings
    from spiralcore.video.request import FilmOrder

    entry = film_entry(name)
    if entry.needs not in (Needs.ONE, Needs.ROW):
        raise UsageError(
            f"The film '{name}' cannot be made of one trajectory.",
            f"{entry.needs.value}.",
            f"spiral render {name} ...",
        )
    recipe = load_recipe(
        None, {f"film.{key}": value for key, value in {"quality": "480p30", **settings}.items()}
    )
    check(trajectory, entry, recipe.film.layer)
    ending = ".mp4" if path is None else Path(path).suffix.lower()
    kind = format_of(ending)
    if kind is None:
        raise UsageError(
            f"There is no way to make a '{ending}' file.",
            f"{', '.join(SUFFIXES)}.",
        )
    keeper = Keeper()
    target = keeper.folder / f"{name}.mp4" if path is None else Path(path)
    source = keeper.folder / "trajectory.npz"
    trajectory.save(source)
    order = FilmOrder(name, name, (source,), film_settings(recipe, name), {kind.name: target})

    def failed(stage: str, todo: Sequence[Job], events: Iterable[Event]) -> list[Failed]:
        return [event for event in events if isinstance(event, Failed)]

    outcome = Outcome()
    work = keeper.folder / "segments"
    workers = 0 if jobs == 1 else jobs or cores()
    with worker_pool(workers) as pool:
        film_missing([order], work, pool, failed, outcome)
    if path is not None:
        keeper.clear()
    if outcome.failures:
        raise SpiralError(f"The film was not made: {outcome.failures[0].error}")
    return Clip(target, keeper if path is None else None)


def _poster(trajectory: Trajectory) -> str:
    if absent(FIGURES.packages):
        line = escape(pip_install(["film"]), quote=False)
        return f"<p>A picture needs matplotlib: <code>{line}</code></p>"
    from spiralcore.figures import catalogue
    from spiralcore.figures.style import styled
    from spiralcore.registry.themes import theme

    entries = (catalogue.FIGURES[name] for name in POSTERS)
    entry = next((entry for entry in entries if not entry.lack(trajectory)), None)
    if entry is None:
        return ""
    light = theme("light")
    page = BytesIO()
    with styled(light):
        entry.draw(trajectory, light).savefig(page, format="png", dpi=POSTER_DPI)
    data = base64.b64encode(page.getvalue()).decode("ascii")
    return f'<img src="data:image/png;base64,{data}" alt="{escape(entry.about)}">'
