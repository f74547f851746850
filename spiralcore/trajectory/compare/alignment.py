"""Laying one trajectory on another: turned, mirrored, scaled, its classes renumbered.

Sources: the orthogonal Procrustes problem, Schönemann 1966, Psychometrika 31:1; with a scale,
Schönemann and Carroll 1970, Psychometrika 35:245; the assignment problem, Kuhn 1955, Naval Res.
Logist. Q. 2:83, as `scipy.optimize.linear_sum_assignment` solves it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import lookup
from spiralcore.registry.spaces import Space
from spiralcore.trajectory.compare.class_numbering import numbering, order_of, rotation
from spiralcore.trajectory.compare.shared_epochs import SharedEpochs, values_at
from spiralcore.trajectory.play.motion import panel_widths
from spiralcore.trajectory.trajectory import Trajectory

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]

WAYS = {
    "rotation": "turned and mirrored as well as possible, once for the whole file",
    "scale": "scaled as well as possible, once for the whole file",
    "classes": "classes renumbered as well as possible",
}
"""In which ways one trajectory may be laid on another."""

MOST_EPOCHS = 200
"""Epochs that an alignment is found from, evenly chosen; it holds for all of them."""


@dataclass(frozen=True, eq=False)
class Turn:
    """A similarity of the space of a layer: ``scale * (x - middle) @ matrix + middle``.

    Attributes
    ----------
    matrix
        Orthogonal, shape (D, D); points are rows.
    scale
        1 where nothing is scaled.
    middle
        What stays where it is, one number for all coordinates: the middle of a bounded space,
        the origin of any other.
    """

    matrix: Doubles
    scale: float = 1.0
    middle: float = 0.0

    def of_points(self, values: Floats) -> Floats:
        """Move points, shape (..., D)."""
        moved = self.scale * ((values - self.middle) @ self.matrix) + self.middle
        return np.asarray(moved, dtype=np.float32)

    def of_readout(self, weight: Floats, bias: Floats) -> tuple[Floats, Floats]:
        """The read-out, (..., K, D) and (..., K), that gives moved points their old logits."""
        turned = weight @ self.matrix / self.scale
        shifted = bias + self.middle * (weight.sum(axis=-1) - turned.sum(axis=-1))
        return np.asarray(turned, np.float32), np.asarray(shifted, np.float32)

    def __str__(self) -> str:
        parts = []
        mirrored = np.linalg.det(self.matrix) < 0
        if len(self.matrix) == 2:
            if mirrored:
                parts.append("mirrored at the horizontal axis")
            row = self.matrix[0]
            degrees = math.degrees(math.atan2(row[1], row[0]))
            if abs(degrees) >= 0.05:
                parts.append(f"turned by {degrees:.1f}°")
        elif not np.allclose(self.matrix, np.eye(len(self.matrix)), rtol=0, atol=1e-3):
            parts.append("turned and mirrored" if mirrored else "turned")
        if abs(self.scale - 1) >= 5e-4:
            parts.append(f"scaled by {self.scale:.3f}")
        return ", ".join(parts) or "not moved"


@dataclass(frozen=True, eq=False)
class Alignment:
    """How a trajectory was laid on another.

    Attributes
    ----------
    turns
        Of each drawn layer, by the name of its array; empty where none may be moved.
    classes
        Class k of the one is class ``classes[k]`` of the other, shape (K,); None where they keep
        their numbers.
    order
        Point i of the one is point ``order[i]`` of the other, shape (N,); None likewise.
    """

    turns: Mapping[str, Turn] = field(default_factory=dict)
    classes: NDArray[np.int64] | None = None
    order: NDArray[np.int64] | None = None

    def __str__(self) -> str:
        parts = [
            str(turn) if name == "hidden" else f"{name} {turn}" for name, turn in self.turns.items()
        ]
        if self.classes is not None:
            moved = [f"{k}→{c}" for k, c in enumerate(self.classes.tolist()) if k != c]
            parts.append(f"classes {', '.join(moved)}" if moved else "classes as they are")
        return "; ".join(parts) or "none"

    def facts(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "layers": {
                name: {"matrix": turn.matrix.tolist(), "scale": turn.scale, "middle": turn.middle}
                for name, turn in self.turns.items()
            },
            "classes": None if self.classes is None else self.classes.tolist(),
        }

    def applied(self, path: Trajectory) -> Trajectory:
        """The other trajectory, laid on the one; without its whole network, which is not moved."""
        order = slice(None) if self.order is None else self.order
        rows = slice(None) if self.classes is None else self.classes
        labels = path.labels[order]
        if self.classes is not None:
            labels = np.argsort(self.classes)[labels]
        moved = {name: turn.of_points for name, turn in self.turns.items()}

        def laid(name: str, values: Floats) -> Floats:
            return moved[name](values[:, order]) if name in moved else values[:, order]

        weight, bias, mean = path.readout_weight, path.readout_bias, path.hidden_mean
        if path.knows_readout:
            weight, bias = weight[:, rows], bias[:, rows]
            if "hidden" in self.turns:
                weight, bias = self.turns["hidden"].of_readout(weight, bias)
        layers = {number: laid(f"layer_{number}", values) for number, values in path.layers.items()}
        return replace(
            path,
            inputs=path.inputs[order],
            labels=labels,
            hidden=laid("hidden", path.hidden),
            hidden_mean=None if mean is None else laid("hidden", mean),
            layers=layers,
            readout_weight=weight,
            readout_bias=bias,
            parameters=None,
            parameter_epochs=None,
        )


def align(
    one: Trajectory, other: Trajectory, shared: SharedEpochs, ways: Sequence[str]
) -> Alignment:
    """Find how to lay a trajectory on another.

    Minimised is the sum of the squared distances between points that belong together, over all
    points and epochs, each epoch in widths of its panel: one answer for the whole file. With
    renumbered classes the n-th point of a class belongs to the n-th point of the other's.
    Rotation and numbering together are exact for up to `MOST_TRIED` classes, as all numberings
    are tried; for more of them both are improved by turns from `STARTS` starts, see
    `spiralcore.trajectory.compare.class_numbering`.

    Parameters
    ----------
    one, other
        Of the same numbers of points, units and classes.
    shared
        Where to compare them.
    ways
        Some of `WAYS`.

    Raises
    ------
    UsageError
        If there is no such way.
    TrajectoryError
        If classes of the one have no counterpart with as many points.
    """
    for way in ways:
        lookup(WAYS, way, "alignment")
    chosen = np.unique(np.linspace(0, len(shared.epochs) - 1, MOST_EPOCHS).round().astype(int))
    epochs = shared.epochs[chosen]
    turning, scaling = "rotation" in ways, "scale" in ways
    classes = order = None
    if "classes" in ways:
        classes = numbering(*_pairs(one, other, epochs), (one, other), turning)
        order = order_of(one.labels, other.labels, classes)
    turns = {}
    if turning or scaling:
        for name in drawn_layers(one, other):
            a, b, middle = _clouds(one, other, name, epochs)
            b = b if order is None else b[:, order]
            cross = np.einsum("tnd,tne->de", b, a)
            matrix = rotation(cross) if turning else np.eye(len(cross))
            size = float((b**2).sum())
            fitting = float((matrix * cross).sum()) / size if scaling and size > 0 else 1.0
            turns[name] = Turn(matrix, fitting if fitting > 0 else 1.0, middle)
    return Alignment(turns, classes, order)


def drawn_layers(one: Trajectory, other: Trajectory) -> list[str]:
    """Names of the arrays of drawn layers that both have, of the same width."""
    shared = [
        f"layer_{n}"
        for n, values in one.layers.items()
        if n in other.layers and other.layers[n].shape[2] == values.shape[2]
    ]
    return ["hidden", *shared]


def layer_values(path: Trajectory, name: str) -> Floats:
    """The array of a drawn layer, shape (T, N, D)."""
    return path.hidden if name == "hidden" else path.layers[int(name[6:])]


def middle_of(space: Space) -> float:
    """What a symmetry of a space leaves where it is: its middle, else the origin."""
    if space.lower is None or space.upper is None:
        return 0.0
    return 0.5 * (space.lower + space.upper)


def _clouds(
    one: Trajectory, other: Trajectory, name: str, epochs: NDArray[np.int64]
) -> tuple[Doubles, Doubles, float]:
    """Both layers about the middle of the space, in widths of its panel, shape (T, N, D)."""
    middle = middle_of(one.space)
    a, b = (values_at(path, layer_values(path, name), epochs) for path in (one, other))
    widths = panel_widths(a, one.space).astype(np.float64)[:, None, None]
    return (a - middle) / widths, (b - middle) / widths, middle


def _pairs(
    one: Trajectory, other: Trajectory, epochs: NDArray[np.int64]
) -> tuple[Doubles, NDArray[np.bool_]]:
    """Sums of the products of the points of two classes, and whether they have as many points."""
    count = one.classes
    ours, theirs = ([path.labels == k for k in range(count)] for path in (one, other))
    fits = np.array([[a.sum() == b.sum() for b in theirs] for a in ours])
    a, b, _ = _clouds(one, other, "hidden", epochs)
    units = a.shape[2]
    pairs = np.zeros((count, count, units, units))
    for i, j in zip(*np.nonzero(fits), strict=True):
        mine, its = (v.reshape(-1, units) for v in (a[:, ours[i]], b[:, theirs[j]]))
        pairs[i, j] = its.T @ mine
    return pairs, fits
