"""One class count: the data, and for each activation the final and the evolving hidden layer.

Run it by itself with ``manim render scenes/row.py Row``.
"""

from __future__ import annotations

from spiralcore.catalogue import Needs
from spiralcore.stage.film import Film
from spiralcore.stage.layout import WIDTH, Box
from spiralcore.stage.numbers import (
    accuracy_counter,
    dead_note,
    entropy_counter,
    epoch_counter,
    faithfulness_note,
)
from spiralcore.stage.panels import hidden_panel, input_panel, loss_panel
from spiralcore.stage.words import Words, text_width

MARGIN, GAP, TOP = 58, 16, 188
LARGEST = 430
"""Side of a panel at most, in design pixels."""


class Row(Film):
    """Columns: data | final | evolving | final | evolving, and so on."""

    needs = Needs.ROW

    def build(self) -> None:
        """Lay out the picture."""
        ink, faint = self.theme.ink, self.theme.faint
        columns = 1 + 2 * len(self.trajectories)
        side = min((WIDTH - 2 * MARGIN - GAP * (columns - 1)) / columns, LARGEST)
        left = (WIDTH - columns * side - GAP * (columns - 1)) / 2
        boxes = [Box(round(left + i * (side + GAP)), TOP, int(side), int(side))
                 for i in range(columns)]  # fmt: skip
        head = 30 if columns <= 5 else 24
        radius = max(3.4 * side / 348, 2.2)

        title = f"{self.trajectories[0].classes} classes"
        names = " and ".join(path.activation_label for path in self.trajectories)
        self.place(
            Words(title, boxes[0].left, 92, 50, ink, weight="bold"),
            Words(f"the same spirals, learned with {names}",
                  boxes[0].left + text_width(title, 50, "bold") + 28, 92, 40, faint),
        )  # fmt: skip

        first = self.playback(self.trajectories[0])
        self.place(Words("data", boxes[0].middle, TOP - 18, head, ink, "centre"))
        input_panel(self, first, boxes[0], radius=radius)
        bottom = boxes[0].bottom
        self.place(
            Words("background: the class that the", boxes[0].left, bottom + 42, 26, faint),
            Words(f"{first.trajectory.activation_label} network predicts there",
                  boxes[0].left, bottom + 74, 26, faint),
            Words("epoch", boxes[0].left, bottom + 226, 32, faint),
        )  # fmt: skip
        epoch_counter(self, boxes[0].left, bottom + 302, 84, "left")
        faithfulness_note(self, first, boxes[0].left, 1040, lines=2)

        for i, trajectory in enumerate(self.trajectories):
            final, evolving = boxes[1 + 2 * i], boxes[2 + 2 * i]
            playback = self.playback(trajectory)
            label = trajectory.activation_label
            self.place(
                Words(f"{label}, final", final.middle, TOP - 18, head, ink, "centre"),
                Words(f"{label}, evolving", evolving.middle, TOP - 18, head, ink, "centre"),
            )
            hidden_panel(self, playback, final, radius=radius, tick_size=24, frozen=True)
            hidden_panel(self, playback, evolving, radius=radius, tick_size=24)
            wide = Box(final.left, bottom + 108, evolving.right - final.left, 250)
            self.place(
                Words("cross-entropy over the epochs", wide.left, wide.top - 16, 28, faint),
                Words("accuracy", wide.left, wide.bottom + 52, 32, faint),
                Words("cross-entropy", wide.middle, wide.bottom + 52, 32, faint),
            )
            loss_panel(self, playback, wide, size=26)
            dead_note(self, trajectory, wide.left, 1046)
            accuracy_counter(self, playback, wide.left, wide.bottom + 112, 56, "left")
            entropy_counter(self, playback, wide.middle, wide.bottom + 112, 56, "left")
