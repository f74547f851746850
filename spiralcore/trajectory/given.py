"""What else comes with arrays that somebody gives: the recipe, and what it says of the layer."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np

from spiralcore.errors import TrajectoryError, first_repeated, nearest
from spiralcore.registry.activation_names import meant_activation, same_letters
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.system.phrase import Phrase
from spiralcore.system.printable import printable
from spiralcore.trajectory.conversion import as_text, is_text, to_array
from spiralcore.trajectory.outside import leaving
from spiralcore.trajectory.schema import ARRAYS, layer_name, rule_of
from spiralcore.trajectory.unrecorded import READOUT

if TYPE_CHECKING:
    from spiralcore.trajectory.trajectory import Trajectory

RESEMBLANCE = 0.75
"""Of names, as `difflib` measures it, from which on one may be the other with a slip."""

LONGEST_DOUBT = 200

SCHEMA = "spiralcore.trajectory/1"

CLASS_NAMES, RUN_NAME = "class_names", "run_name"
"""Where recipes keep what classes and the run are called; files may have arrays of these names."""

RECIPE = 'a dictionary, or such a one as JSON: {"activation": "tanh"}.'


def read_json(text: str) -> Any:
    """Read JSON without what is not of it: NaN, and numbers without end.

    Raises
    ------
    ValueError
        If it is none.
    """
    return json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"the recipe holds {name}, which is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        _refuse_constant(digits[:80])
    return number


def text_of(value: object) -> str | None:
    """A text that may be bytes, or an array of either; None where it is none.

    Raises
    ------
    UnicodeDecodeError
        If it is bytes that are not UTF-8.
    """
    if isinstance(value, str | bytes | bytearray | np.ndarray | np.generic):
        array = np.frombuffer(value, np.uint8) if isinstance(value, bytearray) else np.array(value)
        return as_text(array) if is_text(array.shape, array.dtype) else None
    return None


def recipe_of(source: str, value: object) -> dict[str, Any]:
    """A recipe as it was given: a dictionary, or JSON as a text or as bytes.

    Raises
    ------
    TrajectoryError
        If it is none.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        try:
            text = text_of(value)
            value = value if text is None else read_json(text)
        except (ValueError, RecursionError) as error:
            raise TrajectoryError(
                f"{source}: the recipe is not JSON: {str(error)[:200]}.", RECIPE
            ) from None
    if not isinstance(value, Mapping):
        raise TrajectoryError(f"{source}: the recipe is a {type(value).__name__}.", RECIPE)
    return {_decoded(source, name): _decoded(source, part) for name, part in value.items()}


def _decoded(source: str, value: Any) -> Any:
    """A text for bytes, and any other value as it is."""
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TrajectoryError(
            f"{source}: the recipe holds bytes that are not UTF-8: {value[:40]!r}.", "texts."
        ) from None


def named(arrays: Mapping[str, Any]) -> dict[str, Any]:
    """Arrays by the names of a file: ``layers``, as a trajectory has them, are ``layer_1``, ..."""
    layers = arrays.get("layers")
    if not isinstance(layers, Mapping):
        return dict(arrays)
    rest = {name: values for name, values in arrays.items() if name != "layers"}
    return {**rest, **{layer_name(layer): values for layer, values in layers.items()}}


def with_two_classes(source: str, arrays: Mapping[str, Any]) -> dict[str, Any]:
    """Let a read-out of one logit be one of the two classes that the labels have.

    The logit of the first is then 0.
    """
    found = dict(arrays)
    if any(arrays.get(name) is None for name in (*READOUT, "labels")):
        return found
    labels = to_array(source, "labels", arrays["labels"], ARRAYS["labels"].wanted)
    if labels.dtype.kind not in "fiub" or len(np.unique(labels)) != 2:
        return found
    for name in READOUT:
        array = to_array(source, name, arrays[name], ARRAYS[name].wanted)
        single = array.ndim == len(ARRAYS[name].shape) and array.shape[1] == 1
        if not single or array.dtype.kind not in "fiu":
            return dict(arrays)
        found[name] = np.concatenate([np.zeros_like(array), array], axis=1)
    return found


def understood(
    source: str, recipe: object, arrays: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Recipe and arrays of a trajectory from what somebody gives; raises as `check_given` does."""
    given = named(arrays)
    known = with_names(recipe_of(source, recipe), given)
    check_given(source, known, given)
    given.pop("schema", None)
    if given.get("labels") is None and given.get("targets") is not None:
        values = to_array(source, "targets", given["targets"], ARRAYS["targets"].wanted)
        given["labels"] = np.zeros(values.shape[:1], np.int64)
    return known, with_two_classes(source, given)


def check_given(source: str, recipe: Mapping[str, Any], arrays: Mapping[str, Any]) -> None:
    """See to it that all names are known ones, before anything is looked at.

    Raises
    ------
    TrajectoryError
        If there is no array of a name, the schema is another one, or the activation is no text, or
        a known one in other letters, which has no space; with what may be meant.
    """
    for name in sorted(arrays):
        if name == "schema":
            schema = text_of(arrays[name])
            if schema != SCHEMA:
                raise TrajectoryError(f"{source}: the schema is {schema!r:.80}.", f"{SCHEMA!r}.")
        elif rule_of(name) is None:
            near = nearest(name, [*ARRAYS, CLASS_NAMES, RUN_NAME])
            raise TrajectoryError(
                f"There is no array called {name!r} in a trajectory.{near}",
                f"some of {', '.join(ARRAYS)}, layer_1, layer_2, ...",
                "" if near else _in_recipe(name, arrays[name]),
            )
    activation = recipe.get("activation")
    is_text = isinstance(activation, str | None)
    meant = meant_activation(activation)
    if meant or not is_text:
        near = f" Did you mean '{meant}'?" if meant else ""
        raise TrajectoryError(
            f"{source}: the recipe has the activation {activation!r:.80}"
            f"{'.' if is_text else ', which is no text.'}{near}",
            f"one of {', '.join(ACTIVATIONS)}, or any other name for the whole plane.",
            f'{{"activation": "{meant}"}}' if meant else "",
        )


def _in_recipe(name: str, value: Any) -> str:
    """Where one word or number belongs that was given as an array; empty for all else."""
    if not isinstance(value, str | int | float):
        return ""
    return f"recipe={json.dumps({name: value}, ensure_ascii=False)}"


def doubtful_activation(recipe: Mapping[str, Any]) -> str:
    """What to say of an activation that may be a known one with a slip; empty for all others."""
    name = recipe.get("activation")
    if isinstance(name, list) and (only := meant_activation(name)):
        return (
            f"the activation {name!r:.40} is no text, so that its space is the whole plane. "
            f"Did you mean '{only}'?"
        )
    if not isinstance(name, str) or name in ACTIVATIONS:
        return ""
    # Others have names of their own that resemble these: elu, selu, prelu.
    near = [known for known in ACTIVATIONS if known[:1] == name.strip().lower()[:1]]
    close = get_close_matches(name.lower(), near, n=1, cutoff=RESEMBLANCE)
    meant = same_letters(name) or next(iter(close), "")
    if not meant:
        return ""
    return (
        f"the activation {name[:40]!r} is unknown, so that its space is the whole plane. "
        f"Did you mean '{meant}'?"
    )


def check_labels(made: Trajectory) -> None:
    """See to it that classes are counted from 0, where no read-out says how many there are.

    Raises
    ------
    TrajectoryError
        If the first is 1.
    """
    least, most = int(made.labels.min()), int(made.labels.max())
    if least == 1 and not made.knows_readout:
        raise TrajectoryError(
            f"{made.source}: the labels go from 1 to {most}, and none is 0.",
            f"classes from 0 to {most - 1}.",
            "labels - 1",
        )
    names = made.recipe.get(CLASS_NAMES)
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        checked_names(names, made.classes)


def doubts(made: Trajectory) -> list[str]:
    """What may be wrong with a trajectory that can be used as it is; `printable` lines."""
    words = [doubtful_activation(made.recipe), leaving(made)]
    return [
        line if isinstance(line, Phrase) else printable(line, LONGEST_DOUBT)
        for line in words
        if line
    ]


def class_names_of(recipe: Mapping[str, Any], classes: int) -> tuple[str, ...]:
    """What a recipe, which may come from anywhere, calls the classes; empty if not all of them."""
    names = recipe.get(CLASS_NAMES)
    if not isinstance(names, list | tuple) or len(names) != classes:
        return ()
    return tuple(names) if all(isinstance(name, str) and name.strip() for name in names) else ()


def checked_names(names: Any, classes: int | None = None) -> list[str]:
    """Names of classes as somebody has given them.

    Raises
    ------
    TrajectoryError
        If they are no texts, or two are the same, or there are too few or too many.
    """
    wanted = f"{classes} texts, one for each class." if classes else "a text for each class."
    given = [] if isinstance(names, str) else np.asarray(names, dtype=object).ravel().tolist()
    given = [name.decode("utf-8", "replace") if isinstance(name, bytes) else name for name in given]
    if not given or not all(isinstance(name, str) and name.strip() for name in given):
        raise TrajectoryError(f"The class names are {names!r:.80}.", wanted)
    if classes is not None and len(given) != classes:
        raise TrajectoryError(f"There are {len(given)} class names for {classes} classes.", wanted)
    twice = first_repeated(given)
    if twice is not None:
        raise TrajectoryError(f"Two classes are called {twice!r:.80}.", "different names.")
    return given


def with_names(recipe: Mapping[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """A recipe that has the names that came as arrays, which are taken out of these."""
    found = dict(recipe)
    if (names := arrays.pop(CLASS_NAMES, None)) is not None:
        found[CLASS_NAMES] = checked_names(names)
    if (name := arrays.pop(RUN_NAME, None)) is not None:
        found[RUN_NAME] = str(name if isinstance(name, str) else text_of(name))
    return found
