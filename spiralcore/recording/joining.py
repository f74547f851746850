"""One record that goes on where another one ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import UsageError
from spiralcore.system.printable import printable
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.file import to_bytes
from spiralcore.trajectory.play.counting import BEST
from spiralcore.trajectory.play.motion import panel_width
from spiralcore.trajectory.schema import layer_name
from spiralcore.trajectory.unrecorded import CURVES, GAPS, OF_POINTS, READOUT, gaps_in, is_unknown

SAME = 4e-3
"""Of the panel's width: states that are nearer are one, after they were rounded to float16."""

NETWORK = "network"


def difference(first: Trajectory, second: Trajectory) -> str:
    """In what two records differ that should be of the same points and layer; empty if they agree.

    Said of the first: ``other points``.
    """
    classes = first.knows_readout and second.knows_readout
    pairs: tuple[tuple[str, Any, Any], ...] = (
        ("points", first.points, second.points),
        ("units", first.units, second.units),
        ("classes", first.classes * classes, second.classes * classes),
        ("the layer", first.recipe.get("layer"), second.recipe.get("layer")),
        ("the unit", first.unit, second.unit),
        ("the activation", first.recipe.get("activation"), second.recipe.get("activation")),
        ("further layers", sorted(first.layers), sorted(second.layers)),
    )
    for what, one, other in pairs:
        if one != other:
            if what.startswith("the "):
                return printable(f"{what} '{one}', and not '{other}'", 200)
            return f"{one} {what}, and not {other}"
    if first.inputs.shape != second.inputs.shape or not np.allclose(
        first.inputs, second.inputs, rtol=1e-5, atol=1e-6
    ):
        return "other points"
    same = np.array_equal(_colours(first), _colours(second))
    return "" if same else "other labels"


def _colours(trajectory: Trajectory) -> NDArray[Any]:
    """What points are coloured by: measured values, or classes."""
    return trajectory.labels if trajectory.targets is None else trajectory.targets


def same_state(trajectory: Trajectory, hidden: NDArray[np.float32]) -> int | None:
    """The place of the last kept epoch at which the layer is the given one, shape (N, D).

    None if there is no such epoch.
    """
    width = panel_width(hidden, trajectory.space)
    for place in range(len(trajectory.epochs) - 1, -1, -1):
        if float(np.abs(trajectory.hidden[place] - hidden).max()) <= SAME * width:
            return place
    return None


def up_to(trajectory: Trajectory, place: int) -> Trajectory:
    """A trajectory up to one of its kept epochs."""
    if place == len(trajectory.epochs) - 1:
        return trajectory
    last, kept = int(trajectory.epochs[place]), place + 1
    cut: dict[str, Any] = {
        name: getattr(trajectory, name)[:kept] for name in ("epochs", "hidden", *READOUT)
    }
    cut |= {name: getattr(trajectory, name)[: last + 1] for name in CURVES}
    if trajectory.counts is not None:
        cut["counts"] = trajectory.counts[: last + 1]
    if trajectory.hidden_mean is not None:
        cut["hidden_mean"] = trajectory.hidden_mean[:kept]
    cut["layers"] = {layer: values[:kept] for layer, values in trajectory.layers.items()}
    if trajectory.parameters is not None and trajectory.parameter_epochs is not None:
        early = trajectory.parameter_epochs <= last
        both = (trajectory.parameters[early], trajectory.parameter_epochs[early])
        cut["parameters"], cut["parameter_epochs"] = both if early.any() else (None, None)
    return replace(trajectory, **cut)


def joined(first: Trajectory, second: Trajectory, *, shared: bool = True) -> Trajectory:
    """One trajectory of two, of which the second goes on with the first.

    What only one of them has of the read-out, the means and the whole network is left out; curves
    are unknown where they are.

    Parameters
    ----------
    first, second
        Of the same points and layer.
    shared
        Whether the second begins with the state with which the first ends, and not one epoch
        after it.

    Raises
    ------
    UsageError
        If they are not.
    """
    if what := difference(first, second):
        raise UsageError(
            f"{first.source} and {second.source} are not two parts of one record: the first has "
            f"{what}.",
            "the same points, labels and layer.",
        )
    skip = int(shared)
    after = first.trained_epochs + 1 - skip
    arrays: dict[str, Any] = {
        "epochs": np.concatenate([first.epochs, second.epochs[skip:] + after]),
        "inputs": first.inputs,
        "labels": first.labels,
        "hidden": np.concatenate([first.hidden, second.hidden[skip:]]),
    }
    for name in OF_POINTS:
        if (facts := getattr(first, name)) is not None:
            arrays[name] = facts
    for layer, values in first.layers.items():
        arrays[layer_name(layer)] = np.concatenate([values, second.layers[layer][skip:]])
    if first.hidden_mean is not None and second.hidden_mean is not None:
        arrays["hidden_mean"] = np.concatenate([first.hidden_mean, second.hidden_mean[skip:]])
    if first.knows_readout and second.knows_readout:
        for name in READOUT:
            both = getattr(first, name), getattr(second, name)[skip:]
            arrays[name] = np.concatenate(both)
    arrays |= _curves(first, second, skip)
    recipe = _recipe(first, second, arrays, after)
    # What regions are worth is known where both have the network.
    for name in ("fidelity", *(["region_fidelity"] if "parameters" in arrays else [])):
        both = getattr(first, name), getattr(second, name)
        if None not in both:
            arrays[name] = np.maximum(*map(np.array, both))
    return Trajectory.of(recipe, **arrays)


def _curves(first: Trajectory, second: Trajectory, skip: int) -> dict[str, NDArray[Any]]:
    """What there is for every state of both."""
    found: dict[str, NDArray[Any]] = {}
    for name in CURVES:
        both = getattr(first, name), getattr(second, name)
        if not all(map(is_unknown, both)):
            found[name] = np.concatenate([both[0], both[1][skip:]])
    counts = _counts(first, second, skip)
    return found if counts is None else {**found, "counts": counts}


def _counts(first: Trajectory, second: Trajectory, skip: int) -> NDArray[np.int64] | None:
    """What both have counted; a second part that counts from 0 goes on where the first ends."""
    if first.counts is None and second.counts is None:
        return None
    one, other = (
        np.arange(path.trained_epochs + 1) if path.counts is None else path.counts
        for path in (first, second)
    )
    goes_on = other[0] >= one[-1] + (1 - skip)
    return np.concatenate([one, other[skip:] + (0 if goes_on else one[-1] + 1 - skip - other[0])])


def _recipe(
    first: Trajectory, second: Trajectory, arrays: dict[str, Any], after: int
) -> dict[str, Any]:
    """What both say, with the whole network, if both have one of the same kind."""
    recipe: dict[str, Any] = {**first.recipe}
    before = first.recipe.get("joined_at")
    recipe["joined_at"] = [*(before if isinstance(before, list) else []), first.trained_epochs]
    recipe.pop(GAPS, None)
    if gaps := gaps_in(arrays):
        recipe[GAPS] = gaps
    recipe.pop(BEST, None)
    best = first.best_epoch if second.best_epoch is None else second.best_epoch + after
    recipe |= {} if best is None else {BEST: best}
    one, other = first.recipe.get(NETWORK), second.recipe.get(NETWORK)
    recipe.pop(NETWORK, None)
    if isinstance(one, Mapping) and one == other:
        parts = [
            (path.parameters, path.parameter_epochs + offset)
            for path, offset in ((first, 0), (second, after))
            if path.parameters is not None and path.parameter_epochs is not None
        ]
        if len(parts) == len((first, second)):
            (early, when), (late, then) = parts
            new = then > when[-1]
            recipe[NETWORK] = dict(one)
            arrays["parameters"] = np.concatenate([early, late[new]])
            arrays["parameter_epochs"] = np.concatenate([when, then[new]])
    return recipe


class Continuation:
    """What a record goes on with, if it does.

    Parameters
    ----------
    before
        The trajectory of the file; None if a record is new.

    Attributes
    ----------
    first
        Number of the epoch of the first state that is observed.
    """

    def __init__(self, before: Trajectory | None) -> None:
        self._before = before
        self._shared = False
        self.first = 0 if before is None else before.trained_epochs + 1

    def begin(self, hidden: NDArray[np.float32], alone: Callable[[], Trajectory]) -> str:
        """See where the first state is in the file, and say it; empty for new records.

        Parameters
        ----------
        hidden
            The layer, shape (N, D).
        alone
            Makes a trajectory of the first state only.

        Raises
        ------
        UsageError
            If the file has other points, labels or another layer.
        """
        if self._before is None:
            return ""
        if self._before.is_projection:
            raise UsageError(
                f"{self._before.source} cannot be gone on with: it has {self._before.units} "
                f"principal axes of the layer '{self._before.recipe.get('layer')}' only.",
                "a file that has all units.",
                "another file, or settings=RecordingSettings(max_megabytes=...), with more room",
            )
        what = difference(self._before, alone())
        if what:
            raise UsageError(
                f"{self._before.source} cannot be gone on with: it has {what}.",
                "the same points, labels and layer.",
                "overwrite=True to begin anew, or another file",
            )
        last, place = self._before.trained_epochs, same_state(self._before, hidden)
        if place is None:
            return f"goes on after epoch {last:,} in another state; what is between is missing"
        self._before, self._shared = up_to(self._before, place), True
        self.first = self._before.trained_epochs
        return f"goes on at epoch {self.first:,}" + (f" of {last:,}" if self.first < last else "")

    def whole(self, made: tuple[Trajectory, bytes]) -> tuple[Trajectory, bytes]:
        """A trajectory and its file, with what was before."""
        if self._before is None:
            return made
        if self._shared and made[0].trained_epochs == 0:
            return self._before, to_bytes(self._before)
        path = joined(self._before, made[0], shared=self._shared)
        return path, to_bytes(path)
