"""Figures of a study: small multiples over classes and widths, with the spread over the seeds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from spiralcore.figures.style import MARGIN, TEXT_SIZE, Area, Kind, axes_in, save, sheet, styled
from spiralcore.figures.style import write as place_text
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.themes import Theme
from spiralcore.study.crowd import packing_part
from spiralcore.study.seed_spread import Cell, Spread, cells, column

if TYPE_CHECKING:
    import pyarrow as pa

PANEL, GAP, TOP, LEGEND = 2.35, 0.22, 1.32, 1.35
"""Width of a panel, room between two, room above and at the right, in inches."""

HEIGHT, BOTTOM = 2.1, 0.72

BANDED = 2
"""Width whose quartiles are shown as a band; more bands would hide each other."""


class Measure(NamedTuple):
    """What a figure shows.

    Attributes
    ----------
    name
        Ends the names of its files.
    title, subtitle
        Its heading.
    mean
        Show means and not medians: for shares of networks.
    """

    name: str
    title: str
    subtitle: str
    mean: bool = False


MEASURES = (
    Measure("accuracy", "Accuracy", "Share of points that are classified right, after training"),
    Measure(
        "packing",
        "Packing",
        "Smallest distance between class means, as a part of the largest possible; "
        "for unbounded spaces the smallest angle",
    ),
    Measure(
        "one-vs-rest",
        "One versus rest",
        "Smallest distance of a class mean from the hull of the others, as a part of the "
        "largest possible",
    ),
    Measure("dead", "Dead units", "Share of networks with a unit that is 0 for all points", True),
)


def draw_study(
    table: pa.Table, folder: Path, theme: Theme, kinds: tuple[Kind, ...] = ("svg",)
) -> list[Path]:
    """Draw all figures of a study.

    Parameters
    ----------
    table
        See `spiralcore.study.table`.
    folder
        Where they go, as ``study-accuracy.svg`` and so on.
    theme
        Colours.
    kinds
        Formats.

    Returns
    -------
    list
        The files.
    """
    paths = []
    with styled(theme):
        for measure in MEASURES:
            figure = draw_measure(table, measure, theme)
            for kind in kinds:
                path = folder / f"study-{measure.name}.{kind}"
                save(figure, path, kind)
                paths.append(path)
    return paths


def values_of(table: pa.Table, measure: Measure) -> NDArray[np.float64]:
    """The numbers that a figure shows, one for each network; NaN where there is none."""
    if measure.name == "packing":
        return packing_part(table)
    if measure.name == "dead":
        dead = column(table, "dead_units")
        return np.where(np.isnan(dead), np.nan, dead > 0)
    return column(table, measure.name.replace("-", "_") + ("_part" if "-" in measure.name else ""))


def draw_measure(table: pa.Table, measure: Measure, theme: Theme) -> Figure:
    """One panel an activation, one line a width, medians over the seeds."""
    values = values_of(table, measure)
    found = cells(table, values)
    names = [
        name
        for name in dict.fromkeys(cell.activation for cell in found)
        if any(s.networks for cell, s in found.items() if cell.activation == name)
    ]
    units = sorted({cell.units for cell in found})
    colours = dict(zip(units, _colours(len(units), theme), strict=True))
    width = 2 * MARGIN + 0.25 + len(names) * (PANEL + GAP) + LEGEND
    figure = sheet(theme, width, TOP + HEIGHT + BOTTOM, measure.title, measure.subtitle)
    shares = _means(table, values) if measure.mean else None
    for index, name in enumerate(names):
        left = MARGIN + 0.25 + index * (PANEL + GAP)
        axes = axes_in(figure, Area(left, TOP, PANEL, HEIGHT))
        place_text(
            figure, left, TOP - 0.1, ACTIVATIONS[name].label, TEXT_SIZE + 2, theme.ink,
            weight="semibold",
        )  # fmt: skip
        own = {cell: s for cell, s in found.items() if cell.activation == name and s.networks}
        for unit in units:
            _line(axes, own, unit, colours[unit], shares)
        _dress(axes, sorted({cell.classes for cell in found}), theme, first=index == 0)
    right = MARGIN + 0.25 + len(names) * (PANEL + GAP)
    for row, unit in enumerate(units):
        y = TOP + 0.15 + row * 0.24
        place_text(figure, right, y, f"D = {unit}", TEXT_SIZE, colours[unit], weight="semibold")
    if BANDED in units and shares is None:
        y = TOP + 0.15 + (len(units) + 0.3) * 0.24
        note = f"band: quartiles, D = {BANDED}"
        place_text(figure, right, y, note, TEXT_SIZE - 2, theme.faint)
    return figure


def _line(
    axes: Axes,
    own: Mapping[Cell, Spread],
    unit: int,
    colour: str,
    shares: Mapping[Cell, float] | None,
) -> None:
    line = sorted((cell.classes, cell, s) for cell, s in own.items() if cell.units == unit)
    if not line:
        return
    classes = [k for k, _, _ in line]
    middle = [s.median if shares is None else shares[cell] for _, cell, s in line]
    if unit == BANDED and shares is None:
        lower, upper = [s.lower for *_, s in line], [s.upper for *_, s in line]
        axes.fill_between(classes, lower, upper, color=colour, alpha=0.18, linewidth=0)
    weight = 1.9 if unit == BANDED else 1.2
    axes.plot(classes, middle, color=colour, linewidth=weight, marker="o", markersize=2.6)


def _dress(axes: Axes, classes: list[int], theme: Theme, *, first: bool) -> None:
    axes.set_ylim(-0.03, 1.04)
    axes.set_xlim(classes[0] - 0.5, classes[-1] + 0.5)
    axes.set_xticks([k for k in classes if (k - classes[0]) % 2 == 0])
    axes.set_yticks(np.linspace(0, 1, 6))
    axes.grid(axis="y", linewidth=0.6, alpha=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel("classes K")
    if not first:
        axes.tick_params(labelleft=False)


def _means(table: pa.Table, values: NDArray[np.float64]) -> dict[Cell, float]:
    from spiralcore.study.seed_spread import members

    return {
        cell: float(np.nanmean(values[rows]))
        for cell, rows in members(table).items()
        if not np.isnan(values[rows]).all()
    }


def _colours(count: int, theme: Theme) -> list[str]:
    """Colours in an order that can be seen, dark to light or the other way round."""
    dark = int(theme.background[1:3], 16) < 128
    scale = matplotlib.colormaps["viridis"]
    places = np.linspace(0.95, 0.3, count) if dark else np.linspace(0.0, 0.82, count)
    return [str(matplotlib.colors.to_hex(scale(place))) for place in places]
