"""A pytest plugin: snapshot tests of trajectories, with the fixture ``trajectory_snapshot``.

It is loaded with every run of pytest where spiralcore is installed. Therefore it lies beside the
package and imports nothing of it until a test asks for the fixture, or there are snapshots: neither
time nor coverage is taken from anybody else.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from spiralcore.testing.snapshots import Accepted, TrajectorySnapshot

FOLDER = "trajectory_snapshots"
"""Beside the test: ``trajectory_snapshots/MODULE/TEST.npz``."""

EVIDENCE = "trajectory-snapshots"
"""In pytest's cache: pictures of what is wrong, and what was made instead."""

PROPERTY = "trajectory_snapshot"

LONGEST_STEM = 100

DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
"""No files on Windows, whatever comes after a dot."""

NARROWING = ("keyword", "deselect", "lf", "stepwise", "ignore", "ignore_glob", "collectonly",
             "setuponly", "setupplan")  # fmt: skip
"""Options of pytest with which not all tests run; `pytest_deselected` tells of the others."""

FINISHED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that accepts what tests have made."""
    parser.getgroup("spiralcore").addoption(
        "--trajectory-update",
        action="store_true",
        help="accept trajectories as they are: write their snapshots, and say what changed; "
        "where all tests have run, remove snapshots that belong to none",
    )


# Names: no two tests have a file in common.


@pytest.fixture
def trajectory_snapshot(request: pytest.FixtureRequest) -> TrajectorySnapshot:
    """Compares a trajectory with the one that was accepted: ``trajectory_snapshot(trajectory)``.

    Options: ``atol=0.01``, a part of the panel's width; ``align=["rotation", "classes"]``;
    ``arrays=["hidden"]``; ``epochs=16``, of a new snapshot; a name, for several in one test.
    """
    from spiralcore.testing.names import SnapshotNames, evidence_folder
    from spiralcore.testing.snapshots import Surroundings, TrajectorySnapshot

    node, config = request.node, request.config

    def tell(accepted: Accepted) -> None:
        # Properties come back from the processes of pytest-xdist, too.
        node.user_properties.append((PROPERTY, list(accepted)))

    def evidence() -> Path:
        cache = getattr(config, "cache", None)
        if cache is None:  # -p no:cacheprovider
            return Path(request.getfixturevalue("tmp_path"))
        folder = Path(cache.mkdir(EVIDENCE)) / evidence_folder(request.path, config.rootpath)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    module = os.path.relpath(request.path, config.invocation_params.dir)
    test = shlex.quote("::".join([module, *_names(node)]))
    stem = _stem(node)
    return TrajectorySnapshot(
        Surroundings(
            names=SnapshotNames(
                folder=_folder(request.path),
                stem=stem,
                others=frozenset(_stems(node.parent).values()) - {stem},
                former=file_stem(".".join(_names(node))),
            ),
            evidence=evidence,
            command=f"pytest {test} --trajectory-update",
            update=bool(config.getoption("--trajectory-update")),
            use=config.stash[RUN].used.add,
            tell=tell,
        )
    )


def file_stem(test: str, *, digest: bool = False) -> str:
    """The name of a test as that of a file; ``test_k[3-tanh]`` is ``test_k-3-tanh``.

    With a part of its SHA-256 where that is ambiguous, or ``digest`` asks for it.
    """
    stem = re.sub(r"[^A-Za-z0-9_.-]+", "-", test).strip("-").rstrip(".-")
    if DEVICES.match(stem):
        stem, digest = f"_{stem}", True
    same = stem == test.replace("[", "-", 1).removesuffix("]")
    if same and len(stem) <= LONGEST_STEM and not digest:
        return stem
    return f"{stem[:LONGEST_STEM]}-{hashlib.sha256(test.encode()).hexdigest()[:8]}"


def _names(node: pytest.Item) -> list[str]:
    """The names of the classes that a test is in, and its own."""
    classes = [part.name for part in node.listchain() if isinstance(part, pytest.Class)]
    return [*classes, node.name]


def _stem(node: pytest.Item) -> str:
    """How the files of a test begin."""
    return _stems(node.parent).get(node.name) or file_stem(".".join(_names(node)))


def _stems(parent: pytest.Collector | None) -> dict[str, str]:
    """How the files of each test of a module or class begin, by the name of the test."""
    if parent is not None and STEMS not in parent.stash:
        from spiralcore.testing.names import twins

        classes = [part for part in parent.listchain() if isinstance(part, pytest.Class)]
        doubtful = any(part.name in twins(_children(part.parent)) for part in classes)
        full = {
            name: ".".join([*(part.name for part in classes), name]) for name in _children(parent)
        }
        plain = {name: file_stem(test) for name, test in full.items()}
        twin = twins(plain.values())
        parent.stash[STEMS] = {
            name: file_stem(full[name], digest=True) if doubtful or stem in twin else stem
            for name, stem in plain.items()
        }
    return {} if parent is None else parent.stash[STEMS]


def _children(parent: pytest.Collector | None) -> list[str]:
    """All tests and classes in a module or class, those that do not run, too."""
    return [] if parent is None else parent.stash.get(CHILDREN, [])


# What runs, and whether that is everything.


class _Run:
    """Watches a run of pytest, in each process of it: what there is, what runs, how it ends.

    Attributes
    ----------
    used
        Snapshots that tests have asked for.
    orphans, removed
        Snapshots of no test, once all tests have run; those of them that are gone.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._folders: set[Path] = set()
        self._collectors: list[pytest.Module | pytest.Class] = []
        self._narrowed = False
        self._ended: set[str] = set()
        self._passed: set[str] = set()
        self._doubtful: set[str] = set()
        self._told: list[dict[str, Any]] = []
        self.used: set[Path] = set()
        self.orphans: list[Path] = []
        self.removed: list[Path] = []

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Generator[None, Any, None]:
        """Note what there is, before any of it is chosen."""
        report = (yield).get_result()
        self._narrowed |= report.failed
        if isinstance(collector, pytest.Module | pytest.Class) and report.passed:
            collector.stash[CHILDREN] = [child.name for child in report.result]
            self._collectors.append(collector)
        if not isinstance(collector, pytest.Class):
            self._folders.add(collector.path if collector.path.is_dir() else collector.path.parent)

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Note that not all tests run."""
        self._narrowed |= bool(items)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note how a test ends; with pytest-xdist, where it is reported."""
        if report.when == "teardown":
            self._ended.add(report.nodeid)
        if report.when == "call" and report.passed:
            self._passed.add(report.nodeid)
        elif report.outcome in ("failed", "skipped"):  # "rerun" of pytest-rerunfailures is neither
            self._doubtful.add(report.nodeid)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Hear what a process of pytest-xdist knows."""
        self._told.append(getattr(node, "workeroutput", {}).get(PROPERTY, {}))

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Look for snapshots of no test, if there are snapshots and all tests have run."""
        if not self._config.pluginmanager.hasplugin("dsession"):
            self._told.append(self._to_tell(session))
        if hasattr(self._config, "workeroutput"):
            self._config.workeroutput[PROPERTY] = self._told[0]
        elif exitstatus in FINISHED and not (session.shouldstop or session.shouldfail):
            self._look()

    def _to_tell(self, session: pytest.Session) -> dict[str, Any]:
        """What this process knows, of things that can be sent to another one."""
        items = list(getattr(session, "items", []))
        rooms = [str(folder / FOLDER) for folder in self._folders if (folder / FOLDER).is_dir()]
        tests: dict[str, dict[str, str]] = {}
        for node in self._collectors if rooms else []:
            # Tests that somebody has taken out have no item, and so do not pass.
            tests.setdefault(str(_folder(node.path)), {}).update(
                dict.fromkeys(_stems(node).values(), "")
            )
        for item in items if rooms else []:
            tests.setdefault(str(_folder(item.path)), {})[_stem(item)] = item.nodeid
        return {
            "whole": not self._narrowed,
            "items": [item.nodeid for item in items] if rooms else [],
            "rooms": rooms,
            "tests": tests,
            "used": [str(path) for path in self.used],
        }

    def _look(self) -> None:
        chosen = _chosen_folders(self._config)
        if not chosen or not any(told.get("rooms") for told in self._told):
            return
        from spiralcore.testing.orphans import Suite, orphans, removed

        suite = Suite.of(self._told, chosen, self._ended, self._passed - self._doubtful)
        self.orphans = orphans(suite)
        if self._config.getoption("--trajectory-update"):
            self.removed = removed(self.orphans, suite.rooms)


def _folder(module: Path) -> Path:
    """Where the snapshots of a module are."""
    from spiralcore.testing.names import module_folder

    return module.parent / FOLDER / module_folder(module)


def _chosen_folders(config: pytest.Config) -> list[Path]:
    """The folders of which all tests are to run; none where a part of a folder was asked for."""
    chosen = [Path(config.invocation_params.dir, argument) for argument in config.args]
    if any(config.getoption(name, None) for name in NARROWING):
        return []
    return [path.resolve() for path in chosen] if all(path.is_dir() for path in chosen) else []


RUN = pytest.StashKey[_Run]()
CHILDREN = pytest.StashKey[list[str]]()
STEMS = pytest.StashKey[dict[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin to watch."""
    config.stash[RUN] = _Run(config)
    config.pluginmanager.register(config.stash[RUN], "spiralcore-run")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell which snapshots were written, what is different in them, and which are of no test."""
    run = terminalreporter.config.stash[RUN]
    told = [
        [value for name, value in getattr(report, "user_properties", []) if name == PROPERTY]
        for reports in terminalreporter.stats.values()
        for report in reports
    ]
    if not any(told) and not run.orphans:
        return
    from spiralcore.testing.summary import summary

    terminalreporter.section("trajectory snapshots")
    for line in summary(told, run.orphans, run.removed):
        terminalreporter.line(line)
