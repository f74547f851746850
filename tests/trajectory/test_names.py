"""What classes and runs are called: given anywhere, kept in the file, refused where it is wrong."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spiralcore import ArrayRecorder, Trajectory
from spiralcore.data import read_table
from spiralcore.errors import TrajectoryError, UsageError
from spiralcore.recipe import load_recipe
from tests.conftest import spiral

NAMES = ["cat", "dog", "R&D <b>"]


def arrays(classes: int = 3) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    return {
        "epochs": [0, 5],
        "inputs": rng.normal(size=(9, 2)),
        "labels": np.arange(9) % classes,
        "hidden": rng.uniform(-1, 1, size=(2, 9, 2)),
        "readout_weight": rng.normal(size=(2, classes, 2)),
        "readout_bias": rng.normal(size=(2, classes)),
    }


def test_from_arrays_keeps_names(tmp_path: Path) -> None:
    made = Trajectory.from_arrays(**arrays(), class_names=NAMES, run_name="with Adam")
    made.save(tmp_path / "a.npz")
    for path in (made, Trajectory.load(tmp_path / "a.npz")):
        assert (path.class_names, path.run_name) == (tuple(NAMES), "with Adam")
    with np.load(tmp_path / "a.npz") as file:
        recipe = json.loads(str(file["recipe"]))
        assert recipe == {"class_names": NAMES, "run_name": "with Adam"}
        again = Trajectory.from_arrays(**file)
    assert again.class_names == tuple(NAMES)
    given = Trajectory.from_arrays({"class_names": NAMES}, **arrays())
    assert given.class_names == tuple(NAMES)


def test_files_of_others_have_names_as_arrays(tmp_path: Path) -> None:
    plain = arrays()
    for names in (np.array(NAMES), np.array([name.encode() for name in NAMES])):
        path = tmp_path / "a.npz"
        np.savez(path, schema="spiralcore.trajectory/1", recipe="{}", run_name="b", **plain,
                 class_names=names)  # fmt: skip
        loaded = Trajectory.load(path)
        assert (loaded.class_names, loaded.run_name) == (tuple(NAMES), "b")
    np.savez(path, schema="spiralcore.trajectory/1", recipe="{}", **plain,
             class_names=np.arange(3))  # fmt: skip
    with pytest.raises(TrajectoryError) as raised:
        Trajectory.load(path)
    assert str(raised.value) == (
        f"{path}: the array 'class_names' has the type int64 and the shape (3,).\n"
        "expected: a text for each class."
    )


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a", "b"], "There are 2 class names for 3 classes.\n"
                     "expected: 3 texts, one for each class."),
        (["a", "b", "a"], "Two classes are called 'a'.\nexpected: different names."),
        ("abc", "The class names are 'abc'.\nexpected: a text for each class."),
        (["a", "", "b"], "The class names are ['a', '', 'b'].\nexpected: a text for each class."),
    ],
)  # fmt: skip
def test_names_that_do_not_fit_are_refused(names: Any, message: str) -> None:
    with pytest.raises(TrajectoryError) as raised:
        Trajectory.from_arrays(**arrays(), class_names=names)
    assert str(raised.value) == message


def test_names_of_a_file_that_do_not_fit_name_nothing() -> None:
    for names in (["a"], "text", [1, 2, 3], ["a", "b", " "], None, {"a": 1}):
        path = Trajectory.of({"class_names": names, "run_name": 3}, **arrays())
        assert (path.class_names, path.run_name) == ((), "")


def recorded(folder: Path, labels: Any, **options: Any) -> Trajectory:
    rng = np.random.default_rng(1)
    weight, hidden = rng.normal(size=(3, 2)), rng.normal(size=(6, 2))
    with ArrayRecorder(folder / "a.npz", hidden, labels, overwrite=True, **options) as rec:
        rec.observe(hidden, readout=(weight, None), outputs=hidden @ weight.T)
    return Trajectory.load(folder / "a.npz")


def test_recorders_take_names(tmp_path: Path) -> None:
    path = recorded(tmp_path, [0, 1, 2, 0, 1, 2], class_names=NAMES, name="mine")
    assert (path.class_names, path.run_name) == (tuple(NAMES), "mine")
    assert path.labels.tolist() == [0, 1, 2, 0, 1, 2]
    fewer = recorded(tmp_path, [0, 1, 1, 0, 1, 1], class_names=NAMES)
    assert (fewer.class_names, fewer.classes) == (tuple(NAMES), 3)


def test_texts_are_numbered_in_the_order_of_the_names(tmp_path: Path) -> None:
    """The outputs of a network have the order of the names, and not that of the alphabet."""
    texts = ["low", "mid", "high", "low", "mid", "high"]
    path = recorded(tmp_path, texts, class_names=["low", "mid", "high"])
    assert path.labels.tolist() == [0, 1, 2, 0, 1, 2]
    assert path.class_names == ("low", "mid", "high")
    assert recorded(tmp_path, texts).class_names == ("high", "low", "mid")


@pytest.mark.parametrize(
    ("labels", "names", "message"),
    [
        ([0, 1, 2, 3, 1, 2], NAMES, "The labels go from 0 to 3, and there are 3 class names.\n"
         "expected: labels from 0 to 2, in the order of the names."),
        ([1, 2, 3, 3, 1, 2], NAMES, "The labels go from 1 to 3, and there are 3 class names.\n"
         "expected: labels from 0 to 2, in the order of the names.\nnext: labels - 1"),
        (["cat", "cow"] * 3, NAMES, "The labels hold 'cow', which is not among the class names.\n"
         "expected: labels that are some of cat, dog, R&D <b>."),
        ([0, 1] * 3, ["a", "a"], "Two classes are called 'a'.\nexpected: different names."),
    ],
)  # fmt: skip
def test_recorders_refuse_names_at_once(
    tmp_path: Path, labels: Any, names: list[str], message: str
) -> None:
    with pytest.raises(UsageError) as raised:
        ArrayRecorder(tmp_path / "a.npz", np.zeros((6, 2)), labels, class_names=names)
    assert str(raised.value) == message


def test_recipes_and_tables_have_names(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="found 2 names with 3 classes, expected one for each"):
        load_recipe(None, {"classes": [3], "close_ups": [3], "class_names": ["a", "b"]})
    rows = io.StringIO()
    for i in range(12):
        rows.write(f"{i % 4},{i % 3},{'yes' if i % 2 else 'no'}\n")
    (tmp_path / "points.csv").write_text(rows.getvalue())
    train = ["train", "--data", "points.csv", "--epochs", "1", "--attempts", "1", "--out", "a.npz"]
    assert spiral(tmp_path, *train).returncode == 0
    assert Trajectory.load(tmp_path / "a.npz").class_names == ("no", "yes")
    written = (tmp_path / "a.npz").stat().st_mtime_ns
    assert spiral(tmp_path, *train).returncode == 0
    assert (tmp_path / "a.npz").stat().st_mtime_ns == written, "it is known as made"
    told = spiral(tmp_path, "info", "a.npz").stdout
    assert "\nclass names    no, yes\n" in told


def test_very_many_names_are_no_reason_to_wait(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    names = np.arange(100_000).astype("S6")
    np.savez_compressed(
        path, schema=np.array("spiralcore.trajectory/1"), recipe=np.array("{}"),
        class_names=names, **arrays(),
    )  # fmt: skip
    assert Trajectory.load(path).class_names == ()
    header = ",".join(f"c{number}" for number in range(12_000))
    (tmp_path / "points.csv").write_text(f"{header}\n{header}\n")
    with pytest.raises(UsageError, match="there is no column 'x'"):
        read_table(tmp_path / "points.csv")
