"""The vector field and the rose: what is drawn is where the numbers are."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.errors import UsageError
from spiralcore.recipe import FilmSettings
from spiralcore.registry.spaces import PLANE
from spiralcore.registry.themes import theme
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.arrows import LENGTH, ArrowField
from spiralcore.stage.marks.rose_diagram import BINS, FULL, INNER, Dial, Rose
from spiralcore.stage.marks.words import Words
from spiralcore.video.opening import open_film
from tests.stage.test_drawn import canvas

WHOLE = Box(0, 0, 1080, 1080)
SETTINGS = FilmSettings(seconds=1.0, hold=1.0)


def test_arrows_point_where_the_vectors_do() -> None:
    nodes = np.array([[0, 0], [5, 0], [0, 5], [-5, -5]], dtype=np.float32)
    arrows = ArrowField(Plane(WHOLE, (-10, 10), PLANE), nodes, 100, "#ffffff")
    arrows.vectors = np.array([[3, 0], [0, 0.1], [-2, -2], [0, 0]], dtype=np.float32)
    outlines = arrows.outlines()
    tips, tails = outlines[:, 3], (outlines[:, 0] + outlines[:, 6]) / 2
    way = (tips - tails) / (100 * LENGTH)
    diagonal = 0.5**0.5
    # Rows go downwards.
    np.testing.assert_allclose(way[:3], [[1, 0], [0, -1], [-diagonal, diagonal]], atol=1e-9)
    np.testing.assert_allclose((tips + tails)[:3] / 2, arrows.places[:3], atol=1e-9)
    assert np.isnan(outlines[3]).all()


def test_a_dot_stands_where_there_is_no_direction() -> None:
    nodes = np.array([[0.0, 0.0]], dtype=np.float32)
    arrows = ArrowField(Plane(WHOLE, (-10, 10), PLANE), nodes, 200, "#ffffff")
    frame = canvas(270)
    arrows.paint(frame)
    lit = np.argwhere(frame.pixels[..., 0] > 128)
    # Once in the middle of the box, and nowhere else.
    np.testing.assert_allclose(lit.mean(axis=0), [134.5, 134.5], atol=0.6)
    assert np.ptp(lit, axis=0).max() < 10


@pytest.mark.parametrize(("quarter", "degrees"), [(False, 200.0), (True, 50.0), (True, 90.0)])
def test_bars_stand_where_the_points_point(quarter: bool, degrees: float) -> None:
    dial = Dial.within(WHOLE, quarter, 50)
    turn = np.radians(degrees)
    labels = np.repeat([0, 1], [30, 90])
    rose = Rose(dial, WHOLE, theme("dark"), labels, 2)
    rose.hidden = np.tile([np.cos(turn), np.sin(turn)], (120, 1)) * np.arange(1, 121)[:, None]
    lengths = rose.lengths()
    # What lies on the second axis belongs to the sector before it.
    sector = int(min(degrees, 89.9 if quarter else 360) // (360 / BINS))
    assert np.flatnonzero(lengths[-1] > INNER).tolist() == [sector]
    assert lengths[1, sector] - INNER == pytest.approx(0.25 * (lengths[2, sector] - INNER))
    assert lengths[2, sector] == pytest.approx(1.0)
    frame = canvas()
    rose.paint(frame)
    x, y = dial.place((sector + 0.5) * 360 / BINS, INNER + 0.9 * (1 - INNER))
    assert (
        frame.pixels[round(y), round(x), :3].tolist() == theme("dark").class_colours(2)[1].tolist()
    )


def test_the_area_of_a_bar_goes_with_the_number_of_points() -> None:
    rose = Rose(Dial.within(WHOLE, False, 50), WHOLE, theme("dark"), np.zeros(4000, int), 1)
    turns = np.radians(np.repeat([10.0, 100.0], [20, 80]))
    around = np.radians(np.linspace(180, 350, 3900))
    turns = np.concatenate([turns, around])
    rose.hidden = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    lengths = rose.lengths()[-1] - INNER
    few, many = lengths[3], lengths[33]
    assert many / few == pytest.approx(2.0)
    assert many == pytest.approx((80 / 4000 * FULL) ** 0.5 * (1 - INNER))


def test_the_film_states_means_deviations_and_points_without_a_direction(
    relu_trajectory: Trajectory,
) -> None:
    hidden = relu_trajectory.hidden.copy()
    hidden[-1] = 0
    hidden[-1, relu_trajectory.labels == 1] = (0.0, 2.0)
    still = dataclasses.replace(relu_trajectory, hidden=hidden, hidden_mean=None)
    film = open_film("angles", [still], SETTINGS, 240, 10)
    film.show(film.frame_count - 15)
    texts = [mobject.text for mobject in film.mobjects if isinstance(mobject, Words)]
    assert "90.0° ± 0.0°" in texts
    assert texts.count("nowhere, 40 at 0") == 2


def test_the_field_needs_the_network(trajectory: Trajectory) -> None:
    bare = dataclasses.replace(trajectory, parameters=None, parameter_epochs=None)
    with pytest.raises(UsageError) as raised:
        open_film("field", [bare], SETTINGS, 240, 10)
    assert str(raised.value) == (
        "the given arrays does not hold the network, which the film 'field' evaluates.\n"
        "expected: 'parameters' and 'parameter_epochs', and the widths in the recipe.\n"
        "next: spiral train makes such files"
    )
