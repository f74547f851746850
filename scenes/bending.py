"""One network: the spiral bends into the space of its activation.

Run it by itself with ``manim render scenes/bending.py Bending``.
"""

from __future__ import annotations

from spiralcore.registry.films import Needs
from spiralcore.stage.film import Film
from spiralcore.stage.panels.board import Board
from spiralcore.stage.panels.data_panel import DataPanel
from spiralcore.stage.panels.hidden_panel import HiddenPanel
from spiralcore.stage.panels.loss_panel import LossPanel
from spiralcore.stage.panels.notes import Note, faults, fidelity_notes
from spiralcore.stage.panels.readings import Readings
from spiralcore.stage.panels.side import divide, loss_captions
from spiralcore.subjects.sentences import data_caption, sentence


class Bending(Film):
    """The drawn layer large, the data and the loss beside it."""

    needs = Needs.ONE

    def build(self) -> None:
        """Lay out the picture."""
        trajectory = self.trajectories[0]
        playback, space = self.playback(trajectory), trajectory.space
        notes = faults(trajectory)
        if space.has_walls:
            notes.append(Note("bars outside the square: points within 1 % of its border"))
        board = Board(
            self,
            f"{trajectory.classes} classes",
            sentence(trajectory),
            notes=[fidelity_notes(self, playback)],
            side_notes=notes[:1],
        )
        captions = data_caption(trajectory), loss_captions(trajectory)
        small, numbers, (lower,) = divide(self, board.side, *captions)
        self.show_panels(
            HiddenPanel(
                self,
                playback,
                board.large,
                radius=6.0 * board.large.width / 880,
                tick_size=self.text(30),
                histogram=True,
            ),
            DataPanel(self, playback, small, radius=3.6 * small.width / 450),
            LossPanel(self, playback, lower, size=self.text(28)),
            Readings(self, playback, numbers),
        )
