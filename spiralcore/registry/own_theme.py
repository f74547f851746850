"""A theme of one's own: from a few colours of a brand to all that is drawn with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spiralcore.registry.languages.language import HUES
from spiralcore.registry.sights import (
    contrast,
    from_hexes,
    hexes,
    linear_of,
    linear_of_oklch,
    most_chroma,
    oklch_of,
)
from spiralcore.registry.themes import OWN, THEMES, Theme

READABLE = 4.5
"""Contrast of text, as WCAG 2.2 asks for in 1.4.3, level AA."""

FAINT, FRAME, PANEL = 0.33, 0.66, 0.035
"""How far what is faint and frames are from the ink on the way to the background, and panels from
the background on the way to the ink; as in the themes that are shipped."""

FILL = {"dark": 0.25, "light": 0.15}
"""How far the lightness of a region's fill is from that of a panel on the way to its class."""

FILL_CHROMA = 0.09
"""Of a fill at most, in OKLCH."""

GREY = 0.04
"""Chroma below which a colour has no hue that one would call it by."""

HUE_ENDS = {
    "red": (8, 45), "orange": (45, 85), "yellow": (85, 118), "green": (118, 185),
    "blue": (215, 264), "indigo": (264, 295), "purple": (295, 352),
}  # fmt: skip
"""From which hue in degrees of OKLCH to which a colour is called so."""


def own_theme(
    background: str = "",
    ink: str = "",
    classes: Sequence[str] = (),
    font: str = "",
    bold: str = "",
) -> Theme:
    """Make a theme of a brand's colours; what is left out is as in the shipped theme beside it.

    Parameters
    ----------
    background, ink
        Of frames and slides, and of text: ``#rrggbb``.
    classes
        Colours of the classes in order; they repeat after the last.
    font, bold
        Files of letters as data URLs; without ``bold`` the one font is used for all.
    """
    ground = background or THEMES["dark"].background
    usual = THEMES["dark" if is_dark(ground, ink) else "light"]
    if not (background or ink):
        panel, faint, frame, ink = usual.panel, usual.faint, usual.frame, usual.ink
    else:
        ink = ink or usual.ink
        panel, frame = mixed(ground, ink, PANEL), mixed(ink, ground, FRAME)
        faint = _faint(ink, (ground, panel))
    chosen = tuple(colour.lower() for colour in classes) or usual.classes
    plain = not classes and not background
    return Theme(
        name=OWN,
        scheme=usual.scheme,
        background=ground,
        panel=panel,
        ink=ink,
        faint=faint,
        frame=frame,
        classes=chosen,
        regions=usual.regions if plain else fills(chosen, panel, FILL[usual.scheme]),
        font=font,
        bold=bold or font,
        hues=called(chosen) if classes else (),
    )


def is_dark(background: str, ink: str = "") -> bool:
    """Whether text on a background is lighter than it: the ink, or what is read better."""
    if ink:
        one, other = oklch_of(linear_of(from_hexes([background, ink])))[:, 0]
        return bool(one < other)
    return contrast(background, "#ffffff") >= contrast(background, "#000000")


def mixed(one: str, other: str, share: float) -> str:
    """A colour on the way from one to another, in sRGB."""
    first, second = from_hexes([one, other])
    return hexes(linear_of(first + share * (second - first))[None])[0]


def _faint(ink: str, grounds: Sequence[str]) -> str:
    """What matters less than the ink, and is read as well."""
    for share in np.arange(FAINT, 0, -0.03):
        tried = mixed(ink, grounds[0], float(share))
        if min(contrast(tried, ground) for ground in grounds) >= READABLE:
            return tried
    return ink


def fills(classes: Sequence[str], panel: str, share: float) -> tuple[str, ...]:
    """Fills of the classes' regions: of the same hue, a little nearer to each than a panel."""
    base = oklch_of(linear_of(from_hexes([panel])))[0, 0]
    found = oklch_of(linear_of(from_hexes(classes)))
    found[:, 0] = base + share * (found[:, 0] - base)
    for fill in found:
        fill[1] = min(fill[1], FILL_CHROMA, most_chroma(fill[0], fill[2]))
    return tuple(hexes(linear_of_oklch(found)))


def called(classes: Sequence[str]) -> tuple[int, ...]:
    """Which of `HUES` each colour is called by; -1 where two would be called the same, or none."""
    found = []
    for _, chroma, hue in oklch_of(linear_of(from_hexes(classes))):
        names = [n for n, (low, high) in HUE_ENDS.items() if low <= hue < high and chroma >= GREY]
        found.append(HUES.index(names[0]) if names else -1)
    return tuple(n if found.count(n) == 1 else -1 for n in found)
