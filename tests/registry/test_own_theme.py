"""A theme of one's own: what follows from a few colours, and what is too close in it."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from spiralcore.registry.languages.en import ENGLISH
from spiralcore.registry.languages.language import HUES
from spiralcore.registry.own_theme import READABLE, called, own_theme
from spiralcore.registry.sights import SIGHTS, contrast, distances, from_hexes
from spiralcore.registry.theme_checks import SEEN, farther, near, too_close, unreadable
from spiralcore.registry.themes import THEMES

BRAND = ("#e2001a", "#005ca9", "#ffcc00", "#4a9f3b")


@pytest.mark.parametrize(
    ("background", "ink", "scheme"),
    [
        ("#ffffff", "#14213d", "light"),
        ("#002b5c", "", "dark"),
        ("#f4ecd8", "", "light"),
        ("#000000", "#ffcc00", "dark"),
        ("#777777", "#000000", "light"),
    ],
)
def test_what_follows_can_be_read(background: str, ink: str, scheme: str) -> None:
    found = own_theme(background, ink, BRAND)
    assert (found.background, found.scheme) == (background, scheme)
    assert unreadable(found) == ""
    for ground in (found.background, found.panel):
        assert contrast(found.faint, ground) >= min(READABLE, contrast(found.ink, ground))
    assert len(found.regions) == len(found.classes) == 4
    assert len({*found.regions, found.panel}) == 5


def test_what_is_left_out_is_as_in_the_shipped_theme() -> None:
    shipped = THEMES["dark"]
    for name in ("background", "panel", "ink", "faint", "frame", "classes", "regions", "scheme"):
        assert getattr(own_theme(), name) == getattr(shipped, name)
    assert own_theme("#ffffff").classes == THEMES["light"].classes
    assert own_theme("#ffffff").hues == own_theme(font="data:font/otf;base64,").hues == ()


def test_without_a_bold_font_the_one_is_used_for_all() -> None:
    assert own_theme(font="a").bold == "a"
    assert own_theme(font="a", bold="b").bold == "b"


def test_ink_that_cannot_be_read_is_told_with_one_that_can() -> None:
    told = unreadable(own_theme("#777777", "#888888"))
    assert "found #888888 on the background #777777, a contrast of 1.3 : 1" in told
    assert 'ink = "#000000" has 4.7 : 1' in told


@pytest.mark.parametrize("name", ["dark", "light"])
def test_nothing_is_too_close_in_a_shipped_theme(name: str) -> None:
    assert too_close(own_theme(THEMES[name].background)) == []


def test_what_is_too_close_is_told_with_colours_that_are_farther_apart() -> None:
    lines = too_close(own_theme("#ffffff", "#14213d", BRAND))
    assert lines[0].startswith("class 3 (#ffcc00) has a contrast of 1.4 : 1")
    assert lines[1].startswith("classes 1 (#e2001a) and 4 (#4a9f3b) are 6.8 apart for deutan sight")
    better = re.findall(r"#[0-9a-f]{6}", lines[-1])
    assert too_close(own_theme("#ffffff", "#14213d", better)) == []


def test_pairs_are_those_that_some_sight_hardly_tells_apart() -> None:
    for pair in near(BRAND):
        away = min(distances(from_hexes(BRAND), name)[pair.one, pair.other] for name in SIGHTS)
        assert pair.distance == pytest.approx(away)
        assert pair.distance < pair.wanted == 10
    told = {(pair.one, pair.other) for pair in near(BRAND)}
    for one, other in {*combinations(range(4), 2)} - told:
        assert min(distances(from_hexes(BRAND), s)[one, other] for s in SIGHTS) >= 10


def test_what_is_far_enough_apart_stays_as_it_is() -> None:
    first = THEMES["dark"].classes[:7]
    assert tuple(farther(first, [THEMES["dark"].background])) == first
    (changed, kept) = farther(["#16191d", "#f4a12c"], [THEMES["dark"].background])
    assert kept == "#f4a12c"
    assert contrast(changed, THEMES["dark"].background) >= SEEN


def test_classes_are_called_by_the_colours_that_they_have() -> None:
    names = [HUES[n] if n >= 0 else "" for n in called([*BRAND, "#808080", "#00ff00"])]
    assert names == ["red", "blue", "yellow", "", "", ""]
    assert [HUES[n] for n in called(THEMES["dark"].classes[:7])] == list(HUES)
    said = ENGLISH.with_hues(called(BRAND))
    assert [said.colour(n) for n in range(5)] == ["red", "blue", "yellow", "green", "class 5"]
    assert ENGLISH.with_hues(called(["#ff0000", "#dd0000"])).colour(0) == "class 1"
