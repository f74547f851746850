"""Whether two trajectories agree, and where they do not.

The second is compared with the first: widths, classes and points are those of the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from spiralcore.errors import TrajectoryError, UsageError, lookup
from spiralcore.trajectory.compare import per_array as measuring
from spiralcore.trajectory.compare.alignment import Alignment, align, drawn_layers
from spiralcore.trajectory.compare.deviation import UNITS, Deviation, figures
from spiralcore.trajectory.compare.shared_epochs import SharedEpochs, shared_epochs
from spiralcore.trajectory.play.counting import Counting
from spiralcore.trajectory.trajectory import Trajectory
from spiralcore.trajectory.unrecorded import CURVES, READOUT

__all__ = ["ATOL", "Comparison", "compare", "describe"]

ATOL = 0.01
"""Tolerance where none is named, as a part of the panel's width: that of the recorder."""

ARRAYS = ("epochs", "inputs", "labels", "hidden", "layer", *READOUT, *CURVES, "hidden_mean",
          "parameters")  # fmt: skip
"""What is compared; ``layer`` stands for all further drawn layers."""

EPOCHS = Counting()

INCIDENTAL = ("hidden_mean", "parameters", "parameter_epochs", "fidelity", "region_fidelity")
"""What a trajectory may lack without being another."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """What came of comparing two trajectories.

    Attributes
    ----------
    one, other
        The trajectories; the other as it lies on the one after the alignment.
    atol
        The tolerance, as a part of the panel's width.
    shared
        The kept epochs at which they were compared.
    alignment
        How the other was laid on the one.
    deviations
        Of each array that was compared.
    left_out
        Arrays that were not compared, and why.
    lost
        Arrays that the one has and the other lacks.
    """

    one: Trajectory
    other: Trajectory
    atol: float
    shared: SharedEpochs
    alignment: Alignment
    deviations: Sequence[Deviation]
    left_out: Mapping[str, str]
    lost: Sequence[str]

    @property
    def same(self) -> bool:
        """Whether they agree within the tolerance."""
        return not self.lost and not self.differing

    @property
    def differing(self) -> list[Deviation]:
        """Arrays that do not agree."""
        return [deviation for deviation in self.deviations if not deviation.agrees]

    @property
    def first(self) -> Deviation | None:
        """The array that differs first; those without epochs come before all others."""
        return min(self.differing, key=_beginning, default=None)

    @property
    def worst(self) -> Deviation | None:
        """The array that differs most, in tolerances; what a trajectory may lack comes last."""
        weighty = [d for d in self.differing if d.array not in ("epochs", *INCIDENTAL)]
        return max(weighty or self.differing, key=lambda d: d.excess, default=None)

    @property
    def counting(self) -> Counting:
        """What both are counted in, for people."""
        return Counting.of([self.one, self.other])

    def of(self, array: str) -> Deviation | None:
        """The deviation of an array, if it was compared."""
        return next((d for d in self.deviations if d.array == array), None)

    def facts(self) -> dict[str, Any]:
        """For JSON."""
        first, worst = self.first, self.worst
        return {
            "same": self.same,
            "a": self.one.source,
            "b": self.other.source,
            "atol": self.atol,
            "epochs_compared": len(self.shared.epochs),
            "epochs_in_common": self.shared.common,
            "alignment": self.alignment.facts(),
            "first": None if first is None else first.facts(),
            "worst": None if worst is None else worst.facts(),
            "arrays": [deviation.facts() for deviation in self.deviations],
            "lost": list(self.lost),
            "not_compared": dict(self.left_out),
        }


def compare(
    one: Trajectory,
    other: Trajectory,
    *,
    atol: float = ATOL,
    ways: Sequence[str] = (),
    arrays: Sequence[str] = (),
) -> Comparison:
    """Compare two trajectories.

    Points are compared at every epoch that one of the two has kept, see `shared_epochs`: by
    their distance, as a part of the width of the panel that shows the first one's points at that
    epoch (`panel_widths`). The tolerance of an epoch is ``atol``, wider by what a trajectory that
    has not kept it states of its own straight lines.

    A read-out is compared by what it does in that panel: the length of the difference of two
    rows of the weight, and the difference of two biases over the panel's width, both as parts of
    the longest row. Cross-entropy and loss are compared at every epoch of the run, in units of
    ln K, the accuracy as it is; where that explains the difference, its tolerance is wider by the
    share of the points whose two largest logits are nearer to each other than the tolerance of a
    bias.

    Parameters
    ----------
    one, other
        The reference, and what is compared with it.
    atol
        The tolerance.
    ways
        How the other may be laid on the one before, see `align`.
    arrays
        What to compare, some of `ARRAYS`; all where it is empty.

    Raises
    ------
    TrajectoryError
        If the numbers of points, units, inputs or classes differ, or there is no epoch at which
        to compare.
    UsageError
        If the tolerance is no number from 0 on, or an array or an alignment is not known.
    """
    if not 0 <= atol < np.inf:
        raise UsageError(f"The tolerance is {atol}.", "a number from 0 on, such as 0.01.")
    known = {name: name for name in ARRAYS}
    wanted = [lookup(known, name, "array to compare") for name in arrays] or list(ARRAYS)
    _check_sizes(one, other)
    shared = shared_epochs(one, other)
    alignment = align(one, other, shared, ways)
    laid = alignment.applied(other) if ways else other
    found: list[Deviation] = []
    left_out, lost = _lacking(one, laid, bool(ways), wanted)
    measured: dict[str, Callable[[], list[Deviation]]] = {
        "epochs": lambda: measuring.of_lengths(one, laid),
        "inputs": lambda: measuring.of_inputs(one, laid, atol),
        "labels": lambda: measuring.of_labels(one, laid),
        "hidden": lambda: [measuring.of_layer("hidden", one, laid, shared, atol)],
        "layer": lambda: [
            measuring.of_layer(name, one, laid, shared, atol)
            for name in drawn_layers(one, laid)[1:]
        ],
        "readout_weight": lambda: measuring.of_readout("readout_weight", one, laid, shared, atol),
        "readout_bias": lambda: measuring.of_readout("readout_bias", one, laid, shared, atol),
        "cross_entropy": lambda: measuring.of_entropy("cross_entropy", one, laid, atol),
        "loss": lambda: measuring.of_entropy("loss", one, laid, atol),
        "accuracy": lambda: measuring.of_accuracy(one, laid, atol),
        "hidden_mean": lambda: measuring.of_means(one, laid, atol),
        "parameters": lambda: measuring.of_parameters(one, laid, atol),
    }
    there = {"epochs", "layer", *one.arrays()}
    for name in wanted:
        if name not in there or name in left_out or name in lost:
            continue
        found += measured[name]()
    return Comparison(one, laid, atol, shared, alignment, found, left_out, lost)


def _beginning(deviation: Deviation) -> int:
    first = deviation.first_epoch
    return -1 if first is None else first


def _check_sizes(one: Trajectory, other: Trajectory) -> None:
    for name, ours, theirs in (
        ("points", one.points, other.points),
        ("units in the drawn layer", one.units, other.units),
        ("inputs a point", one.inputs.shape[1], other.inputs.shape[1]),
        ("classes", one.classes, other.classes),
    ):
        if ours != theirs:
            raise TrajectoryError(
                f"{one.source} and {other.source} cannot be compared: {ours:,} and {theirs:,} "
                f"{name}.",
                "trajectories of the same points in the same classes, in layers of one width.",
            )


def _lacking(
    one: Trajectory, other: Trajectory, aligned: bool, wanted: Sequence[str]
) -> tuple[dict[str, str], list[str]]:
    """What cannot be compared and why, and what the other has lost."""
    ours, theirs = one.arrays(), other.arrays()
    shared = {*ours} & {*theirs} - {f"layer_{n}" for n in one.layers} | {*drawn_layers(one, other)}
    left_out, lost = {}, []
    for name in dict.fromkeys([*ours, *theirs]):
        if name in shared or ("layer" if name.startswith("layer_") else name) not in wanted:
            continue
        if name == "parameters" and aligned:
            left_out[name] = "an alignment does not move the whole network"
        elif name not in ours:
            left_out[name] = f"only {other.source} has it"
        elif name in INCIDENTAL:
            left_out[name] = f"only {one.source} has it"
        else:
            lost.append(name)
    return left_out, lost


def describe(deviation: Deviation, *, atol: float, counting: Counting = EPOCHS) -> str:
    """One deviation in words: ``hidden at epoch 30, point 12 of class 1: off by 0.03 of ...``."""
    if deviation.unit == "epochs":
        longer = "epochs" if counting == EPOCHS else "states"
        return f"epochs: one of the runs is {deviation.worst:,.0f} {longer} longer than the other"
    if deviation.unit == "parameters":
        return f"parameters: one of the networks has {deviation.worst:,.0f} more than the other"
    where = deviation.place_in(counting)
    place = f" at {where}" if where else ""
    size = f"off by {figures(deviation.worst)} {UNITS[deviation.unit]}"
    if deviation.tolerance <= 0:
        return f"{deviation.array}{place}: {size}, where none is allowed"
    reason = "points lie on a border" if deviation.array == "accuracy" else "the epoch was not kept"
    wider = f" (wider, as {reason})" if deviation.tolerance > atol else ""
    return (
        f"{deviation.array}{place}: {size}, {figures(deviation.excess)} times the tolerance of "
        f"{deviation.tolerance:.3g}{wider}"
    )
