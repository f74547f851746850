"""Which figures there are, what each of them needs, and how to make one. Loads no matplotlib."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.errors import lookup
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.unrecorded import is_unlabelled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from spiralcore.registry.themes import Theme

__all__ = ["FIGURES", "FigureEntry", "figure_entry", "make"]

KINDS: tuple[Literal["png", "svg"], ...] = ("png", "svg")


@dataclass(frozen=True)
class FigureEntry:
    """A figure in the catalogue.

    Attributes
    ----------
    name
        What the command line calls it.
    module, function
        Where it is drawn, in ``spiralcore.figures``.
    about
        One line for people.
    lack
        ``lack(trajectory)``: what is missing to draw it; an empty text where nothing is.
    gap
        ``gap(trajectory)``: what the figure cannot show; an empty text where it shows everything.
    """

    name: str
    module: str
    function: str
    about: str
    lack: Callable[[Trajectory], str]
    gap: Callable[[Trajectory], str] = lambda trajectory: ""

    def draw(self, trajectory: Trajectory, theme: Theme) -> Figure:
        """Draw it, within `spiralcore.figures.style.styled`."""
        module = importlib.import_module(f"spiralcore.figures.{self.module}")
        figure: Figure = getattr(module, self.function)(trajectory, theme)
        return figure


def _no_input_plane(trajectory: Trajectory) -> str:
    inputs = trajectory.inputs.shape[1]
    return "" if inputs == 2 else f"its points have {inputs} coordinates, not 2"


def _no_hidden_plane(trajectory: Trajectory) -> str:
    units = trajectory.units
    if units == 2:
        return ""
    return f"its drawn layer has {units} unit{'s' if units > 1 else ''}, not 2"


def _no_directions(trajectory: Trajectory) -> str:
    classes = "its points have no classes" if is_unlabelled(trajectory) else ""
    return _no_hidden_plane(trajectory) or classes


def _no_network(trajectory: Trajectory) -> str:
    return "" if RecordedNetwork.is_in(trajectory) else "its network was not recorded"


def _no_field(trajectory: Trajectory) -> str:
    lacks = (_no_input_plane, _no_hidden_plane, _no_network)
    return next((found for lack in lacks if (found := lack(trajectory))), "")


def _no_regions(trajectory: Trajectory) -> str:
    return "" if trajectory.knows_readout else "without regions, as its read-out was not recorded"


def _no_prediction(trajectory: Trajectory) -> str:
    network = _no_network(trajectory)
    return f"without predicted classes, as {network}" if network else ""


FIGURES = {
    entry.name: entry
    for entry in (
        FigureEntry(
            "input", "plane_figures", "draw_input",
            "the data, over the classes that the network predicts",
            _no_input_plane, _no_prediction,
        ),
        FigureEntry(
            "hidden", "plane_figures", "draw_hidden",
            "the last hidden layer at the end, with decision regions and the border of its space",
            _no_hidden_plane, _no_regions,
        ),
        FigureEntry(
            "field", "field_figure", "draw_field",
            "directions of the function from plane to plane, over the predicted classes",
            _no_field,
        ),
        FigureEntry(
            "angles", "angles_figure", "draw_angles",
            "directions of each class in the last hidden layer, with circular mean and deviation",
            _no_directions,
        ),
        FigureEntry(
            "loss", "loss_figure", "draw_loss",
            "cross-entropy over the epochs, beside that of guessing",
            lambda trajectory: "" if trajectory.knows_loss else "its losses were not recorded",
        ),
    )
}  # fmt: skip


def figure_entry(name: str) -> FigureEntry:
    """Look a figure up by its name.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    return lookup(FIGURES, name, "figure", "spiral plot --help")


def make(
    name: str, trajectory: Trajectory, colours: Theme, targets: Sequence[tuple[Path, str, str]]
) -> None:
    """Draw a figure once and write its files.

    Parameters
    ----------
    name
        Of the figure.
    trajectory
        What it shows.
    colours
        A theme with a background.
    targets
        For each file its path, ``png`` or ``svg``, and a comment that goes into it.
    """
    from spiralcore.figures.style import save, styled

    with styled(colours):
        figure = figure_entry(name).draw(trajectory, colours)
        for path, kind, note in targets:
            save(figure, path, "svg" if kind == "svg" else "png", note)
