"""The work of `make render` in this process: what would take minutes of loading takes seconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from spiralcore.cli.verbs.render import everything
from spiralcore.recipe import Recipe, load_recipe
from spiralcore.system.engine import Event, Failed, Job
from spiralcore.video.production import Outcome
from tests.torture.runs.disk import BALLAST


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
    with patch("spiralcore.cli.verbs.render.watch", _failures):
        return everything(recipe, 0)


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder and of those in it, hidden ones too, but for the ballast of a disk."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != BALLAST
    }


def _failures(stage: str, jobs: Sequence[Job], events: Iterable[Event]) -> list[Failed]:
    return [event for event in events if isinstance(event, Failed)]
