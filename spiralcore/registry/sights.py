"""How colours look with each kind of colour vision, by three models, and how far they are apart.

Full deficiencies, as the models give them:

- Machado, Oliveira and Fernandes 2009, IEEE TVCG 15:1291, table of severity 1.
- Brettel, Viénot and Mollon 1997, JOSA A 14:2647, on an sRGB display: cones of Smith and Pokorny
  1975, the anchors at 475, 575, 485 and 660 nm those of the CIE 1931 observer, white as neutral.
- Viénot, Brettel and Mollon 1999, Color Res. Appl. 24:243, on an sRGB display.
- Vischeck (Dougherty and Wade): as Brettel, with the cones and anchors of its filter for GIMP.

Distances are CIEDE2000 (Sharma, Wu and Dalal 2005, Color Res. Appl. 30:21); hue, chroma and
lightness those of OKLCH (Ottosson 2020).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Sight = Callable[[Doubles], Doubles]
"""Linear RGB, shape (..., 3), as it is seen."""

XYZ_OF_RGB = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = XYZ_OF_RGB.sum(axis=1)

MACHADO = {
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}

SMITH_POKORNY = (
    np.array([[0.15514, 0.54312, -0.03286], [-0.15514, 0.45684, 0.03286], [0.0, 0.0, 0.01608]])
    @ XYZ_OF_RGB
)
CIE_ANCHORS = {
    475: (0.1421, 0.1126, 1.0419),
    575: (0.8425, 0.9154, 0.0018),
    485: (0.05795, 0.1693, 0.6162),
    660: (0.1649, 0.0610, 0.0),
}

VISCHECK = np.array(
    [
        [0.05059983, 0.08585369, 0.00952420],
        [0.01893033, 0.08925308, 0.01370054],
        [0.00292202, 0.00975732, 0.07145979],
    ]
)
VISCHECK_ANCHORS = {
    475: (0.08008, 0.1579, 0.5897),
    575: (0.9856, 0.7325, 0.001079),
    485: (0.1284, 0.2237, 0.3636),
    660: (0.0914, 0.007009, 0.0),
}

MISSING = {"protan": 0, "deutan": 1, "tritan": 2}
"""Which cones are not there: long, middle or short waves."""

WINGS = {"protan": (475, 575), "deutan": (475, 575), "tritan": (485, 660)}


def _onto(plane: Doubles, cone: int) -> Doubles:
    """The projection along an axis of the cones onto a plane through black, by its normal."""
    projection = np.eye(3)
    projection[cone] = -plane / plane[cone]
    projection[cone, cone] = 0.0
    return projection


def _brettel(kind: str, cones: Doubles, anchors: dict[int, Doubles]) -> Sight:
    cone = MISSING[kind]
    white = cones @ np.ones(3)
    one, other = (np.cross(white, anchors[wave]) for wave in WINGS[kind])
    axis = np.zeros(3)
    axis[cone] = 1.0
    # A plane through white and black and along the axis parts the colours of both wings.
    parting = np.cross(white, axis)
    if parting @ anchors[WINGS[kind][0]] < 0:
        one, other = other, one
    planes = [_onto(normal, cone) for normal in (one, other)]
    back = np.linalg.inv(cones)

    def see(linear: Doubles) -> Doubles:
        lms = linear @ cones.T
        first, second = (lms @ (back @ plane).T for plane in planes)
        return np.where((lms @ parting >= 0)[..., None], first, second)

    return see


def _vienot(kind: str) -> Sight:
    # Blue and yellow; for tritan sight, which the article leaves out, red and cyan.
    ends = (
        ([1.0, 0.0, 0.0], [0.0, 1.0, 1.0])
        if kind == "tritan"
        else ([0.0, 0.0, 1.0], [1.0, 1.0, 0.0])
    )
    normal = np.cross(SMITH_POKORNY @ ends[1], SMITH_POKORNY @ ends[0])
    seen = np.linalg.inv(SMITH_POKORNY) @ _onto(normal, MISSING[kind]) @ SMITH_POKORNY
    return lambda linear: linear @ seen.T


def _machado(kind: str) -> Sight:
    matrix = np.array(MACHADO[kind])
    return lambda linear: linear @ matrix.T


def _all() -> dict[str, Sight]:
    cones_of_xyz = SMITH_POKORNY @ np.linalg.inv(XYZ_OF_RGB)
    smith = {wave: cones_of_xyz @ np.array(xyz) for wave, xyz in CIE_ANCHORS.items()}
    vischeck = {wave: np.array(lms) for wave, lms in VISCHECK_ANCHORS.items()}
    found: dict[str, Sight] = {"normal": lambda linear: linear}
    for kind in MISSING:
        found[f"{kind}, Machado 2009"] = _machado(kind)
        found[f"{kind}, Brettel 1997"] = _brettel(kind, SMITH_POKORNY, smith)
        found[f"{kind}, Vischeck"] = _brettel(kind, VISCHECK, vischeck)
        found[f"{kind}, Viénot 1999"] = _vienot(kind)
    return found


SIGHTS = _all()
"""By kind and model."""


def linear_of(colours: Doubles) -> Doubles:
    """Linear RGB of sRGB, both from 0 to 1."""
    return np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)


def srgb_of(linear: Doubles) -> Doubles:
    """The inverse of `linear_of`; what is out of gamut is cut."""
    cut = np.clip(linear, 0.0, 1.0)
    return np.where(cut <= 0.0031308, 12.92 * cut, 1.055 * cut ** (1 / 2.4) - 0.055)


def lab_of(linear: Doubles) -> Doubles:
    """CIELAB of linear RGB, for D65; what is out of gamut is cut."""
    ratio = np.clip(linear, 0.0, 1.0) @ XYZ_OF_RGB.T / WHITE
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def luminance(linear: Doubles) -> Doubles:
    """Relative luminance, shape (..., 3) gives (...)."""
    return np.asarray(linear @ XYZ_OF_RGB[1])


def contrast(one: str, other: str) -> float:
    """Contrast of two colours ``#rrggbb``, from 1 to 21: see WCAG 2.2, "contrast ratio"."""
    darker, lighter = np.sort(luminance(linear_of(from_hexes([one, other]))))
    return float((lighter + 0.05) / (darker + 0.05))


def ciede2000(one: Doubles, other: Doubles) -> Doubles:
    """Distance of colours in CIELAB, shapes (..., 3) give (...)."""
    mean_chroma = (np.hypot(one[..., 1], one[..., 2]) + np.hypot(other[..., 1], other[..., 2])) / 2
    seventh = mean_chroma**7
    stretch = 1.5 - 0.5 * np.sqrt(seventh / (seventh + 25.0**7))
    polar = []
    for lab in (one, other):
        a = lab[..., 1] * stretch
        hue = np.degrees(np.arctan2(lab[..., 2], a)) % 360
        polar.append((lab[..., 0], np.hypot(a, lab[..., 2]), hue))
    (l1, c1, h1), (l2, c2, h2) = polar
    grey = c1 * c2 == 0
    turn = np.where(grey, 0.0, (h2 - h1 + 180) % 360 - 180)
    dl, dc = l2 - l1, c2 - c1
    dh = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2)
    light, c = (l1 + l2) / 2, (c1 + c2) / 2
    h = np.where(grey, h1 + h2, (h1 + turn / 2) % 360)
    t = (
        1
        - 0.17 * np.cos(np.radians(h - 30))
        + 0.24 * np.cos(np.radians(2 * h))
        + 0.32 * np.cos(np.radians(3 * h + 6))
        - 0.20 * np.cos(np.radians(4 * h - 63))
    )
    sl = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    sc, sh = 1 + 0.045 * c, 1 + 0.015 * c * t
    rotation = -2 * np.sqrt(c**7 / (c**7 + 25.0**7))
    rotation *= np.sin(np.radians(60 * np.exp(-(((h - 275) / 25) ** 2))))
    lightness, chroma, hue = dl / sl, dc / sc, dh / sh
    squared = lightness**2 + chroma**2 + hue**2 + rotation * chroma * hue
    distances: Doubles = np.sqrt(np.maximum(squared, 0))
    return distances


_CONES_OF_RGB = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_OKLAB_OF_CONES = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def oklch_of(linear: Doubles) -> Doubles:
    """Lightness, chroma and hue in degrees of linear RGB, shape (..., 3)."""
    lab = np.cbrt(linear @ _CONES_OF_RGB.T) @ _OKLAB_OF_CONES.T
    hue = np.degrees(np.arctan2(lab[..., 2], lab[..., 1])) % 360
    return np.stack([lab[..., 0], np.hypot(lab[..., 1], lab[..., 2]), hue], axis=-1)


def linear_of_oklch(oklch: Doubles) -> Doubles:
    """The inverse of `oklch_of`; beyond 0 to 1 it is out of gamut."""
    turn = np.radians(oklch[..., 2])
    lab = np.stack(
        [oklch[..., 0], oklch[..., 1] * np.cos(turn), oklch[..., 1] * np.sin(turn)], axis=-1
    )
    cones = (lab @ np.linalg.inv(_OKLAB_OF_CONES).T) ** 3
    return np.asarray(cones @ np.linalg.inv(_CONES_OF_RGB).T)


def most_chroma(lightness: float, hue: float) -> float:
    """The largest chroma of OKLCH, to 0.001, that is in the gamut of sRGB; the hue in degrees."""
    chroma = np.arange(0.0, 0.4, 0.001)
    linear = linear_of_oklch(
        np.column_stack([np.full(len(chroma), lightness), chroma, np.full(len(chroma), hue)])
    )
    inside = ((linear >= 0) & (linear <= 1)).all(axis=1)
    return float(chroma[inside].max(initial=0))


def distances(colours: Doubles, sight: str) -> Doubles:
    """Of all pairs of sRGB colours, 0 to 1, as they are seen: shape (K, 3) gives (K, K)."""
    lab = lab_of(SIGHTS[sight](linear_of(colours)))
    return ciede2000(lab[:, None], lab[None])


def hexes(linear: Doubles) -> list[str]:
    """Colours as ``#rrggbb``."""
    whole = np.rint(255 * srgb_of(linear)).astype(int)
    return ["#{:02x}{:02x}{:02x}".format(*colour) for colour in whole]


def from_hexes(colours: Sequence[str]) -> Doubles:
    """Colours ``#rrggbb`` as sRGB, 0 to 1."""
    return np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in colours]) / 255
