"""The table, for a terminal, for Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from benchmarks.figures import Figure

HEADS = ("#", "figure", "ours", "peer", "ratio", "target", "")


def cells(figure: Figure) -> tuple[str, ...]:
    """The words of a line of the table, in the order of `HEADS`."""
    target = "" if figure.target is None else str(figure.target)
    return (
        figure.number,
        figure.title,
        quantity(figure.ours, figure.unit),
        quantity(figure.peer, figure.unit),
        quantity(figure.ratio),
        target,
        figure.verdict,
    )


def quantity(value: float | None, unit: str = "") -> str:
    """A number with three significant digits; nothing for None."""
    if value is None:
        return ""
    text = f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{text} {unit}".strip()


def text_table(figures: Sequence[Figure], *, notes: bool = True) -> str:
    """The table for a terminal, notes below it."""
    rows = [HEADS, *(cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    if notes:
        lines.append("")
        lines += [f"{figure.number}: {figure.note}" for figure in figures if figure.note]
    return "\n".join(lines)


def markdown_table(figures: Sequence[Figure]) -> str:
    """The table in Markdown, notes below it."""
    heads = (*HEADS[:-1], "met")
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    lines += [f"| {' | '.join(cells(figure))} |" for figure in figures]
    notes = [f"- **{figure.number}** {figure.note}" for figure in figures if figure.note]
    return "\n".join([*lines, "", *notes, ""])


def summary(figures: Sequence[Figure]) -> str:
    """How many targets are met."""
    judged = [figure for figure in figures if figure.target is not None]
    met = sum(figure.met is True for figure in judged)
    return f"{met} of {len(judged)} targets met"


def json_text(figures: Sequence[Figure], about: dict[str, Any]) -> str:
    """Everything, with what is known about the run."""
    return json.dumps({**about, "figures": [f.as_plain() for f in figures]}, indent=2) + "\n"
