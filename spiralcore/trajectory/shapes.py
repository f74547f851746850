"""Whether arrays fit together, which of them does not, and how it would."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import permutations
from typing import TYPE_CHECKING, Any

import numpy as np

from spiralcore.errors import TrajectoryError
from spiralcore.trajectory.unrecorded import CURVES, LONGEST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spiralcore.trajectory.schema import ArrayRule
    from spiralcore.trajectory.trajectory import Trajectory

Shape = tuple[int, ...]

EPOCHS = "E+1"
"""The length of curves; `check_curves` knows more of it than that they agree."""


def check_shapes(source: str, shapes: Mapping[str, Shape], rules: Mapping[str, ArrayRule]) -> None:
    """Verify that arrays have the shapes of their rules, with the same size for the same letter.

    Where sizes differ, most arrays are right: the one that does not fit them is named.

    Parameters
    ----------
    source
        Where they are from, for messages.
    shapes
        By name.
    rules
        By name, in the order in which arrays are looked at.

    Raises
    ------
    TrajectoryError
        Naming the array, its shape, the right one, and what makes this of that.
    """
    votes = _votes(shapes, rules)
    seen: list[str] = []
    for name, rule in rules.items():
        if name not in shapes:
            continue
        shape = shapes[name]
        letters = [letter for letter in rule.shape if isinstance(letter, str)]
        seen += [letter for letter in letters if letter not in seen and letter != EPOCHS]
        if (
            len(shape) == len(rule.shape)
            and min(shape, default=1) > 0
            and _fits(shape, rule, votes)
        ):
            continue
        own = _votes({name: shape}, rules)
        others = {letter: _without(votes, own, letter) for letter in seen}
        known = {letter: sizes.most_common(1)[0][0] for letter, sizes in others.items() if sizes}
        here = ", ".join(f"{letter} = {size}" for letter, size in known.items())
        raise TrajectoryError(
            f"{source}: the array '{name}' has the shape {shape}.",
            rule.wanted + (f" Here {here}." if here else ""),
            _cure(name, shape, rule, known),
        )


Votes = Mapping[str, Counter[int]]


def _votes(shapes: Mapping[str, Shape], rules: Mapping[str, ArrayRule]) -> Votes:
    """How many arrays have which size where a letter stands."""
    votes: dict[str, Counter[int]] = {}
    for name, rule in rules.items():
        shape = shapes.get(name, ())
        if len(shape) == len(rule.shape):
            for size, letter in zip(shape, rule.shape, strict=True):
                if isinstance(letter, str) and size > 0:
                    votes.setdefault(letter, Counter())[size] += 1
    return votes


def _without(votes: Votes, own: Votes, letter: str) -> Counter[int]:
    return votes.get(letter, Counter()) - own.get(letter, Counter())


def _fits(shape: Shape, rule: ArrayRule, votes: Votes) -> bool:
    if len(shape) != len(rule.shape) or 0 in shape:
        return False
    wanted = [
        votes[letter].most_common(1)[0][0] if isinstance(letter, str) else letter
        for letter in rule.shape
    ]
    return list(shape) == wanted or EPOCHS in rule.shape


def _cure(name: str, shape: Shape, rule: ArrayRule, known: Mapping[str, int]) -> str:
    """What makes an array of the right shape, if there is one thing only; else an empty text."""
    wanted = [known.get(letter) if isinstance(letter, str) else letter for letter in rule.shape]

    def right(found: Shape) -> bool:
        return all(size in (None, there) for size, there in zip(wanted, found, strict=True))

    if 0 in shape:
        return ""
    if len(shape) == len(wanted):
        orders = list(permutations(range(len(shape))))[1:]  # the first leaves everything as it is
        fitting = [order for order in orders if right(tuple(shape[axis] for axis in order))]
        if len(fitting) != 1:
            return ""
        return f"{name}.T" if len(shape) == 2 else f"{name}.transpose{fitting[0]}"
    if len(wanted) == 1 and len(shape) > 1:
        return _one_axis(name, shape, right)
    ways = {(1, *shape): f"{name}[None]", (*shape, 1): f"{name}[..., None]"}
    if len(shape) == len(wanted) - 1:
        return next((way for made, way in ways.items() if right(made)), "")
    return ""


def _one_axis(name: str, shape: Shape, right: Callable[[Shape], bool]) -> str:
    """What makes an array of one axis of one of several, see `_cure`."""
    if max(shape) == math.prod(shape) and right((max(shape),)):
        return f"{name}.ravel()"
    if name == "labels" and len(shape) == 2 and right(shape[:1]):
        return "labels.argmax(axis=1), if there is a single 1 in each row"
    return ""


def check_curves(source: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Verify that each curve has a value for every epoch of the run, and all equally many.

    Where the epochs themselves cannot be right, curves are not to blame.

    Raises
    ------
    TrajectoryError
        Naming the curve, its length, and how long it has to be.
    """
    epochs = arrays["epochs"]
    last = int(epochs[-1])
    if epochs[0] < 0 or last > LONGEST or not (epochs[1:] > epochs[:-1]).all():
        return
    lengths = {name: len(arrays[name]) for name in CURVES if name in arrays}
    for name, length in lengths.items():
        if length <= last:
            cure = f"{name} at every epoch, or no {name}"
            if length == len(epochs):
                cure = f"{name} at every epoch and not at the kept ones only, or no {name}"
            elif length == last:
                cure = f"{name} with the value before training as its first, or no {name}"
            raise TrajectoryError(
                f"{source}: the array '{name}' has the shape ({length},).",
                f"({last + 1},) or longer: a value for every epoch from 0 on, as 'epochs' goes to "
                f"{last}.",
                cure,
            )
    usual = Counter(lengths.values()).most_common(1)
    for name, length in lengths.items():
        if length != usual[0][0]:
            like = next(other for other in lengths if lengths[other] == usual[0][0])
            raise TrajectoryError(
                f"{source}: the array '{name}' has the shape ({length},).",
                f"({usual[0][0]},), as '{like}' has: a value for every epoch of the run.",
            )


PAIRS = (("parameters", "parameter_epochs"), ("thumbnails", "thumbnail_points"))
"""Arrays that come together."""


def check_pairs(made: Trajectory) -> None:
    """Verify that of arrays that come together there are both or neither.

    Raises
    ------
    TrajectoryError
        If there is only one.
    """
    for one, other in PAIRS:
        if (getattr(made, one) is None) != (getattr(made, other) is None):
            raise TrajectoryError(
                f"{made.source}: only one of '{one}' and '{other}' is there.", "both or neither."
            )


def check_points(made: Trajectory) -> None:
    """Verify measured values and pictures of points.

    Raises
    ------
    TrajectoryError
        If there are classes beside the values, or pictures are not those of different points.
    """
    if made.targets is not None and made.labels.any():
        raise TrajectoryError(
            f"{made.source}: there are classes in 'labels', and measured values in 'targets'.",
            "one of both: 'labels' of 0 beside 'targets'.",
        )
    if made.thumbnails is None or made.thumbnail_points is None:
        return
    if made.thumbnails.shape[3] not in (1, 3):
        raise TrajectoryError(
            f"{made.source}: the array 'thumbnails' has the shape {made.thumbnails.shape}.",
            "one channel, grey, or three, red, green and blue, as the last axis.",
        )
    points = made.thumbnail_points
    if points.min() < 0 or points.max() >= made.points or len(np.unique(points)) < len(points):
        raise TrajectoryError(
            f"{made.source}: the array 'thumbnail_points' goes from {points.min()} to "
            f"{points.max()}, with {len(np.unique(points))} different numbers.",
            f"{len(points)} different points from 0 to {made.points - 1}.",
        )
