"""Contact sheets: as many pictures as a film tells events, and the ends."""

from __future__ import annotations

from pathlib import Path

import imageio.v3 as imageio
import numpy as np

from scripts.sheets import COLUMNS, GAP, RATE, draw, moments
from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.video.opening import open_film

SETTINGS = FilmSettings(seconds=6.0, hold=2.0)


def test_a_sheet_has_the_first_the_events_and_the_last(
    tmp_path: Path, trajectory: Trajectory
) -> None:
    film = open_film("bending", [trajectory], SETTINGS, 120, RATE)
    told = film.captions.captions
    shown = moments(film)
    assert told
    assert (shown[0], shown[-1]) == (0, film.frame_count - 1)
    for caption in told:
        assert any(caption.start <= frame / RATE <= caption.end for frame in shown)
    # The ways into the layer and back, and the end of the training.
    assert len(shown) == len(told) + 5
    draw("bending", [trajectory], SETTINGS, tmp_path / "sheet.png", 120)
    sheet = imageio.imread(tmp_path / "sheet.png")
    rows = -(-len(shown) // COLUMNS)
    assert sheet.shape == (rows * (120 + GAP) - GAP, COLUMNS * (214 + GAP) - GAP, 3)
    np.testing.assert_array_equal(sheet[:120, :214], film.show(0)[..., :3])


def test_a_film_without_captions_is_seen_on_its_way(trajectory: Trajectory) -> None:
    quiet = SETTINGS.model_copy(update={"captions": False})
    film = open_film("row", [trajectory], quiet, 120, RATE)
    assert len(moments(film)) == 8
