"""Tables of docs/packing.md that say what is measured, from the registry of metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import inf
from typing import Any

from benchmarks.facts.study_tables import markdown
from spiralcore.analysis.packing.metric import Metric
from spiralcore.analysis.packing.readings import COLLAPSE, SEPARATIONS, SHAPES

WHERE = {
    "all": "in all spaces",
    "bounded": "in spaces with a border",
    "unbounded": "in spaces without a border",
}

METRIC_BLOCKS: dict[str, Callable[[Any], str]] = {
    "separations": lambda study: _of_means_and_points(SEPARATIONS),
    "shapes": lambda study: _of_means(SHAPES),
    "collapse": lambda study: _of_collapse(COLLAPSE),
}


def _of_means_and_points(metrics: Iterable[Metric]) -> str:
    head = ["name", "of the class means", "of the points", "values", "best known", "source"]
    rows = [
        [f"`{m.name}`", m.formula, m.points_formula, _values(m), _best(m), m.source]
        for m in metrics
    ]
    return markdown(head, list(map(_escaped, rows)))


def _of_means(metrics: Iterable[Metric]) -> str:
    head = ["name", "what", "values", "where", "best known", "source"]
    rows = [
        [f"`{m.name}`", m.formula, _values(m), WHERE[m.spaces], _best(m), m.source] for m in metrics
    ]
    return markdown(head, list(map(_escaped, rows)))


def _of_collapse(metrics: Iterable[Metric]) -> str:
    head = ["name", "formula", "what it says", "values", "source"]
    rows = [[f"`{m.name}`", m.formula, m.about, _values(m), m.source] for m in metrics]
    return markdown(head, list(map(_escaped, rows)))


def _values(metric: Metric) -> str:
    least, most = metric.range
    unit = {"": "", "°": "°"}.get(metric.unit, f" {metric.unit}")
    if most < inf:
        return f"{least:g} to {most:g}{unit}"
    return f"any{unit}" if least == -inf else f"{least:g} and more{unit}"


def _best(metric: Metric) -> str:
    """Where the best possible is known, or what the best value means."""
    if metric.has_part:
        return f"{WHERE[metric.best_in]}: `{metric.best_name}`, `{metric.part_name}`"
    return f"{metric.range[1]:g}: {metric.at_best}" if metric.at_best else ""


def _escaped(cells: list[str]) -> list[str]:
    return [cell.replace("|", "\\|") for cell in cells]
