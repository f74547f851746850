"""Films from a script of somebody's own, which has no guard against being run more than once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import imageio.v3 as imageio
import pytest

SCRIPT = """
import sys
from pathlib import Path
from spiralcore import Trajectory

with open("runs.txt", "a") as runs:
    runs.write("run\\n")

class Own:
    pass  # what a script defines belongs to it alone

trajectory = Trajectory.load(Path("k3.npz"))
trajectory.film(
    "bending", "a.mp4", jobs={jobs}, quality="120p10", seconds=1.5, hold=0.2, loop=False
)
print("manim" in sys.modules)
"""


@pytest.mark.parametrize(
    ("way", "jobs"),
    [("file", 2), ("stdin", 2), ("-c", 2), ("module", 2), ("file", 1), ("stdin", 1)],
)
def test_a_film_is_made_and_the_script_runs_once(
    trajectory_file: Path, way: str, jobs: int
) -> None:
    folder, script = trajectory_file.parent, SCRIPT.format(jobs=jobs)
    (folder / "my_film.py").write_text(script)
    command = {
        "file": ["my_film.py"],
        "stdin": ["-"],
        "-c": ["-c", script],
        "module": ["-B", "-m", "my_film"],
    }
    ran = subprocess.run(
        [sys.executable, *command[way]],
        input=script if way == "stdin" else None,
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (folder / "runs.txt").read_text() == "run\n"
    # With one job nothing but the encoder is another process: the film is drawn in the script's.
    assert ran.stdout == f"{jobs == 1}\n"
    meta = imageio.immeta(folder / "a.mp4", plugin="FFMPEG")
    assert meta["duration"] == pytest.approx(3.2)
    assert sorted(path.name for path in folder.iterdir()) == [
        "a.mp4", "k3.npz", "my_film.py", "runs.txt"
    ]  # fmt: skip
