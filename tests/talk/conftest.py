"""Small decks, made once for all tests of talks."""

from __future__ import annotations

import pickle
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.registry.films import film_entry
from spiralcore.stage.film import Film
from spiralcore.video.opening import open_film
from tests.browser import browser, page
from tests.conftest import made_once, small_recipe, spiral

SECONDS = 1.0

RECIPE = f"""
classes = [3]
close_ups = [3]
seed = 1
[data]
points_per_class = 40
[training]
epochs = 300
learning_rate = 0.001
[film]
quality = "720p10"
seconds = {SECONDS}
"""
"""The run that has trained the networks of `tests.conftest.small_recipe`."""

FILMS = ("bending-3-tanh", "row-3-classes")


@dataclass
class Made:
    """Films of a run, and decks of them."""

    folder: Path
    films: subprocess.CompletedProcess[str]
    decks: subprocess.CompletedProcess[str]

    @property
    def page(self) -> Path:
        return self.folder / "talk" / "films.html"

    @property
    def powerpoint(self) -> Path:
        return self.folder / "talk" / "films.pptx"

    def film(self, name: str) -> Path:
        return self.folder / "renders" / f"{self._stem(name)}.mp4"

    def poster(self, name: str) -> Path:
        return self.folder / "renders" / f"{self._stem(name)}.png"

    def _stem(self, name: str) -> str:
        return next(stem for stem in FILMS if stem.startswith(name))


@pytest.fixture(scope="session")
def made(trajectory: Trajectory, relu_trajectory: Trajectory) -> Made:
    def make(folder: Path) -> None:
        (folder / "my.toml").write_text(RECIPE)
        for path in (trajectory, relu_trajectory):
            network = small_recipe(activation=str(path.recipe["activation"]))
            path.save(folder / "renders" / "trajectories" / network.file_name)
        call = ("export", *FILMS, "--recipe", "my.toml")
        films = spiral(folder, *call, "--to", "mp4", "png", "--out", "renders")
        decks = spiral(folder, *call, "--to", "pptx", "html", "--out", "talk")
        (folder / "said.pickle").write_bytes(pickle.dumps((films, decks)))

    folder = made_once("talk", make)
    return Made(folder, *pickle.loads((folder / "said.pickle").read_bytes()))


def opened(name: str, *trajectories: Trajectory, **settings: object) -> Film:
    """A film of which nothing is drawn."""
    look = FilmSettings.model_validate({"seconds": 10.0, **settings})
    return open_film(film_entry(name).name, trajectories, look, 240, 10)


HOSTILE = "<script>hacked=1</script>\"'><img src=x onerror=hacked=1>]]>&amp;\x1b[31m\x00"

__all__ = ["HOSTILE", "SECONDS", "Made", "browser", "made", "opened", "page"]
