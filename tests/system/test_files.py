from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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
    assert len(list(tmp_path.iterdir())) == 1
    with scratch_file(tmp_path) as mine:
        remove_leftovers(tmp_path, tmp_path / "not there")
        assert list(tmp_path.iterdir()) == [mine]


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
