"""Tables of all programs: what is read without a question, and what is not certain."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.datasets import load_iris

from spiralcore import Trajectory
from spiralcore.data import read_table
from spiralcore.data.table import Table
from spiralcore.data.table_columns import Columns
from spiralcore.errors import UsageError
from tests.conftest import spiral

POINTS = ((0.5, 1.25, "a"), (3.0, 4.0, "b"), (2.5, 0.0, "a"), (1.0, 2.0, "b"))


def text(separator: str, decimal: str = ".", head: str = "", quote: str = "") -> str:
    def number(value: float) -> str:
        return quote + f"{value:.2f}".replace(".", decimal) + quote

    rows = [separator.join((number(x), number(y), label)) for x, y, label in POINTS]
    return "\n".join([*([head] if head else []), *rows]) + "\n"


def written(folder: Path, content: str | bytes, name: str = "points.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def same_points(table: Table, other: Table) -> None:
    np.testing.assert_array_equal(table.points.inputs, other.points.inputs)
    np.testing.assert_array_equal(table.points.labels, other.points.labels)
    assert table.names == other.names


NUMBERED = "".join(f"{i},{x},{y},{label}\n" for i, (x, y, label) in enumerate(POINTS))

FORMS = {
    "semicolons": text(";"),
    "tabs": text("\t"),
    "bars": text("|"),
    "spaces": text("   "),
    "a space before each": text(" ", head="  x y label").replace("\n", "\n  "),
    "German Excel": text(";", ",", "x;y;label"),
    "German tabs": text("\t", ","),
    "German spaces": text(" ", ","),
    "German numbers in quotation marks": text(",", ",", quote='"'),
    "the separator is declared": "sep=;\r\n" + text(";", ",").replace("\n", "\r\n"),
    "UTF-8 of Windows": "\ufeff" + text(",", head="x,y,label"),
    "Unicode text of Excel": text("\t", head="x\ty\tlabel").encode("utf-16"),
    "packed": gzip.compress(text(",").encode()),
    "packed in two parts": gzip.compress(text(",").encode()[:20])
    + gzip.compress(text(",").encode()[20:]),
    "any heading of three columns": text(",", head="age,income,bought"),
    "scikit-learn's names": text(",", head="x1,x2,y"),
    "a heading in a comment": text(" ", head="# made by hand\n# x y label"),
    "comments between": text(",").replace("\n", "\n# a note, with commas\n"),
    "empty cells at the end": text(",").replace("\n", ",,\n"),
    "the index of pandas": ",x,y,label\n" + NUMBERED,
    "the columns of pandas without names": ",0,1,2\n" + NUMBERED,
    "the same without the index": text(",", head="0,1,2"),
    "row names of R": '"x" "y" "label"\n'
    + "".join(f'"{i}" {x} {y} "{label}"\n' for i, (x, y, label) in enumerate(POINTS, 1)),
    "CSV of R": '"","x","y","label"\n' + NUMBERED,
}


@pytest.mark.parametrize("form", FORMS)
def test_tables_of_all_programs_say_the_same(tmp_path: Path, form: str) -> None:
    table = read_table(written(tmp_path, FORMS[form], "other.csv.gz"))
    same_points(table, read_table(written(tmp_path, text(","))))
    assert table.notes == ()


def test_a_heading_decides_and_not_the_order(tmp_path: Path) -> None:
    expected = read_table(written(tmp_path, text(",")))
    rows = "".join(f"{label},{y},7,{x}\n" for x, y, label in POINTS)
    same_points(read_table(written(tmp_path, "class,Y,other,X\n" + rows)), expected)
    same_points(read_table(written(tmp_path, "# class,y,other,x\n" + rows)), expected)
    named = written(tmp_path, "kind,height,other,width\n" + rows)
    for columns in (Columns("width", "Height", "kind"), Columns("4", "2", 1)):
        same_points(read_table(named, columns), expected)
    same_points(read_table(written(tmp_path, rows), Columns(4, 2, 1)), expected)


def test_texts_of_windows_are_read_with_a_note(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "x,y,label\n1,2,Müller\n2,3,Öl\n".encode("latin-1")))
    assert table.names == ("Müller", "Öl")
    assert table.notes == ("its texts are read as Windows-1252 (Latin-1), as they are not UTF-8",)


def test_one_number_is_one_label_in_any_writing(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "1,2,0\n2,3,0.0\n3,4,1\n2,2,1e0\n5,5,01\n6,1,-2.0\n"))
    assert table.names == ("-2", "0", "1")
    assert table.counted() == "-2 1, 0 2, 1 3"
    table = read_table(written(tmp_path, "1;2;0,0\n2;3;0\n3;4,5;1,0\n"))
    assert table.counted() == "0 2, 1 1"


def said(folder: Path, content: str | bytes, columns: Columns = Columns()) -> list[str]:  # noqa: B008
    path = written(folder, content)
    with pytest.raises(UsageError) as raised:
        read_table(path, columns)
    return str(raised.value).replace(str(path), "points.csv").splitlines()


IRIS = "5.1,3.5,1.4,0.2,setosa\n4.9,3.0,1.3,0.2,setosa\n7.0,3.2,4.7,1.4,versicolor\n"
NAMED = "sepal length (cm),sepal width (cm),petal length (cm),species\n5.1,3.5,1.4,a\n4.9,3,1.3,b\n"

UNCERTAIN = {
    "more than three columns without names": (
        IRIS,
        "points.csv has 5 columns without names: 1 (5.1), 2 (3.5), 3 (1.4), 4 (0.2), 5 (setosa).",
        "expected: three columns, x, y and label, or which of them are these.",
        "next: spiral train --data points.csv --x 1 --y 2 --label 5",
    ),
    "decimal commas between commas": (
        text(",", ","),
        "points.csv has 5 columns without names: 1 (0), 2 (50), 3 (1), 4 (25), 5 (a).",
        "expected: three columns, x, y and label, or which of them are these.",
        "next: spiral train --data points.csv --x 1 --y 2 --label 5",
    ),
    "decimal commas below a heading": (
        text(",", ",", "x,y,label"),
        "points.csv, line 2: found 5 columns.",
        "expected: x, y and a label in each line.",
    ),
    "one decimal comma below a heading": (
        "x,y,label\n1,5,2,a\n2,3,2,b\n",
        "points.csv, line 2: found 4 columns.",
        "expected: x, y and a label in each line.",
    ),
    "other names": (
        NAMED,
        "points.csv: there is no column 'x' in sepal length (cm), sepal width (cm), "
        "petal length (cm), species.",
        "expected: the columns x, y and label, or which of them are these.",
        "next: spiral train --data points.csv --x 'sepal length (cm)' --y 'sepal width (cm)' "
        "--label species",
    ),
    "the label first": (
        "species,length,width\na,1,2\nb,3,4\n",
        "points.csv, line 2: found 'a'.",
        "expected: a finite number for x and for y.",
        "next: spiral train --data points.csv --x length --y width --label species",
    ),
    "numbers of rows": (
        "id,x,y\n1,2,3\n2,3,4\n",
        "points.csv: there is no column 'label' in id, x, y.",
        "expected: the columns x, y and label, or which of them are these.",
        "next: spiral train --data points.csv --x x --y y --label id",
    ),
    "two labels": (
        "x,label,y,class\n1,a,2,b\n3,a,4,c\n",
        "points.csv: more than one column may be the label: x, label, y, class.",
        "expected: the columns x, y and label, or which of them are these.",
        "next: spiral train --data points.csv --x x --y y --label class",
    ),
    "two columns of one name": (
        "x,y,y,label\n1,2,3,a\n2,3,4,b\n",
        "points.csv: two columns are called 'y'.",
        "expected: columns with different names.",
    ),
    "two separators": (
        "1,2,3;4;5\n1,2,3;4;6\n",
        "points.csv: its cells may be separated by commas or semicolons: '1,2,3;4;5'.",
        "expected: one separator, and texts that hold another one in quotation marks.",
    ),
    "commas of thousands, or decimal ones": (
        "1,234;5,678;a\n2,345;1,111;b\n",
        "points.csv: the comma of '1,234' may be a decimal one or that of thousands, and so may "
        "all others.",
        "expected: decimal points, and no sign between thousands.",
    ),
    "signs of thousands": (
        "1.234,5;2;a\n1.534,1;3;b\n",
        "points.csv, line 1: found '1.234,5'.",
        "expected: numbers without signs between thousands.",
    ),
    "points and commas": (
        "1,5;2;a\n1.5;3;b\n",
        "points.csv, line 2: found '1.5'.",
        "expected: a decimal comma, as in the numbers before, or the other in all.",
    ),
    "Python's own numbers": (
        "1_000,2,a\n1,2,b\n2,3,a\n",
        "points.csv, line 1: found '1_000'.",
        "expected: a finite number for x and for y.",
    ),
    "a first row that counts": (
        "0,1,2\n5,6,1\n7,3,2\n",
        "points.csv: its first row, 0, 1, 2, may be a point or the names of columns.",
        "expected: names in the first line.",
        "next: x,y,label as the first line, and the row below it if it is a point",
    ),
    "a comment that may be a point": (
        "label,x,y\nff0000,1,2\n#00ff00,2,3\n",
        "points.csv, line 3: it begins with #, and may be a comment or a point.",
        "expected: a label in quotation marks, or no comment like this one.",
    ),
    "a label that is none": (
        "1,2,0\n2,3,nan\n3,4,1\n",
        "points.csv, line 2: found 'nan' for the label, which is none.",
        "expected: a label in each line.",
        "next: another word, if it is the name of a class",
    ),
    "measured values": (
        "1,2,0.5\n2,3,1.5\n3,4,1.5\n",
        "points.csv has labels such as 0.5, which is a measured value and no class.",
        "expected: 2 to 64 classes: whole numbers, or texts.",
        "next: --label with another column",
    ),
    "packed and cut off": (
        gzip.compress(text(",").encode())[:-4],
        "points.csv cannot be unpacked: it is cut off.",
        "expected: a CSV with the columns x, y and label, or an npz with the arrays 'x' (N, 2) "
        "and 'y' (N,).",
    ),
    "packed, and too much": (
        gzip.compress(b"1,2,a\n" * 4_000_000),
        "points.csv unpacks to more than 20,000,000 bytes.",
        "expected: a smaller table.",
    ),
}


@pytest.mark.parametrize("what", UNCERTAIN)
def test_what_is_not_certain_is_refused(tmp_path: Path, what: str) -> None:
    content, *lines = UNCERTAIN[what]
    assert said(tmp_path, content) == lines


@pytest.mark.parametrize("what", ["more than three columns without names", "other names",
                                  "the label first", "two labels"])  # fmt: skip
def test_the_line_to_type_works(tmp_path: Path, what: str) -> None:
    content, *_, line = UNCERTAIN[what]
    path = written(tmp_path, content)
    words = line.split(" --")
    columns = {name: value.strip("'") for name, value in (word.split(" ", 1) for word in words[2:])}
    assert len(read_table(path, Columns(**columns)).names) == 2


def test_what_is_said_of_columns_is_checked(tmp_path: Path) -> None:
    content = text(",", head="x,y,label")
    assert said(tmp_path, content, Columns(label="labels")) == [
        "--label: there is no column 'labels' in points.csv. Did you mean 'label'?",
        "expected: one of x, y, label, or its number, from 1 to 3.",
        "next: spiral train --data points.csv --x x --y y --label label",
    ]
    assert said(tmp_path, content, Columns("y", "2")) == [
        "--x and --y are both the column y of points.csv.",
        "expected: three different columns.",
        "next: spiral train --data points.csv --x x --y y --label label",
    ]
    assert said(tmp_path, content, Columns(x=4))[0] == "--x: there is no column '4' in points.csv."
    assert said(tmp_path, IRIS, Columns(1, 2, 3))[0] == (
        "points.csv has labels such as 1.4, which is a measured value and no class."
    )


def test_files_of_scikit_learn(tmp_path: Path) -> None:
    """Its own CSV, which begins with counts and names, and what pandas makes of its frames."""
    iris = load_iris()
    own = io.StringIO()
    own.write(f"150,4,{','.join(iris.target_names)}\n")
    for row, label in zip(iris.data, iris.target, strict=True):
        own.write(",".join(map(str, row.tolist())) + f",{label}\n")
    table = read_table(written(tmp_path, own.getvalue()), Columns(3, 4, 5))
    assert table.counted() == "setosa 50, versicolor 50, virginica 50"
    cut = own.getvalue().removesuffix("2\n").rpartition("\n")[0] + "\n"
    assert said(tmp_path, cut, Columns(3, 4, 5))[0] == (
        "points.csv: its first line says 150 points, and there are 149."
    )
    np.savez(tmp_path / "a.npz", data=iris.data, target=iris.target, target_names=iris.target_names)
    same_points(read_table(tmp_path / "a.npz", Columns("3", "4")), table)
    np.savez(tmp_path / "b.npz", X=iris.data[:, 2:], y=iris.target_names[iris.target])
    same_points(read_table(tmp_path / "b.npz"), table)


ARRAYS = np.array([[x, y] for x, y, _ in POINTS])
LABELS = np.array([label for *_, label in POINTS])


@pytest.mark.parametrize(
    "arrays",
    [
        {"x": ARRAYS, "y": LABELS},
        {"X": ARRAYS, "y": LABELS[:, None]},
        {"arr_0": ARRAYS.astype(np.float32), "arr_1": LABELS.astype("S")},
        {"x": ARRAYS[:, 0], "y": ARRAYS[:, 1], "label": LABELS},
    ],
)
def test_arrays_by_all_their_names(tmp_path: Path, arrays: dict[str, np.ndarray]) -> None:
    np.savez(tmp_path / "points.npz", **arrays)
    expected = read_table(written(tmp_path, text(",")))
    same_points(read_table(tmp_path / "points.npz"), expected)


def test_arrays_that_are_not_certain(tmp_path: Path) -> None:
    def refused(**arrays: np.ndarray) -> list[str]:
        path = tmp_path / "points.npz"
        np.savez(path, **arrays)
        with pytest.raises(UsageError) as raised:
            read_table(path)
        return str(raised.value).replace(str(path), "points.npz").splitlines()

    assert refused(x=ARRAYS, X=ARRAYS, y=LABELS) == [
        "points.npz: there are arrays 'x' and 'X'.",
        "expected: one of them.",
    ]
    assert refused(X=np.zeros((4, 3)), y=LABELS) == [
        "points.npz: the array 'X' has the shape (4, 3) and the type float64.",
        "expected: numbers of the shape (N, 2), or which columns are x and y.",
        "next: spiral train --data points.npz --x 1 --y 2",
    ]
    assert refused(X=ARRAYS, y=np.array([0, np.nan, 1, 1])) == [
        "points.npz, row 1: found 'nan' for the label, which is none.",
        "expected: a label in each row.",
        "next: another word, if it is the name of a class",
    ]


def test_parquet_of_pandas(tmp_path: Path) -> None:
    columns = {"x": ARRAYS[:, 0], "y": ARRAYS[:, 1], "label": LABELS.tolist()}
    expected = read_table(written(tmp_path, text(",")))
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    same_points(read_table(tmp_path / "a.parquet"), expected)
    others = dict(zip(("width", "height", "kind"), columns.values(), strict=True))
    others["kind"] = pa.array(others["kind"]).dictionary_encode()
    pq.write_table(pa.table({**others, "__index_level_0__": range(4)}), tmp_path / "b.data")
    same_points(read_table(tmp_path / "b.data"), expected)
    pq.write_table(pa.table({**columns, "label": ["a", None, "b", "b"]}), tmp_path / "c.parquet")
    with pytest.raises(UsageError) as raised:
        read_table(tmp_path / "c.parquet")
    assert str(raised.value) == (
        f"{tmp_path / 'c.parquet'}, row 1: the label is missing.\nexpected: a label in each row."
    )
    whole = (tmp_path / "a.parquet").read_bytes()
    for cut in (b"PAR1", whole[:-9], whole[:200] + b"\0" * 50 + whole[250:]):
        (tmp_path / "d.parquet").write_bytes(cut)
        with pytest.raises(UsageError, match=r"d\.parquet is not a readable Parquet file: "):
            read_table(tmp_path / "d.parquet")


def test_axes_of_very_different_spans(tmp_path: Path) -> None:
    path = written(tmp_path, "age,income,bought\n20,50000,1\n30,20000,0\n40,90000,1\n25,40000,0\n")
    table = read_table(path)
    assert table.scale == "each"
    assert table.notes == (
        "x spans 20 and y 70,000: each axis is scaled by itself (--scale same keeps one scale for "
        "both)",
    )
    reach = np.abs(table.points.inputs).max(axis=0)
    np.testing.assert_allclose(reach, reach[::-1])
    assert np.hypot(*table.points.inputs.T).max() == pytest.approx(20)
    same = read_table(path, scale="same")
    assert (same.scale, same.notes[1:]) == ("same", ())
    assert np.ptp(same.points.inputs[:, 1]) == pytest.approx(
        3500 * np.ptp(same.points.inputs[:, 0])
    )
    assert read_table(written(tmp_path, text(","))).scale == "same"
    line = written(tmp_path, "1,0,a\n2,0,b\n3,0,a\n")
    assert read_table(line).scale == "same"
    assert np.isfinite(read_table(line, scale="each").points.inputs).all()


def test_a_far_point_is_named_and_does_not_decide_the_scale(tmp_path: Path) -> None:
    places = np.random.default_rng(0).uniform(-1, 1, size=(40, 2))
    places[17] = (900, 0)
    rows = "".join(f"{x:.3f},{y:.3f},{i % 2}\n" for i, (x, y) in enumerate(places))
    table = read_table(written(tmp_path, "x,y,label\n" + rows))
    near = np.round(np.delete(places[:, 0], 17), 3)
    assert table.notes == (
        f"line 19: x = 900 is far from all others, which lie from {near.min():g} to {near.max():g}",
    )
    assert table.scale == "same"
    assert read_table(written(tmp_path, text(","))).notes == ()


def test_train_says_what_it_found(tmp_path: Path) -> None:
    rows = "".join(f"{i % 7},{1000 * (i % 5)},{'no' if i % 3 else 'yes'}\n" for i in range(30))
    written(tmp_path, "age,income,bought\n" + rows, "people.csv")
    train = ["train", "--data", "people.csv", "--epochs", "2", "--attempts", "1", "--out", "a.npz"]
    ran = spiral(tmp_path, *train)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("people.csv: 30 points in 2 classes: no 20, yes 10\n")
    assert ran.stderr.startswith("people.csv: x spans 6 and y 4,000: each axis is scaled by itself")
    recipe = Trajectory.load(tmp_path / "a.npz").recipe
    assert recipe["data"]["scale"] == "each"
    ran = spiral(tmp_path, *train, "--scale", "same", "--x", "age", "--y", "2", "--label", "bought")
    assert ran.returncode == 0, ran.stderr
    path = Trajectory.load(tmp_path / "a.npz")
    assert {name: path.recipe["data"].get(name) for name in ("x", "y", "label", "scale")} == {
        "x": "age", "y": "2", "label": "bought", "scale": None
    }  # fmt: skip
    assert np.ptp(path.inputs[:, 1]) > 500 * np.ptp(path.inputs[:, 0])
    ran = spiral(tmp_path, "train", "--scale", "same")
    assert (ran.returncode, ran.stderr) == (
        2,
        "spiral: --scale goes with a file of points.\n"
        "expected: --data with the name of a file.\n"
        "next: spiral train --data points.csv --scale same\n",
    )
