"""Files whose content is elsewhere are named as such, and nothing is put in their place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from spiralcore import Trajectory
from spiralcore.data import read_table
from spiralcore.errors import PointerError, SpiralError, TrajectoryError, UsageError
from spiralcore.recipe import load_recipe
from spiralcore.recording.record_file import RecordFile
from spiralcore.study.grid import load_grid
from spiralcore.study.table import read_part, read_study
from spiralcore.system.pointers import refuse_pointer
from spiralcore.talk.own_template import open_template
from spiralcore.training.training_job import holds
from spiralcore.video import voice
from spiralcore.video.cache_key import source_digest
from tests.conftest import small_recipe, spiral
from tests.testing.test_snapshots import UPDATE, errors, one

pytest_plugins = ["pytester"]

OID = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
LFS = f"version https://git-lfs.github.com/spec/v1\noid sha256:{OID}\nsize 24117302\n"
"""As `git lfs pointer` writes it."""

ANNEX = f"/annex/objects/SHA256E-s24117302--{OID}.npz\n"

EXTENDED = (
    "version https://git-lfs.github.com/spec/v1\next-0-foo sha256:"
    + "0" * 64
    + f"\noid sha256:{OID}"
    "\nsize 24117302\n"
)

POINTERS = {
    "lfs": LFS,
    "windows": LFS.replace("\n", "\r\n"),
    "with a byte order mark": "\ufeff" + LFS,
    "alpha": LFS.replace("https://git-lfs.github.com/spec/v1", "https://hawser.github.com/spec/v1"),
    "older": LFS.replace("https://git-lfs.github.com/spec/v1", "http://git-media.io/v/2"),
    "extended": EXTENDED,
}

READERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a.npz": (Trajectory.load, "a trajectory file."),
    "b.npz": (source_digest, "a trajectory file."),
    "c.npz": (read_table, "a CSV with the columns x, y and label, or an npz with the arrays 'x' "
                          "(N, 2) and 'y' (N,)."),
    "d.csv": (read_table, "a CSV with the columns x, y and label, or an npz with the arrays 'x' "
                          "(N, 2) and 'y' (N,)."),
    "e.toml": (load_recipe, "a recipe in TOML."),
    "f.toml": (load_grid, "a grid in TOML."),
    "g.parquet": (read_study, "the Parquet file of a study."),
    "h.parquet": (read_part, "the Parquet file of a study."),
    "i.parquet": (source_digest, "a study."),
    "j.npz": (lambda path: holds(path, small_recipe()), "a trajectory file."),
    "k.npz": (lambda path: RecordFile(path, overwrite=False, resume=False),
              "a trajectory file, or a new one."),
    "l.potx": (open_template, "a PowerPoint file or template (.pptx, .potx) that PowerPoint opens "
                                "without a password."),
    "m.wav": (voice._measured, f"an audio file: {', '.join(voice.ENDINGS[:-1])} or .aiff."),
}  # fmt: skip


def said(read: Callable[[Path], object], path: Path) -> str:
    with pytest.raises(PointerError) as error:
        read(path)
    assert error.value.exit_code == 2
    assert isinstance(error.value, UsageError)
    assert isinstance(error.value, TrajectoryError)
    return str(error.value)


@pytest.mark.parametrize("name", READERS)
def test_every_reader_says_what_a_pointer_is(name: str, tmp_path: Path) -> None:
    read, expected = READERS[name]
    path = tmp_path / name
    path.write_text(LFS)
    assert said(read, path) == (
        f"{path} is a Git LFS pointer, and its content of 24,117,302 bytes is not here.\n"
        f"expected: {expected}\n"
        "next: git lfs pull, in the repository that it is from"
    )
    path.write_text(ANNEX)
    assert said(read, path) == (
        f"{path} is a git-annex pointer, and its content of 24,117,302 bytes is not here.\n"
        f"expected: {expected}\n"
        f"next: git annex get {path}"
    )


@pytest.mark.parametrize("kind", POINTERS)
def test_pointers_of_all_versions_and_systems(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "k4.npz"
    path.write_bytes(POINTERS[kind].encode())
    assert said(Trajectory.load, path).startswith(
        f"{path} is a Git LFS pointer, and its content of 24,117,302 bytes is not here.\n"
    )


@pytest.mark.parametrize(
    "target",
    [
        f".git/annex/objects/Wx/7q/SHA256E-s12--{OID}.npz/SHA256E-s12--{OID}.npz",
        f"../../.git/annex/objects/Wx/7q/SHA256E-s12--{OID}.npz/SHA256E-s12--{OID}.npz",
        f"/data/set/.git/annex/objects/Wx/7q/SHA256E-s12--{OID}.npz/SHA256E-s12--{OID}.npz",
    ],
)
def test_links_of_git_annex_that_lead_nowhere(target: str, tmp_path: Path) -> None:
    path = tmp_path / "my runs" / "k4.npz"
    path.parent.mkdir()
    path.symlink_to(target)
    wanted = (
        f"{path} is a git-annex pointer, and its content of 12 bytes is not here.\n"
        f"expected: a trajectory file.\nnext: git annex get '{path}'"
    )
    assert said(Trajectory.load, path) == wanted
    assert said(source_digest, path) == wanted
    if target.startswith("/"):
        return
    # Where there are no links, git writes what they lead to into a file.
    path.unlink()
    path.write_text(target)
    assert said(Trajectory.load, path) == wanted
    path.write_text(target.replace("/", "\\"))
    assert said(Trajectory.load, path) == wanted


def test_a_link_of_git_annex_that_leads_somewhere_is_read(
    trajectory_file: Path, tmp_path: Path
) -> None:
    there = tmp_path / ".git" / "annex" / "objects" / "key" / "key"
    there.parent.mkdir(parents=True)
    shutil.move(trajectory_file, there)
    trajectory_file.symlink_to(there.relative_to(tmp_path))
    assert Trajectory.load(trajectory_file).points == 120


@pytest.mark.parametrize(
    "text",
    [
        "",
        "version https://git-lfs.github.com/spec/v1\n",
        "version https://example.com/spec/v1\noid sha256:00\n",
        "x,y,label\n0,1,version https://git-lfs.github.com/spec/v1\n",
        LFS + "x" * 2000,
        "annex/objects/key\n",
    ],
)
def test_what_only_resembles_a_pointer_is_none(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    refuse_pointer(path, "a table.")
    with pytest.raises(SpiralError) as error:
        read_table(path)
    assert not isinstance(error.value, PointerError)


def test_what_is_missing_or_leads_nowhere_else_is_no_pointer(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    for _ in range(2):
        refuse_pointer(path, "a trajectory file.")
        with pytest.raises(TrajectoryError, match=r"a\.npz does not exist"):
            Trajectory.load(path)
        path.unlink(missing_ok=True)
        path.symlink_to(tmp_path / "gone.npz")
    refuse_pointer(Path("a\0b"), "a trajectory file.")


def test_verbs_say_it_and_replace_nothing(tmp_path: Path) -> None:
    path = tmp_path / "k4.npz"
    path.write_text(LFS)
    (tmp_path / "recipe.toml").write_text(LFS)
    (tmp_path / "points.csv").write_text(LFS)
    (tmp_path / "study.parquet").write_text(LFS)
    (tmp_path / "points.toml").write_text('[data]\ntable = "points.csv"\n')
    for name, arguments in (
        ("k4.npz", "info k4.npz"),
        ("k4.npz", "diff k4.npz k4.npz"),
        ("k4.npz", "plot k4.npz"),
        ("k4.npz", "render bending k4.npz"),
        ("k4.npz", "export bending k4.npz"),
        ("k4.npz", "gallery k4.npz"),
        ("k4.npz", "train --classes 4 --epochs 10 --out k4.npz"),
        ("points.csv", "train --data points.csv"),
        ("recipe.toml", "render --recipe recipe.toml"),
        ("points.csv", "render --recipe points.toml"),
        ("recipe.toml", "study recipe.toml"),
        ("study.parquet", "render crowding study.parquet"),
    ):
        ran = spiral(tmp_path, *arguments.split())
        assert ran.returncode == 2, arguments
        assert f"{name} is a Git LFS pointer, and its content of 24,117,302 bytes" in ran.stderr
        assert "next: git lfs pull, in the repository that it is from\n" in ran.stderr
        assert "Traceback" not in ran.stderr
    assert path.read_text() == LFS


@pytest.mark.parametrize("pointer", [LFS, ANNEX], ids=["lfs", "annex"])
def test_a_snapshot_that_is_a_pointer_is_not_to_be_replaced(
    pytester: pytest.Pytester, pointer: str
) -> None:
    pytester.makepyfile(test_run=one())
    pytester.runpytest_inprocess(UPDATE).assert_outcomes(passed=1)
    path = pytester.path / "trajectory_snapshots/test_run/test_it.npz"
    path.write_text(pointer)
    command = "git lfs pull, in the repository that it is from" if pointer == LFS else (
        "git annex get trajectory_snapshots/test_run/test_it.npz"
    )  # fmt: skip
    kind = "Git LFS" if pointer == LFS else "git-annex"
    for options in ((), (UPDATE,)):
        result = pytester.runpytest_inprocess(*options)
        result.assert_outcomes(failed=1)
        assert errors(result) == [
            "spiralcore.errors.PointerError: trajectory_snapshots/test_run/test_it.npz is a "
            f"{kind} pointer, and its content of 24,117,302 bytes is not here.",
            "expected: a snapshot.",
            f"next: {command}",
        ]
        assert path.read_text() == pointer


def test_a_snapshot_that_is_a_link_to_nowhere_stays(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_run=one())
    path = pytester.path / "trajectory_snapshots/test_run/test_it.npz"
    path.parent.mkdir(parents=True)
    path.symlink_to(f"../../.git/annex/objects/ab/cd/MD5-s7--{OID[:32]}/MD5-s7--{OID[:32]}")
    for options in ((), (UPDATE,)):
        result = pytester.runpytest_inprocess(*options)
        result.assert_outcomes(failed=1)
        assert errors(result)[0].endswith(
            "git-annex pointer, and its content of 7 bytes is not here."
        )
        assert path.is_symlink()
