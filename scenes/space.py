"""One network with three units in its drawn layer: the spiral bends into a cube or onto a sphere.

Run it by itself with ``manim render scenes/space.py Space``.
"""

from __future__ import annotations

from spiralcore.catalogue import Needs
from spiralcore.stage.film import Film
from spiralcore.stage.layout import Box
from spiralcore.stage.numbers import (
    accuracy_counter,
    dead_note,
    entropy_counter,
    epoch_counter,
    faithfulness_note,
)
from spiralcore.stage.panels import input_panel, loss_panel
from spiralcore.stage.space_panel import SpacePanel
from spiralcore.stage.titles import data_caption, subject
from spiralcore.stage.words import Words, text_width


class Space(Film):
    """The space large and slowly turning, the data and the loss beside it."""

    needs = Needs.ONE
    restless = True

    def build(self) -> None:
        """Lay out the picture."""
        trajectory = self.trajectories[0]
        playback = self.playback(trajectory)
        ink, faint = self.theme.ink, self.theme.faint
        title = f"{trajectory.classes} classes"
        after = 70 + text_width(title, 50, "bold") + 28
        self.place(
            Words(title, 70, 88, 50, ink, weight="bold"),
            Words(subject(trajectory), after, 88, 40, faint),
        )
        SpacePanel(self, playback, Box(70, 128, 880, 880), radius=7.0)
        faithfulness_note(self, playback, 70, 1048)

        self.place(Words(data_caption(trajectory), 1000, 158, 30, faint))
        input_panel(self, playback, Box(1000, 178, 450, 450), radius=3.6)
        self.place(Words("cross-entropy over the epochs", 1000, 690, 30, faint))
        loss_panel(self, playback, Box(1000, 708, 850, 300), size=28)
        dead_note(self, trajectory, 1000, 1048)
        if trajectory.knows_readout and not trajectory.dead_since:
            surface = "surface" if trajectory.space.is_round else "walls"
            note = f"colours of the {surface}: the class predicted there"
            self.place(Words(note, 1000, 1048, 26, faint))

        right = 1850
        self.place(
            Words("epoch", right, 206, 32, faint, "right"),
            Words("accuracy", right, 376, 32, faint, "right"),
            Words("cross-entropy", right, 526, 32, faint, "right"),
        )
        epoch_counter(self, right, 284, 84)
        accuracy_counter(self, playback, right, 436, 60)
        entropy_counter(self, playback, right, 586, 60)
