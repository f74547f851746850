"""Arrays of any framework and program: converted where that is certain, else refused by name."""

from __future__ import annotations

import dataclasses
import io
import json
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from spiralcore import Trajectory
from spiralcore.errors import TrajectoryError
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.spaces import PLANE, SQUARE
from spiralcore.trajectory.conversion import to_array
from spiralcore.trajectory.given import doubtful_activation
from tests.conftest import spiral

T, N, D, K, E, DEPTH = 4, 12, 2, 3, 30, 5
RNG = np.random.default_rng(3)
GOOD: dict[str, Any] = {
    "epochs": np.array([0, 3, 10, 30]),
    "inputs": RNG.normal(size=(N, DEPTH)).astype(np.float32),
    "labels": np.arange(N) % K,
    "hidden": RNG.uniform(-1, 1, size=(T, N, D)).astype(np.float16).astype(np.float32),
    "readout_weight": RNG.normal(size=(T, K, D)).astype(np.float32),
    "readout_bias": RNG.normal(size=(T, K)).astype(np.float32),
    "cross_entropy": np.linspace(1, 0, E + 1, dtype=np.float32),
    "loss": np.linspace(2, 0, E + 1, dtype=np.float32),
    "accuracy": np.linspace(0, 1, E + 1, dtype=np.float32),
}


def made(recipe: Any = None, **changes: Any) -> Trajectory:
    return Trajectory.from_arrays(recipe, **{**GOOD, **changes})


def said(recipe: Any = None, **changes: Any) -> str:
    with pytest.raises(TrajectoryError) as error:
        made(recipe, **changes)
    return str(error.value)


class Jax:
    """An array that is one by `__array__` only, as those of JAX and others are."""

    def __init__(self, array: np.ndarray) -> None:
        self._array = array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.asarray(self._array, dtype=dtype)


HALF = np.round(GOOD["hidden"] * 8) / 8
"""Numbers that bfloat16 has, too."""

CONVERTED: dict[str, tuple[str, Any, np.ndarray]] = {
    "lists": ("hidden", GOOD["hidden"].tolist(), GOOD["hidden"]),
    "tuples of arrays": ("hidden", tuple(GOOD["hidden"]), GOOD["hidden"]),
    "by __array__": ("hidden", Jax(GOOD["hidden"]), GOOD["hidden"]),
    "list of these": ("hidden", [Jax(part) for part in GOOD["hidden"]], GOOD["hidden"]),
    "tensor": ("hidden", torch.tensor(GOOD["hidden"]), GOOD["hidden"]),
    "with gradients": ("hidden", torch.tensor(GOOD["hidden"], requires_grad=True), GOOD["hidden"]),
    "parameter": ("hidden", torch.nn.Parameter(torch.tensor(GOOD["hidden"])), GOOD["hidden"]),
    "list of tensors": (
        "hidden", [torch.tensor(part, requires_grad=True) for part in GOOD["hidden"]],
        GOOD["hidden"],
    ),
    "turned tensor": ("hidden", torch.tensor(GOOD["hidden"]).mT.contiguous().mT, GOOD["hidden"]),
    "bfloat16": ("hidden", torch.tensor(HALF, dtype=torch.bfloat16), HALF),
    "bfloat16 with gradients": (
        "hidden", torch.tensor(HALF, dtype=torch.bfloat16, requires_grad=True), HALF,
    ),
    "list of bfloat16": ("hidden", [torch.tensor(part).bfloat16() for part in HALF], HALF),
    "numbers of torch": ("accuracy", [torch.tensor(0.5)] * (E + 1), np.full(E + 1, 0.5)),
    "float64": ("hidden", GOOD["hidden"].astype(np.float64), GOOD["hidden"]),
    "long double": ("hidden", GOOD["hidden"].astype(np.longdouble), GOOD["hidden"]),
    "half": ("hidden", GOOD["hidden"].astype(np.float16), GOOD["hidden"]),
    "big-endian": ("hidden", GOOD["hidden"].astype(">f8"), GOOD["hidden"]),
    "big-endian labels": ("labels", GOOD["labels"].astype(">i2"), GOOD["labels"]),
    "by columns": ("hidden", np.asfortranarray(GOOD["hidden"]), GOOD["hidden"]),
    "every second": ("hidden", np.repeat(GOOD["hidden"], 2, axis=1)[:, ::2], GOOD["hidden"]),
    "nothing masked": ("hidden", np.ma.masked_invalid(GOOD["hidden"]), GOOD["hidden"]),
    "objects": ("hidden", GOOD["hidden"].astype(object), GOOD["hidden"]),
    "whole inputs": ("inputs", np.ones((N, DEPTH), int), np.ones((N, DEPTH))),
    "true inputs": ("inputs", np.eye(N, DEPTH, dtype=bool), np.eye(N, DEPTH)),
    "whole floats": ("labels", GOOD["labels"] * 1.0, GOOD["labels"]),
    "half labels": ("labels", GOOD["labels"].astype(np.float16), GOOD["labels"]),
    "long epochs": ("epochs", GOOD["epochs"].astype(np.longdouble), GOOD["epochs"]),
    "whole epochs": ("epochs", np.array([0.0, 3.0, 10.0, 30.0]), GOOD["epochs"]),
    "range": ("epochs", range(0, 31, 10), np.arange(0, 31, 10)),
    "true labels": ("labels", np.arange(N) % 2 == 1, np.arange(N) % 2),
    "labels of torch": ("labels", torch.arange(N) % K, GOOD["labels"]),
    "unsigned": ("labels", GOOD["labels"].astype(np.uint64), GOOD["labels"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", CONVERTED)
def test_the_same_numbers_in_another_type_are_converted(kind: str) -> None:
    name, value, expected = CONVERTED[kind]
    found = getattr(made(**{name: value}), name)
    assert type(found) is np.ndarray
    assert found.dtype == (np.int64 if name in ("epochs", "labels") else np.float32)
    assert found.flags.c_contiguous
    np.testing.assert_array_equal(found, expected)


def test_nothing_that_was_given_is_changed() -> None:
    tensor = torch.tensor(GOOD["hidden"], requires_grad=True)
    made(hidden=tensor)
    assert tensor.requires_grad
    assert np.array_equal(tensor.detach().numpy(), GOOD["hidden"])


def masked(name: str, *places: tuple[int, ...]) -> np.ma.MaskedArray:
    array = np.ma.array(GOOD[name])
    for place in places:
        array[place] = np.ma.masked
    return array


MASKED_HIDDEN = masked("hidden", (1, 2, 0), (3, 0, 1), (1, 2, 1))

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "masked": (
        {"hidden": MASKED_HIDDEN},
        "the array 'hidden' has 3 masked values, the first at [1, 2, 0].\n"
        "expected: floats of the shape (T, N, D).\n"
        "next: hidden without them, or hidden.filled(...) with what is true",
    ),
    "masked labels": (
        {"labels": masked("labels", (7,))},
        "the array 'labels' has 1 masked values, the first at [7].\n"
        "expected: integers of the shape (N,).\n"
        "next: labels without them, or labels.filled(...) with what is true",
    ),
    "masked in a list": (
        {"hidden": list(MASKED_HIDDEN)},
        "the array 'hidden' has 2 masked values, the first at [2, 0].\n"
        "expected: floats of the shape (T, N, D).\n"
        "next: hidden without them, or hidden.filled(...) with what is true",
    ),
    "ragged": (
        {"hidden": [*GOOD["hidden"][:2], GOOD["hidden"][2][:5], GOOD["hidden"][3]]},
        "the array 'hidden' is ragged: [0] has the shape (12, 2), and [2] the shape (5, 2).\n"
        "expected: floats of the shape (T, N, D).",
    ),
    "ragged within": (
        {"inputs": [[1.0, 2.0], [1.0], *[[0.0, 0.0]] * 10]},
        "the array 'inputs' is ragged: [0] has the shape (2,), and [1] the shape (1,).\n"
        "expected: floats of the shape (N, I).",
    ),
    "ragged deep within": (
        {"hidden": [[[1.0, 2.0], [1.0]]] * 4},
        "the array 'hidden' is ragged: in [0], [0] has the shape (2,), and [1] the shape (1,).\n"
        "expected: floats of the shape (T, N, D).",
    ),
    "ragged tensors": (
        {"hidden": [torch.zeros(12, 2), torch.zeros(11, 2, requires_grad=True)]},
        "the array 'hidden' is ragged: [0] has the shape (12, 2), and [1] the shape (11, 2).\n"
        "expected: floats of the shape (T, N, D).",
    ),
    "meta": (
        {"hidden": torch.zeros(T, N, D, device="meta")},
        "the array 'hidden' is a torch.Tensor that NumPy cannot read: ",
    ),
    "sparse": (
        {"hidden": torch.zeros(T, N, D).to_sparse()},
        "the array 'hidden' is a torch.Tensor that NumPy cannot read: ",
    ),
    "complex": (
        {"hidden": GOOD["hidden"] + 0j},
        "the array 'hidden' has the type complex64.\nexpected: floats of the shape (T, N, D).\n"
        "next: hidden.real, if there is nothing else in it",
    ),
    "strings of numbers": (
        {"inputs": [["1.5", "2"]] * 12},
        "the array 'inputs' has the type <U3.\nexpected: floats of the shape (N, I).\n"
        "next: inputs.astype(float), if there are numbers in it",
    ),
    "names": (
        {"labels": ["red", "blue"] * 6},
        "the array 'labels' has the type <U4.\nexpected: integers of the shape (N,).\n"
        "next: numpy.unique(labels, return_inverse=True)[1]",
    ),
    "bytes": (
        {"labels": [b"red", b"blue"] * 6},
        "the array 'labels' has the type |S4.\nexpected: integers of the shape (N,).\n"
        "next: numpy.unique(labels, return_inverse=True)[1]",
    ),
    "missing values": (
        {"accuracy": [0.5, None] + [1.0] * 29},
        "the array 'accuracy' has the type object.\nexpected: floats of the shape (E+1,).\n"
        "next: numpy.array(accuracy, dtype=float), which says what in it is no number",
    ),
    "generator": (
        {"hidden": (part for part in GOOD["hidden"])},
        "the array 'hidden' has the type object.\nexpected: floats of the shape (T, N, D).\n"
        "next: numpy.array(hidden, dtype=float), which says what in it is no number",
    ),
    "mask of epochs": (
        {"epochs": np.array([True, False, True, True])},
        "the array 'epochs' has the type bool.\nexpected: integers of the shape (T,).\n"
        "next: numpy.flatnonzero(epochs), if it says which epochs are kept",
    ),
    "half an epoch": (
        {"epochs": np.array([0, 3.5, 10, 30])},
        "the array 'epochs' has the type float64 and holds 3.5 at [1].\n"
        "expected: integers of the shape (T,).",
    ),
    "no label": (
        {"labels": np.where(np.arange(N) == 5, np.nan, 1.0)},
        "the array 'labels' has the type float64 and holds nan at [5].\n"
        "expected: integers of the shape (N,).",
    ),
    "huge": (
        {"hidden": np.where(np.arange(D) == 1, 1e300, GOOD["hidden"].astype(float))},
        "the array 'hidden' has the type float64 and holds 1e+300 at [0, 0, 1].\n"
        "expected: floats of the shape (T, N, D).",
    ),
    "too large for a sign": (
        {"labels": np.where(np.arange(N) == 2, np.uint64(2**63 + 1), np.uint64(0))},
        "the array 'labels' has the type uint64 and holds 9223372036854775809 at [2].\n"
        "expected: integers of the shape (N,).",
    ),
    "endless epochs": (
        {"epochs": np.array([0, 1, 2, np.inf], np.float16)},
        "the array 'epochs' has the type float16 and holds inf at [3].\n"
        "expected: integers of the shape (T,).",
    ),
    "epochs before the first": (
        {"epochs": [-5, 0, 10, 50]},
        "the array 'epochs' goes from -5 to 50 and increases throughout.\n"
        "expected: strictly increasing epochs from 0 to 30 at most.",
    ),
    "loss unknown at times": (
        {"loss": np.where(np.arange(E + 1) % 10, np.nan, 1.0)},
        "the array 'loss' holds nan at [1].\nexpected: finite numbers below 1e+15.",
    ),
    "a number": (
        {"hidden": 3.0},
        "the array 'hidden' has the shape ().\n"
        "expected: floats of the shape (T, N, D). Here T = 4, N = 12, I = 5, D = 2.",
    ),
    "a label": (
        {"labels": 1},
        "the array 'labels' has the shape ().\n"
        "expected: integers of the shape (N,). Here T = 4, N = 12, I = 5.",
    ),
    "points first": (
        {"hidden": GOOD["hidden"].transpose(1, 0, 2)},
        "the array 'hidden' has the shape (12, 4, 2).\n"
        "expected: floats of the shape (T, N, D). Here T = 4, N = 12, I = 5, D = 2.\n"
        "next: hidden.transpose(1, 0, 2)",
    ),
    "all turned around": (
        {"hidden": GOOD["hidden"].T},
        "the array 'hidden' has the shape (2, 12, 4).\n"
        "expected: floats of the shape (T, N, D). Here T = 4, N = 12, I = 5, D = 2.\n"
        "next: hidden.transpose(2, 1, 0)",
    ),
    "turned inputs": (
        {"inputs": GOOD["inputs"].T},
        "the array 'inputs' has the shape (5, 12).\n"
        "expected: floats of the shape (N, I). Here T = 4, N = 12.\nnext: inputs.T",
    ),
    "turned biases": (
        {"readout_bias": GOOD["readout_bias"].T},
        "the array 'readout_bias' has the shape (3, 4).\nexpected: floats of the shape (T, K). "
        "Here T = 4, N = 12, I = 5, D = 2, K = 3.\nnext: readout_bias.T",
    ),
    "as in torch": (
        {"readout_weight": GOOD["readout_weight"].transpose(0, 2, 1)},
        "the array 'readout_weight' has the shape (4, 2, 3).\nexpected: floats of the shape "
        "(T, K, D). Here T = 4, N = 12, I = 5, D = 2, K = 3.\n"
        "next: readout_weight.transpose(0, 2, 1)",
    ),
    "a column": (
        {"labels": GOOD["labels"][:, None]},
        "the array 'labels' has the shape (12, 1).\n"
        "expected: integers of the shape (N,). Here T = 4, N = 12, I = 5.\nnext: labels.ravel()",
    ),
    "a row": (
        {"epochs": GOOD["epochs"][None]},
        "the array 'epochs' has the shape (1, 4).\n"
        "expected: integers of the shape (T,). Here T = 4.\nnext: epochs.ravel()",
    ),
    "one-hot": (
        {"labels": np.eye(K, dtype=int)[GOOD["labels"]]},
        "the array 'labels' has the shape (12, 3).\n"
        "expected: integers of the shape (N,). Here T = 4, N = 12, I = 5.\n"
        "next: labels.argmax(axis=1), if there is a single 1 in each row",
    ),
    "too few points": (
        {"inputs": GOOD["inputs"][:-1]},
        "the array 'inputs' has the shape (11, 5).\n"
        "expected: floats of the shape (N, I). Here T = 4, N = 12.",
    ),
    "a single epoch": (
        {"hidden": GOOD["hidden"][0], "epochs": [0], "readout_weight": None, "readout_bias": None},
        "the array 'hidden' has the shape (12, 2).\n"
        "expected: floats of the shape (T, N, D). Here T = 1, N = 12, I = 5.\nnext: hidden[None]",
    ),
    "one value a kept epoch": (
        {"accuracy": [0.1, 0.2, 0.3, 0.4]},
        "the array 'accuracy' has the shape (4,).\nexpected: (31,) or longer: a value for every "
        "epoch from 0 on, as 'epochs' goes to 30.\n"
        "next: accuracy at every epoch and not at the kept ones only, or no accuracy",
    ),
    "nothing before training": (
        {"cross_entropy": np.ones(30), "loss": None, "accuracy": None},
        "the array 'cross_entropy' has the shape (30,).\nexpected: (31,) or longer: a value for "
        "every epoch from 0 on, as 'epochs' goes to 30.\n"
        "next: cross_entropy with the value before training as its first, or no cross_entropy",
    ),
    "two curves are short": (
        {"cross_entropy": np.ones(11), "loss": np.ones(11)},
        "the array 'cross_entropy' has the shape (11,).\nexpected: (31,) or longer: a value for "
        "every epoch from 0 on, as 'epochs' goes to 30.\n"
        "next: cross_entropy at every epoch, or no cross_entropy",
    ),
    "one curve is longer": (
        {"cross_entropy": np.ones(41)},
        "the array 'cross_entropy' has the shape (41,).\n"
        "expected: (31,), as 'loss' has: a value for every epoch of the run.",
    ),
    "a curve of two axes": (
        {"loss": np.ones((31, 1))},
        "the array 'loss' has the shape (31, 1).\nexpected: floats of the shape (E+1,). "
        "Here T = 4, N = 12, I = 5, D = 2, K = 3.\nnext: loss.ravel()",
    ),
    "not increasing": (
        {"epochs": [0, 10, 3, 30]},
        "the array 'epochs' goes from 0 to 30 and does not increase throughout.\n"
        "expected: strictly increasing epochs from 0 to 30 at most.",
    ),
    "counted from 1": (
        {"labels": GOOD["labels"] + 1, "readout_weight": None, "readout_bias": None},
        "the labels go from 1 to 3, and none is 0.\nexpected: classes from 0 to 2.\n"
        "next: labels - 1",
    ),
    "counted from 1, with a read-out": (
        {"labels": GOOD["labels"] + 1},
        "the labels go from 1 to 3.\nexpected: 0 to 2, as 'readout_bias' has 3 classes.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_would_be_a_guess_is_refused_with_the_name_of_the_array(kind: str) -> None:
    changes, message = REFUSED[kind]
    found = said(**changes).removeprefix("the given arrays: ")
    if message.endswith(": "):  # what a framework says, in words of its own
        assert found.startswith(message)
        assert "\nexpected: floats of the shape (T, N, D).\nnext: an array of NumPy" in found
    else:
        assert found == message


def test_a_subset_of_the_classes_is_no_mistake() -> None:
    labels = 3 + np.arange(N) % 2
    assert made(labels=labels, readout_weight=None, readout_bias=None).classes == 5


def test_curves_of_nothing_are_not_recorded() -> None:
    path = made(accuracy=np.full(E + 1, np.nan))
    assert "accuracy" not in path.arrays()
    assert path.knows_loss
    least = {name: GOOD[name] for name in ("epochs", "inputs", "labels", "hidden")}
    unknown = Trajectory.from_arrays(**least)
    again = Trajectory.from_arrays(
        **{name: getattr(unknown, name) for name in GOOD}  # with all that is NaN in memory
    )
    assert set(again.arrays()) == set(least)


def test_types_that_numpy_lacks_are_converted() -> None:
    ml_dtypes = pytest.importorskip("ml_dtypes")
    path = made(hidden=HALF.astype(ml_dtypes.bfloat16), labels=GOOD["labels"].astype("int8"))
    np.testing.assert_array_equal(path.hidden, HALF)


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        (None, {}),
        ({}, {}),
        ({"activation": "tanh", "seed": 1}, {"activation": "tanh", "seed": 1}),
        ('{"activation": "tanh"}', {"activation": "tanh"}),
        (b'{"activation": "tanh"}', {"activation": "tanh"}),
        (bytearray(b'{"activation": "tanh"}'), {"activation": "tanh"}),
        (np.array('{"activation": "tanh"}'), {"activation": "tanh"}),
        (np.array([b'{"activation": "tanh"}']), {"activation": "tanh"}),
        (np.frombuffer(b'{"name": "K\xc3\xb6ln"}', np.uint8), {"name": "Köln"}),
        ({b"activation": b"tanh"}, {"activation": "tanh"}),
    ],
)
def test_recipes_may_be_texts_and_bytes(recipe: Any, expected: dict[str, Any]) -> None:
    assert made(recipe).recipe == expected


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        ("tanh", "the recipe is not JSON: Expecting value: line 1 column 1 (char 0)."),
        ('{"a": NaN}', "the recipe is not JSON: the recipe holds NaN, which is not JSON."),
        ("[1]", "the recipe is a list."),
        (GOOD["hidden"], "the recipe is a ndarray."),
        (["activation", "tanh"], "the recipe is a list."),
    ],
)
def test_what_is_no_recipe_is_refused(recipe: Any, message: str) -> None:
    assert said(recipe) == (
        f"the given arrays: {message}\n"
        'expected: a dictionary, or such a one as JSON: {"activation": "tanh"}.'
    )


def test_all_of_a_file_can_be_given(tmp_path: Path) -> None:
    made({"activation": "tanh"}).save(tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz") as file:
        again = Trajectory.from_arrays(**file)
    assert again.recipe == {"activation": "tanh"}
    np.testing.assert_array_equal(again.hidden, GOOD["hidden"])
    assert made(schema=b"spiralcore.trajectory/1").points == N
    assert said(schema="other/2") == (
        "the given arrays: the schema is 'other/2'.\nexpected: 'spiralcore.trajectory/1'."
    )


def test_the_attributes_of_a_trajectory_can_be_given() -> None:
    path = made({"activation": "relu"}, layers={2: GOOD["hidden"], 1: torch.ones(T, N, 3)})
    again = Trajectory.from_arrays(**{
        name: getattr(path, name) for name in ("recipe", "layers", "fidelity", "parameters", *GOOD)
    })  # fmt: skip
    assert sorted(again.layers) == [1, 2]
    np.testing.assert_array_equal(again.layers[2], GOOD["hidden"])
    assert again.recipe == {"activation": "relu"}
    assert said(layers={"last": GOOD["hidden"]}).startswith(
        "There is no array called 'layer_last' in a trajectory."
    )


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("Tanh", "tanh"), ("TANH", "tanh"), (" tanh ", "tanh"), ("nn.Tanh()", "tanh"),
        ("torch.nn.ReLU", "relu"), ("ReLU", "relu"), ("LeakyReLU", "leaky_relu"),
        ("leaky-relu", "leaky_relu"), ("Leaky ReLU", "leaky_relu"), ("tahn", "tanh"),
        ("sigmiod", "sigmoid"), ("Hard_Tanh", "hardtanh"), (b"Tanh", "tanh"),
    ],
)  # fmt: skip
def test_a_known_activation_in_other_letters_is_refused(given: Any, meant: str) -> None:
    text = given.decode() if isinstance(given, bytes) else given
    assert said({"activation": given}) == (
        f"the given arrays: the recipe has the activation {text!r}. Did you mean '{meant}'?\n"
        f"expected: one of {', '.join(ACTIVATIONS)}, or any other name for the whole plane.\n"
        f'next: {{"activation": "{meant}"}}'
    )


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (["tanh"], "tanh"),
        (["ReLU"], "relu"),
        (["tanh", "relu"], ""),
        (5, ""),
        ({"a": 1}, ""),
        (True, ""),
    ],
)
def test_an_activation_that_is_no_text_is_refused(given: Any, meant: str, tmp_path: Path) -> None:
    near = f" Did you mean '{meant}'?" if meant else ""
    type_this = f'\nnext: {{"activation": "{meant}"}}' if meant else ""
    assert said({"activation": given}) == (
        f"the given arrays: the recipe has the activation {given!r}, which is no text.{near}\n"
        f"expected: one of {', '.join(ACTIVATIONS)}, or any other name for the whole plane."
        f"{type_this}"
    )
    read = dataclasses.replace(made({}), recipe={"activation": given})
    said_of_a_file = f"the activation {given!r} is no text, so that its space is the whole plane."
    assert doubtful_activation(read.recipe) == (said_of_a_file + near if meant else "")


@pytest.mark.parametrize(("given", "meant"), [("sigmod", "sigmoid"), ("softpluss", "softplus")])
def test_a_name_with_a_slip_is_doubted(given: str, meant: str, tmp_path: Path) -> None:
    words = (
        f"the activation '{given}' is unknown, so that its space is the whole plane. "
        f"Did you mean '{meant}'?"
    )
    with pytest.warns(UserWarning, match="is unknown") as caught:
        path = made({"activation": given})
    assert [str(warning.message) for warning in caught] == [words]
    assert caught[0].filename == __file__
    assert path.space is PLANE
    path.save(tmp_path / "a.npz")
    assert f"note           {words}\n" in spiral(tmp_path, "info", "a.npz").stdout


@pytest.mark.parametrize("name", ["elu", "selu", "prelu", "swish", "sine", "mish", "", "my layer"])
def test_other_activations_have_the_plane_in_silence(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert made({"activation": name}).space is PLANE


def test_an_array_of_no_trajectory_has_its_nearest_named() -> None:
    assert said(hiden=GOOD["hidden"]) == (
        "There is no array called 'hiden' in a trajectory. Did you mean 'hidden'?\n"
        "expected: some of epochs, inputs, labels, hidden, readout_weight, readout_bias, "
        "cross_entropy, loss, accuracy, fidelity, region_fidelity, hidden_mean, parameters, "
        "parameter_epochs, counts, targets, thumbnails, thumbnail_points, layer_1, layer_2, ..."
    )


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("activation", "tanh", 'recipe={"activation": "tanh"}'),
        ("seed", 7, 'recipe={"seed": 7}'),
        ("optimiser", "Adam é", 'recipe={"optimiser": "Adam é"}'),
    ],
)
def test_one_word_or_number_belongs_into_the_recipe(name: str, value: object, line: str) -> None:
    assert said(**{name: value}) == (
        f"There is no array called {name!r} in a trajectory.\n"
        "expected: some of epochs, inputs, labels, hidden, readout_weight, readout_bias, "
        "cross_entropy, loss, accuracy, fidelity, region_fidelity, hidden_mean, parameters, "
        "parameter_epochs, counts, targets, thumbnails, thumbnail_points, layer_1, layer_2, ...\n"
        f"next: {line}"
    )


# The space.


def moved(where: Callable[[np.ndarray], None]) -> np.ndarray:
    hidden = GOOD["hidden"].copy()
    where(hidden)
    return hidden


def three(hidden: np.ndarray) -> None:
    hidden[2:, 5] = 3
    hidden[3, 7, 1] = -1.2


def test_points_outside_of_the_space_are_counted(tmp_path: Path) -> None:
    words = "2 of 12 points leave the square of the activation tanh, the first at epoch 10"
    with pytest.warns(UserWarning, match="points leave") as caught:
        path = made({"activation": "tanh"}, hidden=moved(three))
    assert [str(warning.message) for warning in caught] == [words]
    assert (path.outside.points, path.outside.first) == (2, 2)
    path.save(tmp_path / "a.npz")
    assert f"note           {words}\n" in spiral(tmp_path, "info", "a.npz").stdout
    facts = json.loads(spiral(tmp_path, "info", "a.npz", "--json").stdout)
    assert facts["outside_space"] == {"points": 2, "first_epoch": 10}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_what_an_activation_gives_is_within_its_space(name: str, tmp_path: Path) -> None:
    values = ACTIVATIONS[name].apply(5 * RNG.normal(size=(T, N, D)).astype(np.float32))
    for kind in (np.float32, np.float16):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            path = made({"activation": name}, hidden=values.astype(kind))
        assert path.outside.points == 0
    rounded = torch.tensor(np.asarray(values)).bfloat16()
    assert made({"activation": name}, hidden=rounded).outside.points == 0
    path.save(tmp_path / "a.npz")
    facts = json.loads(spiral(tmp_path, "info", "a.npz", "--json").stdout)
    assert facts["outside_space"] is None


@pytest.mark.parametrize(
    ("name", "value", "points"),
    [
        ("tanh", 1.02, 12), ("tanh", 1.003, 0), ("relu", -0.5, 12), ("relu", 9.0, 0),
        ("sigmoid", -0.02, 12), ("gelu", -0.2, 12), ("gelu", -0.169, 0), ("disk", 0.7, 0),
        ("disk", 0.8, 12), ("sphere", 0.6, 12), ("sphere", 0.5**0.5, 0), ("sphere", 0.0, 12),
        ("leaky_relu", -50.0, 0), ("unheard of", 50.0, 0),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:12 of 12 points leave")
def test_where_spaces_end(name: str, value: float, points: int) -> None:
    found = made({"activation": name}, hidden=np.full((T, N, D), value)).outside
    assert (found.points, found.first) == (points, 0)


def test_three_points_more_or_less() -> None:
    one = moved(lambda hidden: hidden.__setitem__((3, 4, 0), 2.0))
    with pytest.warns(
        UserWarning,
        match=r"^1 of 12 points leaves the square of the activation tanh, the first at epoch 30$",
    ):
        made({"activation": "tanh"}, hidden=one)


# Files of other programs.


def npy(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array, allow_pickle=False)
    return out.getvalue()


def written(path: Path, **changes: np.ndarray) -> Path:
    arrays = {
        "schema": np.array("spiralcore.trajectory/1"),
        "recipe": np.array('{"activation": "tanh"}'),
        **{name: GOOD[name] for name in ("epochs", "inputs", "labels", "hidden")},
        **changes,
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            archive.writestr(f"{name}.npy", npy(array))
    return path


SCHEMA = b"spiralcore.trajectory/1"

TEXTS: dict[str, Callable[[bytes], np.ndarray]] = {
    "bytes": np.array,
    "bytes in a list": lambda text: np.array([text]),
    "text in a list": lambda text: np.array([text.decode()]),
    "letters": lambda text: np.array(list(text.decode())),
    "chars of C": lambda text: np.frombuffer(text, "S1"),
    "uint8": lambda text: np.frombuffer(text, np.uint8),
    "int8": lambda text: np.frombuffer(text, np.int8),
    "with the end of C": lambda text: np.frombuffer(text + b"\0\0", np.uint8),
    "with a byte order mark": lambda text: np.frombuffer(b"\xef\xbb\xbf" + text, np.uint8),
    "big-endian": lambda text: np.array(text.decode()).astype(f">U{len(text)}"),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_texts_of_programs_without_texts_are_read(kind: str, tmp_path: Path) -> None:
    recipe = '{"activation": "tanh", "name": "Köln"}'.encode()
    if kind == "big-endian":
        recipe = b'{"activation": "tanh", "name": "K\\u00f6ln"}'
    make = TEXTS[kind]
    path = written(tmp_path / "a.npz", schema=make(SCHEMA), recipe=make(recipe))
    loaded = Trajectory.load(path)
    assert loaded.recipe == {"activation": "tanh", "name": "Köln"}
    assert loaded.space is SQUARE


@pytest.mark.parametrize(
    ("array", "found"),
    [
        (np.array([SCHEMA, SCHEMA]), "the type |S23 and the shape (2,)"),
        (np.zeros((2, 3), np.uint8), "the type uint8 and the shape (2, 3)"),
        (np.frombuffer(SCHEMA, np.uint8).astype(np.int32), "the type int32 and the shape (23,)"),
        (np.zeros(5_000_000, np.uint8), "the type uint8 and the shape (5000000,)"),
    ],
)
def test_what_is_no_text_is_refused(array: np.ndarray, found: str, tmp_path: Path) -> None:
    path = written(tmp_path / "a.npz", schema=array)
    with pytest.raises(TrajectoryError) as error:
        Trajectory.load(path)
    assert str(error.value) == f"{path}: the array 'schema' has {found}.\nexpected: a text."


def test_numbers_of_programs_with_one_type_are_read(tmp_path: Path) -> None:
    """R has doubles, by columns; integers are floats, and floats may be integers."""
    path = written(
        tmp_path / "a.npz",
        epochs=GOOD["epochs"].astype(float),
        labels=GOOD["labels"].astype(float),
        hidden=np.asfortranarray(GOOD["hidden"].astype(float)),
        inputs=np.ones((N, 2), np.int32),
    )
    loaded = Trajectory.load(path)
    np.testing.assert_array_equal(loaded.labels, GOOD["labels"])
    np.testing.assert_array_equal(loaded.hidden, GOOD["hidden"])
    assert (loaded.labels.dtype, loaded.inputs.dtype) == (np.int64, np.float32)
    loaded.save(tmp_path / "b.npz")
    np.testing.assert_array_equal(Trajectory.load(tmp_path / "b.npz").epochs, GOOD["epochs"])


def test_faults_of_files_are_named_as_those_of_arrays(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"

    def wrong(**changes: np.ndarray) -> str:
        with pytest.raises(TrajectoryError) as error:
            Trajectory.load(written(path, **changes))
        return str(error.value).removeprefix(f"{path}: ")

    assert wrong(accuracy=np.ones(4)).startswith("the array 'accuracy' has the shape (4,).\n")
    assert wrong(inputs=GOOD["inputs"].T).endswith("Here T = 4, N = 12.\nnext: inputs.T")
    assert wrong(labels=GOOD["labels"] + 0.5) == (
        "the array 'labels' has the type float64 and holds 0.5 at [0].\n"
        "expected: integers of the shape (N,)."
    )
    assert wrong(accuracy=np.ones(E + 1, np.int8)) == (
        "the array 'accuracy' has the type int8.\nexpected: floats of the shape (E+1,)."
    )
    assert wrong(hidden=GOOD["hidden"].astype(np.float16).view("V2")) == (
        "the array 'hidden' has the type |V2.\nexpected: floats of the shape (T, N, D).\n"
        "next: hidden.astype('float32') before it is written, if it was bfloat16"
    )


def test_labels_of_a_file_may_begin_at_1(tmp_path: Path) -> None:
    """What was written before is read as before."""
    assert Trajectory.load(written(tmp_path / "a.npz", labels=GOOD["labels"] + 1)).classes == 4


def test_errors_of_a_framework_are_cut_to_a_line() -> None:
    class Broken:
        def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
            raise RuntimeError("no way.\nnot at all")

    with pytest.raises(TrajectoryError) as error:
        to_array("here", "hidden", Broken(), "floats.")
    assert str(error.value) == (
        f"here: the array 'hidden' is a {__name__}.{Broken.__qualname__} that NumPy cannot read: "
        "no way.\nexpected: floats.\nnext: an array of NumPy with the numbers of hidden"
    )
