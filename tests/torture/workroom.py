"""The work of `make render` in this process: what would take minutes of loading takes seconds."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from spiralcore.cli.render import everything
from spiralcore.processes import Crew, Done, Event, Failed, Job
from spiralcore.recipe import Recipe, load_recipe
from spiralcore.video.production import Outcome
from spiralcore.workers import perform
from tests.torture.disk import BALLAST


class Alone(Crew):
    """A crew of nobody: whoever reads its events does the work."""

    def __init__(self, workers: int) -> None:
        super().__init__(workers)
        self._jobs: deque[Job] = deque()

    def submit(self, job: Job, *, soon: bool = False) -> None:
        """Queue a job."""
        if soon:
            self._jobs.appendleft(job)
        else:
            self._jobs.append(job)

    def events(self) -> Iterator[Event]:
        """Do one job after the other."""
        while self._jobs:
            job = self._jobs.popleft()
            kind, value = perform(job, lambda share: None)
            yield Done(job, value) if kind == "done" else Failed(job, value)


@contextmanager
def alone() -> Iterator[None]:
    """Do the work of crews here."""
    with (
        patch("spiralcore.video.production.Crew", Alone),
        patch("spiralcore.video.stills.Crew", Alone),
        patch("spiralcore.cli.render.watch", _failures),
    ):
        yield


def tiny_recipe(folder: Path, **changes: Any) -> Recipe:
    """A network of forty epochs, a film of two segments, its GIF and poster, and figures."""
    overrides = {
        "classes": [3], "close_ups": [3], "activations": ["tanh"], "films": ["bending"],
        "formats": ["mp4", "gif", "png"], "figures": True, "seed": 1,
        "data.points_per_class": 8, "network.widths": [12, 8, 2],
        "training.attempts": 1, "training.epochs": 40, "training.learning_rate": 0.002,
        "film.quality": "120p10", "film.gif_height": 120, "film.seconds": 4.0, "film.hold": 0.2,
        "output": str(folder),
    }  # fmt: skip
    return load_recipe(None, {**overrides, **changes})


def make(recipe: Recipe) -> Outcome:
    """Make everything that a recipe asks for."""
    with alone():
        return everything(recipe, 1)


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder and of those in it, hidden ones too, but for the ballast of a disk."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != BALLAST
    }


def _failures(stage: str, jobs: Sequence[Job], events: Iterable[Event]) -> list[Failed]:
    return [event for event in events if isinstance(event, Failed)]
