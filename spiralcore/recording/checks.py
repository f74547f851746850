"""What somebody gives a recorder, and the place that its file goes to."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import DivergenceError, SpiralError, TrajectoryError, UsageError
from spiralcore.registry.activations import Activation
from spiralcore.shell import quoted
from spiralcore.system.file_names import check_name
from spiralcore.system.files import temporary_folder, whole_file
from spiralcore.trajectory.conversion import to_array
from spiralcore.trajectory.outside import Outside
from spiralcore.trajectory.schema import LARGEST

Floats = NDArray[np.float32]


def as_number(loss: Any) -> float:
    """A loss as a number: a tensor with a graph, an array of one value, or a number.

    Raises
    ------
    UsageError
        If it is none.
    """
    if loss is None:
        return float("nan")
    try:
        plain = loss.detach() if callable(getattr(loss, "detach", None)) else loss
        plain = plain.item() if callable(getattr(plain, "item", None)) else plain
        return float(plain)
    except (TypeError, ValueError, RuntimeError) as error:
        raise UsageError(
            f"The loss is a {type(loss).__name__} that is no number: {str(error)[:100]}.",
            "one number, or a tensor of one.",
            "step(loss.mean())",
        ) from None


def check_size(values: Floats, what: str, epoch: int) -> None:
    """See to it that a file can hold numbers.

    Raises
    ------
    DivergenceError
        If it cannot.
    """
    if values.size == 0 or (values.max() < LARGEST and values.min() > -LARGEST):
        return
    raise DivergenceError(
        f"{what} is not finite at epoch {epoch:,}."
        if not np.isfinite(values).all()
        else f"{what} reaches {np.abs(values).max():.0e} at epoch {epoch:,}.",
        f"finite numbers below {LARGEST:g}.",
        "a lower learning rate; the epochs before are recorded",
    )


def as_row(
    layers: Sequence[NDArray[Any]],
    count: int,
    name: str,
    epoch: int,
    before: tuple[int, tuple[int, ...]] | None = None,
) -> Floats:
    """Layers of as many units below each other, shape (L N, D).

    Parameters
    ----------
    layers
        Each of the shape (N, ...).
    count
        Number of points N.
    name, epoch
        For messages.
    before
        How many layers there were, and the shape of the row; None at the first epoch.

    Raises
    ------
    UsageError
        If there is not one row for each point, or they have different numbers of units, or others
        than before.
    DivergenceError
        If they are not finite.
    """
    flat = []
    for layer in layers:
        values = np.asarray(layer)
        if values.ndim < 1 or len(values) != count:
            raise UsageError(
                f"The layer '{name}' gives the shape {values.shape} for {count} points.",
                "one row for each point.",
            )
        if values.dtype.kind not in "fiub":
            raise UsageError(f"The layer '{name}' has the type {values.dtype}.", "real numbers.")
        flat.append(values.reshape(count, -1).astype(np.float32, copy=False))
        check_size(flat[-1], f"The layer '{name}'", epoch)
    widths = [part.shape[1] for part in flat]
    if len(set(widths)) != 1 or 0 in widths:
        raise UsageError(
            f"The layers have {', '.join(map(str, widths))} units.",
            "layers of as many units, to be recorded in one file.",
            "one recorder for each of them",
        )
    row = flat[0] if len(flat) == 1 else np.concatenate(flat)
    if before is not None and before != (len(flat), row.shape):
        raise UsageError(
            f"The layer '{name}' has the shape {row.shape} at epoch {epoch:,}.",
            f"the shape {before[1]}, as before.",
        )
    return row


def fits_file(*arrays: Floats) -> bool:
    """Whether a file can hold arrays."""
    return all(bool((np.abs(array) < LARGEST).all()) for array in arrays)


def as_points(inputs: NDArray[Any]) -> Floats:
    """Points as a file has them, shape (N, I).

    Raises
    ------
    UsageError
        If they are none, or not finite.
    """
    if inputs.ndim < 1 or inputs.size == 0:
        raise UsageError(f"The inputs have the shape {inputs.shape}.", "one row for each point.")
    if inputs.dtype.kind not in "fiub":
        raise UsageError(f"The inputs have the type {inputs.dtype}.", "real numbers.")
    points = inputs.reshape(len(inputs), -1).astype(np.float32)
    if not (points.max() < LARGEST and points.min() > -LARGEST):
        raise UsageError(
            "The inputs hold numbers that are not finite, or huge.",
            f"finite numbers below {LARGEST:g}.",
        )
    return points


def as_values(given: Any, count: int) -> Floats:
    """Measured values of points, shape (N,), of which a column will do, too.

    Raises
    ------
    UsageError
        If they are something else.
    """
    wanted = f"finite numbers of the shape ({count},)."
    try:
        array = to_array("the recorder", "targets", given, wanted)
    except TrajectoryError as error:
        raise UsageError(error.found, error.expected, error.next_step) from None
    array = array[:, 0] if array.shape == (count, 1) else array
    if array.shape != (count,) or array.dtype.kind not in "fiub":
        raise UsageError(
            f"The targets have the shape {array.shape} and the type {array.dtype}.",
            wanted,
            f"targets[:, 0], or another of the {array.shape[1]}" if array.ndim == 2 else "",
        )
    values = array.astype(np.float32)
    if not (np.abs(values) < LARGEST).all():
        raise UsageError("The targets hold numbers that are not finite, or huge.", wanted)
    return values


def check_space(row: Floats, activation: Activation | None, name: str) -> None:
    """See to it that values, shape (N, D), are in the space of an activation, if it is known.

    Raises
    ------
    UsageError
        If some are not.
    """
    if activation is None:
        return
    outside = Outside.of(row[None], activation.space)
    if outside.points:
        raise UsageError(
            f"The layer '{name}' leaves the space of the activation '{activation.name}': "
            f"{outside}.",
            "values of a layer after its activation.",
            "the layer that this activation gives, another activation=, or none",
        )


def writable(path: Path) -> Path:
    """A path where a file can appear: what is wrong with it is said before the training.

    Raises
    ------
    SpiralError
        If there is no place for it, or it cannot have its name.
    """
    check_name(path)
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", "the name of a file.", str(path / "record.npz"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise SpiralError.of_os(error) from None
    return path.absolute()


def write_or_rescue(path: Path, data: bytes) -> None:
    """Write a file, or else another one that is not lost.

    Raises
    ------
    SpiralError
        Saying where the record is, if it cannot be where it should.
    """
    try:
        with whole_file(path) as part:
            part.write_bytes(data)
    except OSError as error:
        folder = Path(tempfile.mkdtemp(prefix="spiralcore-", dir=temporary_folder()))
        kept = folder / path.name
        kept.write_bytes(data)
        raise SpiralError(
            f"{path} cannot be written: {error.strerror or error}. The record is in {kept}.",
            "a folder with room that is yours.",
            f"mv {quoted(kept)} {quoted(path)}",
        ) from None


def classes_of_columns(array: NDArray[Any], declared: int | None) -> NDArray[np.int64]:
    """Classes from rows with a single 1, shapes (N, K) and (N,).

    Raises
    ------
    UsageError
        If they are something else: shares, several labels of a point, measured values.
    """
    if declared not in (None, array.shape[1]):
        raise UsageError(
            f"The labels have {array.shape[1]} columns, and there are {declared} classes.",
            "one column for each class.",
        )
    single = array.dtype.kind in "iufb" and ((array == 0) | (array == 1)).all()
    if not single or not (array.sum(axis=1) == 1).all():
        raise UsageError(
            f"The labels have {array.shape[1]} columns, and not a single 1 in each row.",
            "one class for each point.",
            _instead(array),
        )
    return np.asarray(array.argmax(axis=1))


def _instead(columns: NDArray[Any]) -> str:
    """What to type where columns are no classes."""
    one = f"labels[:, 0], or another of the {columns.shape[1]}"
    if columns.dtype.kind not in "iufb":
        return one
    if ((columns == 0) | (columns == 1)).all():
        return f"{one}: a point may have several of these"
    if columns.min() >= 0 and np.allclose(columns.sum(axis=1), 1, atol=1e-3):
        return "labels.argmax(axis=1), if the largest of each row is its class"
    return f"targets={one}, if they are measured values; or labels=None"
