"""The short form of `make torture`: a kill, a full disk, two runs at once, no network."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.torture.page import markdown, renewed
from tests.torture.parts import PARTS, Row
from tests.torture.runs import recording
from tests.torture.runs.cutting import SHORT_COMMANDS, cut_off, why_no_cut
from tests.torture.runs.disk import why_no_disk
from tests.torture.runs.filling import SHORT_SIZES, fill, fill_temporary, lock_out
from tests.torture.runs.killing import Toll, kill_one
from tests.torture.runs.naming import SHORT_NAMES, name_all
from tests.torture.runs.stopping import hears, stop_one
from tests.torture.runs.together import overlaps, read_log, spying, together
from tests.torture.yard import Yard

needs_disk = pytest.mark.skipif(bool(why_no_disk()), reason=why_no_disk() or "there can be one")
needs_cut = pytest.mark.skipif(bool(why_no_cut()), reason=why_no_cut() or "it can be cut off")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], float]:
    """Files and seconds of a run that nobody disturbs."""
    yard = Yard(tmp_path_factory.mktemp("undisturbed"))
    run = yard.run()
    assert run.code == 0, run.err
    return yard.finished(), run.seconds


@pytest.mark.parametrize("victim", ["parent", "encoder"])
def test_the_next_call_completes_after_a_kill(
    victim: str, undisturbed: tuple[dict[str, str], float], tmp_path: Path
) -> None:
    toll = Toll()
    # Moments vary from run to run; `make torture` tries two hundred.
    kill_one(tmp_path, victim, random.uniform(0.2, 0.9), *undisturbed, toll)
    assert toll.kills == {victim: 1}
    assert toll.troubles() == []


def test_two_runs_at_once_share_the_work(
    undisturbed: tuple[dict[str, str], float], tmp_path: Path
) -> None:
    troubles, _ = together(tmp_path, 2, undisturbed[0], ("mp4", "png"))
    assert troubles == []
    # The log is one of real work: a network, three pieces of a film, their joining.
    ended = {words[1:] for _, _, words in read_log(tmp_path / "log") if words[0] == "end"}
    assert len({place for place, _ in ended}) == 5


def test_the_log_shows_work_that_is_done_twice(tmp_path: Path) -> None:
    log = tmp_path / "log"
    lines = [(1, 10, "begin"), (2, 11, "begin"), (3, 10, "end"), (4, 11, "end"), (5, 12, "begin")]
    log.write_text("".join(f"{t}.0\t{p}\t{kind!r}\t'a.mp4'\t'A'\n" for t, p, kind in lines))
    assert overlaps(log) == ["a.mp4 by 11 and {10}"]


@needs_cut
def test_no_network_is_needed_or_asked_for(
    undisturbed: tuple[dict[str, str], float], tmp_path: Path
) -> None:
    assert cut_off(tmp_path, SHORT_COMMANDS) == {"render --recipe": []}
    # Another folder, one process instead of two: the same bytes.
    assert Yard(tmp_path).finished() == undisturbed[0]


def test_who_asks_for_the_network_is_noticed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = (
        "import socket\n"
        "try: socket.create_connection(('127.0.0.1', 9), 0.1)\n"
        "except OSError: pass\n"
    )
    subprocess.run([sys.executable, "-c", code], env=spying(log), check=True)
    asked = [words[1] for _, _, words in read_log(log)]
    assert asked == ["socket.getaddrinfo", "socket.connect"]


@needs_disk
def test_disks_without_room(tmp_path: Path) -> None:
    tally = fill(tmp_path / "disk", SHORT_SIZES)
    assert tally.troubles == []
    assert sum(tally.refused.values()) >= 2
    said = fill_temporary(tmp_path)
    assert said == f"{tmp_path / 'temporary'}: No space left on device."


@needs_disk
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tally = lock_out(tmp_path / "disk")
    assert tally.troubles == []
    assert tally.refused


def test_odd_names(tmp_path: Path) -> None:
    assert name_all(tmp_path, SHORT_NAMES) == []


def test_recorded_trainings_that_are_killed_go_on(tmp_path: Path) -> None:
    assert [row.held for row in recording.rows(tmp_path, True)] == [True, True, True]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_libraries_are_loaded(number: signal.Signals, tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    process = yard.start()
    while not hears(process):
        time.sleep(0.001)
    process.send_signal(number)
    _, err = process.communicate()
    word = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}[number]
    assert err == f"spiral: {word}; what is finished is kept, the same command makes the rest\n"
    assert process.returncode == 128 + number


def test_ctrl_c_in_the_middle_of_a_film(
    undisturbed: tuple[dict[str, str], float], tmp_path: Path
) -> None:
    """All processes get it, as in a terminal."""
    stop = stop_one(tmp_path, signal.SIGINT, 0.6, undisturbed[1], group=True)
    if stop is not None:  # a machine may be twice as fast as a moment ago
        assert stop.troubles() == []


def test_the_page_is_renewed_part_by_part() -> None:
    page = "a\n<!-- one -->\nold\n<!-- end -->\nb\n<!-- two -->\n<!-- end -->\n"
    table = markdown([Row("cats", "3", True), Row("dogs", "0", False), Row("owls", "1")], 90)
    found = renewed(page, "two", table)
    assert found.startswith(page[: page.index("<!-- two -->")])
    assert "| cats | 3 | yes |\n| dogs | 0 | **no** |\n| owls | 1 |  |" in found
    with pytest.raises(ValueError, match="0 places for 'three'"):
        renewed(page, "three", table)


def test_every_part_has_its_place_on_the_page() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reliability.md").read_text("utf-8")
    for name in PARTS:
        renewed(page, name, "")
