"""Trajectory files that Hypothesis makes up: near to valid ones, and valid ones that are odd."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from spiralcore import Trajectory
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.trajectory.schema import ARRAYS
from tests.torture.attacks.mutants import NAMES, archive

SIZES = st.integers(1, 5)

NUMBERS = st.one_of(
    st.floats(-2, 2, width=32),
    st.sampled_from([0.0, -0.0, 1e-45, 1e14, -1e14, 1e15, 3e38, float("nan"), float("inf")]),
    st.floats(width=32),
)

TYPES = st.one_of(
    st.sampled_from(["f2", "f4", "f8", "i1", "u1", "i8", "u8"]).map(np.dtype),
    hnp.floating_dtypes(),
    hnp.integer_dtypes(),
    hnp.complex_number_dtypes(),
    hnp.boolean_dtypes(),
    hnp.unicode_string_dtypes(max_len=4),
    hnp.datetime64_dtypes(),
    hnp.array_dtypes(max_size=2),
)

PAIRS = (("readout_weight", "readout_bias"), ("parameters", "parameter_epochs"))
"""Arrays of which one alone is wrong."""

LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=30)
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)

RECIPES = st.fixed_dictionaries(
    {},
    optional={
        "activation": st.one_of(st.sampled_from(sorted(ACTIVATIONS)), JSON),
        "seed": JSON,
        "data": st.one_of(st.just({"turns": None}), JSON),
        "network": st.one_of(
            st.fixed_dictionaries({"widths": st.lists(st.integers(-1, 9), max_size=4)}), JSON
        ),
        "made": st.one_of(
            st.fixed_dictionaries(
                {"earlier_attempts": st.lists(st.one_of(st.just({"trouble": "<b>"}), JSON))}
            ),
            JSON,
        ),
        "shown": st.one_of(
            st.dictionaries(st.sampled_from(["units", "layer", "layers", "share"]), LEAVES), JSON
        ),
    },
)


@st.composite
def near_files(draw: Callable[[Any], Any]) -> bytes:
    """Files with the arrays of the schema, some of which do not fit."""
    sizes = {letter: draw(SIZES) for letter in "TNIDKSPMHWG"}
    sizes["E+1"] = draw(st.integers(1, 6))
    names = [name for name, rule in ARRAYS.items() if rule.required or draw(st.booleans())]
    for one, other in PAIRS:
        if draw(st.integers(0, 9)) and (one in names) != (other in names):
            names.remove(one if one in names else other)
    arrays: dict[str, Any] = {
        "schema": np.array("spiralcore.trajectory/1"),
        "recipe": np.array(json.dumps(draw(RECIPES))),
    }
    odd = draw(st.sets(st.sampled_from(names), max_size=2))
    for name in names:
        rule = ARRAYS[name]
        shape = tuple(sizes[size] if isinstance(size, str) else size for size in rule.shape)
        dtype = np.dtype(rule.stored)
        if name in odd:
            shape = draw(st.one_of(st.just(shape), hnp.array_shapes(min_dims=0, min_side=0)))
            dtype = draw(TYPES)
        elements = NUMBERS if dtype == np.float32 else None
        if name in ("epochs", "parameter_epochs") and name not in odd:
            arrays[name] = np.arange(shape[0]) + draw(st.sampled_from([0, 0, 0, 1, 10**9, -1]))
        elif name == "labels" and name not in odd:
            arrays[name] = np.arange(shape[0]) % draw(SIZES)
        else:
            arrays[name] = draw(hnp.arrays(dtype, shape, elements=elements))
    if draw(st.integers(0, 9)) == 0:
        name = draw(st.sampled_from(names))
        arrays[draw(st.sampled_from(NAMES))] = arrays[name]
    return archive({name.replace("\0", "?"): array for name, array in arrays.items()})


@st.composite
def odd_trajectories(draw: Callable[[Any], Any]) -> Trajectory:
    """Valid trajectories that nobody would train: constant, huge, of one point, without a head."""
    kept, points, classes, units = (
        draw(st.integers(1, 4)), draw(st.integers(1, 7)), draw(st.integers(2, 5)),
        draw(st.sampled_from([2, 2, 2, 1, 3, 5])),
    )  # fmt: skip
    last = draw(st.sampled_from([kept - 1, kept + 3, 1_000]))
    epochs = np.unique(np.linspace(0, last, kept).astype(int))
    kept, inputs = len(epochs), draw(st.sampled_from([2, 2, 2, 1, 3]))
    scale = st.sampled_from([0.0, 1.0, 1.0, 1e-30, 1e-6, 50.0, 1e6, 9e14])

    def numbers(*shape: int) -> Any:
        rng = np.random.default_rng(draw(st.integers(0, 99)))
        spread = rng.uniform(-1, 1, size=shape) if draw(st.integers(0, 3)) else np.ones(shape)
        return (draw(scale) * spread).astype(np.float32)

    arrays: dict[str, Any] = {
        "epochs": epochs,
        "inputs": numbers(points, inputs),
        "labels": np.arange(points) % min(classes, draw(SIZES)),
        "hidden": numbers(kept, points, units),
    }
    if draw(st.booleans()):
        arrays["hidden_mean"] = arrays["hidden"]
    if draw(st.booleans()):
        arrays |= {"readout_weight": numbers(kept, classes, units)}
        arrays |= {"readout_bias": numbers(kept, classes)}
    else:
        arrays["labels"] = arrays["labels"] % max(points, 1)
    for name in ("cross_entropy", "loss", "accuracy"):
        if draw(st.booleans()):
            arrays[name] = np.clip(numbers(last + 1), ARRAYS[name].least, ARRAYS[name].most)
    recipe = {
        "activation": draw(st.sampled_from([*ACTIVATIONS, "$\\frac{", "<b>" * 20, "\x1b[31m"]))
    }
    if "readout_bias" in arrays and draw(st.booleans()):
        widths = [3, units]
        count = inputs * 3 + 3 + 3 * units + units + units * classes + classes
        recipe["network"] = {"widths": widths}  # type: ignore[assignment]
        arrays |= {"parameters": numbers(2, count), "parameter_epochs": np.array([0, last])}
        arrays["parameter_epochs"] = np.unique(arrays["parameter_epochs"])
        arrays["parameters"] = arrays["parameters"][: len(arrays["parameter_epochs"])]
    return Trajectory.from_arrays(recipe, **arrays)


def each_of(strategy: Any, count: int, number: int, use: Callable[[Any], None]) -> None:
    """Call with so many examples; the same ones for the same number."""

    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def run(example: Any) -> None:
        use(example)

    run()
