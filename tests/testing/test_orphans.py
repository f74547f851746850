"""Snapshots are counted once, and those of no test are found and removed, where that is certain."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

import pytest

from tests.testing.test_snapshots import TESTS, UPDATE

pytest_plugins = ["pytester"]

OLD, NEW, NAMED = "test_old", "test_new", "test_named"


def test_of(*names: str) -> str:
    """A module with tests of these names."""
    tests = (
        f"\ndef {name}(trajectory_snapshot):\n    trajectory_snapshot(made())\n" for name in names
    )
    return TESTS + "".join(tests)


test_of.__test__ = False  # type: ignore[attr-defined]


class Project:
    """Two modules in a folder ``tests``, the snapshots of which were accepted."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.folder = pytester.mkdir("tests")
        self.write("test_a", OLD, NAMED)
        self.write("test_b", "test_b")
        self.run(UPDATE).assert_outcomes(passed=3)

    def write(self, module: str, *names: str, more: str = "") -> None:
        """Write a module with tests of these names."""
        (self.folder / f"{module}.py").write_text(test_of(*names) + more)

    def run(self, *options: str) -> pytest.RunResult:
        """Run pytest there."""
        return self.pytester.runpytest_inprocess("-p", "no:randomly", *options)

    @property
    def files(self) -> list[str]:
        """All snapshots."""
        room = self.folder / "trajectory_snapshots"
        return sorted(path.relative_to(room).as_posix() for path in room.rglob("*.npz"))


@pytest.fixture
def project(pytester: pytest.Pytester) -> Project:
    return Project(pytester)


BEFORE = ["test_a/test_named.npz", "test_a/test_old.npz", "test_b/test_b.npz"]
ROOM = "tests/trajectory_snapshots"


def section(result: pytest.RunResult) -> list[str]:
    """The lines about snapshots at the end of a run."""
    lines = result.outlines
    starts = [i for i, line in enumerate(lines) if " trajectory snapshots " in line]
    after = lines[starts[0] + 1 :] if starts else []
    return list(takewhile(lambda line: line and "===" not in line, after))


def test_a_renamed_test_leaves_an_orphan_that_is_listed_and_removed(project: Project) -> None:
    assert project.files == BEFORE
    assert section(project.run()) == []
    project.write("test_a", NEW, NAMED)
    result = project.run()
    result.assert_outcomes(passed=2, failed=1)
    assert section(result)[:2] == [
        f"orphan  {ROOM}/test_a/test_old.npz, of no test",
        "1 of no test; next: pytest --trajectory-update removes them",
    ]
    assert project.files == BEFORE
    removed = project.run(UPDATE)
    removed.assert_outcomes(passed=3)
    size = (project.folder / "trajectory_snapshots/test_a/test_new.npz").stat().st_size
    assert section(removed) == [
        f"new     {ROOM}/test_a/test_new.npz, {size / 1e3:.1f} kB",
        f"removed {ROOM}/test_a/test_old.npz, of no test",
        f"1 written, 2 as before; {3 * size / 1e3:.1f} kB in all",
    ]
    assert project.files == ["test_a/test_named.npz", "test_a/test_new.npz", "test_b/test_b.npz"]
    assert section(project.run()) == []


def test_a_removed_module_leaves_orphans_and_no_empty_folders(project: Project) -> None:
    (project.folder / "test_b.py").unlink()
    assert f"orphan  {ROOM}/test_b/test_b.npz, of no test" in section(project.run())
    project.run(UPDATE, "tests")
    assert project.files == BEFORE[:2]
    assert not (project.folder / "trajectory_snapshots/test_b").exists()
    (project.folder / "test_a.py").unlink()
    project.run(UPDATE)
    assert not (project.folder / "trajectory_snapshots").exists()


def test_parameters_and_names_that_are_gone_leave_orphans(project: Project) -> None:
    many = """
@pytest.mark.parametrize("size", {sizes})
def test_many(size, trajectory_snapshot):
    for name in {names}:
        trajectory_snapshot(made(), name)
"""
    project.write("test_c", more=many.format(sizes=["a", "a-b", "c"], names=["", "b", "x/y"]))
    project.run(UPDATE)
    before = project.files
    assert len(before) == 3 + 9
    project.write("test_c", more=many.format(sizes=["a", "c"], names=["", "x/y"]))
    project.run(UPDATE)
    gone = {*before} - {*project.files}
    assert gone == {
        "test_c/test_many-a+b.npz",
        "test_c/test_many-a-b.npz",
        "test_c/test_many-a-b-b.npz",
        "test_c/test_many-c-b.npz",
        next(name for name in before if name.startswith("test_c/test_many-a-b-x-y-")),
    }
    project.run().assert_outcomes(passed=5)


@pytest.mark.parametrize(
    "options",
    [
        ("-k", "test_"),
        ("-k", "not test_b"),
        ("-m", "not slow"),
        ("tests/test_a.py",),
        ("tests/test_a.py", "tests/test_b.py"),
        ("tests/test_a.py::test_new",),
        ("--deselect", "tests/test_b.py"),
        ("--ignore", "tests/test_b.py"),
        ("--ignore-glob", "*_b.py"),
        ("--lf",),
        ("--sw",),
        ("--collect-only",),
        ("--setup-only",),
        ("--setup-plan",),
        ("-n", "2", "tests/test_a.py"),
        ("-n", "2", "-m", "not slow"),
    ],
    ids=" ".join,
)
def test_where_not_all_tests_run_nothing_is_removed(
    project: Project, options: tuple[str, ...]
) -> None:
    project.write("test_a", NEW, NAMED, more="\nslow = pytest.mark.slow(lambda: 0)\n")
    project.write("test_b", "test_b", more="\n@pytest.mark.slow\ndef test_slow(): pass\n")
    (project.pytester.path / "pytest.ini").write_text("[pytest]\nmarkers = slow\n")
    result = project.run(UPDATE, *options)
    assert not [line for line in result.outlines if "of no test" in line]
    assert {*BEFORE} <= {*project.files}


FAILS = "\ndef test_zero(): assert False\ndef test_last(): pass\n"
BROKEN = "\nimport gone_for_good\n"


@pytest.mark.parametrize(
    ("more", "options"),
    [
        (FAILS, ("-x",)),
        (FAILS, ("-x", "-n", "1")),
        (BROKEN, ()),
        (BROKEN, ("--continue-on-collection-errors",)),
        (BROKEN, ("--continue-on-collection-errors", "-n", "1")),
        ("\ndef test_exit(): pytest.exit('enough')\n", ()),
        ("\ndef test_interrupt(): raise KeyboardInterrupt\n", ()),
    ],
)
def test_where_a_run_does_not_come_to_its_end_nothing_is_removed(
    project: Project, more: str, options: tuple[str, ...]
) -> None:
    project.write("test_a", NEW, NAMED)
    (project.folder / "test_0.py").write_text("import pytest\n" + more)
    result = project.pytester.runpytest_subprocess(UPDATE, *options)
    assert result.ret != 0
    assert not [line for line in result.outlines if "of no test" in line]
    assert {*BEFORE} <= {*project.files}


def test_processes_of_xdist_know_it_together(project: Project) -> None:
    project.write("test_a", NEW, NAMED)
    listed = project.run("-n", "1")
    listed.assert_outcomes(passed=2, failed=1)
    assert f"orphan  {ROOM}/test_a/test_old.npz, of no test" in section(listed)
    for options in (("-n", "2"), ("-n", "1", "--dist", "loadgroup", "tests")):
        project.write("test_a", NEW, NAMED)
        stray = project.folder / "trajectory_snapshots/test_a/test_gone.npz"
        stray.write_bytes(b"old")
        result = project.run(UPDATE, *options)
        result.assert_outcomes(passed=3)
        assert f"removed {ROOM}/test_a/test_gone.npz, of no test" in section(result)
        assert not stray.exists()
        assert any("3 as before" in line or "2 as before" in line for line in section(result))
    assert project.files == ["test_a/test_named.npz", "test_a/test_new.npz", "test_b/test_b.npz"]


def test_a_worker_that_dies_takes_its_knowledge_along(project: Project) -> None:
    project.write("test_a", NEW, NAMED, more="\ndef test_dies(): import os; os._exit(3)\n")
    result = project.pytester.runpytest_subprocess(UPDATE, "-n", "1")
    assert result.ret != 0
    assert {*BEFORE} <= {*project.files}


KEPT = {
    "skipped": "\n@pytest.mark.skip\ndef test_old(trajectory_snapshot): pass\n",
    "skips itself": "\ndef test_old(trajectory_snapshot): pytest.skip('not here')\n",
    "xfail": "\n@pytest.mark.xfail\ndef test_old(trajectory_snapshot): assert False\n",
    "not run": "\n@pytest.mark.xfail(run=False)\ndef test_old(trajectory_snapshot): pass\n",
    "fails before": "\ndef test_old(trajectory_snapshot): assert False\n",
    "set-up fails": "\n@pytest.fixture\ndef bad(): assert False\n"
    "def test_old(bad, trajectory_snapshot): pass\n",
    "asks late": "\ndef test_old(request):\n"
    "    request.getfixturevalue('trajectory_snapshot')(made())\n",
    "module skipped": "\npytest.skip('not here', allow_module_level=True)\n",
    "needs what is not here": "\npytest.importorskip('gone_for_good')\n",
}


@pytest.mark.parametrize("kind", KEPT)
def test_what_a_test_did_not_come_to_is_kept(project: Project, kind: str) -> None:
    project.write("test_a", NAMED, more=KEPT[kind])
    result = project.run(UPDATE)
    assert not [line for line in result.outlines if "of no test" in line]
    assert project.files == BEFORE


def test_a_module_that_is_there_and_not_collected_keeps_its_own(project: Project) -> None:
    (project.folder / "conftest.py").write_text("collect_ignore = ['test_b.py']\n")
    project.write("test_a", NEW, NAMED)
    assert f"removed {ROOM}/test_a/test_old.npz, of no test" in section(project.run(UPDATE))
    assert "test_b/test_b.npz" in project.files


def test_tests_that_a_conftest_takes_out_keep_theirs(project: Project) -> None:
    (project.folder / "conftest.py").write_text(
        "def pytest_collection_modifyitems(items):\n"
        "    items[:] = [item for item in items if item.name != 'test_old']\n"
    )
    stray = project.folder / "trajectory_snapshots/test_a/test_gone.npz"
    stray.write_bytes(b"old")
    assert f"removed {ROOM}/test_a/test_gone.npz, of no test" in section(project.run(UPDATE))
    assert project.files == BEFORE


def test_a_module_without_tests_leaves_orphans(project: Project) -> None:
    project.write("test_b")
    assert f"removed {ROOM}/test_b/test_b.npz, of no test" in section(project.run(UPDATE))
    assert project.files == BEFORE[:2]


def test_other_folders_than_those_that_ran_are_left_alone(project: Project) -> None:
    other = project.pytester.mkdir("other")
    stray = other / "trajectory_snapshots" / "test_x" / "test_x.npz"
    (project.folder / "README.npz").write_bytes(b"")
    loose = project.folder / "trajectory_snapshots" / "loose.npz"
    text = project.folder / "trajectory_snapshots" / "test_a" / "notes.txt"
    stray.parent.mkdir(parents=True)
    for path in (stray, loose, text):
        path.write_bytes(b"mine")
    assert section(project.run(UPDATE, "tests")) == section(project.run(UPDATE, "tests"))
    assert all(path.exists() for path in (stray, loose, text))
    # As a part of all there is, it is of no test, as `other` has none.
    (other / "test_y.py").write_text("def test_y(): pass\n")
    assert "removed other/trajectory_snapshots/test_x/test_x.npz, of no test" in section(
        project.run(UPDATE)
    )


def test_a_part_of_the_folders_is_all_of_them(project: Project) -> None:
    deep = project.folder / "deep"
    deep.mkdir()
    (deep / "test_d.py").write_text(test_of("test_d"))
    project.run(UPDATE)
    project.write("test_a", NEW, NAMED)
    (deep / "test_d.py").write_text(test_of("test_e"))
    removed = section(project.run(UPDATE, "tests/deep"))
    assert "removed tests/deep/trajectory_snapshots/test_d/test_d.npz, of no test" in removed
    assert "test_a/test_old.npz" in project.files


RERUN = """
from _pytest.runner import runtestprotocol

def pytest_runtest_protocol(item, nextitem):
    # As pytest-rerunfailures does: the same item once more, and reports of both.
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for attempt in range(2):
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        failed = any(report.failed for report in reports)
        for report in reports:
            if failed and attempt == 0 and report.when == "call":
                report.outcome = "rerun"
            item.ihook.pytest_runtest_logreport(report=report)
        if not failed:
            break
        item._initrequest()
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True

def pytest_report_teststatus(report):
    if report.outcome == "rerun":
        return "rerun", "R", "RERUN"
"""

FLAKY = """
tries = []
def test_old(trajectory_snapshot):
    trajectory_snapshot(made())
    tries.append(1)
    assert len(tries) > 1
"""


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["", "xdist"])
def test_a_repeated_test_is_counted_once(project: Project, workers: tuple[str, ...]) -> None:
    project.pytester.makeconftest(RERUN)
    project.write("test_a", NAMED, more=FLAKY)
    path = project.folder / "trajectory_snapshots/test_a/test_old.npz"
    path.unlink()
    result = project.run(UPDATE, *workers)
    assert "3 passed, 1 rerun" in result.outlines[-1]
    size = path.stat().st_size
    assert section(result) == [
        f"new     {ROOM}/test_a/test_old.npz, {size / 1e3:.1f} kB",
        f"1 written, 2 as before; {3 * size / 1e3:.1f} kB in all",
    ]


def test_a_test_with_subtests_is_counted_once(project: Project) -> None:
    pytest.importorskip("pytest", "9")
    project.write("test_a", NAMED, more="""
def test_old(trajectory_snapshot, subtests):
    for name in ("a", "b"):
        with subtests.test(name):
            trajectory_snapshot(made(), name)
    with subtests.test("c"):
        pass
""")  # fmt: skip
    result = project.run(UPDATE)
    folder = project.folder / "trajectory_snapshots/test_a"
    size = (folder / "test_old-a.npz").stat().st_size
    assert section(result) == [
        f"new     {ROOM}/test_a/test_old-a.npz, {size / 1e3:.1f} kB",
        f"new     {ROOM}/test_a/test_old-b.npz, {size / 1e3:.1f} kB",
        f"removed {ROOM}/test_a/test_old.npz, of no test",
        f"2 written, 2 as before; {4 * size / 1e3:.1f} kB in all",
    ]


def test_a_snapshot_of_a_fixture_is_counted_once(project: Project) -> None:
    project.write("test_a", NAMED, more="""
@pytest.fixture
def checked(trajectory_snapshot):
    trajectory_snapshot(made(), "before")
    yield
    trajectory_snapshot(made(), "after")

def test_old(checked, trajectory_snapshot):
    trajectory_snapshot(made())
""")  # fmt: skip
    result = project.run(UPDATE)
    assert section(result)[-1].startswith("2 written, 3 as before; ")
    assert project.run().ret == 0


def test_projects_without_snapshots_hear_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("import sys\ndef test_it():\n    assert 1\n")
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    assert section(result) == []
    assert not Path(pytester.path / "trajectory_snapshots").exists()
