"""What makes a set of arrays a valid trajectory."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.archive import Header
from spiralcore.errors import TrajectoryError
from spiralcore.trajectory.unknown import READOUT, filled

if TYPE_CHECKING:
    from spiralcore.trajectory.trajectory import Trajectory


LARGEST = 1e15
"""Numbers from here on are damage: squares of them must fit into 32 bits."""


class ArrayRule(NamedTuple):
    """Shape, type and need of one array.

    Attributes
    ----------
    shape
        Letters stand for sizes that have to agree between arrays; numbers for themselves.
    kinds
        NumPy type kinds that are accepted: f for floats, i and u for integers.
    stored
        The type in memory.
    required
        Whether a trajectory is unusable without it.
    least, most
        Bounds of its numbers, these included; None for `LARGEST`.
    """

    shape: tuple[str | int, ...]
    kinds: str
    stored: type
    required: bool = True
    least: float | None = None
    most: float | None = None


ARRAYS: dict[str, ArrayRule] = {
    "epochs": ArrayRule(("T",), "iu", np.int64),
    "inputs": ArrayRule(("N", "I"), "f", np.float32),
    "labels": ArrayRule(("N",), "iu", np.int64),
    "hidden": ArrayRule(("T", "N", "D"), "f", np.float32),
    "readout_weight": ArrayRule(("T", "K", "D"), "f", np.float32, required=False),
    "readout_bias": ArrayRule(("T", "K"), "f", np.float32, required=False),
    "cross_entropy": ArrayRule(("E+1",), "f", np.float32, required=False, least=0),
    "loss": ArrayRule(("E+1",), "f", np.float32, required=False),
    "accuracy": ArrayRule(("E+1",), "f", np.float32, required=False, least=0, most=1),
    "fidelity": ArrayRule((3,), "f", np.float32, required=False, least=0),
    "hidden_mean": ArrayRule(("T", "N", "D"), "f", np.float32, required=False),
    "parameters": ArrayRule(("S", "P"), "f", np.float32, required=False),
    "parameter_epochs": ArrayRule(("S",), "iu", np.int64, required=False),
}


LAYER = re.compile(r"layer_([1-9][0-9]{0,3})")
"""Names of further drawn layers; hidden layers are counted from 1."""


def rule_of(name: str) -> ArrayRule | None:
    """The rule for an array, None if a trajectory has no array of that name."""
    layer = LAYER.fullmatch(name)
    if layer:
        return ArrayRule(("T", "N", f"D{layer[1]}"), "f", np.float32, required=False)
    return ARRAYS.get(name)


def rules_of(names: Iterable[str]) -> dict[str, ArrayRule]:
    """The rules of all arrays that a trajectory must have, may have, or has by these names."""
    layers = sorted((name for name in names if LAYER.fullmatch(name)), key=lambda n: int(n[6:]))
    found = {name: rule_of(name) for name in layers}
    return {**ARRAYS, **{name: rule for name, rule in found.items() if rule is not None}}


def layer_name(layer: int) -> str:
    """What files call a further drawn layer."""
    return f"layer_{layer}"


def check_headers(headers: Mapping[str, Header], source: str, most: int) -> None:
    """Verify shapes and types of arrays before any of them is read.

    Parameters
    ----------
    headers
        By name.
    source
        What messages call the file.
    most
        Bytes that all arrays may take in memory.

    Raises
    ------
    TrajectoryError
        If an array is missing, does not fit, or all together are too large.
    """
    sizes: dict[str, int] = {}
    total = 0
    for name, rule in rules_of(headers).items():
        header = headers.get(name)
        if header is None:
            if rule.required:
                raise TrajectoryError(f"{source}: the array '{name}' is missing.", _wanted(rule))
            continue
        if header.dtype.kind not in rule.kinds:
            raise TrajectoryError(
                f"{source}: the array '{name}' has the type {header.dtype}.", _wanted(rule)
            )
        _check_shape(source, name, header.shape, rule, sizes)
        total += math.prod(header.shape) * np.dtype(rule.stored).itemsize
    if total > most:
        raise TrajectoryError(f"{source} needs {total:,} bytes.", f"at most {most:,} bytes.")


def normalised(arrays: Mapping[str, Any], source: str) -> dict[str, Any]:
    """Bring arrays to the types that a `Trajectory` holds.

    Returns
    -------
    dict
        Keyword arguments of `Trajectory`.

    Raises
    ------
    TrajectoryError
        If an array is missing or has a type that cannot be used.
    """
    from spiralcore.trajectory.trajectory import Fidelity

    result: dict[str, Any] = {}
    for name, rule in rules_of(arrays).items():
        value = arrays.get(name)
        if value is None:
            if rule.required:
                raise TrajectoryError(f"{source}: the array '{name}' is missing.", _wanted(rule))
            continue
        array = np.asarray(value)
        if array.dtype.kind not in rule.kinds:
            raise TrajectoryError(
                f"{source}: the array '{name}' has the type {array.dtype}.", _wanted(rule)
            )
        with np.errstate(over="ignore"):
            result[name] = np.ascontiguousarray(array, dtype=rule.stored)
    layers = {int(name[6:]): result.pop(name) for name in list(result) if LAYER.fullmatch(name)}
    if layers:
        result["layers"] = layers
    if "fidelity" in result:
        if result["fidelity"].shape != (3,):
            raise TrajectoryError(
                f"{source}: the array 'fidelity' has the shape {result['fidelity'].shape}.",
                _wanted(ARRAYS["fidelity"]),
            )
        result["fidelity"] = Fidelity(*result["fidelity"].tolist())
    if sum(name in result for name in READOUT) == 1:
        raise TrajectoryError(
            f"{source}: only one of 'readout_weight' and 'readout_bias' is there.",
            "both or neither.",
        )
    return filled(result)


def check(trajectory: Trajectory) -> None:
    """Verify that the arrays of a trajectory fit together.

    Raises
    ------
    TrajectoryError
        Naming the source, the array, what was found and what was expected.
    """
    source = trajectory.source
    sizes: dict[str, int] = {}
    arrays = trajectory.arrays()
    for name, rule in rules_of(arrays).items():
        if name not in arrays:
            continue
        array: NDArray[Any] = np.asarray(arrays[name], dtype=rule.stored)
        _check_shape(source, name, array.shape, rule, sizes)
        if rule.kinds == "f":
            _check_numbers(source, name, array, rule)
    if trajectory.classes < 2:
        raise TrajectoryError(f"{source}: there is one class only.", "two classes or more.")
    for name in ("epochs", "parameter_epochs"):
        epochs = getattr(trajectory, name)
        if epochs is not None:
            _check_epochs(source, name, epochs, trajectory.trained_epochs)
    labels = trajectory.labels
    if labels.min() < 0 or labels.max() >= trajectory.classes:
        bound = (
            f"0 to {trajectory.classes - 1}, as 'readout_bias' has {trajectory.classes} classes."
            if trajectory.knows_readout
            else f"0 to {len(labels) - 1} at most, as there are {len(labels)} points."
        )
        raise TrajectoryError(
            f"{source}: the labels go from {labels.min()} to {labels.max()}.", bound
        )
    if (trajectory.parameters is None) != (trajectory.parameter_epochs is None):
        raise TrajectoryError(
            f"{source}: only one of 'parameters' and 'parameter_epochs' is there.",
            "both or neither.",
        )


def _check_shape(
    source: str, name: str, shape: tuple[int, ...], rule: ArrayRule, sizes: dict[str, int]
) -> None:
    fits = len(shape) == len(rule.shape) and min(shape, default=1) > 0
    if fits:
        for size, wanted in zip(shape, rule.shape, strict=True):
            known = sizes.setdefault(wanted, size) if isinstance(wanted, str) else wanted
            fits = fits and size == known
    if not fits:
        known_sizes = ", ".join(f"{letter} = {size}" for letter, size in sizes.items())
        raise TrajectoryError(
            f"{source}: the array '{name}' has the shape {shape}.",
            _wanted(rule) + (f" Here {known_sizes}." if known_sizes else ""),
        )


def _check_numbers(source: str, name: str, array: NDArray[Any], rule: ArrayRule) -> None:
    largest = np.nextafter(np.float32(LARGEST), np.float32(0))
    least = -largest if rule.least is None else rule.least
    most = largest if rule.most is None else rule.most
    # A NaN is the largest and the smallest of its array, so that nothing is copied here.
    if array.min() >= least and array.max() <= most:
        return
    first = int(np.argmin((array >= least) & (array <= most)))
    where = [int(i) for i in np.unravel_index(first, array.shape)]
    ends = f"from {rule.least:g} " if rule.least is not None else ""
    ends += f"to {rule.most:g}" if rule.most is not None else f"below {LARGEST:g}"
    raise TrajectoryError(
        f"{source}: the array '{name}' holds {array.flat[first]} at {where}.",
        f"finite numbers {ends}.",
    )


def _check_epochs(source: str, name: str, epochs: NDArray[np.int64], trained: int) -> None:
    increases = bool((epochs[1:] > epochs[:-1]).all())
    if epochs[0] < 0 or epochs[-1] > trained or not increases:
        raise TrajectoryError(
            f"{source}: the array '{name}' goes from {epochs[0]} to {epochs[-1]} and "
            f"{'increases' if increases else 'does not increase'} throughout.",
            f"strictly increasing epochs from 0 to {trained} at most.",
        )


def _wanted(rule: ArrayRule) -> str:
    kind = "floats" if rule.kinds == "f" else "integers"
    shape = ", ".join(str(size) for size in rule.shape)
    return f"{kind} of the shape ({shape}{',' if len(rule.shape) == 1 else ''})."
