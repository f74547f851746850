"""The way through a network in words: which step is made, and how much of the layer is seen."""

from __future__ import annotations

from spiralcore.analysis.network.passage import OWN, PARTS
from spiralcore.stage.clock.journey import Journey
from spiralcore.system.rounding import percent

READOUT = len(PARTS)
"""The row of the read-out, after the three steps of a layer."""


class Explanation:
    """Texts that go with a journey, at any second.

    Parameters
    ----------
    journey
        Which way.
    classes
        Number of classes.

    Attributes
    ----------
    widths
        Of the input, the hidden layers and the read-out.
    """

    def __init__(self, journey: Journey, classes: int) -> None:
        self._journey = journey
        self._network = journey.passage.network
        self.widths = [OWN, *self._network.widths, classes]

    def heading(self, second: float) -> str:
        """Which layer it is about."""
        row = self._journey.row(second)
        if row < 0:
            return "input"
        return "read-out" if row == READOUT else f"layer {self._layer(second)}"

    def sizes(self, second: float) -> str:
        """From how many units to how many."""
        row = self._journey.row(second)
        if row < 0:
            return "the plane"
        layer = len(self.widths) - 1 if row == READOUT else self._layer(second)
        before, after = self.widths[layer - 1 : layer + 1]
        noun = "classes" if row == READOUT else "unit" if after == 1 else "units"
        return f"{before} → {after} {noun}"

    def step(self, row: int, second: float) -> str:
        """The formula of one of the three steps, or of the read-out."""
        entry = self._network.activations[self._layer(second) - 1]
        bent = f"x → {_without_explanation(entry.formula)}"
        return ("x → W x", "x → x + b", bent, "largest of W x + b")[row]

    def share(self, second: float) -> str:
        """How much of the variance of a layer is on screen that has more units than fit."""
        place = self._journey.place(second)
        if self._journey.row(second) < 0 or self.widths[place.layer] <= OWN:
            return ""
        bent = place.share if place.part == "activation" else 0.0
        shown = self._journey.passage.variance_shown(place.layer, bent)
        return f"PCA: {percent(shown, 0)} of the variance"

    def _layer(self, second: float) -> int:
        return self._journey.place(second).layer


def _without_explanation(formula: str) -> str:
    """A formula up to a comma that is not within brackets."""
    depth = 0
    for i, letter in enumerate(formula):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            return formula[:i]
    return formula
