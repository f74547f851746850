"""Small decks, made once for all tests of talks."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from spiralcore import Trajectory
from spiralcore.catalogue import film_entry
from spiralcore.recipe import FilmSettings
from spiralcore.stage.film import Film
from spiralcore.video.opening import open_film
from tests.conftest import spiral

SECONDS = 1.0

CALL = ("export", "bending", "k3.npz", "row", "k3.npz", "k3-relu.npz")
LOOK = ("--quality", "720p10", "--seconds", f"{SECONDS:g}")


@dataclass
class Made:
    """What one call has made: ``bending-k3`` and ``row-k3``, and decks of both."""

    folder: Path
    call: subprocess.CompletedProcess[str]

    @property
    def page(self) -> Path:
        return self.folder / "films.html"

    @property
    def powerpoint(self) -> Path:
        return self.folder / "films.pptx"

    def film(self, name: str) -> Path:
        return self.folder / f"{name}-k3.mp4"

    def poster(self, name: str) -> Path:
        return self.folder / f"{name}-k3.png"


@pytest.fixture(scope="session")
def made(
    tmp_path_factory: pytest.TempPathFactory, trajectory: Trajectory, relu_trajectory: Trajectory
) -> Made:
    folder = tmp_path_factory.mktemp("talk")
    trajectory.save(folder / "k3.npz")
    relu_trajectory.save(folder / "k3-relu.npz")
    return Made(folder, spiral(folder, *CALL, "--to", "pptx", "html", *LOOK))


def opened(name: str, *trajectories: Trajectory, **settings: object) -> Film:
    """A film of which nothing is drawn."""
    look = FilmSettings.model_validate({"seconds": 10.0, **settings})
    return open_film(film_entry(name).name, trajectories, look, 240, 10)


HOSTILE = "<script>hacked=1</script>\"'><img src=x onerror=hacked=1>]]>&amp;\x1b[31m\x00"
