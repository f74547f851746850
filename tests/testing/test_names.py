"""Every snapshot has a file of its own, with a name that every system takes."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

import pytest_spiralcore
from spiralcore.system.file_names import key
from spiralcore.testing.names import SnapshotNames, begins
from tests.testing.test_snapshots import TESTS, UPDATE, errors, one

pytest_plugins = ["pytester"]

ROOM = "trajectory_snapshots/test_run"


@pytest.fixture
def run(pytester: pytest.Pytester):
    """Runs pytest with the plugins that are installed, within this process."""

    def start(test: str, *options: str) -> pytest.RunResult:
        pytester.makepyfile(test_run=TESTS + test)
        return pytester.runpytest_inprocess(*options)

    return start


def files(pytester: pytest.Pytester) -> list[str]:
    """All snapshots, relative to their room."""
    room = pytester.path / ROOM
    return sorted(path.relative_to(room).as_posix() for path in room.rglob("*.npz"))


def assert_portable(names: list[str]) -> None:
    """Each is one part of a file name on Linux, macOS and Windows, and no two are one."""
    for name in names:
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f]', name), name
        assert not name.removesuffix(".npz").endswith((".", " ")), name
        assert name.partition(".")[0].upper() not in ("CON", "PRN", "AUX", "NUL", "COM1", "LPT9")
        assert len(name.encode()) <= 204, name
        assert unicodedata.normalize("NFC", name) == name
    folded = {unicodedata.normalize("NFD", name).casefold() for name in names}
    assert len(folded) == len(names)


SMALL_AND_WIDE = """
@pytest.mark.parametrize("size", ["small", "small-wide", "small-wide-x"])
def test_k(size, trajectory_snapshot):
    moved = {"small": 0.0, "small-wide": 0.3, "small-wide-x": 0.6}[size]
    trajectory_snapshot(made(moved))
    trajectory_snapshot(made(moved + 0.05), "wide")
    trajectory_snapshot(made(moved + 0.1), "wide-x")
    trajectory_snapshot(made(moved + 0.15), "x")
"""


def test_a_parameter_and_a_name_never_are_one_file(run, pytester: pytest.Pytester) -> None:
    run(SMALL_AND_WIDE, UPDATE).assert_outcomes(passed=3)
    assert files(pytester) == [
        "test_k-small+wide-x.npz",
        "test_k-small+wide.npz",
        "test_k-small-wide+x.npz",
        "test_k-small-wide-wide-x.npz",
        "test_k-small-wide-wide.npz",
        "test_k-small-wide-x-wide-x.npz",
        "test_k-small-wide-x-wide.npz",
        "test_k-small-wide-x-x.npz",
        "test_k-small-wide-x.npz",
        "test_k-small-wide.npz",
        "test_k-small-x.npz",
        "test_k-small.npz",
    ]
    # Each was compared with its own, in whatever order, and alone.
    run(SMALL_AND_WIDE).assert_outcomes(passed=3)
    for size in ("small", "small-wide", "small-wide-x"):
        run(SMALL_AND_WIDE, f"test_run.py::test_k[{size}]").assert_outcomes(passed=1)
    run(SMALL_AND_WIDE, "-k", "small-wide-x", UPDATE).assert_outcomes(passed=1)
    assert len(files(pytester)) == 12


def test_names_that_were_always_clear_stay(run, pytester: pytest.Pytester) -> None:
    test = """
names = ["", "wide", "lr=0.1", "a b", "x+y", "Größe", "v1.2", "(1, 2)", "50%"]

def test_plain(trajectory_snapshot):
    for name in names:
        trajectory_snapshot(made(), name)

class TestAll:
    @pytest.mark.parametrize("moved", [0.0, 0.5])
    def test_many(self, moved, trajectory_snapshot):
        for name in names:
            trajectory_snapshot(made(), name)
"""
    run(test, UPDATE).assert_outcomes(passed=3)
    names = ["", "-wide", "-lr=0.1", "-a b", "-x+y", "-Größe", "-v1.2", "-(1, 2)", "-50%"]
    stems = ("test_plain", "TestAll.test_many-0.0", "TestAll.test_many-0.5")
    assert files(pytester) == sorted(f"{stem}{name}.npz" for stem in stems for name in names)


ODD = ("relu/tanh", "../../x", "..", ".", "/", "/etc/x", "a\\b", "C:x", "x" * 300, "é" * 150,
       "a.", "a ", " a", "nul\0", "tab\tx", "esc\x1b[31m", "what?", "a*b", "<a>", '"', "a|b",
       "\u202e", "\ud800", "line\nbreak", "CON", "e\u0301")  # fmt: skip


def test_odd_names_become_one_part_of_a_file_name(run, pytester: pytest.Pytester) -> None:
    test = f"""
def test_it(trajectory_snapshot):
    for name in {ODD!r}:
        trajectory_snapshot(made(), name)
"""
    run(test, UPDATE).assert_outcomes(passed=1)
    run(test).assert_outcomes(passed=1)
    assert len(files(pytester)) == len(ODD)
    assert_portable(files(pytester))
    # Nothing is anywhere else.
    assert len(list(pytester.path.rglob("*.npz"))) == len(ODD)
    assert not list(pytester.path.parent.glob("*.npz"))


def test_odd_parameters_become_one_part_of_a_file_name(run, pytester: pytest.Pytester) -> None:
    ids = [name for name in ODD if name.isprintable()]
    test = f"""
@pytest.mark.parametrize("number", range({len(ids)}), ids={ids!r})
def test_it(number, trajectory_snapshot):
    trajectory_snapshot(made(number / 50))
    trajectory_snapshot(made(number / 50), "x")
"""
    run(test, UPDATE).assert_outcomes(passed=len(ids))
    run(test).assert_outcomes(passed=len(ids))
    assert len(files(pytester)) == 2 * len(ids)
    assert_portable(files(pytester))


def test_upper_and_lower_case_are_two_files_on_every_system(run, pytester: pytest.Pytester) -> None:
    test = """
@pytest.mark.parametrize("name", ["Tanh", "tanh", "TANH", "relu"])
def test_it(name, trajectory_snapshot):
    trajectory_snapshot(made(["tanh", "Tanh", "TANH", "relu"].index(name) / 5))

def test_IT(trajectory_snapshot):
    trajectory_snapshot(made(0.7))

class TestAll:
    def test_it(self, trajectory_snapshot):
        trajectory_snapshot(made(0.1))

class Testall:
    def test_it(self, trajectory_snapshot):
        trajectory_snapshot(made(0.5))
"""
    run(test, UPDATE).assert_outcomes(passed=7)
    names = files(pytester)
    assert len(names) == 7
    assert_portable(names)
    assert {"test_IT.npz", "test_it-relu.npz"} < {*names}
    for test_id in ("test_it[Tanh]", "test_it[tanh]", "TestAll::test_it", "Testall", "test_IT"):
        run(test, f"test_run.py::{test_id}").assert_outcomes(passed=1)
    assert files(pytester) == names


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ("wide", "wide", "'test_it-wide'"),
        ("Tanh", "tanh", "'test_it-Tanh' and 'test_it-tanh', which is one file on some systems"),
        ("é", "e\u0301", "'test_it-é'"),
        ("É", "e\u0301", "'test_it-É' and 'test_it-é', which is one file on some systems"),
    ],
)
def test_names_that_are_one_file_are_noticed(run, first: str, second: str, both: str) -> None:
    test = f"""
def test_it(trajectory_snapshot):
    trajectory_snapshot(made(), {first!r})
    trajectory_snapshot(made(), {second!r})
"""
    result = run(test, UPDATE)
    result.assert_outcomes(failed=1)
    assert errors(result) == [
        f"spiralcore.errors.UsageError: Two snapshots of this test are called {both}.",
        "expected: a name for each.",
        'next: trajectory_snapshot(trajectory, "another name")',
    ]


def test_a_snapshot_under_its_former_name_is_named(run, pytester: pytest.Pytester) -> None:
    test = """
@pytest.mark.parametrize("size", ["small", "small-wide"])
def test_k(size, trajectory_snapshot):
    trajectory_snapshot(made(), "wide")
"""
    run(test, UPDATE).assert_outcomes(passed=2)
    room = pytester.path / ROOM
    (room / "test_k-small+wide.npz").rename(room / "test_k-small-wide.npz")
    result = run(test)
    result.assert_outcomes(passed=1, failed=1)
    assert errors(result) == [
        "spiralcore.testing.snapshots.SnapshotMismatch: "
        f"There is no snapshot {ROOM}/test_k-small+wide.npz. It was once called "
        f"{ROOM}/test_k-small-wide.npz; if it is in there, keep it: "
        f"cp {ROOM}/test_k-small-wide.npz {ROOM}/test_k-small+wide.npz",
        f"next: pytest 'test_run.py::test_k[small]' {UPDATE}",
    ]
    pytester.run("cp", f"{ROOM}/test_k-small-wide.npz", f"{ROOM}/test_k-small+wide.npz")
    run(test).assert_outcomes(passed=2)


def test_a_snapshot_in_a_folder_of_its_own_is_named(run, pytester: pytest.Pytester) -> None:
    test = "\ndef test_it(trajectory_snapshot):\n    trajectory_snapshot(made(), 'relu/tanh')\n"
    run(test, UPDATE).assert_outcomes(passed=1)
    (name,) = files(pytester)
    former = pytester.path / ROOM / "test_it-relu" / "tanh.npz"
    former.parent.mkdir()
    (pytester.path / ROOM / name).rename(former)
    assert f"It was once called {ROOM}/test_it-relu/tanh.npz" in errors(run(test))[0]
    # Once it is there under its new name, the old one is of no test.
    removed = run(test, UPDATE)
    assert f"removed {ROOM}/test_it-relu/tanh.npz, of no test" in removed.outlines
    assert files(pytester) == [name]
    assert not former.parent.exists()


@pytest.mark.parametrize("test", ["con", "Aux.test_it", "COM1.test_k[3]", "nul[x]", "lpt9"])
def test_no_test_has_the_name_of_a_device(test: str) -> None:
    assert_portable([f"{pytest_spiralcore.file_stem(test)}.npz"])


@pytest.mark.parametrize("test", ["console", "Auxiliary.test_it", "com.test", "null", "com10"])
def test_what_only_begins_like_a_device_stays(test: str) -> None:
    assert pytest_spiralcore.file_stem(test) == test


def test_long_names_differ_in_their_ends() -> None:
    names = SnapshotNames(Path("room"), "test_it")
    one, other = (names.file("x" * 300 + ending) for ending in "ab")
    assert one != other
    assert one.name.startswith("test_it-xxx")
    assert len(one.name) == len(other.name) == 204


@pytest.mark.parametrize(
    ("stem", "test", "expected"),
    [
        ("test_k", "test_k", True),
        ("test_k-wide", "test_k", True),
        ("test_k+wide", "test_k", True),
        ("Test_K-wide", "test_k", True),
        ("test_k2", "test_k", False),
        ("test_k.x", "test_k", False),
        ("test_", "test_k", False),
    ],
)
def test_whose_a_file_may_be(stem: str, test: str, expected: bool) -> None:
    assert begins(stem, test) is expected


def test_one_key_for_what_is_one_file() -> None:
    assert key("É") == key("e\u0301") == key("é")
    assert key("a") != key("b")


def test_evidence_of_modules_with_one_name_is_kept_apart(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\naddopts = --import-mode=importlib\n")
    places = ("one", "two", "two/deep", ".")
    modules = [pytester.path / place / "test_x.py" for place in places]
    for module in modules:
        module.parent.mkdir(exist_ok=True)
        module.write_text(one())
    pytester.runpytest_inprocess(UPDATE).assert_outcomes(passed=4)
    for number, module in enumerate(modules, 1):
        module.write_text(one(f"{number / 10}"))
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=4)
    cache = ".pytest_cache/d/trajectory-snapshots"
    pictures = [line for line in errors(result) if line.startswith("picture: ")]
    assert sorted(pictures) == sorted(
        f"picture: {(Path(cache) / place / 'test_x').as_posix()}/test_it.png" for place in places
    )
    kept = [pytester.path / cache / place / "test_x" / "test_it.npz" for place in places]
    assert len({path.read_bytes() for path in kept}) == 4


def test_evidence_of_a_module_outside_of_the_project(
    pytester: pytest.Pytester, tmp_path: Path
) -> None:
    project = pytester.mkdir("project")
    (project / "pytest.ini").write_text("[pytest]\n")
    outside = tmp_path / "test_out.py"
    outside.write_text(one())
    arguments = ("-c", str(project / "pytest.ini"), str(outside))
    pytester.runpytest_inprocess(*arguments, UPDATE).assert_outcomes(passed=1)
    outside.write_text(one("0.3"))
    result = pytester.runpytest_inprocess(*arguments)
    result.assert_outcomes(failed=1)
    kept = list((project / ".pytest_cache/d/trajectory-snapshots").rglob("test_it.npz"))
    assert [path.parent.name for path in kept] == ["test_out"]


def test_the_line_to_type_is_right_in_a_folder_of_the_project(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makeini("[pytest]\n")
    folder = pytester.mkdir("tests")
    (folder / "test_x.py").write_text(
        TESTS + "\nclass TestAll:\n    @pytest.mark.parametrize('name', ['a b'])\n"
        "    def test_it(self, name, trajectory_snapshot):\n        trajectory_snapshot(made())\n"
    )
    for place, path in ((folder, "test_x.py"), (pytester.path, "tests/test_x.py")):
        monkeypatch.chdir(place)
        result = pytester.runpytest_inprocess()
        result.assert_outcomes(failed=1)
        command = f"pytest '{path}::TestAll::test_it[a b]' {UPDATE}"
        assert errors(result)[1] == f"next: {command}"
    arguments = [command.split("'")[1], UPDATE]
    pytester.runpytest_inprocess(*arguments).assert_outcomes(passed=1)
    pytester.runpytest_inprocess().assert_outcomes(passed=1)
