"""Files that are right, and files that are wrong, for the reader in Python and that of the page."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from spiralcore import Trajectory

Arrays = dict[str, Any]

UNREADABLE = "is not a readable .npz file: "
"""What follows is said by zipfile and zlib in Python, and in our words on the page."""


class Case(NamedTuple):
    """A file.

    Attributes
    ----------
    name
        What it is.
    data
        Its bytes.
    other
        What the page says instead of the words of the Python reader; empty where it says the same.
    """

    name: str
    data: bytes
    other: str = ""


def packed(arrays: Arrays, **kinds: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **(arrays | kinds))
    return buffer.getvalue()


def file_arrays(trajectory: Trajectory) -> Arrays:
    """What a file of it has."""
    return {
        "schema": np.array("spiralcore.trajectory/1"),
        "recipe": np.array('{"activation": "tanh"}'),
        **{name: np.array(values) for name, values in trajectory.arrays().items()},
    }


def _set(name: str, place: Any, value: float) -> Callable[[Arrays], None]:
    def change(arrays: Arrays) -> None:
        array = np.array(arrays[name], np.float64 if abs(value) > 1e30 else np.float32)
        array[place] = value
        arrays[name] = array

    return change


def _to(name: str, change: Callable[[Any], Any]) -> Callable[[Arrays], None]:
    return lambda arrays: arrays.update({name: change(arrays[name])})


def _without(*names: str) -> Callable[[Arrays], None]:
    return lambda arrays: [arrays.pop(name) for name in names] and None


def _recipe(text: str) -> Callable[[Arrays], None]:
    return lambda arrays: arrays.update(recipe=np.array(text))


def _counted(arrays: Arrays, counts: Callable[[Any], Any]) -> None:
    recipe = '{"activation": "tanh", "unit": "step", "best_epoch": 9}'
    states = np.arange(len(arrays["accuracy"]))
    arrays.update(recipe=np.array(recipe), counts=counts(states))


nan, inf = np.nan, np.inf

CHANGES: dict[str, Callable[[Arrays], None]] = {
    # Numbers that are none, too large, or out of bounds, in each array.
    "NaN in the loss": _set("cross_entropy", 7, nan),
    "a loss that is infinite": _set("cross_entropy", 0, inf),
    "a negative loss": _set("cross_entropy", 3, -0.25),
    "NaN in another loss": _set("loss", 2, nan),
    "NaN in the accuracy": _set("accuracy", 5, nan),
    "an accuracy above 1": _set("accuracy", 5, 1.5),
    "NaN inputs": _set("inputs", (3, 1), nan),
    "huge inputs": _set("inputs", (0, 0), 1e30),
    "NaN read-out": _set("readout_weight", (2, 1, 0), nan),
    "NaN offset": _set("readout_bias", (1, 2), nan),
    "infinite read-out": _set("readout_bias", (0, 0), -inf),
    "NaN in the layer": _set("hidden", (1, 2, 0), nan),
    "1e30 in the layer": _set("hidden", (4, 0, 1), 1e30),
    "1e15 in the layer": _set("hidden", (4, 0, 1), 1e15),
    "more than 32 bits hold": _set("hidden", (4, 0, 1), -1e300),
    "NaN in the means": _set("hidden_mean", (0, 0, 0), nan),
    "NaN in the parameters": _set("parameters", (0, 3), nan),
    "a negative error": _set("fidelity", 1, -1.0),
    # Shapes.
    "a loss of the kept epochs only": _to("cross_entropy", lambda a: a[:40]),
    "an accuracy that is too short": _to("accuracy", lambda a: a[:-1]),
    "accuracy as two axes": _to("accuracy", lambda a: a[None]),
    "a layer without an axis": _to("hidden", lambda a: a[:, :, 0]),
    "a layer with its axes mixed up": _to("hidden", lambda a: a.transpose(1, 0, 2)),
    "one point less": _to("labels", lambda a: a[1:]),
    "one-hot labels": _to("labels", lambda a: np.eye(3, dtype=np.int64)[a]),
    "inputs upside down": _to("inputs", lambda a: a.T),
    "no kept epoch": _to("epochs", lambda a: a[:0]),
    "fidelity of two": _to("fidelity", lambda a: a[:2]),
    "a read-out of another layer": _to("readout_weight", lambda a: np.ones((*a.shape[:2], 3))),
    "counts of steps": lambda arrays: _counted(arrays, lambda states: 32 * states),
    "counts of some states": lambda arrays: _counted(arrays, lambda states: states[:-1]),
    "counts that stand still": lambda arrays: _counted(arrays, lambda states: states // 2),
    "counts that go back": lambda arrays: _counted(arrays, lambda states: states[::-1] - 5),
    "no inputs": _without("inputs"),
    "no epochs": _without("epochs"),
    "no layer": _without("hidden"),
    "no labels": _without("labels"),
    "no schema": _without("schema"),
    "no recipe": _without("recipe"),
    "half of a read-out": _without("readout_bias"),
    "the other half": _without("readout_weight"),
    "parameters without their epochs": _without("parameter_epochs"),
    # Types.
    "labels that are no whole numbers": _to("labels", lambda a: a + 0.5),
    "labels as texts": _to("labels", lambda a: np.array([f"class {k}" for k in a])),
    "a complex layer": _to("hidden", lambda a: a.astype(np.complex64)),
    "a layer of truth values": _to("hidden", lambda a: a > 0),
    "a layer of texts": _to("hidden", lambda a: a.astype("S5")),
    "epochs as a mask": _to("epochs", lambda a: a > 0),
    "halves of epochs": _to("epochs", lambda a: a + np.where(np.arange(len(a)) == 2, 0.25, 0)),
    "another schema": lambda arrays: arrays.update(schema=np.array("other/9")),
    "a schema of numbers": lambda arrays: arrays.update(schema=np.arange(3.0)),
    "a recipe that is a list": _recipe("[1]"),
    "a recipe that is no JSON": _recipe("{"),
    "a recipe with NaN": _recipe('{"seed": NaN}'),
    "a recipe with a number without end": _recipe('{"seed": 1e999}'),
    # Order and bounds.
    "epochs that go back": _to("epochs", lambda a: a[::-1]),
    "an epoch twice": _to("epochs", lambda a: np.r_[a[0], a[:-1]]),
    "a negative epoch": _to("epochs", lambda a: a - 1),
    "epochs of 64 bits": _to("epochs", lambda a: a + 2**60),
    "epochs of 64 bits without a sign": _to(
        "epochs", lambda a: a.astype(np.uint64) + np.uint64(2**63)
    ),
    "a label of 64 bits": _to("labels", lambda a: np.where(np.arange(len(a)) == 4, 2**62 + 1, a)),
    "a layer of 64 bits": _to("hidden", lambda a: np.full(a.shape, 2**61 + 1)),
    "a label too many": _to("labels", lambda a: np.where(np.arange(len(a)) == 4, 3, a)),
    "a negative label": _to("labels", lambda a: np.where(np.arange(len(a)) == 4, -1, a)),
    "one class in the read-out": lambda arrays: arrays.update(
        labels=0 * arrays["labels"],
        readout_weight=arrays["readout_weight"][:, :1],
        readout_bias=arrays["readout_bias"][:, :1],
    ),
    # What is unusual, and right.
    "nothing unusual": lambda arrays: None,
    "columns first": lambda arrays: arrays.update(
        {name: np.asfortranarray(values) for name, values in arrays.items()}
    ),
    "big ends first": lambda arrays: arrays.update(
        {name: values.astype(values.dtype.newbyteorder(">")) for name, values in arrays.items()}
    ),
    "64 bits": lambda arrays: arrays.update(
        {
            name: values.astype(np.float64)
            for name, values in arrays.items()
            if values.dtype.kind in "fiu"
        }
    ),
    "half precision": _to("hidden", lambda a: a.astype(np.float16)),
    "a loss with gaps that are told": lambda arrays: (
        arrays.update(recipe=np.array('{"gaps": ["cross_entropy"]}')),
        _set("cross_entropy", slice(20, 60), nan)(arrays),
    )[1],
    "a loss that is NaN throughout": _to("cross_entropy", lambda a: np.full_like(a, nan)),
    "no losses and no accuracy": _without("cross_entropy", "loss", "accuracy"),
    "no read-out": _without("readout_weight", "readout_bias"),
    "points of one class": lambda arrays: (
        _without("readout_weight", "readout_bias")(arrays),
        arrays.update(labels=0 * arrays["labels"]),
    )[1],
    "one kept epoch": lambda arrays: arrays.update(
        {
            name: arrays[name][:1]
            for name in ("epochs", "hidden", "hidden_mean", "readout_weight", "readout_bias")
        }
    ),
    "texts as bytes": lambda arrays: arrays.update(
        schema=np.frombuffer(b"spiralcore.trajectory/1", np.uint8),
        recipe=np.array(b'{"activation": "relu"}'),
    ),
    "arrays of somebody else": lambda arrays: arrays.update(notes=np.arange(3)),
}


def cases(trajectory: Trajectory) -> list[Case]:
    """All files."""
    found = []
    for name, change in CHANGES.items():
        arrays = file_arrays(trajectory)
        change(arrays)
        found.append(Case(name, packed(arrays)))
    return found + damaged(packed(file_arrays(trajectory)))


def damaged(whole: bytes) -> list[Case]:
    """Files whose bytes are wrong, and what the page says of them."""
    again = (
        "\nexpected: a trajectory file."
        "\nnext: if it was copied, copy it again; if spiral made it, train it again"
    )
    table = (
        "FILE is a table, and this page opens trajectories.\nexpected: a trajectory file (.npz), "
        "which training on the points of the table makes."
        "\nnext: spiral train --data FILE --out FILE"
    )
    none = f"FILE {UNREADABLE}File is not a zip file.{again}"
    flipped = bytearray(_stored(whole))
    flipped[len(flipped) // 2] ^= 1
    objects = io.BytesIO()
    np.savez(objects, schema=np.array([{}], dtype=object))
    return [
        Case("nothing", b"", f"FILE {UNREADABLE}it has 0 bytes.{again}"),
        Case("the first half", whole[: len(whole) // 2], none),
        Case("all but the end", whole[:-10], none),
        Case("noise", bytes(range(256)) * 40, none),
        Case("a table", b"x,y,label\n0.5,1,0\n1,2,1\n", table),
        Case("a table with tabs", "x\ty\tKlasse\n0,5\t1\tä\n".encode(), table),
        Case("a single array", _array(), none),
        Case("Python objects", objects.getvalue()),
        Case("a member twice", _twice(whole)),
        Case("something before it", b"#!/bin/sh\n" + whole),
        Case(
            "a bit that fell over",
            bytes(flipped),
            f"FILE {UNREADABLE}Bad CRC-32 for file 'parameters.npy'.{again}",
        ),
        Case(
            "a pointer",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n",
            "FILE is a pointer of Git LFS or git-annex, and its content is not here."
            "\nexpected: a trajectory file."
            "\nnext: git lfs pull or git annex get, in the repository that it is from",
        ),
    ]


def _array() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.arange(100.0))
    return buffer.getvalue()


def _stored(whole: bytes) -> bytes:
    """The same, not compressed."""
    with np.load(io.BytesIO(whole)) as file:
        arrays = dict(file)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, values in arrays.items():
            plain = io.BytesIO()
            np.save(plain, values)
            archive.writestr(f"{name}.npy", plain.getvalue())
    return buffer.getvalue()


def _twice(whole: bytes) -> bytes:
    buffer = io.BytesIO(whole)
    with zipfile.ZipFile(buffer) as archive:
        labels = archive.read("labels.npy")
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("labels.npy", labels)
    return buffer.getvalue()
