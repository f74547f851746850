"""What is too close in a theme: contrast, and distances of classes for all kinds of sight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from spiralcore.registry.own_theme import READABLE
from spiralcore.registry.sights import (
    SIGHTS,
    Doubles,
    ciede2000,
    contrast,
    from_hexes,
    hexes,
    lab_of,
    linear_of,
    linear_of_oklch,
    most_chroma,
    oklch_of,
)
from spiralcore.registry.themes import Theme

APART = {7: 10.0, 12: 7.0, 64: 4.5}
"""Least distance (CIEDE2000) among the first so many classes, for every sight; what the shipped
themes keep."""

SEEN = 3.0
"""Contrast of what is no text, as WCAG 2.2 asks for in 1.4.11."""

STEP, FARTHEST, DARKEST, BRIGHTEST = 0.015, 0.45, 0.15, 0.98
"""How finely, how far and between what ends another lightness is looked for, in OKLCH."""

ROUNDS, WEIGHT, CHANGED, MARGIN = 6, 30.0, 0.03, 1.02
"""How often each colour is looked at, what is lacking costs, a change of its lightness by 1 costs,
and how much farther apart than needed colours are wished to be."""

MOST = 4
"""Lines of a kind; what there is more is counted."""


class Near(NamedTuple):
    """Two classes that are too close.

    Attributes
    ----------
    one, other
        Which, counted from 0.
    sight
        For whom most: ``normal``, ``protan``, ``deutan`` or ``tritan``.
    distance, wanted
        How far they are apart, and how far they should be (CIEDE2000).
    """

    one: int
    other: int
    sight: str
    distance: float
    wanted: float

    def told(self, classes: Sequence[str]) -> str:
        """As a sentence."""
        one, other = (f"{n + 1} ({classes[n]})" for n in (self.one, self.other))
        return (
            f"classes {one} and {other} are {self.distance:.1f} apart for {self.sight} sight, "
            f"expected {self.wanted:g}"
        )


def unreadable(theme: Theme) -> str:
    """Why text cannot be read on the background; an empty text where it can."""
    found = contrast(theme.ink, theme.background)
    if found >= READABLE:
        return ""
    better = max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, theme.background))
    return (
        f"ink: found {theme.ink} on the background {theme.background}, a contrast of "
        f"{found:.1f} : 1, expected {READABLE} : 1 or more; "
        f'ink = "{better}" has {contrast(better, theme.background):.1f} : 1'
    )


def too_close(theme: Theme) -> list[str]:
    """What of the class colours is hard to see or to tell apart, a line each.

    The last line has colours that are better, to be typed.
    """
    classes = list(theme.classes)
    grounds = [theme.background, theme.panel]
    pale = [
        f"class {n + 1} ({colour}) has a contrast of {least:.1f} : 1 with the background, "
        f"expected {SEEN:g} : 1"
        for n, colour in enumerate(classes)
        if (least := min(contrast(colour, ground) for ground in grounds)) < SEEN
    ]
    lines = [*_first(pale, "classes"), *_first([p.told(classes) for p in near(classes)], "pairs")]
    if lines:
        other = farther(classes, grounds)
        written = ", ".join(f'"{colour}"' for colour in other)
        lines.append(f"the same hues, farther apart: classes = [{written}]")
    return lines


def _first(lines: list[str], what: str) -> list[str]:
    more = [f"and {len(lines) - MOST} more {what}"] if len(lines) > MOST else []
    return [*lines[:MOST], *more]


def near(classes: Sequence[str]) -> list[Near]:
    """The pairs that are too close for some sight, each once, the closest first."""
    one, other = np.triu_indices(len(classes), 1)
    sights, seen = list(SIGHTS), _seen(classes)
    away = ciede2000(seen[:, one], seen[:, other])
    least, needed = away.min(axis=0), wanted(APART, len(classes))[one, other]
    found = [
        Near(int(a), int(b), sights[int(away[:, k].argmin())].partition(",")[0],
             float(least[k]), float(needed[k]))
        for k, (a, b) in enumerate(zip(one, other, strict=True))
        if least[k] < needed[k]
    ]  # fmt: skip
    return sorted(found, key=lambda pair: pair.distance / pair.wanted)


def farther(classes: Sequence[str], grounds: Sequence[str]) -> list[str]:
    """The same hues, with another lightness where that brings them apart.

    One colour after the other takes what makes the sum of the squares of all that is lacking
    smallest, in few rounds; the less it changes the better.
    """
    known = [_of_hue(colour) for colour in classes]
    seen = [_seen(colours) for colours, _ in known]
    pale = [
        np.array([max(0.0, SEEN - min(contrast(c, g) for g in grounds)) / SEEN for c in colours])
        for colours, _ in known
    ]
    needed, chosen = wanted(APART, len(classes)), [0] * len(classes)
    for _ in range(ROUNDS):
        for n in range(len(classes)):
            others = [k for k in range(len(classes)) if k != n]
            there = np.stack([seen[k][:, chosen[k]] for k in others], axis=1)
            away = ciede2000(seen[n][:, :, None], there[:, None]).min(axis=0)
            lacking = np.maximum(0.0, MARGIN - away / needed[n, others])
            cost = WEIGHT * ((lacking**2).sum(axis=1) + pale[n] ** 2) + CHANGED * known[n][1]
            chosen[n] = int(cost.argmin())
    return [known[n][0][k] for n, k in enumerate(chosen)]


def _of_hue(colour: str) -> tuple[list[str], Doubles]:
    """Colours of one hue, the one that is given first, and how far their lightness is from it."""
    lightness, chroma, hue = oklch_of(linear_of(from_hexes([colour])))[0]
    shifts = np.arange(-FARTHEST, FARTHEST + STEP, STEP)
    shifts = shifts[(lightness + shifts > DARKEST) & (lightness + shifts < BRIGHTEST)]
    others = [
        (lightness + shift, min(chroma, most_chroma(lightness + shift, hue)), hue)
        for shift in shifts
    ]
    return [colour, *hexes(linear_of_oklch(np.array(others)))], np.array([0.0, *abs(shifts)])


def _seen(colours: Sequence[str]) -> Doubles:
    """CIELAB for each sight, shape (sights, K, 3)."""
    linear = linear_of(from_hexes(colours))
    return np.stack([lab_of(sight(linear)) for sight in SIGHTS.values()])


def wanted(apart: Mapping[int, float], count: int) -> Doubles:
    """How far each pair of so many classes should be apart, shape (K, K).

    Parameters
    ----------
    apart
        Least distance among the first so many; the last of them is that of all others, too.
    count
        Number of classes K.
    """
    later = np.maximum(*np.indices((count, count)))
    table = np.full((count, count), apart[max(apart)])
    for least in sorted(apart, reverse=True):
        table[later < least] = apart[least]
    return table
