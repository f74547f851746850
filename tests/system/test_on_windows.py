"""Writing files where the system is as strict as Windows: imitated, in a process of its own.

Windows does not sync what is open for reading only, neither moves nor removes what is open, does
not open folders, and has no `fcntl`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

STRICT = """
import fcntl, os, pathlib, sys, tempfile, threading, subprocess, signal, numpy
import imageio_ffmpeg, ffmpeg, multiprocessing.connection, multiprocessing.spawn, scipy.spatial
from pydantic import BaseModel, Field, field_validator, model_validator
allowed = {"open": os.open, "fsync": os.fsync, "replace": os.replace, "unlink": os.unlink}
flags = fcntl.fcntl

def held(path):
    wanted = os.path.realpath(path)
    links = ("/proc/self/fd/" + one for one in os.listdir("/proc/self/fd"))
    return any(os.path.realpath(link) == wanted for link in links)

def strict_open(path, *rest, **more):
    if isinstance(path, (str, os.PathLike)) and os.path.isdir(path):
        raise PermissionError(13, "Permission denied", str(path))
    return allowed["open"](path, *rest, **more)

def strict_fsync(handle):
    if flags(handle, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
        raise OSError(9, "Bad file descriptor")
    allowed["fsync"](handle)

def strict(name):
    def call(*paths, **more):
        if any(held(path) for path in paths):
            raise PermissionError(13, "it is open", str(paths[0]))
        return allowed[name](*paths, **more)
    return call

os.open, os.fsync = strict_open, strict_fsync
os.replace, os.unlink = strict("replace"), strict("unlink")
sys.modules["fcntl"] = None
sys.platform = "win32"
"""


def run(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", STRICT + code],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("os.fsync(open('a', 'rb').fileno())", "Bad file descriptor"),
        ("f = open('a'); os.replace('a', 'b')", "it is open"),
        ("f = open('a'); pathlib.Path('a').unlink()", "it is open"),
        ("os.open('.', os.O_RDONLY)", "Permission denied"),
        ("import fcntl", "import of fcntl halted"),
    ],
)
def test_the_imitation_refuses_what_windows_refuses(
    tmp_path: Path, code: str, complaint: str
) -> None:
    (tmp_path / "a").touch()
    assert complaint in run(tmp_path, code).stderr


def test_files_appear_whole_and_nothing_is_left(tmp_path: Path) -> None:
    ran = run(tmp_path, "from spiralcore.system.files import tidied, whole_file\n"
        "from pathlib import Path\n"
        "for text in ('one', 'two'):\n"
        "    with tidied(Path()), whole_file(Path('a.txt')) as part:\n"
        "        part.write_text(text)\n")  # fmt: skip
    assert ran.stderr == ""
    assert (tmp_path / "a.txt").read_text() == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_what_fails_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")
    ran = run(tmp_path, "from spiralcore.system.files import whole_file\n"
        "from pathlib import Path\n"
        "with whole_file(Path('a.txt')) as part:\n"
        "    part.write_text('half')\n"
        "    raise ValueError('enough')\n")  # fmt: skip
    assert ran.stderr.endswith("ValueError: enough\n")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_work_goes_on_without_locks_and_leaves_none(tmp_path: Path) -> None:
    ran = run(tmp_path, "from spiralcore.system.locks import among_others, is_free, only_here\n"
        "from pathlib import Path\n"
        "with only_here(Path('a')) as alone, among_others(Path('folder')) as last:\n"
        "    print(alone, is_free(Path('a')), last())\n")  # fmt: skip
    assert (ran.stderr, ran.stdout) == ("", "True True True\n")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_every_part_of_the_machine_can_be_loaded(tmp_path: Path) -> None:
    ran = run(tmp_path, "import spiralcore.system.workers, spiralcore.cli\n"
        "import spiralcore.video.encode.ffmpeg_pipe, spiralcore.recipe.memory as memory\n"
        "print(memory.machine_bytes())\n")  # fmt: skip
    assert (ran.stderr, ran.stdout) == ("", "0\n")
