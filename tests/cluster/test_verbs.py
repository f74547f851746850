"""What the verbs make on a cluster, without a shared folder: the same bytes as on one machine."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.conftest import Loopback, finished, spiral

RECIPE = """
classes = [2, 3]
close_ups = [2]
activations = ["tanh"]
films = ["bending", "row"]
formats = ["mp4", "gif", "png"]
output = "run"
[training]
epochs = 60
[data]
points_per_class = 20
[network]
widths = [12, 2]
[film]
quality = "240p12"
gif_height = 180
seconds = 3.0
hold = 0.5
"""
"""Two networks and three films of a few seconds: nine passes, nine files."""

POINTS = "x,y,label\n" + "".join(f"{i % 7 - 3},{i % 5 - 2},{'ab'[i % 7 > 3]}\n" for i in range(60))


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands run, with what one machine has made of them."""
    folder = tmp_path_factory.mktemp("caller")
    (folder / "my.toml").write_text(RECIPE)
    (folder / "points.csv").write_text(POINTS)
    said = finished(spiral(folder, "render", "--recipe", "my.toml", "--out", "alone"))
    (folder / "alone.txt").write_text(said)
    return folder


@pytest.fixture(scope="module")
def pair(caller: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    """Two workers."""
    loopback = Loopback(caller, tmp_path_factory.mktemp("elsewhere"))
    loopback.worker(), loopback.worker()
    yield loopback
    loopback.stop()


def frames_drawn(said: str) -> int:
    """What a run says at the end."""
    return int(re.findall(r"([\d,]+) frames drawn", said)[-1].replace(",", ""))


def content(folder: Path) -> dict[str, bytes]:
    """All files of a folder, also those that begin with a dot."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_networks(caller: Path, pair: Loopback) -> None:
    """Also those that fail at first, and those of a table of one's own."""
    calls = {
        "several": ("--classes", "2", "3", "--activation", "relu", "--seed", "3", "6", "--points",
                    "40", "--learning-rate", "0.001", "--attempts", "4"),
        "table": ("--data", "points.csv", "--activation", "disk", "--widths", "8", "2"),
    }  # fmt: skip
    for name, words in calls.items():
        finished(pair.spiral("train", *words, "--epochs", "60", "--out", f"{name}-there"))
        finished(spiral(caller, "train", *words, "--epochs", "60", "--out", f"{name}-here"))
        made = content(caller / f"{name}-there")
        assert made == content(caller / f"{name}-here")
        assert len(made) >= {"several": 5, "table": 1}[name], "no attempt has failed"
    assert pair.touched() == []


def test_films(caller: Path, pair: Loopback) -> None:
    (network,) = (caller / "alone" / "trajectories").glob("3-*.npz")
    for more in ((), ("--max-size", "150kB")):
        words = ("export", "bending", network, "--to", "mp4", "gif", "png", "webp", *more,
                 "--quality", "240p12", "--seconds", "2.5")  # fmt: skip
        finished(pair.spiral(*words, "--out", f"there{len(more)}"))
        finished(spiral(caller, *words, "--out", f"here{len(more)}"))
        made = content(caller / f"there{len(more)}")
        assert made == content(caller / f"here{len(more)}")
        assert len(made) == 4
    assert pair.touched() == []


def test_the_page_and_figures(caller: Path, pair: Loopback) -> None:
    networks = sorted((caller / "alone" / "trajectories").glob("*.npz"))
    for verb, count in (("gallery", 15), ("plot", 20)):
        finished(pair.spiral(verb, *networks, "--out", f"{verb}-there"))
        finished(spiral(caller, verb, *networks, "--out", f"{verb}-here"))
        made = content(caller / f"{verb}-there")
        assert made == content(caller / f"{verb}-here")
        assert len(made) >= count
    assert pair.touched() == []


def test_the_film_of_a_comparison_names_the_callers_files(caller: Path, pair: Loopback) -> None:
    network = min((caller / "alone" / "trajectories").glob("2-*.npz"))
    words = ("diff", network, network, "--quality", "240p10", "--seconds", "1")
    for name, command in (("there", pair.spiral), ("here", lambda *all: spiral(caller, *all))):
        finished(command(*words, "--film", f"difference-{name}.png"))
    there, here = (caller / f"difference-{name}.png" for name in ("there", "here"))
    assert there.read_bytes() == here.read_bytes()


def test_a_lost_worker_changes_nothing(caller: Path, cluster: Loopback, tmp_path: Path) -> None:
    victim, _ = cluster.worker(), cluster.worker()
    (tmp_path / "my.toml").write_text(RECIPE)
    running = cluster.spiral("render", "--recipe", "my.toml")
    while not list((tmp_path / "run" / ".segments").glob("[!.]*")):
        assert running.poll() is None, running.communicate()
        time.sleep(0.01)
    os.kill(victim.pid, signal.SIGKILL)
    finished(running)
    assert content(tmp_path / "run") == content(caller / "alone")
    assert cluster.touched() == []


def test_a_lost_scheduler_is_said_and_the_next_call_goes_on(
    caller: Path, cluster: Loopback, tmp_path: Path
) -> None:
    cluster.worker()
    (tmp_path / "my.toml").write_text(RECIPE)
    running = cluster.spiral("render", "--recipe", "my.toml")
    segments = tmp_path / "run" / ".segments"
    while len(list(segments.glob("[!.]*"))) < 2:
        assert running.poll() is None, running.communicate()
        time.sleep(0.01)
    cluster.scheduler.kill()
    _, errors = running.communicate(timeout=600)
    assert running.returncode == 1
    assert errors.endswith(
        f"spiral: The Dask scheduler at {cluster.address} is gone.\n"
        "expected: one that runs until the end.\n"
        "next: the same command: what is finished is kept\n"
    )
    assert "Traceback" not in errors
    # Whole files only, and no lock that nobody holds.
    left = [path for path in (tmp_path / "run").rglob("*") if path.is_file()]
    assert not [path for path in left if path.name.startswith(".")]
    kept = {path: path.stat().st_mtime_ns for path in left if path.suffix == ".npz"}
    assert kept
    drawn = frames_drawn(finished(spiral(tmp_path, "render", "--recipe", "my.toml")))
    # What had come back was not drawn again: at least a pass of four seconds.
    everything = frames_drawn((caller / "alone.txt").read_text())
    assert drawn <= everything - 4 * 12
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert content(tmp_path / "run") == content(caller / "alone")
    # Nothing is left to do, so that nobody is asked for.
    output = finished(spiral(tmp_path, "render", "--recipe", "my.toml",
                             "--scheduler", cluster.address))  # fmt: skip
    assert "films:" not in output


def test_an_interrupt_leaves_nothing_half_done(cluster: Loopback, tmp_path: Path) -> None:
    cluster.worker()
    running = cluster.spiral("train", "--classes", "2", "3", "--epochs", "1000000", "--keep", "log",
                             "--out", "files")  # fmt: skip
    while not list((tmp_path / "files").glob(".lock-*")):
        assert running.poll() is None, running.communicate()
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=600)
    assert running.returncode == 130
    assert errors.endswith(
        "spiral: interrupted; what is finished is kept, the same command makes the rest\n"
    )
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_a_worker_that_cannot_draw(cluster: Loopback, caller: Path, tmp_path: Path) -> None:
    from spiralcore import __version__

    cluster.worker(cluster.without("manim"))
    (network,) = (caller / "alone" / "trajectories").glob("3-*.npz")
    running = cluster.spiral("render", "bending", network, "--quality", "240p12", "--out", "a.mp4")
    _, errors = running.communicate(timeout=600)
    assert running.returncode == 1
    assert errors.endswith(
        f"spiral: The Dask worker at {cluster.last_worker} lacks manim.\n"
        f"expected: spiralcore {__version__} with the extras 'film' and 'study', as here.\n"
        f'next: pip install "spiralcore[film,study]=={__version__}" there, and start it again\n'
    )
    # What it does have is enough for this.
    finished(cluster.spiral("train", "--classes", "2", "--epochs", "5", "--out", "k2.npz"))
