from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from spiralcore.system.files import remove_leftovers, scratch_file, whole_file


def test_a_file_appears_when_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "it.txt"
    with whole_file(path) as part:
        part.write_text("all of it")
        assert not path.exists()
        assert part.parent == path.parent
        assert part.suffix == ".txt"
    assert path.read_text() == "all of it"
    assert [entry.name for entry in path.parent.iterdir()] == ["it.txt"]


def test_an_old_file_survives_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "it.txt"
    path.write_text("old")

    def fail() -> None:
        with whole_file(path) as part:
            part.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["it.txt"]


def test_finished_files_have_ordinary_permissions(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with whole_file(tmp_path / "it.txt") as part:
            part.write_text("x")
    finally:
        os.umask(before)
    assert (tmp_path / "it.txt").stat().st_mode & 0o777 == 0o644


def test_leftovers_of_killed_processes_are_removed_and_no_others(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from spiralcore.system.files import whole_file\n"
        "with whole_file(Path(sys.argv[1]) / 'a.txt'): os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert killed.returncode == -9
    assert sorted(path.name[:6] for path in tmp_path.iterdir()) == [".lock-", ".part-"]
    with scratch_file(tmp_path) as mine:
        remove_leftovers(tmp_path, tmp_path / "not there")
        assert [path for path in tmp_path.iterdir() if path.name[:6] != ".lock-"] == [mine]
        assert len(list(tmp_path.iterdir())) == 2
    assert list(tmp_path.iterdir()) == []


def test_the_temporary_folder_is_found_without_writing_to_it(tmp_path: Path) -> None:
    code = (
        "import sys; seen = []; "
        "sys.addaudithook(lambda name, found: seen.append(found[0]) if name == 'open' else None); "
        "from spiralcore.system.files import temporary_folder; import tempfile; seen.clear(); "
        "print(temporary_folder() == tempfile.gettempdir() == sys.argv[1], seen)"
    )

    def said(named: str, found: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-c", code, found], capture_output=True, text=True, check=True,
            env={**os.environ, "TMPDIR": named, "TEMP": "", "TMP": ""},
        )  # fmt: skip
        return ran.stdout

    assert said(str(tmp_path), str(tmp_path)) == "True []\n"
    assert said(str(tmp_path / "missing"), "/tmp") == "True []\n"


def test_on_a_mac_files_are_brought_out_of_the_memory_of_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from spiralcore.system import files

    asked: list[str] = []
    answers: list[OSError | None] = [None, OSError(45, "Operation not supported")]

    def control(handle: int, what: int) -> None:
        asked.append(f"fcntl {what}")
        if error := answers.pop(0):
            raise error

    monkeypatch.setattr(files.sys, "platform", "darwin")
    monkeypatch.setattr(
        files, "fcntl", SimpleNamespace(fcntl=control, F_FULLFSYNC=51), raising=False
    )
    monkeypatch.setattr(files.os, "fsync", lambda handle: asked.append("fsync"))
    for name in ("a", "b"):
        with whole_file(tmp_path / name):
            pass
    assert asked == ["fcntl 51", "fcntl 51", "fsync"]
