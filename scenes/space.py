"""One network with three units in its drawn layer: the spiral bends into a cube or onto a sphere.

The eye goes around it, and rests while the loss has a spike.

Run it by itself with ``manim render scenes/space.py Space``.
"""

from __future__ import annotations

from spiralcore.registry.films import Needs
from spiralcore.stage.panels.board import Board
from spiralcore.stage.panels.data_panel import DataPanel
from spiralcore.stage.panels.loss_panel import LossPanel
from spiralcore.stage.panels.notes import faults, fidelity_notes
from spiralcore.stage.panels.readings import Readings
from spiralcore.stage.panels.side import divide, loss_captions
from spiralcore.stage.space.space_panel import SpacePanel
from spiralcore.stage.story.captioned_film import CaptionedFilm
from spiralcore.stage.story.focus import Focus
from spiralcore.subjects.sentences import counted, data_captions, heading


class Space(CaptionedFilm):
    """The space large and slowly turning, the data and the loss beside it."""

    needs = Needs.ONE
    restless = True

    def build(self) -> None:
        """Lay out the picture."""
        trajectory = self.trajectories[0]
        playback, walls = self.playback(trajectory), ""
        if trajectory.knows_readout:
            walls = "surface" if trajectory.space.is_round else "walls"
            walls = f"colours of the {walls}: predicted class"
        method = fidelity_notes(self, playback, walls).text
        board = Board(
            self,
            counted(trajectory),
            heading(trajectory),
            side_notes=faults(trajectory)[:1],
            marked=False,
            reserve=self.captions_height(method),
        )
        captions = data_captions(trajectory), loss_captions(trajectory)
        small, numbers, (lower,) = divide(self, board.side, *captions)
        spikes = [caption for caption in self.captions.captions
                  if caption.event is not None and caption.event.kind == "spike"]  # fmt: skip
        focus = Focus.of(self.told, trajectory.classes)
        self.show_panels(
            SpacePanel(
                self, playback, board.large, radius=7.0 * board.large.width / 880,
                halts=[(caption.start, caption.end) for caption in spikes],
            ),
            DataPanel(self, playback, small, radius=3.6 * small.width / 450, focus=focus),
            LossPanel(
                self, playback, lower, size=self.text(),
                marked=[caption.event.epoch for caption in spikes if caption.event],
            ),
            Readings(self, playback, numbers),
        )  # fmt: skip
        self.show_captions(board.captions, method)
