"""One network: the spiral bends into the space of its activation.

Run it by itself with ``manim render scenes/bending.py Bending``.
"""

from __future__ import annotations

from spiralcore.stage.casting import Needs
from spiralcore.stage.film import Film
from spiralcore.stage.layout import Box
from spiralcore.stage.panels import hidden_panel, input_panel, loss_panel
from spiralcore.stage.words import Words

PURPOSE = {
    "square": "bends the spirals into the square",
    "quadrant": "bends the spirals into a quadrant",
}


class Bending(Film):
    """The drawn layer large, the data and the loss beside it."""

    needs = Needs.ONE

    def build(self) -> None:
        """Lay out the picture."""
        trajectory = self.trajectories[0]
        playback = self.playback(trajectory)
        ink, faint = self.theme.ink, self.theme.faint
        title = f"{trajectory.classes} classes"
        action = PURPOSE.get(trajectory.space.name, "moves its hidden layer")
        self.place(
            Words(title, 70, 88, 50, ink, weight="bold"),
            Words(f"a {trajectory.activation_label} network {action}", 286, 88, 40, faint),
        )
        hidden_panel(self, playback, Box(70, 128, 880, 880), radius=6.0, tick_size=30)

        input_panel(self, playback, Box(1000, 178, 440, 440), radius=3.6)
        self.place(
            Words("the data, and the class predicted there", 1000, 158, 30, faint),
            Words("cross-entropy over the epochs", 1000, 686, 30, faint),
        )
        loss_panel(self, playback, Box(1000, 706, 850, 302), size=28)

        epoch = Words("", 1850, 280, 84, ink, "right", "bold")
        accuracy = Words("", 1850, 420, 60, ink, "right")
        entropy = Words("", 1850, 560, 60, ink, "right")
        self.place(
            Words("epoch", 1850, 200, 30, faint, "right"),
            Words("accuracy", 1850, 360, 30, faint, "right"),
            Words("cross-entropy", 1850, 500, 30, faint, "right"),
            Words(smoothing_note(playback.smoothing), 70, 1050, 26, faint),
        )

        def count(second: float) -> None:
            epoch.text = f"{playback.epoch(self.slowly(second)):,}"

        def rate(second: float) -> None:
            value = playback.curve_value(trajectory.accuracy, self.slowly(second))
            accuracy.text = f"{100 * value:.1f} %"

        def measure(second: float) -> None:
            value = playback.curve_value(trajectory.cross_entropy, self.slowly(second))
            entropy.text = f"{value:.3f}"

        self.animate(epoch, count)
        self.animate(accuracy, rate)
        self.animate(entropy, measure)


def smoothing_note(sigma: float) -> str:
    """What the film does to the path, in words."""
    return f"paths smoothed over {sigma:.2f} s of film"
