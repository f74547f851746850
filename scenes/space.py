"""One network with three units in its drawn layer: the spiral bends into a cube or onto a sphere.

Run it by itself with ``manim render scenes/space.py Space``.
"""

from __future__ import annotations

from spiralcore.registry.films import Needs
from spiralcore.stage.film import Film
from spiralcore.stage.panels.board import Board
from spiralcore.stage.panels.data_panel import DataPanel
from spiralcore.stage.panels.loss_panel import LossPanel
from spiralcore.stage.panels.notes import Note, faults, fidelity_notes
from spiralcore.stage.panels.readings import Readings
from spiralcore.stage.panels.side import divide, loss_captions
from spiralcore.stage.space.space_panel import SpacePanel
from spiralcore.subjects.sentences import data_caption, sentence


class Space(Film):
    """The space large and slowly turning, the data and the loss beside it."""

    needs = Needs.ONE
    restless = True

    def build(self) -> None:
        """Lay out the picture."""
        trajectory = self.trajectories[0]
        playback, notes = self.playback(trajectory), faults(trajectory)
        if trajectory.knows_readout:
            surface = "surface" if trajectory.space.is_round else "walls"
            notes.append(Note(f"colours of the {surface}: the class predicted there"))
        board = Board(
            self,
            f"{trajectory.classes} classes",
            sentence(trajectory),
            notes=[fidelity_notes(self, playback)],
            side_notes=notes[:1],
            marked=False,
        )
        captions = data_caption(trajectory), loss_captions(trajectory)
        small, numbers, (lower,) = divide(self, board.side, *captions)
        self.show_panels(
            SpacePanel(self, playback, board.large, radius=7.0 * board.large.width / 880),
            DataPanel(self, playback, small, radius=3.6 * small.width / 450),
            LossPanel(self, playback, lower, size=self.text(28)),
            Readings(self, playback, numbers),
        )
