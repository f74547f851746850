"""A contact sheet of every film: what `make sheets` does.

Each sheet has the first picture, one for each event that the film tells, and the last ones, in the
order of the film. They are there to be looked at, shot by shot, by somebody who has not seen them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from spiralcore.recipe import FilmSettings, Recipe, load_recipe
from spiralcore.registry.films import FILMS, Needs
from spiralcore.stage.film import Film
from spiralcore.subjects.runs import trajectories
from spiralcore.subjects.subject import Source
from spiralcore.system.cores import cores
from spiralcore.system.engine import Failed
from spiralcore.system.files import whole_file
from spiralcore.system.worker_pool import WorkerPool
from spiralcore.training.training_job import training_job
from spiralcore.video.opening import load_source, open_film
from spiralcore.video.production import film_orders

STUDY = Path(__file__).parents[1] / "docs" / "study.parquet"

COLUMNS, GAP, RATE, MOST = 4, 8, 30, 14
"""Pictures beside each other, pixels between them, frames a second, and events of a sheet."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Train what is missing, and draw the sheets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--films", nargs="+", default=list(FILMS), choices=list(FILMS))
    parser.add_argument("--recipe", type=Path)
    parser.add_argument("--aspect", default="16:9")
    parser.add_argument("--theme", default="dark")
    parser.add_argument("--height", type=int, default=270)
    parser.add_argument("--jobs", type=int, default=cores())
    parser.add_argument("--out", type=Path)
    options = parser.parse_args(arguments)
    trained = [name for name in options.films if FILMS[name].needs not in (Needs.TWO, Needs.STUDY)]
    changed = {"films": trained, "film.aspect": options.aspect, "film.theme": options.theme}
    recipe = load_recipe(options.recipe, changed)
    if not train(recipe, options.jobs):
        return 1
    folder = options.out or Path(recipe.output) / "sheets"
    folder.mkdir(parents=True, exist_ok=True)
    for name, stem, files in casts(recipe, options.films):
        sources = [load_source(name, path) for path in files]
        path = folder / f"{stem}.png"
        draw(name, sources, recipe.film, path, options.height)
        print(path, flush=True)
    return 0


def train(recipe: Recipe, jobs: int) -> bool:
    """Train the networks that are not there yet; tells whether all are there then."""
    wanted = trajectories(recipe)
    missing = [training_job(network, path) for path, network in wanted.items()
               if not path.exists()]  # fmt: skip
    if not missing:
        return True
    with WorkerPool(jobs) as pool:
        for job in missing:
            pool.submit(job)
        failed = [event for event in pool.events() if isinstance(event, Failed)]
    for failure in failed:
        print(f"{failure.job.title}: {failure.error}", file=sys.stderr)
    return not failed


def casts(recipe: Recipe, films: Sequence[str]) -> Iterator[tuple[str, str, list[Path]]]:
    """Films with the names of their sheets and what they show: of class counts the close-ups."""
    orders = film_orders(recipe)
    close = {f"{count}-" for count in recipe.close_ups}
    for name in films:
        needs = FILMS[name].needs
        if needs is Needs.STUDY:
            yield name, name, [STUDY]
            continue
        if needs is Needs.TWO:
            ends = [path for path in sorted(trajectories(recipe)) if path.name[:2] in close][:2]
            if len(ends) == 2:
                yield name, name, ends
            continue
        for order in orders:
            first = Path(order.trajectories[0]).name
            if order.film == name and (needs is Needs.ALL or first[:2] in close):
                stem = next(iter(order.targets.values())).stem
                yield name, stem, [Path(path) for path in order.trajectories]


def draw(
    name: str, sources: Sequence[Source], settings: FilmSettings, path: Path, height: int
) -> None:
    """Draw the sheet of a film."""
    film = open_film(name, sources, settings, height, RATE)
    shots = [film.show(frame)[..., :3].copy() for frame in moments(film)]
    high, wide = shots[0].shape[:2]
    rows = -(-len(shots) // COLUMNS)
    columns = min(COLUMNS, len(shots))
    sheet = np.full(
        (rows * (high + GAP) - GAP, columns * (wide + GAP) - GAP, 3), 96, dtype=np.uint8
    )
    for i, shot in enumerate(shots):
        top, left = i // COLUMNS * (high + GAP), i % COLUMNS * (wide + GAP)
        sheet[top : top + high, left : left + wide] = shot
    with whole_file(path) as part:
        Image.fromarray(sheet).save(part, format="PNG")


def moments(film: Film) -> list[int]:
    """Frames of a sheet: the first, the middle of each caption, the end of the training, the last.

    Also the middle of an opening and of a closing, in which the data are on their way.
    """
    time, last = film.time_of, film.frame_count - 1
    told = [(caption.start + caption.end) / 2 for caption in film.captions.captions]
    if len(told) > MOST:
        told = [told[i] for i in np.linspace(0, len(told) - 1, MOST).round().astype(int)]
    if not told:
        told = [time.start + share * time.action for share in (0.05, 0.2, 0.4, 0.6, 0.8)]
    ways = [0.5 * time.opening] * bool(time.opening)
    ways += [time.action_over + 0.4 * time.closing] * bool(time.closing)
    seconds = [0.0, *ways, *told, time.action_over - 0.1, time.duration]
    return sorted({min(max(round(second * RATE), 0), last) for second in seconds})


if __name__ == "__main__":
    sys.exit(main())
