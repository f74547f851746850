"""Small pictures of points whose inputs are images, from the recorder to the film."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from spiralcore import ArrayRecorder, Trajectory
from spiralcore.errors import TrajectoryError
from spiralcore.recording.kept.thumbnails import thumbnails
from spiralcore.stage.cloud.thumbnail_grid import ThumbnailGrid
from spiralcore.stage.marks.words import Words
from spiralcore.trajectory.conversion import to_array
from tests.stage.test_film import opened

CLASSES = np.arange(60) % 5


def images(*shape: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).random((60, *shape)).astype(np.float32)


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 6, 10), (8, 8, 1), (6, 10, 3)])
def test_pictures_are_those_of_the_points(shape: tuple[int, ...]) -> None:
    inputs = images(*shape)
    found = thumbnails(inputs, CLASSES)
    points, pictures = found["thumbnail_points"], found["thumbnails"]
    assert pictures.dtype == np.uint8
    assert len(np.unique(points)) == 36
    counts = np.bincount(CLASSES[points], minlength=5)
    assert counts.min() >= 7
    assert (np.diff(CLASSES[points]) >= 0).all()
    last = inputs.transpose(0, 2, 3, 1) if shape[0] in (1, 3) else inputs
    assert pictures == pytest.approx(255 * last[points], abs=0.51)


def test_large_ones_are_smaller_and_normalised_ones_are_brought_back() -> None:
    plain = np.zeros((60, 3, 70, 50), np.float32)
    plain[:, :, 35:] = 1
    found = thumbnails((plain - 0.5) / np.array([0.2, 0.1, 0.3]).reshape(3, 1, 1), CLASSES)
    pictures = found["thumbnails"]
    assert pictures.shape == (36, 23, 16, 3)
    assert pictures.nbytes <= 36 * 32 * 32 * 3
    assert (pictures[:, 0] == 0).all()
    assert (pictures[:, -1] == 255).all()


@pytest.mark.parametrize("shape", [(2,), (7, 4), (2, 8, 8), (1, 3, 3), (1, 4, 4, 4)])
def test_other_inputs_have_none(shape: tuple[int, ...]) -> None:
    assert thumbnails(images(*shape), CLASSES) == {}


def recorded(path: Path, inputs: NDArray[np.float32]) -> Trajectory:
    flat = inputs.reshape(60, -1)[:, :2]
    with ArrayRecorder(path, inputs=inputs, labels=CLASSES, activation="tanh") as rec:
        for epoch in range(3):
            rec.observe(np.tanh(flat * (1 + epoch)))
    return Trajectory.load(path)


@pytest.mark.parametrize(("aspect", "height"), [("16:9", 1080), ("9:16", 540)])
def test_the_film_shows_them_in_frames_of_their_classes(
    aspect: str, height: int, tmp_path: Path
) -> None:
    path = recorded(tmp_path / "a.npz", images(1, 8, 8))
    assert path.inputs.shape == (60, 64)
    film = opened("bending", path, height=height, aspect=aspect)  # type: ignore[arg-type]
    picture = film.picture(film.frame_count - 1).pixels
    (grid,) = (part for part in film.mobjects if isinstance(part, ThumbnailGrid))
    words = [part.text for part in film.mobjects if isinstance(part, Words)]
    assert f"{len(grid.chosen)} of 60 images" in words
    assert len(grid.chosen) == len(grid.cells) >= 16
    assert path.thumbnail_points is not None
    colours = film.theme.class_colours(5)[CLASSES[path.thumbnail_points[grid.chosen]]]
    scale = picture.shape[0] / film.aspect.height
    for number, (cell, colour) in enumerate(zip(grid.cells, colours, strict=True)):
        for other in grid.cells[:number]:
            apart = cell.left >= other.right or cell.top >= other.bottom
            assert apart or cell.right <= other.left
        row, column = int((cell.top + cell.height / 2) * scale), int(cell.left * scale + 1.5)
        assert picture[row, column, :3] == pytest.approx(colour, abs=1.5)


def test_pictures_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    path = recorded(tmp_path / "a.npz", images(1, 8, 8))
    arrays = {name: array for name, array in path.arrays().items() if name != "fidelity"}
    assert to_array("a", "thumbnails", arrays["thumbnails"], "").shape == (36, 8, 8, 1)
    wrong = np.zeros((36, 8, 8, 2), int)
    with pytest.raises(TrajectoryError) as error:
        Trajectory.from_arrays(path.recipe, **{**arrays, "thumbnails": wrong})
    assert str(error.value) == (
        "the given arrays: the array 'thumbnails' has the shape (36, 8, 8, 2).\n"
        "expected: one channel, grey, or three, red, green and blue, as the last axis."
    )
    dark = np.full((36, 8, 8, 1), 256)
    with pytest.raises(TrajectoryError) as error:
        Trajectory.from_arrays(path.recipe, **{**arrays, "thumbnails": dark})
    assert str(error.value) == (
        "the given arrays: the array 'thumbnails' has the type int64 and holds 256 at "
        "[0, 0, 0, 0].\nexpected: integers of the shape (M, H, W, G)."
    )
    twice = np.zeros(36, int)
    with pytest.raises(TrajectoryError) as error:
        Trajectory.from_arrays(path.recipe, **{**arrays, "thumbnail_points": twice})
    assert str(error.value) == (
        "the given arrays: the array 'thumbnail_points' goes from 0 to 0, with 1 different "
        "numbers.\nexpected: 36 different points from 0 to 59."
    )
