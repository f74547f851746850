"""Locks: held by one, seen by others, gone with their process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import portalocker

from spiralcore.system.files import remove_leftovers, scratch_file, tidied
from spiralcore.system.locks import among_others, is_free, only_here

HOLD = """
import sys, time
from pathlib import Path
from spiralcore.system.files import scratch_file
from spiralcore.system.locks import among_others, only_here
hold = {"place": only_here, "folder": among_others, "file": scratch_file}[sys.argv[1]]
with hold(Path(sys.argv[2])):
    print("held", flush=True)
    time.sleep(600)
"""


@contextmanager
def holder(what: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds something until it is killed."""
    words = [sys.executable, "-c", HOLD, what, str(path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_one_process_at_a_time_is_at_a_place(tmp_path: Path) -> None:
    place = tmp_path / "new" / "it's\na film.mp4"
    assert is_free(place)
    with only_here(place) as alone:
        assert alone
        assert not is_free(place)
        with only_here(place) as again, only_here(place.with_name("another")) as other:
            assert not again
            assert other
    assert is_free(place)
    assert names(place.parent) == []


def test_a_lock_vanishes_with_the_process_that_holds_it(tmp_path: Path) -> None:
    place = tmp_path / "film.mp4"
    with holder("place", place) as process:
        with only_here(place) as alone:
            assert not alone
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        # Its file is still there, and nobody's.
        assert len(names(tmp_path)) == 1
        assert is_free(place)
        with only_here(place) as alone:
            assert alone
    assert names(tmp_path) == []


def test_leftovers_are_what_nobody_holds(tmp_path: Path) -> None:
    with holder("place", tmp_path / "a") as first, holder("file", tmp_path) as second:
        with only_here(tmp_path / "b"), scratch_file(tmp_path):
            (tmp_path / ".part-old").touch()
            (tmp_path / ".lock-old").touch()
            remove_leftovers(tmp_path, tmp_path / "not there")
            # Two places, and two files with a lock each.
            assert len(names(tmp_path)) == 6
            assert not {".part-old", ".lock-old"} & set(names(tmp_path))
        assert len(names(tmp_path)) == 3
        for process in (first, second):
            process.kill()
            process.wait()
        with tidied(tmp_path):
            assert names(tmp_path) == []
            (tmp_path / ".part-new").touch()
        assert names(tmp_path) == []


def test_a_folder_knows_whether_others_work_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    with among_others(folder) as nobody_else:
        assert nobody_else()
    with holder("folder", folder) as process:
        with among_others(folder) as nobody_else:
            assert not nobody_else()
        process.kill()
        process.wait()
        with among_others(folder) as nobody_else:
            assert nobody_else()
            folder.rmdir()
    with among_others(folder):
        assert folder.is_dir()
    assert names(tmp_path) == ["work"]


def test_a_file_that_is_written_can_be_locked_by_others(tmp_path: Path) -> None:
    """Its lock is another file: on Windows, what is locked is neither written nor moved."""
    with scratch_file(tmp_path) as part, part.open("r+b") as file:
        portalocker.lock(file, portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING)


def test_who_begins_waits_for_whoever_tidies_up(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    begun = threading.Event()

    def begin() -> None:
        with among_others(folder):
            begun.set()

    with among_others(folder) as nobody_else:
        assert nobody_else()
        thread = threading.Thread(target=begin)
        thread.start()
        folder.rmdir()
        assert not begun.wait(0.1)
    thread.join()
    assert begun.is_set()
    assert names(tmp_path) == ["work"]
