"""`spiral plot`: still figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from spiralcore.cli.engines import chosen_engine
from spiralcore.cli.option_kinds import FolderName, ListCommand, list_option
from spiralcore.cli.options import STILL_THEME_HELP, engine_options, still_theme
from spiralcore.cli.outcome import end_if, report
from spiralcore.cli.progress import watch
from spiralcore.cli.verbosity import LOG
from spiralcore.cluster.address import Address
from spiralcore.errors import UsageError, harmless, lookup
from spiralcore.extras import FIGURES as FIGURES_WORK
from spiralcore.extras import require
from spiralcore.figures.catalogue import FIGURES, KINDS, figure_entry
from spiralcore.shell import quoted
from spiralcore.system.file_names import key
from spiralcore.system.files import tidied
from spiralcore.trajectory import Trajectory
from spiralcore.video.production import Outcome
from spiralcore.video.stills import FigureOrder, figures_missing


@click.command(
    "plot",
    cls=ListCommand,
    epilog="Figures: " + "; ".join(f"{f.name}, {f.about}" for f in FIGURES.values()) + ".",
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@list_option("--figures", metavar="FIGURE ...", help=f"{', '.join(FIGURES)}. [default: all]")
@list_option("--formats", metavar="F ...", help="png, svg. [default: both]")
@click.option("--theme", default="dark", show_default=True, help=STILL_THEME_HELP)
@click.option("--out", type=FolderName(), default=Path(), help="Folder.")
@engine_options
def command(
    files: tuple[Path, ...],
    figures: tuple[str, ...],
    formats: tuple[str, ...],
    theme: str,
    out: Path,
    jobs: int,
    scheduler: Address | None,
) -> None:
    """Draw still figures of trajectory FILES, as they are at the end of the training.

    Each goes into a file FIGURE-NAME.png and FIGURE-NAME.svg, NAME being that of its trajectory.
    What is up to date is not made again. The fonts are outlines: an SVG looks the same everywhere.
    """
    require(FIGURES_WORK)
    chosen = tuple(dict.fromkeys(figure_entry(name).name for name in figures)) or tuple(FIGURES)
    kinds = {str(kind): kind for kind in KINDS}
    wanted = tuple(dict.fromkeys(lookup(kinds, name, "format") for name in formats)) or KINDS
    colours = still_theme(theme)
    _check_files(files)
    outcome = Outcome()
    orders = [FigureOrder(path, path.stem, out, chosen, wanted, colours) for path in files]
    said: list[str] = []
    with tidied(out), chosen_engine(jobs, scheduler) as engine:
        figures_missing(orders, engine, watch, said.append, outcome)
    for line in said:
        LOG.warning(harmless(line))
    end_if(outcome.failures)
    if not outcome.made and not outcome.kept:
        raise UsageError("No figure can be drawn; see above.", "a trajectory with what it takes.",
                         f"spiral info {quoted(files[0])}")  # fmt: skip
    report(outcome)


def _check_files(files: Sequence[Path]) -> None:
    if not files:
        raise UsageError(
            "There is nothing to draw.", "one or more trajectory files.", "spiral plot FILE.npz"
        )
    for path in files:
        if not path.is_file():
            Trajectory.load(path)  # says what is wrong
    one, count = Counter(key(path.stem) for path in files).most_common(1)[0]
    if count > 1:
        names = dict.fromkeys(path.stem for path in files if key(path.stem) == one)
        raise UsageError(
            f"{count} files are called {' or '.join(map(repr, names))}, and their figures would "
            "be, too.",
            "files of different names.",
            "one `spiral plot` for each, with an --out of its own",
        )
