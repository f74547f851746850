"""Still figures of trajectories: what is missing is drawn, by several processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from spiralcore.extras import FIGURES as FIGURES_WORK
from spiralcore.extras import require
from spiralcore.figures.catalogue import FIGURES, KINDS
from spiralcore.recipe import Recipe
from spiralcore.registry.themes import THEMES, Theme, theme
from spiralcore.subjects.runs import networks
from spiralcore.system.engine import Engine, Job, Report, listed
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
        One with a background.
    """

    trajectory: Path
    stem: str
    folder: Path
    figures: tuple[str, ...] = tuple(FIGURES)
    kinds: tuple[str, ...] = KINDS
    theme: Theme = THEMES["dark"]

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
        name, own = self.theme.name, self.theme.name not in THEMES
        settings = {"theme": asdict(self.theme) if own else name, "format": kind}
        modules = (CATALOGUE, f"spiralcore.figures.{FIGURES[figure].module}")
        return film_key(f"figure {figure}", [self.trajectory], settings, modules)


def figure_orders(recipe: Recipe) -> list[FigureOrder]:
    """The figures of all networks of a recipe."""
    colours = recipe.film.colours
    still = theme(colours.stills) if colours.stills else colours
    return [
        FigureOrder(
            trajectory=recipe.trajectory_path(network),
            stem=f"{network.classes}-{network.activation}",
            folder=Path(recipe.output) / FOLDER,
            theme=still,
        )
        for network in networks(recipe)
    ]


def figures_missing(
    orders: Sequence[FigureOrder], engine: Engine, watch: Watch, say: Say, outcome: Outcome
) -> None:
    """Make the figures that are missing or out of date.

    Parameters
    ----------
    orders
        What to make.
    engine
        Draws them.
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
    jobs = _planned(orders, say, outcome)
    if jobs:
        require(FIGURES_WORK)
        for job in jobs:
            engine.submit(job)
        failures = watch("figures", jobs, engine.events())
        engine.rest()
        outcome.failures += failures
        failed = {failure.job for failure in failures}
        for job in jobs:
            if job in failed:
                outcome.absent |= dict.fromkeys(listed(job.makes), "failed")
            else:
                outcome.made += listed(job.makes)
    outcome.spent("figures", started)


def _planned(orders: Sequence[FigureOrder], say: Say, outcome: Outcome) -> list[Job]:
    """A job for each trajectory that has figures to make."""
    planned = []
    for order in orders:
        missing = order.missing()
        for figure in order.figures:
            kinds = [kind for kind in order.kinds if kind not in missing.get(figure, {})]
            outcome.kept += [order.target(figure, kind) for kind in kinds]
        possible = _possible(order, list(missing), say) if missing else []
        wanted = [
            (figure, kind, key) for figure in possible for kind, key in missing[figure].items()
        ]
        if wanted:
            title = f"figures of {order.stem}"
            paths = tuple(order.target(figure, kind) for figure, kind, _ in wanted)
            keys = [key for *_, key in wanted]
            job = Job(
                title,
                DRAW,
                {"theme": order.theme, "figures": wanted},
                weight=len(possible),
                reads={"trajectory": order.trajectory},
                makes={"paths": paths},
                needs=FIGURES_WORK,
                place=order.folder / title,
                is_made=partial(are_up_to_date, list(zip(paths, keys, strict=True))),
            )
            planned.append(job)
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
    trajectory: Path,
    theme: Theme,
    figures: Sequence[tuple[str, str, str]],
    paths: Sequence[Path],
    report: Report,
) -> None:
    """Draw figures of a trajectory; a worker's job.

    Parameters
    ----------
    trajectory
        The file.
    theme
        One with a background.
    figures
        For each file the figure, the kind and the key; those of a figure follow each other.
    paths
        The files.
    report
        Is told how much is done.
    """
    from spiralcore.figures.catalogue import make

    loaded = Trajectory.load(trajectory)
    targets: dict[str, list[tuple[Path, str, str]]] = {}
    for path, (figure, kind, key) in zip(paths, figures, strict=True):
        targets.setdefault(figure, []).append((path, kind, comment(key)))
    for done, (figure, files) in enumerate(targets.items(), 1):
        make(figure, loaded, theme, files)
        report(done / len(targets))
