"""A picture in a notebook that follows a training, in its one place."""

from __future__ import annotations

import importlib
from typing import Any

from spiralcore.extras import FIGURES, require
from spiralcore.recording.run.live import State


class LivePicture:
    """One output of a cell, whose picture is replaced.

    Parameters
    ----------
    title
        What it is of.

    Raises
    ------
    MissingExtraError
        If there is no matplotlib.
    """

    def __init__(self, title: str) -> None:
        require(FIGURES)
        from spiralcore.figures.live_figure import LiveFigure

        self._figure = LiveFigure(title)
        # Whatever shows notebooks has it; nobody else needs it.
        self._display = importlib.import_module("IPython.display")
        self._handle: Any = None

    def show(self, state: State) -> None:
        """Draw a state, and put it in the place of the one before."""
        picture = self._display.Image(self._figure.png(state), format="png", alt="the training")
        if self._handle is None:
            self._handle = self._display.display(picture, display_id=True)
        else:
            self._handle.update(picture)
