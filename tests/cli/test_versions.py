from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from spiralcore import Trajectory
from spiralcore.cli.versions import other_versions


def with_versions(trajectory: Trajectory, path: Path, **versions: object) -> Path:
    made = {**dict(trajectory.recipe["made"]), "versions": versions}
    replace(trajectory, recipe={**trajectory.recipe, "made": made}).save(path)
    return path


def test_other_versions_are_told_once_each(trajectory: Trajectory, tmp_path: Path) -> None:
    here = {name: version(name) for name in ("torch", "numba", "numpy")}
    same = with_versions(trajectory, tmp_path / "same.npz", **here)
    older = [
        with_versions(trajectory, tmp_path / f"{n}.npz", **{**here, "torch": "1.0\x1b[31m"})
        for n in range(2)
    ]
    odd = with_versions(trajectory, tmp_path / "odd.npz", torch=None)
    (tmp_path / "none.npz").write_text("nothing")
    assert other_versions([same, odd, tmp_path / "none.npz", tmp_path / "missing.npz"]) == []
    assert other_versions([same, *older]) == [
        f"trajectories made with torch 1.0?[31m, which is {here['torch']} here: 2; they are kept, "
        "and training them again may give other last digits"
    ]
