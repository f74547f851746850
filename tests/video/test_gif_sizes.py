"""GIFs that are made smaller have few sizes, so that those of one kind of film have one."""

from __future__ import annotations

from pathlib import Path

import imageio.v3 as imageio

from spiralcore.recipe import FilmSettings
from spiralcore.video.film_jobs import STEPS, draw_gif


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
