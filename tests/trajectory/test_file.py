from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.errors import TrajectoryError
from spiralcore.system.archive import Header
from spiralcore.trajectory.file import read_recipe
from spiralcore.trajectory.schema import ARRAYS, check_headers


def assert_equal(one: Trajectory, other: Trajectory) -> None:
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    assert dict(one.recipe) == dict(other.recipe)


def test_what_is_saved_is_what_is_loaded(trajectory: Trajectory, trajectory_file: Path) -> None:
    assert_equal(Trajectory.load(trajectory_file), trajectory)


def test_saving_again_gives_the_same_bytes(
    trajectory: Trajectory, trajectory_file: Path, tmp_path: Path
) -> None:
    again = tmp_path / "folder that is new" / "again.npz"
    Trajectory.load(trajectory_file).save(again)
    assert again.read_bytes() == trajectory_file.read_bytes()
    assert [path.name for path in again.parent.iterdir()] == ["again.npz"]


def test_plain_numpy_reads_the_file(trajectory: Trajectory, trajectory_file: Path) -> None:
    with np.load(trajectory_file, allow_pickle=False) as file:
        assert str(file["schema"]) == "spiralcore.trajectory/1"
        assert json.loads(str(file["recipe"]))["activation"] == "tanh"
        assert file["hidden"].dtype == np.float16
        np.testing.assert_array_equal(file["hidden"].astype(np.float32), trajectory.hidden)
        assert file["accuracy"].shape == (301,)


def test_a_file_of_plain_numpy_is_read(trajectory: Trajectory, tmp_path: Path) -> None:
    path = tmp_path / "plain.npz"
    required = {name: getattr(trajectory, name) for name, rule in ARRAYS.items() if rule.required}
    np.savez(path, schema="spiralcore.trajectory/1", recipe="{}", **required)
    read = Trajectory.load(path)
    np.testing.assert_array_equal(read.hidden, trajectory.hidden)
    assert read.fidelity is None


def test_further_layers_are_saved_and_loaded(trajectory: Trajectory, tmp_path: Path) -> None:
    layers = {2: trajectory.hidden / 2, 11: np.ones((*trajectory.hidden.shape[:2], 3), np.float32)}
    path = tmp_path / "stack.npz"
    replace(trajectory, layers=layers).save(path)
    with np.load(path, allow_pickle=False) as file:
        assert file["layer_11"].shape == (*trajectory.hidden.shape[:2], 3)
    read = Trajectory.load(path)
    assert list(read.layers) == [2, 11]
    for layer, values in layers.items():
        np.testing.assert_array_equal(read.layers[layer], values)


def test_a_further_layer_that_does_not_fit_is_refused(trajectory: Trajectory) -> None:
    kept, points = trajectory.hidden.shape[:2]
    with pytest.raises(TrajectoryError) as raised:
        Trajectory.from_arrays(**trajectory.arrays(), layer_2=np.ones((kept, points + 1, 2)))
    assert str(raised.value).startswith(
        f"the given arrays: the array 'layer_2' has the shape ({kept}, {points + 1}, 2).\n"
        "expected: floats of the shape (T, N, D2)."
    )


def rewritten(path: Path, change: Callable[[dict[str, np.ndarray]], None]) -> None:
    with np.load(path) as file:
        arrays = dict(file)
    change(arrays)
    np.savez_compressed(path, **arrays)


def test_every_fault_is_one_error_that_names_it(trajectory_file: Path) -> None:
    cases: list[tuple[Callable[[dict[str, np.ndarray]], object], str]] = [
        (lambda a: a.pop("hidden"), "the array 'hidden' is missing"),
        (lambda a: a.pop("schema"), "the array 'schema' is missing"),
        (lambda a: a.update(schema=np.array("other/9")), "the schema is 'other/9'"),
        (lambda a: a.update(recipe=np.array("[1]")), "the recipe is not a JSON object"),
        (lambda a: a.update(recipe=np.array("{")), "is not a readable .npz file"),
        (lambda a: a.update(labels=a["labels"] * 1.5), "'labels' has the type float64"),
        (lambda a: a.update(fidelity=np.zeros(2, np.float32)), "'fidelity' has the shape (2,)"),
        (lambda a: a.update(hidden=a["hidden"][:, :, 0]), "'hidden' has the shape"),
        (lambda a: a.pop("parameters"), "only one of 'parameters' and 'parameter_epochs'"),
    ]
    original = trajectory_file.read_bytes()
    for change, message in cases:
        trajectory_file.write_bytes(original)
        rewritten(trajectory_file, lambda arrays, change=change: (change(arrays), None)[1])
        with pytest.raises(TrajectoryError) as error:
            Trajectory.load(trajectory_file)
        assert message in str(error.value)
        assert str(trajectory_file) in str(error.value)


def refusal_without(name: str, path: Path) -> str:
    """What is said of a file that lacks one of its arrays."""
    rewritten(path, lambda arrays: arrays.pop(name))
    with pytest.raises(TrajectoryError) as error:
        Trajectory.load(path)
    return str(error.value)


def test_a_half_of_a_read_out_is_none_and_the_file_is_named(trajectory_file: Path) -> None:
    assert refusal_without("readout_bias", trajectory_file) == (
        f"{trajectory_file}: only one of 'readout_weight' and 'readout_bias' is there.\n"
        "expected: both or neither."
    )


def test_what_is_no_recipe_and_what_is_no_trajectory(
    trajectory: Trajectory, trajectory_file: Path, tmp_path: Path
) -> None:
    odd = Trajectory.from_arrays({"seed": {1, 2}}, **trajectory.arrays())
    with pytest.raises(TrajectoryError) as error:
        odd.save(tmp_path / "odd.npz")
    assert str(error.value) == (
        "the given arrays: the recipe cannot be written as JSON: Object of type set is not JSON "
        "serializable.\nexpected: texts, finite numbers, lists and dictionaries with texts as keys."
    )
    assert refusal_without("recipe", trajectory_file) == (
        f"{trajectory_file}: the array 'recipe' is missing.\n"
        "expected: a file after the schema 'spiralcore.trajectory/1'."
    )


def test_pickled_objects_are_refused_and_not_executed(trajectory_file: Path) -> None:
    rewritten(trajectory_file, lambda a: a.update(hidden=np.array([print], dtype=object)))
    with pytest.raises(TrajectoryError, match="'hidden' holds Python objects"):
        Trajectory.load(trajectory_file)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused(trajectory_file: Path, share: float) -> None:
    data = trajectory_file.read_bytes()
    trajectory_file.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(TrajectoryError, match=r"is not a readable \.npz file"):
        Trajectory.load(trajectory_file)


def test_a_declared_size_beyond_the_data_is_refused_unread(trajectory_file: Path) -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f2", "fortran_order": False, "shape": (2**40, 2, 2)}
    )
    with zipfile.ZipFile(trajectory_file) as file:
        members = {name: file.read(name) for name in file.namelist()}
    members["hidden.npy"] = header.getvalue()
    with zipfile.ZipFile(trajectory_file, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    with pytest.raises(TrajectoryError, match="'hidden' declares 8,796,093,022,208 bytes"):
        Trajectory.load(trajectory_file)


def replaced(path: Path, compression: int = zipfile.ZIP_DEFLATED, **members: bytes) -> None:
    """Write the archive anew with other contents for some members."""
    with zipfile.ZipFile(path) as file:
        contents = {name: file.read(name) for name in file.namelist()}
    contents.update({f"{name}.npy": data for name, data in members.items()})
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, data in contents.items():
            file.writestr(name, data)


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def test_small_files_that_unpack_to_much_are_refused_by_their_headers(
    trajectory_file: Path,
) -> None:
    replaced(trajectory_file, labels=npy(np.zeros(50_000_000, np.uint8)))
    with pytest.raises(TrajectoryError, match=r"'labels' has the shape \(50000000,\)"):
        Trajectory.load(trajectory_file)


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_compression_is_refused(trajectory_file: Path, compression: int) -> None:
    replaced(trajectory_file, compression)
    with pytest.raises(TrajectoryError, match="compressed in an unusual way"):
        Trajectory.load(trajectory_file)


def test_epochs_that_overflow_a_difference_are_refused(trajectory_file: Path) -> None:
    with np.load(trajectory_file) as file:
        epochs = file["epochs"].copy()
    epochs[1:3] = 2**63 - 1, -2
    replaced(trajectory_file, epochs=npy(epochs))
    with pytest.raises(TrajectoryError, match="does not increase throughout"):
        Trajectory.load(trajectory_file)


def test_a_recipe_is_strict_json_and_text(trajectory_file: Path) -> None:
    replaced(trajectory_file, recipe=npy(np.array('{"seed": NaN}')))
    with pytest.raises(TrajectoryError, match="the recipe holds NaN, which is not JSON"):
        Trajectory.load(trajectory_file)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.npz")
    with pytest.raises(TrajectoryError, match="is not a file"):
        Trajectory.load(tmp_path / "pipe.npz")


def test_numbers_that_can_only_be_damage_are_refused(trajectory_file: Path) -> None:
    with np.load(trajectory_file) as file:
        inputs = file["inputs"].copy()
    inputs[3, 1] = 3e38
    replaced(trajectory_file, inputs=npy(inputs))
    with pytest.raises(TrajectoryError, match=r"'inputs' holds 3\.0+5497\S+ at \[3, 1\]"):
        Trajectory.load(trajectory_file)


def test_missing_files_and_folders_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TrajectoryError) as error:
        Trajectory.load(tmp_path / "none.npz")
    path = tmp_path / "none.npz"
    assert str(error.value) == (
        f"{path} does not exist.\nexpected: a trajectory file.\nnext: spiral train --out {path}"
    )
    with pytest.raises(TrajectoryError, match="is not a file"):
        Trajectory.load(tmp_path)


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    def said(path: Path) -> str:
        with pytest.raises(TrajectoryError) as raised:
            Trajectory.load(path)
        return str(raised.value)

    gone = tmp_path / "gone.npz"
    assert said(gone) == (
        f"{gone} does not exist.\nexpected: a trajectory file.\nnext: spiral train --out {gone}"
    )
    assert said(tmp_path) == f"{tmp_path} is not a file.\nexpected: a trajectory file."
    long = tmp_path / ("x" * 300)
    assert said(long) == f"{long} cannot be read: File name too long.\nexpected: a trajectory file."


def test_what_cannot_be_written_says_why(trajectory: Trajectory, tmp_path: Path) -> None:
    path = tmp_path / "file" / "a.npz"
    path.parent.write_text("in the way")
    with pytest.raises(TrajectoryError) as raised:
        trajectory.save(path)
    assert str(raised.value) == (
        f"{path} cannot be written: File exists.\nexpected: a folder with room that is yours."
    )
    assert path.parent.read_text() == "in the way"


def test_a_schema_that_is_no_text_is_refused(trajectory_file: Path) -> None:
    replaced(trajectory_file, schema=npy(np.arange(3)))
    with pytest.raises(TrajectoryError) as raised:
        Trajectory.load(trajectory_file)
    assert str(raised.value) == (
        f"{trajectory_file}: the array 'schema' has the type int64 and the shape (3,).\n"
        "expected: a text."
    )


def test_memory_is_counted_before_anything_is_read() -> None:
    given = {
        "epochs": np.zeros(2, np.int32),
        "inputs": np.zeros((4, 2)),
        "labels": np.zeros(4, np.uint8),
        "hidden": np.zeros((2, 4, 2), np.float16),
    }
    headers = {name: Header(array.shape, array.dtype) for name, array in given.items()}
    # As they will lie in memory: int64 for epochs and labels, float32 for the others.
    needed = 2 * 8 + 4 * 2 * 4 + 4 * 8 + 2 * 4 * 2 * 4
    check_headers(headers, "a.npz", needed)
    with pytest.raises(TrajectoryError) as raised:
        check_headers(headers, "a.npz", needed - 1)
    assert str(raised.value) == (
        f"a.npz needs {needed} bytes.\nexpected: at most {needed - 1} bytes."
    )
    del headers["labels"]
    with pytest.raises(TrajectoryError) as raised:
        check_headers(headers, "a.npz", needed)
    assert str(raised.value) == (
        "a.npz: the array 'labels' is missing.\nexpected: integers of the shape (N,)."
    )


def test_messages_about_recipes_are_whole(trajectory_file: Path) -> None:
    rewritten(trajectory_file, lambda arrays: arrays.update(recipe=np.array("[1]")))
    with pytest.raises(TrajectoryError) as raised:
        Trajectory.load(trajectory_file)
    assert str(raised.value) == (
        f"{trajectory_file}: the recipe is not a JSON object.\nexpected: a JSON object."
    )


def test_what_was_not_recorded_is_left_out_and_what_follows_is_not(
    trajectory: Trajectory, tmp_path: Path
) -> None:
    path = tmp_path / "a.npz"
    replace(trajectory, fidelity=None, hidden_mean=None, layers={2: trajectory.hidden}).save(path)
    with np.load(path) as file:
        names = set(file.files)
    assert names == {"schema", "recipe", "layer_2", *trajectory.arrays()} - {
        "fidelity",
        "hidden_mean",
    }


def test_a_recipe_is_read_alone_and_is_empty_where_it_cannot_be(
    trajectory: Trajectory, trajectory_file: Path, tmp_path: Path
) -> None:
    assert read_recipe(trajectory_file) == dict(trajectory.recipe)
    assert read_recipe(tmp_path / "gone.npz") == {}
    rewritten(trajectory_file, lambda arrays: arrays.update(recipe=np.array("[1]")))
    assert read_recipe(trajectory_file) == {}
