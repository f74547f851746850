"""What makes a set of arrays a valid trajectory."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import TrajectoryError
from spiralcore.system.archive import Header
from spiralcore.trajectory.conversion import stored, to_array
from spiralcore.trajectory.moment import Fidelity, RegionFidelity
from spiralcore.trajectory.play.counting import check_counts
from spiralcore.trajectory.shapes import check_curves, check_pairs, check_points, check_shapes
from spiralcore.trajectory.unrecorded import CURVES, READOUT, filled, gaps_of

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
        NumPy type kinds that are accepted, as they may hold the right numbers: f for floats, i and
        u for integers, b for truth values.
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

    @property
    def wanted(self) -> str:
        """What it asks for, for people."""
        kind = "floats" if self.stored is np.float32 else "integers"
        shape = ", ".join(str(size) for size in self.shape)
        return f"{kind} of the shape ({shape}{',' if len(self.shape) == 1 else ''})."


FLOATS, WHOLE = "fiub", "iuf"

ARRAYS: dict[str, ArrayRule] = {
    "epochs": ArrayRule(("T",), WHOLE, np.int64),
    "inputs": ArrayRule(("N", "I"), FLOATS, np.float32),
    "labels": ArrayRule(("N",), WHOLE + "b", np.int64),
    "hidden": ArrayRule(("T", "N", "D"), FLOATS, np.float32),
    "readout_weight": ArrayRule(("T", "K", "D"), FLOATS, np.float32, required=False),
    "readout_bias": ArrayRule(("T", "K"), FLOATS, np.float32, required=False),
    "cross_entropy": ArrayRule(("E+1",), FLOATS, np.float32, required=False, least=0),
    "loss": ArrayRule(("E+1",), FLOATS, np.float32, required=False),
    "accuracy": ArrayRule(("E+1",), FLOATS, np.float32, required=False, least=0, most=1),
    "fidelity": ArrayRule((3,), FLOATS, np.float32, required=False, least=0),
    "region_fidelity": ArrayRule((3,), FLOATS, np.float32, required=False, least=0, most=1),
    "hidden_mean": ArrayRule(("T", "N", "D"), FLOATS, np.float32, required=False),
    "parameters": ArrayRule(("S", "P"), FLOATS, np.float32, required=False),
    "parameter_epochs": ArrayRule(("S",), WHOLE, np.int64, required=False),
    "counts": ArrayRule(("E+1",), WHOLE, np.int64, required=False),
    "targets": ArrayRule(("N",), FLOATS, np.float32, required=False),
    "thumbnails": ArrayRule(
        ("M", "H", "W", "G"), WHOLE, np.uint8, required=False, least=0, most=255
    ),
    "thumbnail_points": ArrayRule(("M",), WHOLE, np.int64, required=False),
}


MEASURED = {"fidelity": Fidelity, "region_fidelity": RegionFidelity}
"""Arrays of three numbers that have names."""

LAYER = re.compile(r"layer_([1-9][0-9]{0,3})")
"""Names of further drawn layers; hidden layers are counted from 1."""


def rule_of(name: str) -> ArrayRule | None:
    """The rule for an array, None if a trajectory has no array of that name."""
    layer = LAYER.fullmatch(name)
    if layer:
        return ArrayRule(("T", "N", f"D{layer[1]}"), FLOATS, np.float32, required=False)
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
    total = 0
    rules = rules_of(headers)
    for name, rule in rules.items():
        header = headers.get(name)
        if header is None:
            _need(source, name, rule)
            continue
        # A number of one byte becomes one of four: files of such numbers are no floats.
        byte = header.dtype.itemsize == 1 and rule.stored is np.float32
        _check_kind(source, name, header.dtype, rule._replace(kinds="") if byte else rule)
        total += math.prod(header.shape) * np.dtype(rule.stored).itemsize
    check_shapes(source, {name: headers[name].shape for name in rules if name in headers}, rules)
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
    result: dict[str, Any] = {}
    rules = rules_of(arrays)
    for name, rule in rules.items():
        value = arrays.get(name)
        if value is None:
            _need(source, name, rule)
            continue
        array = to_array(source, name, value, rule.wanted)
        _check_kind(source, name, array.dtype, rule)
        array = stored(source, name, array, rule.stored, rule.wanted)
        optional = name in (*READOUT, *CURVES) and array.size
        if optional and np.isnan(array.flat[0]) and np.isnan(array).all():
            continue  # as a trajectory holds what was not recorded
        result[name] = array
    for name in MEASURED.keys() & result.keys():
        if result[name].shape != (3,):
            raise TrajectoryError(
                f"{source}: the array '{name}' has the shape {result[name].shape}.",
                ARRAYS[name].wanted,
            )
    check_shapes(source, {name: array.shape for name, array in result.items()}, rules)
    check_curves(source, result)
    layers = {int(name[6:]): result.pop(name) for name in list(result) if LAYER.fullmatch(name)}
    if layers:
        result["layers"] = layers
    for name in MEASURED.keys() & result.keys():
        result[name] = MEASURED[name](*result[name].tolist())
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
    given = trajectory.arrays()
    rules = rules_of(given)
    arrays: dict[str, NDArray[Any]] = {
        name: np.asarray(given[name], dtype=rule.stored)
        for name, rule in rules.items()
        if name in given
    }
    check_shapes(source, {name: array.shape for name, array in arrays.items()}, rules)
    check_curves(source, arrays)
    gaps = gaps_of(trajectory.recipe)
    for name, array in arrays.items():
        if rules[name].stored is np.float32:
            _check_numbers(source, name, array, rules[name], name in gaps)
    if trajectory.classes < 2:
        raise TrajectoryError(f"{source}: there is one class only.", "two classes or more.")
    for name in ("epochs", "parameter_epochs"):
        epochs = getattr(trajectory, name)
        if epochs is not None:
            _check_epochs(source, name, epochs, trajectory.trained_epochs)
    if trajectory.counts is not None:
        check_counts(source, trajectory.counts, trajectory.trained_epochs + 1)
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
    check_pairs(trajectory)
    check_points(trajectory)


def _need(source: str, name: str, rule: ArrayRule) -> None:
    """See to it that an array that is not there need not be."""
    if rule.required:
        raise TrajectoryError(f"{source}: the array '{name}' is missing.", rule.wanted)


def _check_kind(source: str, name: str, dtype: np.dtype[Any], rule: ArrayRule) -> None:
    """See to it that an array may hold the right numbers."""
    if dtype.kind in rule.kinds:
        return
    cures = {
        "c": f"{name}.real, if there is nothing else in it",
        "b": f"numpy.flatnonzero({name}), if it says which epochs are kept"
        if rule.stored is np.int64
        else f"{name}.astype('float32')",
        "O": f"numpy.array({name}, dtype=float), which says what in it is no number",
        "U": f"{name}.astype(float), if there are numbers in it",
        "V": f"{name}.astype('float32') before it is written, if it was bfloat16"
        if dtype.itemsize == 2
        else "",
    }
    if name == "labels":
        cures["U"] = "numpy.unique(labels, return_inverse=True)[1]"
    raise TrajectoryError(
        f"{source}: the array '{name}' has the type {dtype}.",
        rule.wanted,
        cures.get({"S": "U"}.get(dtype.kind, dtype.kind), ""),
    )


def _check_numbers(
    source: str, name: str, array: NDArray[Any], rule: ArrayRule, gaps: bool
) -> None:
    largest = np.nextafter(np.float32(LARGEST), np.float32(0))
    least = -largest if rule.least is None else rule.least
    most = largest if rule.most is None else rule.most
    # A NaN is the largest and the smallest of its array, so that nothing is copied here.
    if array.min() >= least and array.max() <= most:
        return
    fits = (array >= least) & (array <= most) | (np.isnan(array) & gaps)
    if fits.all():
        return
    first = int(np.argmin(fits))
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
