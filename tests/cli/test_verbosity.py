"""How much the command tells: the usual, only what is wrong, or everything."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from spiralcore.cli import verbosity
from tests.conftest import spiral

TRAIN = ["train", "--classes", "2", "--out", "k2.npz", "--set", "training.epochs=5"]


def test_the_usual_tells_how_far_it_is_and_what_was_made(tmp_path: Path) -> None:
    ran = spiral(tmp_path, *TRAIN)
    assert ran.stderr.splitlines()[-1].startswith("training: 100 %, 1 of 1 jobs")
    assert ran.stdout.startswith("k2.npz: accuracy ")


def test_quiet_tells_nothing_but_what_is_wrong(tmp_path: Path) -> None:
    ran = spiral(tmp_path, *TRAIN, "--quiet")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert (tmp_path / "k2.npz").exists()
    # What was asked for is no message.
    assert '"classes": 2' in spiral(tmp_path, "info", "k2.npz", "--json", "-q").stdout
    wrong = spiral(tmp_path, "info", "k3.npz", "--quiet")
    assert (wrong.returncode, wrong.stderr[:14]) == (2, "spiral: k3.npz")


def test_verbose_tells_of_each_job(tmp_path: Path) -> None:
    ran = spiral(tmp_path, *TRAIN, "-v")
    told = [line for line in ran.stderr.splitlines() if "spiralcore.cli.progress" in line]
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d\.\d{3} spiralcore\.cli\.progress: training: '2 classes.*' is at work",
        told[0],
    )
    assert re.search(r"' is done, \d+\.\d s later$", told[-1])


def test_both_at_once_are_refused(tmp_path: Path) -> None:
    ran = spiral(tmp_path, "films", "--quiet", "--verbose")
    assert ran.returncode == 2
    assert "Error: --quiet and --verbose: expected one of them." in ran.stderr


def test_others_loggers_are_left_alone() -> None:
    before = logging.getLogger().handlers[:]
    for _ in range(2):
        verbosity.begin()
    ours = [one for one in logging.getLogger("spiralcore").handlers if "Stderr" in repr(one)]
    assert len(ours) == 1
    assert logging.getLogger().handlers == before
