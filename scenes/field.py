"""The function from plane to plane: where the network sends each place of the input plane.

Run it by itself with ``manim render scenes/field.py Field``.
"""

from __future__ import annotations

from spiralcore.analysis.network import RecordedNetwork
from spiralcore.catalogue import Needs
from spiralcore.errors import UsageError
from spiralcore.stage.arrows import ArrowField
from spiralcore.stage.film import Film
from spiralcore.stage.layout import Box
from spiralcore.stage.marks import Bar, Outline
from spiralcore.stage.numbers import (
    accuracy_counter,
    dead_note,
    entropy_counter,
    epoch_counter,
    faithfulness_note,
)
from spiralcore.stage.panels import (
    hidden_panel,
    input_plane,
    loss_panel,
    predicted_regions,
)
from spiralcore.stage.predicted import GRID_STEP, PredictedGrid
from spiralcore.stage.words import Words, text_width
from spiralcore.trajectory.playback import Playback

ARROWS = 23
"""Arrows in each row and column."""


class Field(Film):
    """The directions of the function large, the layer that it leads to beside it."""

    needs = Needs.ONE

    def build(self) -> None:
        """Lay out the picture."""
        trajectory = self.trajectories[0]
        if not RecordedNetwork.is_in(trajectory) or trajectory.inputs.shape[1] != 2:
            raise UsageError(
                f"{trajectory.source} does not hold the network, only where it sent the points.",
                "a trajectory with 'parameters', of points in the plane.",
                "spiral train, which records them",
            )
        playback = self.playback(trajectory)
        ink, faint = self.theme.ink, self.theme.faint
        title = f"{trajectory.classes} classes"
        self.place(
            Words(title, 70, 88, 50, ink, weight="bold"),
            Words(f"where the {trajectory.activation_label} network sends each place",
                  70 + text_width(title, 50, "bold") + 28, 88, 40, faint),
        )  # fmt: skip
        self._field(playback, Box(70, 128, 880, 880))
        note = "arrows: direction of the hidden layer, seen from its origin; dots: at the origin"
        self.place(Words(note, 70, 1048, 26, faint))

        self.place(Words("the hidden layer", 1000, 158, 30, faint))
        hidden_panel(self, playback, Box(1000, 178, 450, 450), radius=3.6, tick_size=24)
        self.place(Words("cross-entropy over the epochs", 1000, 690, 30, faint))
        loss_panel(self, playback, Box(1000, 708, 850, 300), size=28)
        if trajectory.dead_since:
            dead_note(self, trajectory, 1000, 1048)
        else:
            faithfulness_note(self, playback, 1000, 1048)
        right = 1850
        self.place(
            Words("epoch", right, 206, 32, faint, "right"),
            Words("accuracy", right, 376, 32, faint, "right"),
            Words("cross-entropy", right, 526, 32, faint, "right"),
        )
        epoch_counter(self, right, 284, 84)
        accuracy_counter(self, playback, right, 436, 60)
        entropy_counter(self, playback, right, 586, 60)

    def _field(self, playback: Playback, box: Box) -> None:
        self.place(Bar(box, self.theme.panel), Outline(box, self.theme.frame, 1.0))
        plane = input_plane(playback.trajectory, box)
        predicted_regions(self, playback, plane, 2 * GRID_STEP)  # a panel four times as large
        step = box.width / ARROWS
        grid = PredictedGrid(playback, plane, step)
        # The nodes reach to the edges, where half an arrow would be cut off.
        inner = grid.nodes[1:-1, 1:-1].reshape(-1, 2)
        arrows = ArrowField(plane, inner, step, self.theme.ink)

        def turn(second: float) -> None:
            vectors = grid.hidden(second)[:, 1:-1, 1:-1]
            arrows.vectors = vectors.reshape(len(vectors), -1).T

        self.animate(arrows, turn, box)
