"""A pytest plugin: snapshot tests of trajectories, with the fixture ``trajectory_snapshot``.

It is loaded with every run of pytest where spiralcore is installed. Therefore it lies beside the
package and imports nothing of it until a test asks for the fixture: neither time nor coverage is
taken from anybody else.
"""

from __future__ import annotations

import hashlib
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from spiralcore.snapshots import Accepted, TrajectorySnapshot

FOLDER = "trajectory_snapshots"
"""Beside the test: ``trajectory_snapshots/MODULE/TEST.npz``."""

EVIDENCE = "trajectory-snapshots"
"""In pytest's cache: pictures of what is wrong, and what was made instead."""

PROPERTY = "trajectory_snapshot"

LONGEST_STEM = 100


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that accepts what tests have made."""
    parser.getgroup("spiralcore").addoption(
        "--trajectory-update",
        action="store_true",
        help="accept trajectories as they are: write their snapshots, and say what changed",
    )


@pytest.fixture
def trajectory_snapshot(request: pytest.FixtureRequest) -> TrajectorySnapshot:
    """Compares a trajectory with the one that was accepted: ``trajectory_snapshot(trajectory)``.

    Options: ``atol=0.01``, a part of the panel's width; ``align=["rotation", "classes"]``;
    ``arrays=["hidden"]``; ``epochs=16``, of a new snapshot; a name, for several in one test.
    """
    from spiralcore.snapshots import Surroundings, TrajectorySnapshot

    node, config = request.node, request.config

    def tell(accepted: Accepted) -> None:
        # Properties come back from the processes of pytest-xdist, too.
        node.user_properties.append((PROPERTY, list(accepted)))

    def evidence() -> Path:
        cache = getattr(config, "cache", None)
        if cache is None:  # -p no:cacheprovider
            return Path(request.getfixturevalue("tmp_path"))
        folder = Path(cache.mkdir(EVIDENCE)) / request.path.stem
        folder.mkdir(exist_ok=True)
        return folder

    names = [part.name for part in node.listchain() if isinstance(part, pytest.Class)]
    test = shlex.quote(str(config.cwd_relative_nodeid(node.nodeid)))
    return TrajectorySnapshot(
        Surroundings(
            folder=request.path.parent / FOLDER / request.path.stem,
            stem=file_stem(".".join([*names, node.name])),
            evidence=evidence,
            command=f"pytest {test} --trajectory-update",
            update=bool(config.getoption("--trajectory-update")),
            tell=tell,
        )
    )


def file_stem(test: str) -> str:
    """The name of a test as that of a file: ``test_k[3-tanh]`` is ``test_k-3-tanh``."""
    stem = re.sub(r"[^A-Za-z0-9_.-]+", "-", test).strip("-")
    if stem == test.replace("[", "-", 1).removesuffix("]") and len(stem) <= LONGEST_STEM:
        return stem
    return f"{stem[:LONGEST_STEM]}-{hashlib.sha256(test.encode()).hexdigest()[:8]}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell which snapshots were written, and what is different in them."""
    told = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == PROPERTY
    ]
    if not told:
        return
    terminalreporter.section("trajectory snapshots")
    for file, fate, words, size in sorted(told):
        if fate != "as before":
            terminalreporter.line(f"{fate:8}{file}, {size / 1e3:.1f} kB")
            for line in words.split("; ") if words else []:
                terminalreporter.line(f"{'':8}{line}")
    kept = sum(fate == "as before" for _, fate, _, _ in told)
    terminalreporter.line(
        f"{len(told) - kept} written, {kept} as before; "
        f"{sum(size for *_, size in told) / 1e3:.1f} kB in all"
    )
