"""Classes stay apart for all kinds of colour vision."""

from __future__ import annotations

import warnings
from itertools import combinations

import numpy as np
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import colour

from spiralcore.errors import UsageError
from spiralcore.stage.palette import THEMES, theme

SIGHTS = {"normal": None, "protan": "Protanomaly", "deutan": "Deuteranomaly",
          "tritan": "Tritanomaly"}  # fmt: skip

LEAST_APART = 10.0
"""CIEDE2000; differences from about 2.3 on are seen side by side."""


def lab(colours: np.ndarray, deficiency: str | None) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        linear = colour.cctf_decoding(colours / 255, function="sRGB")
        if deficiency is not None:
            # Machado, Oliveira and Fernandes 2009, full deficiency.
            matrix = colour.blindness.matrix_cvd_Machado2009(deficiency, 1.0)
            linear = np.clip(linear @ matrix.T, 0, 1)
        return colour.XYZ_to_Lab(colour.RGB_to_XYZ(linear, "sRGB", apply_cctf_decoding=False))


@pytest.mark.parametrize("sight", list(SIGHTS))
@pytest.mark.parametrize("name", list(THEMES))
def test_the_classes_are_apart(name: str, sight: str) -> None:
    look = theme(name)
    assert len(look.classes) == 12
    places = lab(look.class_colours(12).astype(float), SIGHTS[sight])
    distances = {
        (look.classes[a], look.classes[b]): float(
            colour.delta_E(places[a], places[b], method="CIE 2000")
        )
        for a, b in combinations(range(12), 2)
    }
    pair = min(distances, key=lambda key: distances[key])
    assert distances[pair] >= LEAST_APART, (pair, distances[pair])


@pytest.mark.parametrize("name", list(THEMES))
def test_region_fills_are_muted_forms_of_the_class_colours(name: str) -> None:
    look = theme(name)
    bright = lab(look.class_colours(7).astype(float), None)
    muted = lab(look.region_colours(7).astype(float), None)
    chroma = np.hypot(*bright[:, 1:].T), np.hypot(*muted[:, 1:].T)
    assert (chroma[1] < 0.75 * chroma[0]).all()
    apart = colour.delta_E(bright, muted, method="CIE 2000")
    assert apart.min() > 12


def test_unknown_themes_are_refused() -> None:
    with pytest.raises(UsageError) as error:
        theme("drak")
    assert str(error.value) == (
        "There is no theme 'drak'. Did you mean 'dark'?\nexpected: one of dark, light, transparent."
    )
