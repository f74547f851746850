"""Names at the ends of lines: at the height of their line, and none over another."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiralcore.recipe import FilmSettings
from spiralcore.registry.aspects import ASPECTS, AspectName
from spiralcore.stage.layout.box import to_design
from spiralcore.stage.layout.line_labels import GAP, in_columns, places, spread_out
from spiralcore.stage.marks.spread import SpreadCurve
from spiralcore.stage.marks.words import Words
from spiralcore.study.crowd import Crowd
from spiralcore.video.opening import open_film
from tests.stage.test_aspects import STUDY

LEAST = 27.0
NAMES = ("tanh", "ReLU", "disk", "sphere")

lines = st.lists(st.tuples(st.floats(0, 140), st.floats(20, 120)), min_size=1, max_size=10)


@given(lines)
def test_where_there_is_room_every_name_is_at_its_line(found: list[tuple[float, float]]) -> None:
    heights, widths = zip(*found, strict=True)
    tips = places(heights, widths, LEAST, 1e4)
    assert [tip.height for tip in tips] == list(heights)
    check_apart(tips, widths)


@given(lines, st.floats(50, 600))
def test_names_that_share_the_room_do_not_lie_over_each_other(
    found: list[tuple[float, float]], area: float
) -> None:
    heights, widths = zip(*found, strict=True)
    tips = places(heights, widths, LEAST, area, -LEAST / 2)
    check_apart(tips, widths)
    in_the_way = max(len(column) for column in in_columns(widths, area))
    for tip, height in zip(tips, heights, strict=True):
        assert abs(tip.height - height) <= (in_the_way - 0.5) * LEAST + 1e-9


def check_apart(tips: list, widths: tuple[float, ...]) -> None:
    for (a, wide), (b, other) in combinations(zip(tips, widths, strict=True), 2):
        beside = a.aside + wide + GAP <= b.aside + 1e-6 or b.aside + other + GAP <= a.aside + 1e-6
        assert beside or abs(a.height - b.height) >= LEAST - 1e-6, (a, b)


def test_names_move_without_jumps_while_lines_cross() -> None:
    widths, steps = (54.0, 62.0, 46.0, 80.0), np.linspace(0, 1, 2000)
    paths = np.stack([[20 + 100 * s, 120 - 90 * s, 60 + 30 * s, 20 + 80 * s**2] for s in steps])
    asides = np.array([[tip.aside for tip in places(y, widths, LEAST, 1e4)] for y in paths])
    assert asides.max() > 100
    assert np.abs(np.diff(asides, axis=0)).max() < 4


def test_names_that_share_a_place_keep_its_middle_and_its_upper_end() -> None:
    assert spread_out([50, 50], 20, 0) == [40, 60]
    assert spread_out([0, 0], 20, 0) == [0, 20]
    assert spread_out([0, 0, 90], 20, 0) == [0, 20, 90]
    assert spread_out([3], 20, 10) == [3]


def test_names_are_dealt_to_the_columns_that_there_is_room_for() -> None:
    widths = [50, 60, 40, 80]
    assert in_columns(widths, 50 + 60 + 40 + 80 + 3 * GAP) == [[0], [1], [2], [3]]
    assert in_columns(widths, 60 + 40 + 80 + 2 * GAP) == [[0, 3], [1], [2]]
    assert in_columns(widths, 135 + GAP) == [[0, 2], [1, 3]]
    assert in_columns(widths, 10) == [[0, 1, 2, 3]]


@pytest.mark.parametrize("aspect", list(ASPECTS))
def test_at_every_film_time_the_names_of_the_study_are_at_their_lines(aspect: AspectName) -> None:
    settings = FilmSettings(aspect=aspect)
    film = open_film("crowding", [Crowd.load(STUDY)], settings, 120, 10)
    allowed = 1.0 if aspect == "16:9" else 0.16
    for frame in range(0, film.frame_count, 4):
        film.seek(frame)
        curves = [m for m in film.mobjects if isinstance(m, SpreadCurve)]
        moving = [words for words, _ in film._reserved.of_words() if words.text in NAMES]
        # Where the frame is narrow there is room for one chart.
        assert [words.text for words in moving] == [*NAMES] * len(curves[:: len(NAMES)])
        assert len(curves) == (2 * len(NAMES) if aspect == "16:9" else len(NAMES))
        for curve, words in zip(curves, moving, strict=True):
            tip = curve.tip()
            assert words.opacity == (1.0 if tip else 0.0)
            if tip is None:
                continue
            _, _, top, bottom = words.extent()
            away = abs((top + bottom) / 2 - tip[1])
            assert away <= (1.0 if aspect == "16:9" else allowed * curve.box.height), (
                frame, words.text, away,
            )  # fmt: skip
        seen = [m for m in film.mobjects if isinstance(m, Words) and m.shown and m.opacity > 0]
        for words in moving:
            left, right, top, bottom = words.extent()
            assert words.opacity == 0 or right <= 0.975 * film.aspect.width, (frame, words.text)
            for other in seen:
                if words.opacity == 0 or other is words:
                    continue
                a, b, c, d = other.extent()
                assert right < a or b < left or bottom < c or d < top, (words.text, other.text)
        assert all(to_design(words.points[0])[0] > 0 for words in moving)
