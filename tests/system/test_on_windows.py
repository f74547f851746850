"""Writing, locking, working and encoding where the system is as strict as Windows: imitated."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import pytest
from PIL import Image

from spiralcore import Trajectory
from tests.imitations import on_windows, words_on_windows

REFUSALS = """
import os, sys
from pathlib import Path
print(sys.platform, hasattr(os, "fork"))
Path("a").write_bytes(b"1")
file = open("a")
def locked():
    with open("b", "wb") as one:
        import portalocker
        portalocker.lock(one, portalocker.LockFlags.EXCLUSIVE)
        Path("b").read_bytes()
def absent():
    import fcntl
def tracker():
    from multiprocessing import resource_tracker
    resource_tracker.ensure_running()
for refused in (
    lambda: Path("a").unlink(), lambda: os.replace("a", "b"), lambda: os.fsync(file.fileno()),
    lambda: os.open(".", os.O_RDONLY), lambda: open("aux.npz", "wb"), lambda: open("a:b", "wb"),
    lambda: open("a.", "wb"), lambda: Path("x" * 200).joinpath("y" * 60).write_bytes(b""),
    lambda: print("\\u2265"), absent, locked, tracker,
):
    try:
        refused()
    except (OSError, ValueError, ImportError) as error:
        print(error)
print(Path("A").read_bytes())
"""


def said(folder: Path, code: str) -> str:
    ran = on_windows(folder, code)
    assert ran.stderr == ""
    return ran.stdout


def test_the_imitation_refuses_what_windows_refuses(tmp_path: Path) -> None:
    path = f"{'x' * 200}/{'y' * 60}"
    assert said(tmp_path, REFUSALS).splitlines() == [
        "win32 False",
        "[Errno 13] it is used by another process: 'a'",
        "[Errno 13] it is used by another process: 'a'",
        "[Errno 9] Bad file descriptor",
        "[Errno 13] Permission denied: '.'",
        "[Errno 22] Invalid argument: it is a device: 'aux.npz'",
        "[Errno 22] Invalid argument: it has a letter that no name has: 'a:b'",
        "[Errno 22] Invalid argument: it ends with a space or a full stop: 'a.'",
        f"[Errno 2] No such file or directory: '{path}'",
        "'charmap' codec can't encode character '\\u2265' in position 0: "
        "character maps to <undefined>",
        "No module named 'fcntl'",
        "[Errno 13] Permission denied: it is locked: 'b'",
        "No module named '_posixsubprocess'",
        "b'1'",
    ]


def test_files_appear_whole_and_nothing_is_left(tmp_path: Path) -> None:
    code = """
from spiralcore.system.files import tidied, whole_file
from pathlib import Path
for text in ("one", "two"):
    with tidied(Path()), whole_file(Path("a.txt")) as part:
        part.write_text(text)
try:
    with whole_file(Path("a.txt")) as part:
        part.write_text("half")
        raise ValueError("enough")
except ValueError as error:
    print(error)
"""
    assert said(tmp_path, code) == "enough\n"
    assert (tmp_path / "a.txt").read_text() == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_file_that_somebody_reads_is_waited_for(tmp_path: Path) -> None:
    code = """
import threading
from pathlib import Path
from spiralcore.system.files import whole_file
def put(text):
    with whole_file(Path("a.txt")) as part:
        part.write_text(text)
put("one")
reader = open("a.txt")
threading.Timer(0.3, reader.close).start()
put("two")
reader = open("a.txt")
try:
    put("three")
except OSError as error:
    print(error.filename, error.strerror)
print(Path("a.txt").read_text())
"""
    assert said(tmp_path, code) == "a.txt it is open in another program\ntwo\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


LOCKS = """
import sys
from pathlib import Path
from spiralcore.system.files import remove_leftovers, scratch_file
from spiralcore.system.locks import among_others, is_free, only_here
if len(sys.argv) > 1:
    with only_here(Path("film")), among_others(Path("work")), scratch_file(Path()):
        print("held", flush=True)
        sys.stdin.read()
with only_here(Path("film")) as alone, among_others(Path("work")) as nobody_else:
    remove_leftovers(Path())
    print(alone, is_free(Path("film")), nobody_else())
"""


def test_locks_are_seen_by_others_and_vanish_with_their_process(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        words_on_windows(LOCKS, "hold"), cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert said(tmp_path, LOCKS) == "False False False\n"
        assert len(list(tmp_path.glob(".part-*"))) == 1
        holder.kill()
    assert said(tmp_path, LOCKS) == "True False True\n"
    assert [path.name for path in tmp_path.iterdir()] == ["work"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("aux.npz", "'aux' is a device there"),
        ("COM1.tar.gz", "'COM1' is a device there"),
        ("nul", "'nul' is a device there"),
        ("a?b.npz", "'?' is in no name there"),
        ("k4.", "no name ends with a space or a full stop there"),
    ],
)
def test_names_that_cannot_be_had_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, why: str
) -> None:
    from spiralcore.errors import UsageError
    from spiralcore.system import file_names
    from spiralcore.system.files import whole_file

    with whole_file(tmp_path / name):  # everywhere else
        pass
    monkeypatch.setattr(file_names.sys, "platform", "win32")
    with pytest.raises(UsageError) as caught:
        file_names.check_name(tmp_path / name)
    assert str(caught.value) == (
        f"The name {name} cannot be had on Windows: {why}.\n"
        "expected: a name that Windows takes.\n"
        "next: another name: --out FILE"
    )
    file_names.check_name(tmp_path / "console.npz")


def test_names_that_differ_in_case_only_are_one_file_there() -> None:
    from spiralcore.cli.verbs.export import _check_names
    from spiralcore.errors import UsageError
    from spiralcore.gallery.shown_networks import safe

    assert [safe(name) for name in ("AUX", "con", "Console")] == [
        "network-aux", "network-con", "console"
    ]  # fmt: skip
    films: list[Any] = [SimpleNamespace(targets={"mp4": Path(f"{name}.mp4")})
                        for name in ("bending-Tanh", "bending-relu", "bending-tanh")]  # fmt: skip
    _check_names(films[:2])
    with pytest.raises(UsageError) as caught:
        _check_names(films)
    assert str(caught.value) == (
        "Two films would be bending-tanh.mp4.\n"
        "expected: films of different names.\n"
        "next: one of them alone"
    )


def test_a_path_that_is_too_long_is_said_to_be(tmp_path: Path) -> None:
    folder = "/".join(["f" * 80] * 3)
    ran = on_windows(
        tmp_path, "-m", "spiralcore", "playground", "--output", f"{folder}/{'k' * 40}.html"
    )
    whole = tmp_path / folder
    assert ran.returncode == 2
    said_first, _, rest = ran.stderr.partition(" has ")
    assert said_first.startswith(f"spiral: The path {whole}/.part-")
    assert rest == (
        f"{len(str(whole)) + 20} letters.\n"
        "expected: up to 259, and 247 of its folder, where Windows has long paths not switched "
        "on.\n"
        "next: a folder with a shorter path, or LongPathsEnabled in the settings of Windows\n"
    )
    assert not whole.exists()


WORK = """
import os, signal, sys, threading, time
from pathlib import Path
from spiralcore.system.engine import Job
from spiralcore.system.worker_pool import WorkerPool
def write(place, report):
    with __import__("spiralcore.system.files", fromlist="x").whole_file(Path(place)) as part:
        part.write_text("made")
    return os.getpid()
if __name__ == "__main__":
    with WorkerPool(1) as pool:
        pool.submit(Job("a job", "work_on_windows:write", {"place": "a.txt"}))
        first = [event.result for event in pool.events() if hasattr(event, "result")]
        os.kill(first[0], signal.SIGINT)
        pool.submit(Job("another", "work_on_windows:write", {"place": "b.txt"}))
        print(first == [event.result for event in pool.events() if hasattr(event, "result")])
"""


def test_workers_work_and_do_not_hear_an_interrupt(tmp_path: Path) -> None:
    (tmp_path / "work_on_windows.py").write_text(WORK)
    ran = on_windows(tmp_path, "import sys; sys.path.insert(0, '.')\n" + WORK)
    assert (ran.stderr, ran.stdout) == ("", "True\n")
    assert (tmp_path / "b.txt").read_text() == "made"


def test_a_worker_ends_with_its_parent(tmp_path: Path) -> None:
    code = """
import os, signal, multiprocessing
from spiralcore.system.worker_pool import WorkerPool
from spiralcore.system.workers import Worker
worker = Worker.start(multiprocessing.get_context("spawn"))
print(worker.process.pid, flush=True)
os.kill(os.getpid(), 9)
"""
    ran = on_windows(tmp_path, code)
    assert ran.returncode == -9
    pid = int(ran.stdout)
    # The pipe of its output ends when the last of them has ended, so that it has.
    assert not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text()


def test_a_pipe_without_a_reader_is_told_from_a_bad_name(monkeypatch: pytest.MonkeyPatch) -> None:
    from spiralcore.system import pipes

    assert pipes.is_broken_pipe(BrokenPipeError(32, "Broken pipe"))
    assert not pipes.is_broken_pipe(OSError(22, "Invalid argument"))
    monkeypatch.setattr(pipes.sys, "platform", "win32")
    assert pipes.is_broken_pipe(OSError(22, "Invalid argument"))
    assert not pipes.is_broken_pipe(OSError(22, "Invalid argument", "a?b"))
    with pipes.without_reader():
        raise OSError(22, "Invalid argument")
    with pytest.raises(OSError, match="No space"), pipes.without_reader():
        raise OSError(28, "No space left on device")


def test_room_is_reserved_where_nothing_does_that_at_a_stroke(tmp_path: Path) -> None:
    code = """
import os
from spiralcore.recording import disk_rows
sizes = []
reserve = disk_rows._reserve
def measured(file, size):
    reserve(file, size)
    sizes.append((size, os.fstat(file.fileno()).st_blocks * 512 >= size))
disk_rows._reserve = measured
print(disk_rows.on_disk((1000, 700)).sum(), sizes)
"""
    assert said(tmp_path, code) == "0.0 [(2800000, True)]\n"


def test_texts_for_a_console_of_few_letters(tmp_path: Path) -> None:
    for words in (("films",), ("--help",), ("recipe",), ("info", "\u0416.npz")):
        ran = on_windows(tmp_path, "-m", "spiralcore", *words)
        assert "Traceback" not in ran.stderr, ran.stderr
        assert ran.returncode == (2 if words[0] == "info" else 0), ran.stderr
    assert ran.stderr.startswith("spiral: \\u0416.npz does not exist.\n")


def test_networks_are_trained_read_and_filmed(tmp_path: Path) -> None:
    """All of it, with workers and ffmpeg: nothing of what Windows refuses is tried."""

    def spiral(*words: str) -> str:
        ran = on_windows(tmp_path, "-m", "spiralcore", *words)
        assert ran.returncode == 0, ran.stderr
        assert "Traceback" not in ran.stderr
        return ran.stdout

    spiral("train", "--classes", "2", "--epochs", "40", "--points", "20", "--out", "k2.npz")
    assert "epochs         40 trained" in spiral("info", "k2.npz")
    spiral("export", "bending", "k2.npz", "--quality", "240p12", "--seconds", "1", "--jobs", "1",
           "--to", "mp4", "gif", "--out", "talk")  # fmt: skip
    assert Trajectory.load(tmp_path / "k2.npz").trained_epochs == 40
    made = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert made == [
        "bending-k2.gif",
        "bending-k2.mp4",
        "bending-k2.srt",
        "bending-k2.vtt",
        "k2.npz",
    ]
    with av.open(str(tmp_path / "talk" / "bending-k2.mp4")) as film:
        frames = sum(1 for _ in film.decode(video=0))
    with Image.open(tmp_path / "talk" / "bending-k2.gif") as gif:
        assert getattr(gif, "n_frames", 0) > 10
    assert frames > 10
