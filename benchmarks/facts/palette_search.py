"""The search for a palette: one colour is moved at a time.

What makes the sum of the squares of what is lacking smaller is kept, and by chance sometimes what
makes it larger, less and less often (simulated annealing: Kirkpatrick, Gelatt and Vecchi 1983).
Nothing is lacking when any two colours are as far apart as `wanted` says, for every sight of
`spiralcore.registry.sights`, and every colour has a contrast of 3 on every fill.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spiralcore.registry.sights import (
    SIGHTS,
    ciede2000,
    from_hexes,
    lab_of,
    linear_of,
    linear_of_oklch,
    luminance,
    oklch_of,
)
from spiralcore.registry.theme_checks import wanted

Doubles = NDArray[np.float64]

COUNT = 20

APART = {7: 10.15, 12: 7.15, COUNT: 4.55}
"""Least distance among the first so many, for all sights."""

APART_NORMAL = {7: 15.15, 12: 12.1, COUNT: 8.1}
"""The same for normal sight."""

CONTRAST = 3.03
"""Of a point on any fill: more than 3 after rounding."""

HUES = (
    (226, 236), (69, 74), (155, 172), (104, 110), (338, 350), (36, 40), (264, 278),
    *[(265, 540)] * 5, *[(258, 558)] * (COUNT - 12),
)  # fmt: skip
"""Sky blue, orange, green, yellow, pink, vermilion and blue of Okabe and Ito 2008; others.

The last class of a data set lies beside the first: so none is near to sky blue."""


@dataclass(frozen=True)
class Ranges:
    """What a theme allows.

    Attributes
    ----------
    lightness, chroma
        Least and most of each class in OKLCH, shape (K, 2).
    fill
        Lightness of all fills.
    light
        Whether points have to be darker than fills.
    """

    lightness: Doubles
    chroma: Doubles
    fill: float
    light: bool


def _ranges(first: list[tuple[float, ...]], others: tuple[float, ...], fill: float,
            *, light: bool) -> Ranges:  # fmt: skip
    table = np.array([*first, *[others] * (COUNT - 7)])
    return Ranges(table[:, :2], table[:, 2:], fill, light)


RANGES = {
    "dark": _ranges(
        [
            (0.70, 0.80, 0.09, 0.13), (0.70, 0.80, 0.14, 0.18), (0.60, 0.70, 0.11, 0.16),
            (0.88, 0.95, 0.17, 0.19), (0.62, 0.78, 0.09, 0.20), (0.62, 0.70, 0.15, 0.22),
            (0.60, 0.68, 0.11, 0.20),
        ],
        (0.60, 0.97, 0.035, 0.20),
        0.345,
        light=False,
    ),
    "light": _ranges(
        [
            (0.42, 0.62, 0.08, 0.16), (0.42, 0.62, 0.09, 0.16), (0.35, 0.60, 0.07, 0.16),
            (0.50, 0.62, 0.10, 0.16), (0.27, 0.60, 0.10, 0.22), (0.33, 0.58, 0.11, 0.20),
            (0.22, 0.50, 0.09, 0.24),
        ],
        (0.28, 0.62, 0.035, 0.24),
        0.90,
        light=True,
    ),
}  # fmt: skip

Table = dict[str, Doubles]
"""Lightness, chroma and hue of all classes, shape (K, 3), by theme."""


WANTED = np.stack([wanted(APART_NORMAL if name == "normal" else APART, COUNT) for name in SIGHTS])


def luminance_of_fill(ranges: Ranges) -> float:
    """The worst of all fills, whatever their hue."""
    hues = np.arange(0.0, 360.0)
    fills = np.column_stack([np.full(360, ranges.fill), np.full(360, 0.06), hues])
    found = luminance(np.clip(linear_of_oklch(fills), 0, 1))
    return float(found.min() if ranges.light else found.max())


def lacking(linear: Doubles, fill: float, *, light: bool) -> Doubles:
    """How far colours are out of gamut, and how much contrast on fills they lack, shape (K,)."""
    out = np.maximum(-linear, linear - 1).max(axis=-1)
    shine = luminance(np.clip(linear, 0, 1)) + 0.05
    ratio = (fill + 0.05) / shine if light else shine / (fill + 0.05)
    return np.asarray(1000 * np.maximum(out, 0) ** 2 + (30 * np.maximum(CONTRAST - ratio, 0)) ** 2)


class Search:
    """One run of the search.

    Parameters
    ----------
    seed
        Of its chances.
    """

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._fills = {name: luminance_of_fill(ranges) for name, ranges in RANGES.items()}
        self._hues = np.array(HUES, float)
        hues = self._rng.uniform(self._hues[:, 0], self._hues[:, 1])
        self.table: Table = {
            name: np.column_stack(
                [self._rng.uniform(*ranges.lightness.T), self._rng.uniform(*ranges.chroma.T), hues]
            )
            for name, ranges in RANGES.items()
        }
        self._look_at_all()

    def begin_with(self, classes: dict[str, list[str]]) -> None:
        """Take colours that are there; their hues are those of the dark theme."""
        self.table = {name: oklch_of(linear_of(from_hexes(c))) for name, c in classes.items()}
        hues = self.table["dark"][:, 2]
        hues = np.where(hues < self._hues[:, 0], hues + 360, hues)
        for values in self.table.values():
            values[:, 2] = hues
        self._look_at_all()

    def _look_at_all(self) -> None:
        self._seen = {name: self._look(name, slice(None)) for name in RANGES}

    def _look(self, name: str, which: slice | int) -> tuple[Doubles, Doubles]:
        """CIELAB for each sight, and what colours lack by themselves."""
        linear = linear_of_oklch(self.table[name][which])
        seen = np.clip(linear, 0, 1)
        labs = np.stack([lab_of(sight(seen)) for sight in SIGHTS.values()])
        alone = lacking(linear, self._fills[name], light=RANGES[name].light)
        return labs, alone

    def _cost(self, labs: Doubles, one: Doubles, k: int) -> float:
        away = ciede2000(labs, one[:, None])
        short = np.maximum(WANTED[:, k] - away, 0)
        short[:, k] = 0
        return float((short**2).sum())

    def cost(self) -> float:
        """What is lacking in all."""
        total = 0.0
        for labs, alone in self._seen.values():
            total += alone.sum() + sum(self._cost(labs, labs[:, k], k) for k in range(COUNT)) / 2
        return total

    def run(self, steps: int, heat: float = 30.0, reach: float = 0.25) -> float:
        """Move colours so many times; tells what is lacking in the end.

        Parameters
        ----------
        steps
            How many times.
        heat
            What may be lost by chance in the beginning.
        reach
            How far colours move in the beginning, as a part of what they may.
        """
        for step in range(steps):
            share = step / steps
            temperature = heat * (1e-4**share)
            size = reach * 0.04**share
            k = int(self._rng.integers(COUNT))
            names = [str(self._rng.choice(list(RANGES)))]
            turn = self._rng.random() < 0.3
            if turn:
                names = list(RANGES)
            before = {name: self.table[name][k].copy() for name in names}
            self._move(k, names, size, turn=turn)
            change, found = 0.0, {}
            for name in names:
                labs, alone = self._seen[name]
                new, new_alone = self._look(name, k)
                change += self._cost(labs, new, k) + float(new_alone)
                change -= self._cost(labs, labs[:, k], k) + float(alone[k])
                found[name] = new, float(new_alone)
            if change <= 0 or self._rng.random() < np.exp(-change / temperature):
                for name, (seen, seen_alone) in found.items():
                    self._seen[name][0][:, k] = seen
                    self._seen[name][1][k] = seen_alone
            else:
                for name in names:
                    self.table[name][k] = before[name]
        return self.cost()

    def _move(self, k: int, names: list[str], size: float, *, turn: bool) -> None:
        if turn:
            low, high = self._hues[k]
            hue = self.table["dark"][k, 2] + (high - low) * size * self._rng.normal()
            hue = min(max(hue, low), high)
            for name in names:
                self.table[name][k, 2] = hue
            return
        for name in names:
            ranges = RANGES[name]
            for column, limits in ((0, ranges.lightness[k]), (1, ranges.chroma[k])):
                value = self.table[name][k, column] + np.ptp(limits) * size * self._rng.normal()
                self.table[name][k, column] = min(max(value, limits[0]), limits[1])
