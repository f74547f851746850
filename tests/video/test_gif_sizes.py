"""GIFs that are made smaller have few sizes, so that those of one kind of film have one."""

from __future__ import annotations

from pathlib import Path

import imageio.v3 as imageio

from spiralcore.recipe import FilmSettings, Recipe
from spiralcore.video.encode.fitting import SMALLEST, side_with_room
from spiralcore.video.film_jobs import STEPS, draw_gif
from spiralcore.video.production import film_settings


def test_a_gif_that_is_too_large_is_smaller_by_whole_steps(
    tmp_path: Path, trajectory_file: Path
) -> None:
    settings = FilmSettings(seconds=1.0, hold=0.0, gif_height=360, loop=False)
    sizes = {}
    for megabytes in (8.0, 0.04):
        path = tmp_path / f"{megabytes}.gif"
        changed = settings.model_copy(update={"gif_megabytes": megabytes, "gif_frame_rate": 25})
        known = ("row", (trajectory_file,), changed.model_dump(mode="json"), "key")
        draw_gif(*known, path, lambda share: None)
        sizes[megabytes] = imageio.improps(path).shape[1]
    assert sizes[8.0] == 360
    assert 180 <= sizes[0.04] < 360
    assert sizes[0.04] % (360 // STEPS) == 0


def test_gifs_of_a_kind_are_as_high_as_the_largest_of_them_has_room_for() -> None:
    usual = FilmSettings()
    heights = {
        changed: film_settings(Recipe(film=FilmSettings(**dict(changed))), "row").gif_height  # type: ignore[arg-type]
        for changed in ((), (("seconds", 8.0),), (("gif_megabytes", 9.0),), (("gif_height", 270),))
    }
    usually, short, roomy, small = heights.values()
    assert 320 < usually < usual.gif_height
    assert usually % 2 == 0
    assert short == roomy == usual.gif_height
    assert small == 270
    assert film_settings(Recipe(), "classes").gif_height == usual.gif_height


def test_a_side_is_as_large_as_there_is_room() -> None:
    assert side_with_room(480, 480, 4.0, 4.0) == 480
    assert side_with_room(480, 480, 8.0, 4.0) == 302  # half the file has 2^(-2/3) of the side
    assert side_with_room(960, 480, 4.0, 4.0) == 480
    assert side_with_room(480, 480, 400.0, 4.0) == SMALLEST
    assert side_with_room(120, 480, 4000.0, 4.0) == 120
