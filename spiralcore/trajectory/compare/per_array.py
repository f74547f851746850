"""How each array of two trajectories is compared; `compare` says what is measured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from spiralcore.trajectory.compare.alignment import layer_values
from spiralcore.trajectory.compare.deviation import Deviation, Tally, curve_deviation
from spiralcore.trajectory.compare.shared_epochs import SharedEpochs, values_at
from spiralcore.trajectory.play.motion import panel_widths
from spiralcore.trajectory.trajectory import Trajectory

TINY = 1e-12
"""In place of a unit of measurement that is zero."""


def of_lengths(one: Trajectory, other: Trajectory) -> list[Deviation]:
    """How many epochs longer one of the runs is."""
    ours, theirs = one.trained_epochs, other.trained_epochs
    end = np.array([min(ours, theirs) + (ours != theirs)])
    return [curve_deviation("epochs", "epochs", np.array([theirs - ours]), end, 0.0)]


def of_inputs(one: Trajectory, other: Trajectory, atol: float) -> list[Deviation]:
    """Distances between points, as a part of the width of the panel that shows them."""
    width = max(2.0 * float(np.abs(one.inputs).max()), TINY)
    tally = Tally("inputs", "reach", one.labels)
    tally.see(np.linalg.norm(other.inputs - one.inputs, axis=1)[None] / width)
    return [tally.result(np.zeros(0, np.int64), atol)]


def of_labels(one: Trajectory, other: Trajectory) -> list[Deviation]:
    """Measured is the share of the points whose class is another; the worst is the first one.

    Where points have measured values instead, these are what is compared.
    """
    tally = Tally("labels", "share", one.labels)
    others = other.labels != one.labels
    if one.targets is not None and other.targets is not None:
        others = other.targets != one.targets
    elif one.targets is not other.targets:
        others = np.ones(len(one.labels), bool)
    tally.see(np.where(others, others.mean(), 0.0)[None])
    return [tally.result(np.zeros(0, np.int64), 0.0)]


def of_layer(
    name: str, one: Trajectory, other: Trajectory, shared: SharedEpochs, atol: float
) -> Deviation:
    """Distances in a drawn layer, as a part of the panel's width."""
    tally = Tally(name, "panel", one.labels)
    ours, theirs = layer_values(one, name), layer_values(other, name)
    for block in shared.blocks():
        a, b = values_at(one, ours, block), values_at(other, theirs, block)
        distances = np.linalg.norm(b - a, axis=2)
        tally.see(distances / panel_widths(a, one.space)[:, None])
    return tally.result(shared.epochs, atol + shared.margins)


def of_readout(
    name: str, one: Trajectory, other: Trajectory, shared: SharedEpochs, atol: float
) -> list[Deviation]:
    """What the read-out does otherwise, as a part of what it does in the panel."""
    tally = Tally(name, "readout")
    ours, theirs = getattr(one, name), getattr(other, name)
    for block in shared.blocks():
        difference = values_at(other, theirs, block) - values_at(one, ours, block)
        rows = np.linalg.norm(values_at(one, one.readout_weight, block), axis=2)
        longest = np.maximum(rows.max(axis=1), TINY)
        if name == "readout_weight":
            tally.see(np.linalg.norm(difference, axis=2) / longest[:, None])
        else:
            widths = panel_widths(values_at(one, one.hidden, block), one.space)
            tally.see(np.abs(difference) / (longest * widths)[:, None])
    return [tally.result(shared.epochs, atol + shared.margins)]


def of_entropy(name: str, one: Trajectory, other: Trajectory, atol: float) -> list[Deviation]:
    """Differences of a cross-entropy or a loss over the epochs of both runs, in units of ln K."""
    return [_of_curve(name, "entropy", one, other, float(np.log(one.classes)), atol)]


def of_accuracy(one: Trajectory, other: Trajectory, atol: float) -> list[Deviation]:
    """Differences over the epochs of both runs; more is allowed where points lie on a border."""
    deviation = _of_curve("accuracy", "share", one, other, 1.0, atol)
    beyond = np.flatnonzero(deviation.peaks > atol)
    if not len(beyond) or not one.knows_readout:
        return [deviation]
    allowed, wider = deviation.tolerances.copy(), atol + _undecided(one, beyond, atol)
    explained = deviation.peaks[beyond] <= wider
    allowed[beyond[explained]] = wider[explained]
    return [replace(deviation, tolerances=allowed)]


def _of_curve(
    name: str, unit: str, one: Trajectory, other: Trajectory, scale: float, atol: float
) -> Deviation:
    ours, theirs = getattr(one, name), getattr(other, name)
    length = min(len(ours), len(theirs))
    difference = (theirs[:length].astype(np.float64) - ours[:length]) / scale
    unknown = np.isnan(ours[:length]), np.isnan(theirs[:length])
    difference = np.where(unknown[0] & unknown[1], 0.0, difference)
    difference = np.where(unknown[0] != unknown[1], np.inf, difference)
    return curve_deviation(name, unit, difference, np.arange(length), atol)


def _undecided(one: Trajectory, epochs: NDArray[np.int64], atol: float) -> NDArray[np.float64]:
    """Share of the points that may get either of two classes, shape (T,).

    These are those whose two largest logits are as near to each other as the tolerance of the
    read-out: where a hundred points lie at one place, as those do for which all units of a ReLU
    layer are 0, the last bit of a bias moves them all. Where an epoch was not kept, that of its
    neighbours is taken that has more of them.
    """
    after = np.clip(np.searchsorted(one.epochs, epochs), 0, len(one.epochs) - 1)
    before = np.where(one.epochs[after] == epochs, after, np.maximum(after - 1, 0))
    kept = np.union1d(before, after)
    shares = np.empty(len(kept))
    widths = panel_widths(one.hidden[kept], one.space)
    for i, (width, row) in enumerate(zip(widths, kept, strict=True)):
        weight = one.readout_weight[row].astype(np.float64)
        logits = one.hidden[row].astype(np.float64) @ weight.T + one.readout_bias[row]
        best = np.partition(logits, -2, axis=1)[:, -2:]
        reach = np.linalg.norm(weight, axis=1).max() * width
        shares[i] = np.mean(best[:, 1] - best[:, 0] <= atol * reach)
    return np.maximum(*(shares[np.searchsorted(kept, side)] for side in (before, after)))


def of_means(one: Trajectory, other: Trajectory, atol: float) -> list[Deviation]:
    """Compared where both have kept the epoch and the one before it: means of the same epochs."""
    if one.hidden_mean is None or other.hidden_mean is None:
        return []
    _, ours, theirs = np.intersect1d(one.epochs, other.epochs, return_indices=True)
    before = np.where(ours > 0, one.epochs[ours - 1], -1)
    same = before == np.where(theirs > 0, other.epochs[theirs - 1], -1)
    tally = Tally("hidden_mean", "panel", one.labels)
    for i, j in zip(ours[same], theirs[same], strict=True):
        width = panel_widths(one.hidden[i : i + 1], one.space)[0]
        distances = np.linalg.norm(other.hidden_mean[j] - one.hidden_mean[i], axis=1)
        tally.see(distances[None] / width)
    return [tally.result(one.epochs[ours[same]], atol)] if same.any() else []


def of_parameters(one: Trajectory, other: Trajectory, atol: float) -> list[Deviation]:
    """Compared at the epochs at which both have kept the whole network."""
    assert one.parameters is not None
    assert other.parameters is not None
    assert one.parameter_epochs is not None
    assert other.parameter_epochs is not None
    epochs, ours, theirs = np.intersect1d(
        one.parameter_epochs, other.parameter_epochs, return_indices=True
    )
    if one.parameters.shape[1] != other.parameters.shape[1]:
        size = one.parameters.shape[1] - other.parameters.shape[1]
        return [curve_deviation("parameters", "parameters", np.array([size]), epochs[:0], 0.0)]
    if not len(epochs):
        return []
    a, b = one.parameters[ours], other.parameters[theirs]
    largest = np.maximum(np.abs(a).max(axis=1), TINY)
    differences = np.abs(b - a).max(axis=1) / largest
    return [curve_deviation("parameters", "parameter", differences, epochs, atol)]
