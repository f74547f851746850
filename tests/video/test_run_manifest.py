"""What a run has left is known from its files, and kept in a manifest beside them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from spiralcore import Trajectory
from spiralcore.video import run_manifest
from spiralcore.video.run_manifest import NAME, networks_in


@pytest.fixture
def folder(tmp_path: Path, trajectory: Trajectory, relu_trajectory: Trajectory) -> Path:
    trajectory.save(tmp_path / "any name.npz")
    relu_trajectory.save(tmp_path / "9-tanh-0123456789ab.npz")
    trajectory.save(tmp_path / "any name.attempt-1.npz")
    Trajectory.from_arrays(
        {}, epochs=[0, 1], inputs=[[0, 1], [1, 0]], labels=[0, 1], hidden=[[[0, 1], [1, 0]]] * 2
    ).save(tmp_path / "strange.npz")
    (tmp_path / "broken.npz").write_bytes(b"PK")
    return tmp_path


def test_files_say_what_they_are_whatever_they_are_called(folder: Path) -> None:
    assert networks_in(folder) == {
        (3, "relu"): [folder / "9-tanh-0123456789ab.npz"],
        (3, "tanh"): [folder / "any name.npz"],
    }


def test_files_are_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = networks_in(folder)
    monkeypatch.setattr(run_manifest, "read_recipe", None)
    assert networks_in(folder) == found


def test_a_file_that_has_changed_is_read_again(
    folder: Path, trajectory: Trajectory, relu_trajectory: Trajectory
) -> None:
    networks_in(folder)
    (folder / "any name.npz").unlink()
    trajectory.save(folder / "9-tanh-0123456789ab.npz")
    assert networks_in(folder) == {(3, "tanh"): [folder / "9-tanh-0123456789ab.npz"]}


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"schema": "spiralcore.manifest/2", "networks": {}}',
        b'{"schema": "spiralcore.manifest/1", "networks": [1]}',
        b'{"schema": "spiralcore.manifest/1", "networks": {"any name.npz": 3}}',
        b'{"schema": "spiralcore.manifest/1", "networks": {"any name.npz": {"classes": 4}}}',
        b"[" * 100_000,
    ],
)
def test_a_lost_or_damaged_manifest_is_made_again(folder: Path, damage: bytes) -> None:
    found = networks_in(folder)
    whole = (folder / NAME).read_bytes()
    (folder / NAME).write_bytes(damage)
    assert networks_in(folder) == found
    assert (folder / NAME).read_bytes() == whole
    (folder / NAME).unlink()
    assert networks_in(folder) == found
    assert set(json.loads(whole)["networks"]) == {
        "9-tanh-0123456789ab.npz", "any name.npz", "broken.npz", "strange.npz",
    }  # fmt: skip


def test_a_folder_without_networks_gets_none(tmp_path: Path) -> None:
    assert networks_in(tmp_path / "absent") == {}
    assert networks_in(tmp_path) == {}
    assert os.listdir(tmp_path) == []
