"""Still figures of trajectories: what is missing is drawn, by several processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from spiralcore.extras import FIGURES as FIGURES_WORK
from spiralcore.extras import require
from spiralcore.figures.catalogue import FIGURES, KINDS
from spiralcore.recipe import Recipe
from spiralcore.registry.themes import THEMES
from spiralcore.subjects.runs import networks
from spiralcore.system.worker_pool import Job, Report, worker_pool
from spiralcore.trajectory import Trajectory
from spiralcore.video.cache_key import are_up_to_date, comment, film_key, is_up_to_date
from spiralcore.video.production import Outcome, Watch

CATALOGUE = "spiralcore.figures.catalogue"

FOLDER = "figures"

Say = Callable[[str], None]


@dataclass(frozen=True)
class FigureOrder:
    """The figures of one trajectory.

    Attributes
    ----------
    trajectory
        The file.
    stem
        What the names of the figures' files end with, before the dot.
    folder
        Where they go.
    figures
        Which ones, see `spiralcore.figures.catalogue`.
    kinds
        ``png``, ``svg`` or both.
    theme
        ``dark`` or ``light``.
    """

    trajectory: Path
    stem: str
    folder: Path
    figures: tuple[str, ...] = tuple(FIGURES)
    kinds: tuple[str, ...] = KINDS
    theme: str = "dark"

    def target(self, figure: str, kind: str) -> Path:
        """The file of a figure."""
        return self.folder / f"{figure}-{self.stem}.{kind}"

    def missing(self) -> dict[str, dict[str, str]]:
        """Figures and kinds whose file is not there or not up to date, with the key of each."""
        wanted = {figure: {kind: self._key(figure, kind) for kind in self.kinds}
                  for figure in self.figures}  # fmt: skip
        absent = {
            figure: {
                kind: key
                for kind, key in keys.items()
                if not is_up_to_date(self.target(figure, kind), key)
            }
            for figure, keys in wanted.items()
        }
        return {figure: keys for figure, keys in absent.items() if keys}

    def _key(self, figure: str, kind: str) -> str:
        settings = {"theme": self.theme, "format": kind}
        modules = (CATALOGUE, f"spiralcore.figures.{FIGURES[figure].module}")
        return film_key(f"figure {figure}", [self.trajectory], settings, modules)


def figure_orders(recipe: Recipe) -> list[FigureOrder]:
    """The figures of all networks of a recipe."""
    theme = THEMES[recipe.film.theme].stills or recipe.film.theme
    return [
        FigureOrder(
            trajectory=recipe.trajectory_path(network),
            stem=f"{network.classes}-{network.activation}",
            folder=Path(recipe.output) / FOLDER,
            theme=theme,
        )
        for network in networks(recipe)
    ]


def figures_missing(
    orders: Sequence[FigureOrder], workers: int, watch: Watch, say: Say, outcome: Outcome
) -> None:
    """Make the figures that are missing or out of date.

    Parameters
    ----------
    orders
        What to make.
    workers
        Number of processes, see `pool`.
    watch
        Shows progress.
    say
        Is told, a line each, which figures cannot be drawn and what others cannot show.
    outcome
        Is told what was made.

    Raises
    ------
    TrajectoryError
        If a trajectory is no valid one.
    """
    started = time.monotonic()
    planned = dict(_planned(orders, say, outcome))
    if planned:
        require(FIGURES_WORK)
        jobs = list(planned)
        with worker_pool(workers) as hands:
            for job in jobs:
                hands.submit(job)
            failures = watch("figures", jobs, hands.events())
        outcome.failures += failures
        failed = {failure.job for failure in failures}
        for job, files in planned.items():
            if job in failed:
                outcome.absent |= dict.fromkeys(files, "failed")
            else:
                outcome.made += files
    outcome.spent("figures", started)


def _planned(
    orders: Sequence[FigureOrder], say: Say, outcome: Outcome
) -> list[tuple[Job, list[Path]]]:
    """A job for each trajectory that has figures to make, with the files it makes."""
    planned = []
    for order in orders:
        missing = order.missing()
        for figure in order.figures:
            kinds = [kind for kind in order.kinds if kind not in missing.get(figure, {})]
            outcome.kept += [order.target(figure, kind) for kind in kinds]
        possible = _possible(order, list(missing), say) if missing else []
        targets = {
            figure: [(str(order.target(figure, kind)), kind, key)
                     for kind, key in missing[figure].items()]
            for figure in possible
        }  # fmt: skip
        if targets:
            arguments = {
                "trajectory": str(order.trajectory),
                "theme": order.theme,
                "targets": targets,
            }
            title = f"figures of {order.stem}"
            keys = [(Path(path), key) for made in targets.values() for path, _, key in made]
            is_made = partial(are_up_to_date, keys)
            job = Job(title, DRAW, arguments, len(targets), order.folder / title, is_made)
            files = [path for path, _ in keys]
            planned.append((job, files))
    return planned


def _possible(order: FigureOrder, figures: Sequence[str], say: Say) -> list[str]:
    """Those figures that a trajectory has all for."""
    trajectory = Trajectory.load(order.trajectory)
    possible = []
    for figure in figures:
        lack = FIGURES[figure].lack(trajectory)
        if lack:
            say(f"{order.trajectory}: no figure '{figure}': {lack}")
            continue
        gap = FIGURES[figure].gap(trajectory)
        if gap:
            say(f"{order.trajectory}: figure '{figure}' {gap}")
        possible.append(figure)
    return possible


DRAW = "spiralcore.video.stills:draw_figures"


def draw_figures(
    trajectory: str, theme: str, targets: dict[str, list[tuple[str, str, str]]], report: Report
) -> None:
    """Draw figures of a trajectory; a worker's job.

    Parameters
    ----------
    trajectory
        The file.
    theme
        ``dark`` or ``light``.
    targets
        For each figure the files to make: path, kind and key.
    report
        Is told how much is done.
    """
    from spiralcore.figures.catalogue import make

    loaded = Trajectory.load(trajectory)
    for done, (figure, files) in enumerate(targets.items(), 1):
        make(figure, loaded, theme, [(Path(path), kind, comment(key)) for path, kind, key in files])
        report(done / len(targets))
