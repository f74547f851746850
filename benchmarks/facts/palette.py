"""How the palette was found, and how good it is: `python -m benchmarks.facts.palette --search`.

The colours of a class have one hue in all themes, in OKLCH; lightness and chroma are the theme's.
"""

from __future__ import annotations

import argparse
import sys
from itertools import combinations, pairwise, permutations

import numpy as np

from benchmarks.facts.palette_search import APART, COUNT, RANGES, Doubles, Ranges, Search, Table
from spiralcore.registry.sights import (
    SIGHTS,
    ciede2000,
    distances,
    from_hexes,
    hexes,
    lab_of,
    linear_of,
    linear_of_oklch,
    most_chroma,
    oklch_of,
)
from spiralcore.registry.themes import THEMES

NEIGHBOURS, TOGETHER = 12.4, 7
"""Least distance of the fills of classes that lie beside each other, for normal sight; in the layer
any two may, so that it is that of any two of the first so many."""

SEEN = 5.0
"""Distance of their fills that is wished for all other sights: of one lightness, they leave
dichromats only one of the two ways in which hue and chroma differ."""

FILL_CHROMA, FILL_STEPS = (0.02, 0.1), 5_000

WEIGHT = np.where(np.arange(COUNT) < 7, 1.0, 0.3)
"""How much it matters that fills are not grey."""


def ordered(table: Table) -> Table:
    """Change the order of what may change places, so that neighbours have fills far apart."""
    labs = {}
    for name, ranges in RANGES.items():
        hues = table[name][:, 2]
        most = [min(FILL_CHROMA[1], most_chroma(ranges.fill, hue)) for hue in hues]
        fills = np.column_stack([np.full(COUNT, ranges.fill), most, hues])
        labs[name] = lab_of(np.clip(linear_of_oklch(fills), 0, 1))
    away = np.min([ciede2000(lab[:, None], lab[None]) for lab in labs.values()], axis=0)
    ends = [*APART]
    order = list(range(ends[0]))
    for first, end in pairwise(ends):
        best = max(
            permutations(range(first, end)),
            key=lambda tried: sorted(away[a, b] for a, b in pairwise([order[-1], *tried])),
        )
        order += best
    return {name: values[order] for name, values in table.items()}


def fills_of(table: Table, seed: int = 0) -> dict[str, list[str]]:
    """Fills of the regions: the hue of the class, one lightness, chroma by a search of its own.

    In the data classes lie beside the next one, and the last one beside the first.
    """
    found = {}
    pairs = {(k, k + 1) for k in range(COUNT - 1)} | {(0, k) for k in range(1, COUNT)}
    one, other = np.array(sorted(pairs | {*combinations(range(TOGETHER), 2)})).T
    first, second = np.triu_indices(TOGETHER, 1)
    for name, ranges in RANGES.items():
        rng = np.random.default_rng(seed)
        hues = table[name][:, 2]

        most = np.array([most_chroma(ranges.fill, hue) for hue in hues])
        most = np.minimum(FILL_CHROMA[1], most)
        chroma = most.copy()

        def cost(
            chroma: Doubles,
            ranges: Ranges = ranges,
            hues: Doubles = hues,
            most: Doubles = most,
        ) -> float:
            fills = np.column_stack([np.full(COUNT, ranges.fill), chroma, hues])
            linear = np.clip(linear_of_oklch(fills), 0, 1)
            seen = lab_of(linear)
            short = np.maximum(NEIGHBOURS - ciede2000(seen[one], seen[other]), 0)
            worst = np.inf
            for sight in SIGHTS.values():
                seen = lab_of(sight(linear[:TOGETHER]))
                away = ciede2000(seen[first], seen[second])
                worst = min(worst, float(away.min()))
            # As little grey as possible, for the first classes above all.
            unseen = max(SEEN - worst, 0)
            return float(100 * (short**2).sum() + 0.5 * unseen + WEIGHT @ (1 - chroma / most))

        best = cost(chroma)
        for step in range(FILL_STEPS):
            k = int(rng.integers(COUNT))
            tried = chroma.copy()
            tried[k] = rng.uniform(FILL_CHROMA[0], most[k])
            value = cost(tried)
            heat = 10 * 1e-4 ** (step / FILL_STEPS)
            if value <= best or rng.random() < np.exp(-(value - best) / heat):
                chroma, best = tried, value
        fills = np.column_stack([np.full(COUNT, ranges.fill), chroma, hues])
        found[name] = hexes(linear_of_oklch(fills))
    return found


def least(colours: Doubles, sight: str, count: int) -> float:
    """The least distance among the first so many colours."""
    found = distances(colours[:count], sight)
    return float(found[np.triu_indices(count, 1)].min())


def report(classes: dict[str, list[str]]) -> str:
    """A table: least distances among the first 7, 12 and 20 colours, for each sight."""
    lines = [
        "| sight | " + " | ".join(f"{name}, first {n}" for name in classes for n in APART) + " |"
    ]
    lines.append("|---" * (1 + len(classes) * len(APART)) + "|")
    for sight in SIGHTS:
        values = [
            f"{least(from_hexes(colours), sight, count):.1f}"
            for colours in classes.values()
            for count in APART
        ]
        lines.append(f"| {sight} | {' | '.join(values)} |")
    return "\n".join(lines)


def main() -> None:
    """Search, or tell how good the palette is that is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--search", action="store_true", help="look for a new one")
    parser.add_argument("--polish", action="store_true", help="begin with the one that is there")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3])
    parser.add_argument("--steps", type=int, default=90_000)
    arguments = parser.parse_args()
    there = {name: list(THEMES[name].classes) for name in RANGES}
    if not (arguments.search or arguments.polish):
        print(report(there))
        return
    runs = [Search(seed) for seed in arguments.seeds]
    costs = []
    for seed, run in zip(arguments.seeds, runs, strict=True):
        if arguments.polish:
            run.begin_with(there)
        costs.append(run.run(arguments.steps, *((1.0, 0.06) if arguments.polish else ())))
        print(f"seed {seed}: {costs[-1]:.3f} lacking", file=sys.stderr)
    table = runs[int(np.argmin(costs))].table
    table = table if arguments.polish else ordered(table)
    classes = {name: hexes(linear_of_oklch(values)) for name, values in table.items()}
    for name, fills in fills_of(table).items():
        print(name, "classes", *classes[name])
        print(name, "fills", *fills)
    print(report(classes))
    print(np.round(oklch_of(linear_of(from_hexes(classes["dark"]))), 3))


if __name__ == "__main__":
    main()
