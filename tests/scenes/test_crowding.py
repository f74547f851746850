"""The film about a study: any frame in any order, texts apart, the numbers those of the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spiralcore.errors import UsageError
from spiralcore.recipe import FilmSettings
from spiralcore.stage.film import Film
from spiralcore.stage.marks.words import Words
from spiralcore.study.crowd import Crowd
from spiralcore.video.opening import open_film
from tests.conftest import spiral
from tests.stage.test_film import check_texts
from tests.study.conftest import finished, small_grid, small_study

__all__ = ["small_study"]

SETTINGS = FilmSettings(seconds=1.0, hold=1.0)


@pytest.fixture(scope="module")
def study(small_study: Path) -> Path:
    return small_study / "study.parquet"


def opened(study: Path, height: int = 240, **changes: object) -> Film:
    settings = SETTINGS.model_copy(update=changes)
    return open_film("crowding", [Crowd.load(study)], settings, height, 10)


def test_a_frame_depends_on_its_time_only(study: Path) -> None:
    forwards, backwards = opened(study), opened(study)
    count = forwards.frame_count
    one = [forwards.show(frame).copy() for frame in range(count)]
    other = [backwards.show(frame).copy() for frame in reversed(range(count))][::-1]
    np.testing.assert_array_equal(one, other)
    assert not np.array_equal(one[12], one[18])


@pytest.mark.parametrize("theme", ["dark", "light", "transparent"])
def test_texts_lie_within_the_margins_and_apart(study: Path, theme: str) -> None:
    check_texts(opened(study, 1080, theme=theme))


def test_there_is_a_row_for_each_activation_and_a_column_for_each_class_count(study: Path) -> None:
    film = opened(study)
    film.show(29)
    texts = [mobject.text for mobject in film.mobjects if isinstance(mobject, Words)]
    assert {"tanh", "ReLU", "disk", "square", "quadrant", "2", "3"} <= set(texts)


def test_the_film_is_made_by_the_command(study: Path, tmp_path: Path) -> None:
    ran = spiral(tmp_path, "render", "crowding", str(study), "--quality", "240p10", "--seconds",
                 "1", "--out", "crowding.mp4")  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "crowding.mp4").stat().st_size > 10_000


def test_what_is_no_study_is_refused(trajectory_file: Path, tmp_path: Path) -> None:
    ran = spiral(tmp_path, "render", "crowding", str(trajectory_file))
    assert ran.returncode in (1, 2)
    assert "is not a Parquet file" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_study_without_the_plane_has_nothing_to_show(tmp_path: Path) -> None:
    folder = tmp_path / "line"
    grid = small_grid()
    parts = tuple(part.model_copy(update={"units": (1,)}) for part in grid.part)
    finished(folder, grid.model_copy(update={"part": parts}))
    with pytest.raises(UsageError, match="has no networks of two units"):
        Crowd.load(folder / "study.parquet")
