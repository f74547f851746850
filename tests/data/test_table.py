"""Points of one's own: what is read, what is refused, and what is trained on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.data import read_table
from spiralcore.errors import UsageError
from tests.conftest import spiral

CSV = "x,y,label\n0,0,b\n4,0,a\n0,3,b\n4,3,a\n"


def written(folder: Path, text: str, name: str = "points.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_is_centred_and_scaled_without_distortion(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, CSV))
    assert table.names == ("a", "b")
    assert table.points.labels.tolist() == [1, 0, 1, 0]
    expected = np.array([[-2, -1.5], [2, -1.5], [-2, 1.5], [2, 1.5]]) * 20 / 2.5
    np.testing.assert_allclose(table.points.inputs, expected, rtol=1e-6)


@pytest.mark.parametrize(
    "text",
    [
        "0,0,b\n4,0,a\n0,3,b\n4,3,a",
        "label, Y ,x, more\nb,0,0,9\na,0,4,9\nb,3,0,9\na,3,4,9\n\n",
        "\ufeffx,y,label\r\n0,0,b\r\n4,0,a\r\n0,3,b\r\n4,3,a\r\n",
        '"x","y","label"\n0,0,"b"\n4e0,0,a\n0,+3,b\n4,3,a\n',
    ],
)
def test_csv_in_other_forms_says_the_same(tmp_path: Path, text: str) -> None:
    other = read_table(written(tmp_path, text, "other.csv"))
    one = read_table(written(tmp_path, CSV))
    np.testing.assert_array_equal(other.points.inputs, one.points.inputs)
    np.testing.assert_array_equal(other.points.labels, one.points.labels)
    assert other.names == one.names


def test_numbers_as_labels_are_sorted_by_value(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "1,1,10\n2,2,9\n3,1,100\n"))
    assert table.names == ("9", "10", "100")


def test_npz_and_csv_say_the_same(tmp_path: Path) -> None:
    path = tmp_path / "points.npz"
    np.savez(path, x=np.array([[0, 0], [4, 0], [0, 3], [4, 3.0]]), y=np.array([7, 2, 7, 2]))
    table, other = read_table(path), read_table(written(tmp_path, CSV))
    np.testing.assert_array_equal(table.points.inputs, other.points.inputs)
    assert table.names == ("2", "7")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "points.csv has no points."),
        ("x,y,label\n", "points.csv has no points."),
        ("x,y\n1,2\n", "points.csv: there is no column 'label' in x, y."),
        ("1,2,a\n1,nan,b\n", "points.csv, line 2: found 'nan'.\nexpected: a finite number for x"),
        ("1,2,a\nhello,3,b\n", "points.csv, line 2: found 'hello'."),
        ("1,2,a\n1,3\n", "points.csv, line 2: found 2 columns."),
        ("1,2,a\n1,3,\n", "points.csv, line 2: the label is missing."),
        ("1,2,a\n2,3,a\n", "points.csv has 1 different labels.\nexpected: 2 to 64 classes"),
        ("".join(f"{i},1,{i}\n" for i in range(65)), "points.csv has 65 different labels."),
        ("1,2,a\n1,2,b\n", "points.csv: all points lie at one place."),
        ("1,2,a\n1,3,+nan\n", "points.csv, line 2: found '+nan' for the label, which is none."),
        ("1,2,a\n1,3,1e9999999\n", "points.csv has labels such as 1e9999999, which is a measured"),
        ("1,2,a\n1,3,1e{}\n".format("9" * 20), "points.csv has labels such as 1e99"),
        ("9,²,a,b\n1,2,3,0\n", "points.csv has 4 columns without names: 1 (9), 2 (²)"),
        ("9,{},a,b\n1,2,3,0\n".format("9" * 5000), "points.csv"),
        ("1,2,a\x00\n", "points.csv"),
    ],
)
def test_faults_of_a_table_are_named_with_their_line(
    tmp_path: Path, text: str, message: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(UsageError) as raised:
        read_table(path)
    assert str(raised.value).startswith(f"{tmp_path}/{message}")


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"x": np.zeros((3, 2))}, "the array 'y' is missing."),
        ({"x": np.zeros((3, 3)), "y": np.arange(3)}, "the array 'x' has the shape (3, 3)"),
        ({"x": np.zeros((3, 2)), "y": np.arange(4)}, "the array 'y' has the shape (4,)"),
        ({"x": np.full((3, 2), np.inf), "y": np.arange(3)}, "the array 'x' is not finite in row 0"),
        ({"x": np.zeros((3, 2)), "y": np.array([1, "a", None])}, "holds Python objects."),
    ],
)
def test_faults_of_an_npz_are_named(
    tmp_path: Path, arrays: dict[str, np.ndarray], message: str
) -> None:
    path = tmp_path / "points.npz"
    np.savez(path, **arrays)
    with pytest.raises(UsageError) as raised:
        read_table(path)
    assert message in str(raised.value)


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "points.npz"
    path.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(UsageError, match=r"is not a readable \.npz file"):
        read_table(path)
    with pytest.raises(UsageError, match="is not a file"):
        read_table(tmp_path)
    (tmp_path / "points.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="is not UTF-8 text"):
        read_table(tmp_path / "points.csv")


def moons(folder: Path) -> Path:
    rng = np.random.default_rng(0)
    angle = rng.uniform(0, np.pi, 60)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    lower = np.column_stack([1 - np.cos(angle), 0.5 - np.sin(angle)])
    points = np.concatenate([upper, lower]) + rng.normal(scale=0.05, size=(120, 2))
    labels = ["up"] * 60 + ["down"] * 60
    rows = [f"{x},{y},{label}" for (x, y), label in zip(points, labels, strict=True)]
    return written(folder, "\n".join(["x,y,label", *rows]))


def test_a_network_is_trained_and_filmed_on_a_table(tmp_path: Path) -> None:
    moons(tmp_path)
    train = ["train", "--data", "points.csv", "--epochs", "300", "--out", "moons.npz"]
    ran = spiral(tmp_path, *train)
    assert ran.returncode == 0, ran.stderr
    trajectory = Trajectory.load(tmp_path / "moons.npz")
    assert trajectory.points == 120
    assert trajectory.classes == 2
    assert trajectory.accuracy[-1] == 1
    assert trajectory.recipe["made"]["table"] == "points.csv"
    before = (tmp_path / "moons.npz").stat().st_mtime_ns
    assert spiral(tmp_path, *train).returncode == 0
    assert (tmp_path / "moons.npz").stat().st_mtime_ns == before
    (tmp_path / "other.csv").write_bytes((tmp_path / "points.csv").read_bytes())
    train[2] = "other.csv"
    spiral(tmp_path, *train)
    assert (tmp_path / "moons.npz").stat().st_mtime_ns == before, "the content counts"
    poster = ["render", "bending", "moons.npz", "--quality", "240p10", "--out", "moons.png"]
    assert spiral(tmp_path, *poster).returncode == 0
    assert (tmp_path / "moons.png").stat().st_size > 5000


def test_what_a_table_decides_cannot_be_asked_for(tmp_path: Path) -> None:
    moons(tmp_path)
    ran = spiral(tmp_path, "train", "--data", "points.csv", "--classes", "3")
    assert ran.returncode == 2
    assert ran.stderr == (
        "spiral: --classes 3 does not go with --data: points.csv has 2 classes and points of its "
        "own.\nexpected: one of the two.\n"
    )
    ran = spiral(tmp_path, "train", "--data", "none.csv")
    assert ran.returncode == 2
    assert ran.stderr.startswith("spiral: none.csv cannot be read: No such file or directory.")


def test_what_cannot_be_read_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def said(path: Path) -> list[str]:
        with pytest.raises(UsageError) as raised:
            read_table(path)
        return str(raised.value).splitlines()

    long = tmp_path / f"{'x' * 300}.csv"
    assert said(long)[0] == f"{long} cannot be read: File name too long."
    path = written(tmp_path, CSV)
    monkeypatch.setattr("spiralcore.data.table.MAX_BYTES", len(CSV) - 1)
    assert said(path) == [f"{path} has more than 33 bytes.", "expected: a smaller table."]
    monkeypatch.setattr("spiralcore.data.table.MAX_BYTES", len(CSV))
    monkeypatch.setattr("spiralcore.data.table_readers.MAX_ROWS", 3)
    assert said(path) == [f"{path} has more than 3 points.", "expected: fewer of them."]
    monkeypatch.undo()
    monkeypatch.setattr("spiralcore.data.table_readers.MAX_ROWS", 4)
    assert len(read_table(path).points.labels) == 4
    np.savez(tmp_path / "many.npz", x=np.zeros((5, 2)), y=np.arange(5))
    assert said(tmp_path / "many.npz") == [
        f"{tmp_path / 'many.npz'}: the array 'x' has 5 points.",
        "expected: 1 to 4 of them.",
    ]
