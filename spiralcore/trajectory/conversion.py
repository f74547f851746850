"""Arrays of any framework and any program as those that a trajectory holds.

What is the same number in another type is converted. What would be a guess is refused, by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import TrajectoryError

DEEPEST = 8
"""Lists in lists in lists; no array of a trajectory has as many axes."""

LARGEST_WHOLE = 2.0**53
"""Up to here a float of 64 bits tells every whole number from its neighbours."""

CONVERTIBLE = "fiub"
"""NumPy's kinds of numbers: floats, integers with and without a sign, truth values."""


def to_array(source: str, name: str, value: Any, wanted: str) -> NDArray[Any]:
    """Turn what somebody has given into an array of NumPy, of any type.

    Tensors are taken from their device and from their gradients, types that NumPy lacks (bfloat16)
    become floats, and objects that are numbers become numbers.

    Parameters
    ----------
    source, name
        Where it is from and what it is called, for messages.
    value
        An array, a tensor, a table, or lists of them.
    wanted
        What it should be, for messages.

    Raises
    ------
    TrajectoryError
        If it has masked values, is ragged, or is nothing that NumPy can turn into an array.
    """
    try:
        array = np.asarray(_unwrapped(value))
        if array.dtype == object:
            array = _of_objects(array)
    except _MaskedError as masked:
        raise TrajectoryError(
            f"{source}: the array '{name}' has {masked.count:,} masked values, the first at "
            f"{masked.place}.",
            wanted,
            f"{name} without them, or {name}.filled(...) with what is true",
        ) from None
    except Exception as error:
        # NumPy, torch and others raise half a dozen kinds of errors.
        uneven = _uneven(value)
        if uneven:
            raise TrajectoryError(
                f"{source}: the array '{name}' is ragged: {uneven}.", wanted
            ) from None
        kind = f"{type(value).__module__}.{type(value).__qualname__}"
        why = (str(error) or type(error).__name__).splitlines()[0][:200].rstrip(".")
        raise TrajectoryError(
            f"{source}: the array '{name}' is a {kind} that NumPy cannot read: {why}.",
            wanted,
            f"an array of NumPy with the numbers of {name}",
        ) from None
    if array.dtype.kind == "V" and not issubclass(array.dtype.type, np.void):
        array = array.astype(np.float64)  # bfloat16 and its like, of the package ml_dtypes
    return array


class _MaskedError(Exception):
    """Some values of an array are masked: nobody knows what they are."""

    def __init__(self, mask: NDArray[np.bool_]) -> None:
        super().__init__("masked")
        self.count = int(mask.sum())
        self.place = [int(i) for i in np.unravel_index(int(mask.argmax()), mask.shape)]


def _unwrapped(value: Any, depth: int = 0) -> Any:
    """Something that NumPy can read, if there is a certain way to it."""
    if isinstance(value, np.ma.MaskedArray):
        if np.ma.is_masked(value):
            raise _MaskedError(np.ma.getmaskarray(value))
        return value.data
    if isinstance(value, list | tuple) and depth < DEEPEST:
        return [
            part if isinstance(part, int | float | str) else _unwrapped(part, depth + 1)
            for part in value
        ]
    if callable(getattr(value, "detach", None)):  # a tensor of torch, which need not be there
        value = value.detach().cpu()
        if "float" in str(value.dtype) and str(value.dtype) not in _KNOWN_TO_NUMPY:
            value = value.float()
    elif hasattr(value, "__cuda_array_interface__") and callable(getattr(value, "get", None)):
        value = value.get()  # an array of CuPy, which does not leave its device by itself
    return value


_KNOWN_TO_NUMPY = ("torch.float16", "torch.float32", "torch.float64")


def _of_objects(array: NDArray[Any]) -> NDArray[Any]:
    """An array of numbers for one of objects, if these are numbers; otherwise the same."""
    numbers = np.array(array.tolist())
    same = numbers.shape == array.shape and numbers.dtype.kind in CONVERTIBLE
    return numbers if same else array


def _uneven(value: Any) -> str:
    """Which parts of a list differ in their shape; an empty text where none do."""
    if isinstance(value, np.ndarray) and value.dtype == object:
        value = value.tolist()
    if not isinstance(value, list | tuple):
        return ""
    shapes: list[tuple[int, ...]] = []
    for number, part in enumerate(value):
        try:
            shapes.append(np.asarray(_unwrapped(part)).shape)
        except Exception:
            within = _uneven(part)
            return f"in [{number}], {within}" if within else ""
        if shapes[number] != shapes[0]:
            return f"[0] has the shape {shapes[0]}, and [{number}] the shape {shapes[number]}"
    return ""


def stored(source: str, name: str, array: NDArray[Any], kind: type, wanted: str) -> NDArray[Any]:
    """An array in the type in which a trajectory holds it: the same numbers, rounded at most.

    Parameters
    ----------
    source, name
        Where it is from and what it is called, for messages.
    array
        Of one of the kinds in `CONVERTIBLE`.
    kind
        ``np.float32``, ``np.int64`` or ``np.uint8``.
    wanted
        What it should be, for messages.

    Raises
    ------
    TrajectoryError
        If a number is not whole, or too large.
    """
    if kind is np.uint8:
        fits = (array >= 0) & (array <= 255)
        _refuse(source, name, array, ~np.asarray(fits & (array == np.rint(array))), wanted)
    if kind is np.int64 and array.dtype.kind in "fu":
        if array.dtype.kind == "f":
            # Those of 16 bits end long before, and cannot be compared with it.
            half = array.dtype.itemsize == 2
            whole = np.isfinite(array) if half else np.abs(array) < LARGEST_WHOLE
            whole &= array == np.rint(array)
        else:
            whole = array <= np.iinfo(np.int64).max
        _refuse(source, name, array, ~np.asarray(whole), wanted)
    with np.errstate(over="ignore"):
        # Not `ascontiguousarray`, which gives a single number an axis.
        result: NDArray[Any] = np.asarray(array, dtype=kind, order="C")
    if kind is np.float32 and array.dtype.itemsize > result.dtype.itemsize:
        infinite = np.isinf(result)
        if infinite.any():
            _refuse(source, name, array, infinite & np.isfinite(array), wanted)
    return result


def _refuse(
    source: str, name: str, array: NDArray[Any], wrong: NDArray[np.bool_], wanted: str
) -> None:
    if not wrong.any():
        return
    where = [int(i) for i in np.unravel_index(int(wrong.argmax()), wrong.shape)]
    raise TrajectoryError(
        f"{source}: the array '{name}' has the type {array.dtype} and holds "
        f"{array[tuple(where)]} at {where}.",
        wanted,
    )


def as_text(array: NDArray[Any]) -> str:
    """The text that an array stands for, see `is_text`.

    Raises
    ------
    UnicodeDecodeError
        If it is bytes that are not UTF-8.
    """
    if array.dtype.kind == "U":
        return "".join(array.ravel().tolist()).encode("utf-8", "replace").decode("utf-8")
    return array.tobytes().rstrip(b"\0").decode("utf-8-sig")


def is_text(shape: Sequence[int], dtype: np.dtype[Any]) -> bool:
    """Whether an array of that shape and type may stand for a text.

    NumPy writes a text as one; programs that have none write bytes in UTF-8, as one value, as one
    letter after the other, or as numbers.
    """
    one = tuple(shape) in ((), (1,))
    letters = len(shape) == 1 and dtype.itemsize == (4 if dtype.kind == "U" else 1)
    return (one or letters) if dtype.kind in "US" else letters and dtype.kind in "iu"
