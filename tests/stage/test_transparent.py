"""Films without a background: alpha is right, and what is drawn can be read on any slide."""

from __future__ import annotations

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.registry.aspects import ASPECTS, AspectName
from spiralcore.registry.themes import rgb, theme
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.plate import RIM, Plate
from spiralcore.stage.marks.words import Words
from spiralcore.stage.pixels import blend_kernels as kernels
from spiralcore.video.opening import open_film
from tests.conftest import NETWORK_FILMS, shown_by
from tests.stage.test_drawn import canvas, contrast

LOOK, WIDE = theme("transparent"), ASPECTS["16:9"]


def opened(
    name: str,
    trajectory: Trajectory,
    relu_trajectory: Trajectory,
    height: int = 270,
    aspect: AspectName = "16:9",
) -> Film:
    paths = shown_by(name, relu_trajectory, trajectory)
    settings = FilmSettings(
        theme="transparent", aspect=aspect, seconds=1.0, hold=1.0, captions=False
    )
    return open_film(name, paths, settings, height, 10)


def on(slide: float, pixels: np.ndarray) -> np.ndarray:
    """Premultiplied RGBA, shown on a slide of one grey."""
    return pixels[..., :3] + slide * (1 - pixels[..., 3:] / 255)


@pytest.mark.parametrize("slide", ["#ffffff", "#000000"])
def test_text_on_the_plate_has_contrast_on_any_slide(slide: str) -> None:
    mixed = (LOOK.plate * rgb(LOOK.background) + (1 - LOOK.plate) * rgb(slide)).round().astype(int)
    paper = "#{:02x}{:02x}{:02x}".format(*mixed)
    assert contrast(LOOK.ink, paper) >= 7
    assert contrast(LOOK.faint, paper) >= 4.5


@pytest.mark.parametrize("name", NETWORK_FILMS)
def test_frames_are_premultiplied_and_empty_around_what_is_drawn(
    name: str, trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    film = opened(name, trajectory, relu_trajectory)
    first = film.show(0).copy()
    for frame in (0, 15, 29, 33, 36, 39):
        pixels = film.show(frame)
        assert (pixels[..., :3] <= pixels[..., 3:]).all()
        # The fade back dissolves pictures of the same outline: what is empty stays empty.
        np.testing.assert_array_equal(pixels[..., 3] == 0, first[..., 3] == 0)
    assert (first[:, 0] == 0).all()
    assert (first[0] == 0).all()
    assert 0.05 < (first[..., 3] == 0).mean() < 0.6


@pytest.mark.parametrize("aspect", ["16:9", "9:16"])
@pytest.mark.parametrize("name", NETWORK_FILMS)
def test_every_text_lies_on_the_plate(
    name: str, aspect: AspectName, trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    film = opened(name, trajectory, relu_trajectory, 1080, aspect)
    for frame in (0, 29):
        alpha = film.show(frame)[..., 3]
        for words in (m for m in film.mobjects if isinstance(m, Words) and m.text):
            left, right, top, bottom = words.extent()
            box = alpha[int(top) - 4 : int(bottom) + 4, int(left) - 4 : int(right) + 4]
            assert box.min() >= 255 * LOOK.plate - 1, words.text


def test_the_dissolve_mixes_alpha_as_it_mixes_light() -> None:
    """On any slide the mixture looks like the mixture of both pictures on that slide."""
    rng = np.random.default_rng(3)
    alpha = rng.integers(0, 256, (2, 20, 30, 1))
    pictures = np.concatenate([rng.integers(0, alpha + 1, (2, 20, 30, 3)), alpha], axis=3)
    one, other = pictures.astype(np.uint8)
    mixed = one.copy()
    kernels.mix(mixed, other, 0.25)
    for slide in (0, 120, 255):
        expected = 0.75 * on(slide, one) + 0.25 * on(slide, other)
        assert np.abs(on(slide, mixed) - expected).max() <= 1.01


def test_a_plate_reaches_a_rim_further_and_closes_crevices() -> None:
    paper = canvas()
    paper.pixels[:] = 0
    Plate([Box(200, 200, 100, 50), Box(200, 284, 100, 50)], LOOK, WIDE).paint(paper)
    alpha = paper.pixels[..., 3]
    full = round(255 * LOOK.plate)
    rim = round(RIM)
    assert alpha[225, 200 - rim : 300 + rim].tolist() == [full] * (100 + 2 * rim)
    assert alpha[225, 200 - rim - 1] == alpha[225, 300 + rim] == 0
    assert (alpha[186:348, 250] == full).all()
    assert alpha[200 - rim, 200 - rim] == 0


def test_texts_that_belong_together_share_a_plate() -> None:
    column = [Words("1", 600, 300, 30, side="right"), Words("1,000", 600, 370, 60, side="right")]
    plate = Plate.under([*column, Words("far", 600, 600, 30, side="right")], LOOK, WIDE)
    lefts = sorted(round(box.left) for box in plate.boxes)
    assert len(plate.boxes) == 2
    assert lefts[0] == round(column[1].extent()[0])
    assert Plate.under([], LOOK, WIDE).boxes == []


def test_the_plate_stays_in_the_frame() -> None:
    (box,) = Plate.under([Words("low", 100, 1066, 26)], LOOK, WIDE).boxes
    assert box.bottom + RIM < WIDE.height
    assert box.right < WIDE.width


def test_films_with_a_background_have_no_plate(trajectory: Trajectory) -> None:
    film = open_film("bending", [trajectory], FilmSettings(seconds=1.0), 270, 10)
    assert (film.show(0)[..., 3] == 255).all()
    assert not any(isinstance(mobject, Plate) for mobject in film.mobjects)
