"""What films are compared with draws a picture in which nothing stands still, too."""

import json
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest

from benchmarks.peers.picture import Cloud, Picture

LEFT = Cloud(np.array([[-3.0, 0.0, 0.0]]), np.ones((1, 3), np.float32), 0.3, 0.01, 1.0)
RIGHT = replace(LEFT, places=np.array([[3.0, 0.0, 0.0]]))
AWAY = replace(LEFT, places=np.array([[-3.0, 2.0, 0.0]]))


@pytest.mark.parametrize("resting", [[], [RIGHT]])
def test_matplotlib_draws_what_moves_and_what_rests(tmp_path: Path, resting: list[Cloud]) -> None:
    frames = [[LEFT], [AWAY], [AWAY]]
    nothing: list[list[object]] = [[]] * len(frames)
    picture = Picture("#000000", 30, resting, [], [], frames, nothing, nothing)  # type: ignore[arg-type]
    source, film = tmp_path / "picture", tmp_path / "film.mp4"
    source.write_bytes(pickle.dumps(picture))
    command = [sys.executable, "-m", "benchmarks.peers.matplotlib_film", source, film, "exact"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not ended.returncode, ended.stderr
    assert len(json.loads(ended.stdout)["seconds"]) == 2
    last = np.asarray(iio.imread(film, index=2))
    scale = 1080 / 8
    at = {x: last[int(540 - 2 * scale * (x < 0)), int(960 + x * scale)].max() for x in (-3, 3)}
    assert at[-3] > 200
    assert (at[3] > 200) == bool(resting)
