"""Films as slides of manim-slides, made by its own command."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from manim_slides.config import PresentationConfig

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.registry.films import FILMS
from spiralcore.stage.film import Film
from spiralcore.video.opening import open_film
from tests import warm

SCENES = Path(__file__).parents[2] / "scenes"
SETTINGS = FilmSettings(seconds=3.0, hold=0.5)
RATE, HEIGHT = 10, 240


@dataclass
class Slides:
    config: PresentationConfig
    pictures: list[NDArray[np.uint8]]
    """Of each slide, shape (frames, height, width, 3)."""


def frames_of(path: Path) -> NDArray[np.uint8]:
    with av.open(str(path)) as file:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)])


@pytest.fixture(scope="module")
def slides(tmp_path_factory: pytest.TempPathFactory, trajectory: Trajectory) -> Slides:
    folder = tmp_path_factory.mktemp("slides")
    trajectory.save(folder / "k3.npz")
    (folder / "my.toml").write_text("[film]\nseconds = 3.0\nhold = 0.5\n")
    names = {"SPIRAL_TRAJECTORY": "k3.npz", "SPIRAL_RECIPE": "my.toml"}
    ran = warm.run(
        "-m", "manim_slides", "-S", "render", "-r", f"426,{HEIGHT}", "--fps", f"{RATE}",
        "--progress_bar", "none", str(SCENES / "slides.py"), "Bending",
        folder=folder, variables=names,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    config = PresentationConfig.from_file(folder / "slides" / "Bending.json")
    return Slides(config, [frames_of(folder / slide.file) for slide in config.slides])


@pytest.fixture(scope="module")
def film(trajectory: Trajectory) -> Film:
    return open_film("bending", [trajectory], SETTINGS, HEIGHT, RATE)


def test_each_slide_ends_at_a_moment_and_tells_it(slides: Slides, film: Film) -> None:
    moments = film.moments()
    assert len(moments) >= 3
    assert [slide.notes for slide in slides.config.slides] == [moment.text for moment in moments]
    ends = np.cumsum([len(pictures) for pictures in slides.pictures])
    *pauses, end = (round(moment.second * RATE) for moment in moments)
    assert ends.tolist() == [*(frame + 1 for frame in pauses), end]


def test_pictures_are_those_of_the_film_at_the_same_times(slides: Slides, film: Film) -> None:
    shown = np.concatenate(slides.pictures).astype(float)
    drawn = np.stack([film.show(frame)[:, :, :3].copy() for frame in range(len(shown))])
    differences = np.abs(shown - drawn).mean(axis=(1, 2, 3))
    assert differences.max() < 3  # Manim's encoder
    moving = [
        frame
        for frame in range(1, len(drawn))
        if np.abs(drawn[frame].astype(float) - drawn[frame - 1]).mean() > 1
    ]
    assert len(moving) > 10
    for frame in moving:
        # Nearer to the film's picture than to the one before.
        assert differences[frame] < np.abs(shown[frame] - drawn[frame - 1]).mean()


def test_every_film_has_pauses_under_its_own_name() -> None:
    from spiralcore.scenes import slides as module

    from spiralcore.talk.pausing import Paused

    for entry in FILMS.values():
        scene = getattr(module, entry.class_name)
        assert issubclass(scene, Paused)
        assert scene.__module__ == module.__name__
        assert scene.__name__ == entry.class_name
