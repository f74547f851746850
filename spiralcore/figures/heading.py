"""What figures say in words: which network, how good it is, what is wrong with it."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.figures.style import MARGIN, TEXT_SIZE, sheet, show_scale, write
from spiralcore.registry.themes import Theme
from spiralcore.subjects.sentences import counted, value_ends
from spiralcore.system.printable import printable, short_name
from spiralcore.system.rounding import fixed
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.trouble import trouble

LINE, LOWEST = 0.24, 0.22
"""Distance between lines, and of the last one from the edge, in inches."""


def network_title(trajectory: Trajectory) -> str:
    """For example ``4 classes, tanh, seed 1``."""
    parts = [counted(trajectory), trajectory.activation_label]
    if trajectory.run_name:
        parts.insert(0, trajectory.run_name)
    seed = trajectory.recipe.get("seed")
    if seed is not None:
        parts.append(f"seed {short_name(printable(seed))}")
    return ", ".join(parts)


def known_network(trajectory: Trajectory, network: RecordedNetwork) -> str:
    """When the network was last known whole."""
    return f"after {trajectory.counting.named(int(network.epochs[-1]))}"


def result(trajectory: Trajectory) -> str:
    """Accuracy and cross-entropy at the end, as far as they are known."""
    values = (
        ("accuracy", trajectory.accuracy[-1]),
        ("cross-entropy", trajectory.cross_entropy[-1]),
    )
    return ", ".join(f"{name} {fixed(value, 3)}" for name, value in values if np.isfinite(value))


def network_sheet(
    trajectory: Trajectory, theme: Theme, width: float, height: float, subtitle: str, note: str = ""
) -> Figure:
    """An empty figure, with the network above and below it how good it is and what is wrong.

    Parameters
    ----------
    trajectory, theme
        What is shown, in which colours.
    width, height
        In inches; what is wrong with a run takes more.
    subtitle
        How it is shown.
    note
        Words to add to the result.
    """
    said = (trouble(trajectory), str(trajectory.outside), theme.repeated(trajectory.classes))
    warnings = [text for text in said if text]
    whole = height + LINE * len(warnings)
    figure = sheet(theme, width, whole, network_title(trajectory), subtitle)
    words = ", ".join(filter(None, (result(trajectory), note)))
    write(figure, MARGIN, height - LOWEST, words, TEXT_SIZE, theme.faint)
    if (ends := value_ends(trajectory)) is not None:
        show_scale(figure, width - MARGIN, height - LOWEST, ends, theme, TEXT_SIZE)
    for row, warning in enumerate(warnings, 1):
        lowest = height - LOWEST + LINE * row
        write(figure, MARGIN, lowest, warning, TEXT_SIZE, theme.ink, weight="semibold")
    return figure
