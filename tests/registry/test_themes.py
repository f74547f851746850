"""Classes stay apart for all kinds of colour vision, by several models, in all themes."""

from __future__ import annotations

import warnings
from itertools import combinations

import numpy as np
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import colour

from spiralcore.errors import UsageError
from spiralcore.registry.sights import (
    SIGHTS,
    ciede2000,
    distances,
    from_hexes,
    lab_of,
    linear_of,
    linear_of_oklch,
    luminance,
    oklch_of,
    srgb_of,
)
from spiralcore.registry.themes import MARKS, THEMES, theme
from spiralcore.stage.panels.trajectory_cloud import POINT_OPACITY
from tests.cli import known

APART = {7: 10.0, 12: 7.0, 20: 4.5}
"""CIEDE2000; differences from about 2.3 on are seen side by side."""

APART_NORMAL = {7: 15.0, 12: 12.0, 20: 8.0}

KINDS = {"protan": "Protanomaly", "deutan": "Deuteranomaly", "tritan": "Tritanomaly"}

CONTRAST = 3.0
NEIGHBOURS = 12.0


def turned(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Distance of two hues in degrees."""
    return np.abs((one - other + 180) % 360 - 180)


@pytest.mark.parametrize("sight", list(SIGHTS))
@pytest.mark.parametrize("name", list(THEMES))
def test_the_classes_are_apart(name: str, sight: str) -> None:
    look = theme(name)
    assert len(look.classes) == len(look.regions) == 20
    away = distances(from_hexes(look.classes), sight)
    for count, least in (APART_NORMAL if sight == "normal" else APART).items():
        pairs = {(a, b): away[a, b] for a, b in combinations(range(count), 2)}
        pair = min(pairs, key=lambda key: pairs[key])
        assert pairs[pair] >= least, (count, pair, pairs[pair])


@pytest.mark.parametrize("name", list(THEMES))
def test_a_point_has_contrast_on_every_fill(name: str) -> None:
    look = theme(name)
    points = luminance(linear_of(from_hexes(look.classes)))[:, None] + 0.05
    fills = from_hexes([*look.regions, look.panel, look.background])
    ratio = points / (luminance(linear_of(fills)) + 0.05)
    assert np.maximum(ratio, 1 / ratio).min() >= CONTRAST


@pytest.mark.parametrize("name", list(THEMES))
def test_fills_have_one_lightness_and_the_hue_of_their_class(name: str) -> None:
    look = theme(name)
    fills = oklch_of(linear_of(from_hexes(look.regions)))
    points = oklch_of(linear_of(from_hexes(look.classes)))
    assert np.ptp(fills[:, 0]) < 0.006
    assert fills[:, 0].mean() == pytest.approx(
        {"dark": 0.36, "light": 0.90}[look.scheme], abs=0.016
    )
    # Where there is little chroma, a step of eight bits turns the hue.
    assert (turned(fills[:, 2], points[:, 2]) < np.maximum(3, 0.2 / fills[:, 1])).all()
    assert fills[:, 1].min() > 0.03
    assert fills[:, 1].max() < 0.105


@pytest.mark.parametrize("name", list(THEMES))
@pytest.mark.parametrize("classes", range(2, 21))
def test_fills_of_neighbours_are_apart(name: str, classes: int) -> None:
    """In the data a class lies beside the next one, and the last one beside the first."""
    away = distances(from_hexes(theme(name).regions[:classes]), "normal")
    for k in range(classes):
        assert away[k, (k + 1) % classes] >= NEIGHBOURS, (k, (k + 1) % classes)


@pytest.mark.parametrize("name", list(THEMES))
def test_fills_of_any_two_of_the_first_seven_are_apart(name: str) -> None:
    """In the layer any two classes may lie beside each other."""
    away = distances(from_hexes(theme(name).regions[:7]), "normal")
    pairs = {(a, b): away[a, b] for a, b in combinations(range(7), 2)}
    pair = min(pairs, key=lambda key: pairs[key])
    assert pairs[pair] >= NEIGHBOURS, (pair, pairs[pair])


@pytest.mark.parametrize("name", list(THEMES))
def test_a_point_has_contrast_where_it_is_half_transparent(name: str) -> None:
    """Points are drawn at this opacity over the fill of their own class."""
    look, opacity = theme(name), POINT_OPACITY
    points, fills = from_hexes(look.classes), from_hexes(look.regions)
    drawn = luminance(linear_of(opacity * points + (1 - opacity) * fills)) + 0.05
    ratio = drawn / (luminance(linear_of(fills)) + 0.05)
    assert np.maximum(ratio, 1 / ratio).min() >= CONTRAST


def test_a_class_has_one_hue_in_all_themes() -> None:
    hues = [oklch_of(linear_of(from_hexes(look.classes)))[:, 2] for look in THEMES.values()]
    for one, other in combinations(hues, 2):
        assert turned(one, other).max() < 5
    assert THEMES["transparent"].classes == THEMES["dark"].classes


def test_the_first_classes_are_called_what_they_are() -> None:
    """Hues of sky blue, orange, green, yellow, pink, vermilion and blue: Okabe and Ito 2008."""
    known = ["#56b4e9", "#e69f00", "#009e73", "#f0e442", "#cc79a7", "#d55e00", "#0072b2"]
    wanted = oklch_of(linear_of(from_hexes(known)))
    found = oklch_of(linear_of(from_hexes(theme("dark").classes[:7])))
    # The blue is more violet than theirs, which sky blue is too near to.
    assert turned(found[:6, 2], wanted[:6, 2]).max() < 12
    assert turned(found[6, 2], wanted[6, 2]) < 36
    assert np.abs(found[:, 0] - wanted[:, 0]).max() < 0.13
    assert found[:, 1].min() > 0.085


@pytest.mark.parametrize("name", list(THEMES))
def test_region_fills_are_muted_forms_of_the_class_colours(name: str) -> None:
    look = theme(name)
    bright, muted = (
        lab_of(linear_of(colours(20).astype(float) / 255))
        for colours in (look.class_colours, look.region_colours)
    )
    assert ciede2000(bright, muted).min() > 12


def test_beyond_the_colours_points_have_marks() -> None:
    look = theme("dark")
    marks, colours = look.class_marks(80), look.class_colours(80)
    assert marks[:20].max() == 0
    assert marks.max() == len(MARKS) - 1
    told = {
        (*colour_of.tolist(), int(mark)) for colour_of, mark in zip(colours, marks, strict=True)
    }
    assert len(told) == 80
    assert look.class_marks(81)[80] == 0
    assert look.class_colours(81)[80].tolist() == colours[0].tolist()


@pytest.mark.parametrize(
    ("classes", "words"),
    [
        (2, ""),
        (20, ""),
        (21, "colours repeat after 20 classes, then points have a hole"),
        (40, "colours repeat after 20 classes, then points have a hole"),
        (41, "colours repeat after 20 classes, then points have a hole, after 40 a bar"),
        (64, "colours repeat after 20 classes, then points have a hole, after 40 a bar, "
             "after 60 an upright bar"),
        (81, "colours repeat after 20 classes, then points have a hole, after 40 a bar, "
             "after 60 an upright bar; then all repeats"),
    ],
)  # fmt: skip
def test_what_is_said_of_classes_without_a_colour_of_their_own(classes: int, words: str) -> None:
    for look in THEMES.values():
        assert look.repeated(classes) == words
        plain = "colours repeat after 20 classes" if words else ""
        assert look.repeated(classes, marked=False) == plain


# The models themselves.


@pytest.mark.parametrize("kind", list(KINDS))
def test_machados_sights_are_those_of_another_program(kind: str) -> None:
    rgb = np.random.default_rng(0).uniform(size=(50, 3))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        matrix = colour.blindness.matrix_cvd_Machado2009(KINDS[kind], 1.0)
    np.testing.assert_allclose(SIGHTS[f"{kind}, Machado 2009"](rgb), rgb @ matrix.T, atol=1e-6)


TRIED = [[230, 120, 40], [30, 80, 200], [200, 30, 90], [60, 160, 40], [250, 230, 160]]

SEEN = {
    "protan, Brettel 1997": [
        [156, 135, 42],
        [0, 85, 200],
        [72, 77, 91],
        [173, 150, 37],
        [251, 229, 159],
    ],
    "protan, Vischeck": [
        [158, 144, 45],
        [0, 85, 200],
        [93, 93, 92],
        [160, 145, 35],
        [244, 231, 160],
    ],
    "protan, Viénot 1999": [
        [137, 137, 42],
        [76, 76, 199],
        [77, 77, 91],
        [152, 152, 38],
        [232, 232, 160],
    ],
    "deutan, Brettel 1997": [
        [179, 154, 26],
        [0, 92, 199],
        [123, 113, 84],
        [153, 133, 48],
        [250, 229, 160],
    ],
    "deutan, Vischeck": [
        [182, 165, 22],
        [0, 90, 199],
        [135, 126, 84],
        [141, 129, 48],
        [246, 232, 159],
    ],
    "deutan, Viénot 1999": [
        [162, 162, 21],
        [69, 69, 200],
        [116, 116, 84],
        [140, 140, 46],
        [236, 236, 159],
    ],
    "tritan, Brettel 1997": [
        [234, 110, 128],
        [0, 102, 130],
        [199, 36, 72],
        [93, 147, 167],
        [254, 221, 225],
    ],
    "tritan, Vischeck": [
        [233, 107, 134],
        [0, 104, 134],
        [199, 32, 85],
        [83, 145, 170],
        [254, 220, 225],
    ],
    "tritan, Viénot 1999": [
        [233, 113, 113],
        [0, 106, 106],
        [197, 43, 43],
        [87, 150, 150],
        [254, 222, 222],
    ],
}  # fmt: skip
"""What DaltonLens 0.1.5 makes of these colours."""


@pytest.mark.parametrize("sight", list(SEEN))
def test_sights_are_those_of_another_program(sight: str) -> None:
    seen = 255 * srgb_of(SIGHTS[sight](linear_of(np.array(TRIED) / 255)))
    assert np.abs(seen - SEEN[sight]).max() < 1.01  # which cuts to whole numbers


@pytest.mark.parametrize("sight", [name for name in SIGHTS if name != "normal"])
def test_dichromats_see_greys_as_they_are_and_confuse_what_they_lack(sight: str) -> None:
    greys = np.linspace(0, 1, 9)[:, None].repeat(3, axis=1)
    np.testing.assert_allclose(SIGHTS[sight](greys), greys, atol=2e-3)
    seen = SIGHTS[sight](np.random.default_rng(1).uniform(size=(200, 3)))
    if "Machado" not in sight:
        # What was seen is seen again: a projection.
        np.testing.assert_allclose(SIGHTS[sight](seen), seen, atol=1e-6)


def test_distances_are_those_of_another_program() -> None:
    rng = np.random.default_rng(2)
    one, other = rng.uniform([0, -90, -90], [100, 90, 90], (2, 500, 3))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = colour.delta_E(one, other, method="CIE 2000")
    np.testing.assert_allclose(ciede2000(one, other), wanted, atol=1e-6)
    greys = np.array([[30.0, 0, 0], [60.0, 0, 0]])
    assert ciede2000(greys[0], greys[1]) > 20


def test_lab_and_oklch_are_those_of_another_program() -> None:
    rgb = np.random.default_rng(3).uniform(size=(100, 3))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        xyz = colour.RGB_to_XYZ(rgb, "sRGB", apply_cctf_decoding=True)
        lab, oklab = colour.XYZ_to_Lab(xyz), colour.XYZ_to_Oklab(xyz)
    np.testing.assert_allclose(lab_of(linear_of(rgb)), lab, atol=0.05)
    found = oklch_of(linear_of(rgb))
    np.testing.assert_allclose(found[:, 0], oklab[:, 0], atol=1e-3)
    np.testing.assert_allclose(found[:, 1], np.hypot(*oklab[:, 1:].T), atol=1e-3)
    np.testing.assert_allclose(srgb_of(linear_of_oklch(found)), rgb, atol=1e-6)


def test_unknown_themes_are_refused() -> None:
    with pytest.raises(UsageError) as error:
        theme("drak")
    assert str(error.value) == (
        f"There is no theme 'drak'. Did you mean 'dark'?\nexpected: one of {known.themes}."
    )
