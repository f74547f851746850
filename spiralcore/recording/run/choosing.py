"""Which array is meant in what a model or a layer gives: one mechanism for all frameworks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import UsageError
from spiralcore.recording.outputs import ROUNDING, SINGLE, plain_shape
from spiralcore.trajectory.conversion import to_array

AUTO = "auto"
"""What is found by itself."""

Choice = str | int | Callable[[Any], Any] | None


class ArrayKind(NamedTuple):
    """What a framework computes with.

    Attributes
    ----------
    noun
        What messages call it.
    is_one
        Whether something is such an array.
    plain
        An array of NumPy of it.
    example
        A choice as a function, for messages.
    """

    noun: str
    is_one: Callable[[Any], bool]
    plain: Callable[[Any], NDArray[Any]]
    example: str = "given[0]"


ARRAY = ArrayKind(
    "array",
    lambda value: hasattr(value, "shape"),
    lambda value: to_array("the recorder", "outputs", value, "an array of numbers."),
)
"""Arrays of NumPy, JAX and whatever is like them."""


def picked(given: Any, choice: Choice, what: str, option: str, kind: ArrayKind = ARRAY) -> Any:
    """The array in what a layer gives.

    Parameters
    ----------
    given
        An array, or something that holds some.
    choice
        An index, a key, a function from what is given to an array, or None.
    what, option
        What messages call the layer and the choice.
    kind
        Of the array.

    Raises
    ------
    UsageError
        If it is not told which one is meant.
    """
    article = "an" if kind.noun[0] in "aeiou" else "a"
    if choice is not None:
        try:
            given = choice(given) if callable(choice) else given[choice]
        except (LookupError, TypeError, AttributeError) as error:
            raise UsageError(
                f"{what} gives {described(given, kind)}, of which {option} takes nothing: "
                f"{error!r:.100}.",
                f"an index, a key, or a function that gives {article} {kind.noun}.",
            ) from None
    if kind.is_one(given):
        return given
    parts = list(given.values()) if isinstance(given, dict) else given
    if choice is None and isinstance(parts, Sequence) and not isinstance(parts, str):
        there = [part for part in parts if part is not None]
        if len(there) == 1 and kind.is_one(there[0]):
            return there[0]
    raise UsageError(
        f"{what} gives {described(given, kind)}.",
        f"one {kind.noun}.",
        f"{option}=0, another index or key, or a function such as lambda given: {kind.example}",
    )


def scores_in(
    output: Any,
    outputs: Choice,
    takes: Callable[[tuple[int, ...]], bool],
    kind: ArrayKind = ARRAY,
    spare: Callable[[Any], bool] = lambda part: False,
) -> Any:
    """Logits or probabilities in what a model gives, if they can be found; otherwise None.

    Parameters
    ----------
    output
        What it gives.
    outputs
        Where they are; `AUTO` to look for them, None if nowhere.
    takes
        Whether numbers of some shape may be these.
    kind
        Of the array.
    spare
        Whether a part is something else.
    """
    if outputs is None:
        return None
    if outputs != AUTO:
        return picked(output, outputs, "The model", "outputs", kind)
    if kind.is_one(output):
        return output
    named = output.get("logits") if isinstance(output, dict) else getattr(output, "logits", None)
    if kind.is_one(named):
        return named
    parts = list(output.values()) if isinstance(output, dict) else output
    if not isinstance(parts, tuple | list):
        return None
    fitting = [
        part for part in parts
        if kind.is_one(part) and takes(tuple(part.shape)) and not spare(part)
    ]  # fmt: skip
    if len(fitting) > 1:
        rows = [kind.plain(part) for part in fitting]
        fitting = [
            part for part, row in zip(fitting, rows, strict=True)
            if not any(_follows(row, other) for other in rows if other is not row)
        ]  # fmt: skip
    return fitting[0] if len(fitting) == 1 else None


def _follows(part: NDArray[Any], logits: NDArray[Any]) -> bool:
    """Whether a part only says again, as probabilities, what another one says as logits."""
    if part.shape != logits.shape or logits.dtype.kind != "f" or part.dtype.kind != "f":
        return False
    shape = plain_shape(logits.shape)
    said, rows = part.astype(np.float64).reshape(shape), logits.astype(np.float64).reshape(shape)
    if rows.shape[1] == 1:
        ways = [0.5 * (1 + np.tanh(0.5 * rows))]
    else:
        lowered = rows - rows.max(axis=1, keepdims=True)
        shares = lowered - np.log(np.exp(lowered).sum(axis=1, keepdims=True))
        ways = [shares, np.exp(shares)]
    unit = max(SINGLE, *(float(np.finfo(array.dtype).eps) for array in (part, logits)))
    slack = ROUNDING * unit * (1 + np.abs(rows).max())
    return any(bool((np.abs(way - said) <= slack).all()) for way in ways)


def described(given: Any, kind: ArrayKind = ARRAY) -> str:
    """What something is, for people: ``a tuple of (90, 7, 16), None``."""
    if kind.is_one(given):
        return f"the shape {tuple(given.shape)}"
    name = type(given).__name__
    if isinstance(given, dict):
        parts = (f"{key!r}: {_short(part, kind)}" for key, part in given.items())
        return f"a {name} of " + ", ".join(parts)
    if isinstance(given, tuple | list):
        return f"a {name} of " + ", ".join(_short(part, kind) for part in given)
    return f"a {name}"


def _short(part: Any, kind: ArrayKind) -> str:
    if kind.is_one(part):
        return str(tuple(part.shape))
    if isinstance(part, tuple | list):
        return "(" + ", ".join(_short(inner, kind) for inner in part) + ")"
    return type(part).__name__
