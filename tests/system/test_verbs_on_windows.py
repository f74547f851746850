"""Every verb of the command where the system is as strict as Windows: imitated."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from spiralcore.cli.verbs import VERBS
from tests.imitations import on_windows, words_on_windows

SMALL = {
    "data.points_per_class": "8", "training.epochs": "12", "training.attempts": "1",
    "film.quality": '"120p2"', "film.seconds": "1", "film.hold": "0.1",
}  # fmt: skip
GRID = """
[data]
points_per_class = 8
[network]
inner_widths = [8]
[training]
epochs = 6
[[part]]
classes = [2, 3]
units = [2]
activations = ["tanh"]
seeds = 1
"""
RUN = ["--classes", "2", "--activations", "tanh", "--films", "bending"]


def settings(**names: str) -> list[str]:
    return [word for item in ({**SMALL, **names}).items() for word in ("--set", "=".join(item))]


def spiral(folder: Path, *words: str, code: int = 0) -> str:
    """What a command prints; it has to end as it should, and with no trace of Python."""
    ran = on_windows(folder, "-m", "spiralcore", *words)
    assert "Traceback" not in ran.stderr, ran.stderr
    assert ran.returncode == code, (words, ran.stdout, ran.stderr)
    assert left(folder) == []
    return ran.stdout


def left(folder: Path) -> list[Path]:
    """Unfinished files and locks."""
    return [path for path in folder.rglob(".*") if path.name.startswith((".part-", ".lock-"))]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a user's may be called, with a network."""
    folder = tmp_path_factory.mktemp("My talk (Größe)")
    spiral(folder, "train", "--classes", "2", "--out", "k2.npz", *settings()[:6])
    return folder


def test_a_run_its_page_and_both_again(place: Path) -> None:
    more = settings(close_ups="[2]", formats='["mp4", "png"]')
    first = spiral(place, "render", *RUN, *more, "--jobs", "1")
    again = spiral(place, "render", *RUN, *more, "--jobs", "1")
    assert ["up to date" in said for said in (first, again)] == [False, True]
    said = spiral(place, "gallery", *RUN, *more, "--jobs", "1")
    assert "1 network, 1 film linked" in said
    spiral(place, "gallery", *RUN, *more, "--jobs", "1")
    spiral(place, "export", "bending-2-tanh", "--to", "pptx", "--out", "talk", *more, "--jobs", "1")
    # All that is text is the same on every system.
    texts = [path for path in (place / "renders").rglob("*") if path.suffix in (".js", ".html")]
    assert len(texts) > 2
    assert [path.name for path in texts if b"\r" in path.read_bytes()] == []


def test_what_is_open_in_a_player_stays(place: Path) -> None:
    code = (
        "import sys; sys.argv = ['spiral', *{!r}]; film = open('open.mp4', 'rb')\n"
        "from spiralcore.cli import main; main()"
    )
    words = ["render", "bending", "k2.npz", "--out", "open.mp4", "--jobs", "1"]
    spiral(place, *words, *settings()[6:])
    before = (place / "open.mp4").read_bytes()
    other = [*words, "--theme", "light", *settings()[6:]]
    ran = on_windows(place, code.format(other))
    assert ran.returncode == 1
    assert "open.mp4: it is open in another program." in ran.stderr
    assert (place / "open.mp4").read_bytes() == before
    assert left(place) == []


def test_two_of_a_kind(place: Path) -> None:
    spiral(place, "train", "--classes", "2", "--seed", "3", "--out", "b.npz", *settings()[:6])
    film = ["--film", "both.mp4", "--quality", "120p2", "--seconds", "1", "--jobs", "1"]
    assert "different: " in spiral(place, "diff", "k2.npz", "b.npz", *film, code=1)
    assert (place / "both.mp4").exists()
    ran = on_windows(place, "-m", "spiralcore", "join", "k2.npz", "b.npz")
    assert ran.stderr == (
        "spiral: b.npz does not begin with the state with which k2.npz ends.\n"
        "expected: two parts of one training, in their order.\n"
    )
    shown = spiral(place, "plot", "k2.npz", "--out", "figures", "--figures", "hidden", "loss")
    assert len(re.findall(r"figures.\w+-k2\.(?:png|svg)", shown)) == 4


def test_a_study(place: Path) -> None:
    (place / "grid.toml").write_text(GRID)
    spiral(place, "study", "grid.toml", "--out", "study", "--jobs", "1")
    spiral(place, "study", "grid.toml", "--out", "study", "--jobs", "1")
    assert (place / "study" / "study.parquet").exists()


def test_what_only_writes_a_text(place: Path) -> None:
    spiral(place, "playground", "--output", "train.html")
    spiral(place, "playground", "--output", "train.html")
    spiral(place, "new", "film", "slow_turn")
    (place / "my.toml").write_bytes(spiral(place, "recipe").encode("utf-16"))
    spiral(place, "recipe", "--schema").encode("ascii")
    assert json.loads(spiral(place, "info", "k2.npz", "--json"))["classes"] == 2
    words = ["render", "bending", "k2.npz", "--recipe", "my.toml", "--out", "k2.png", *settings()]
    spiral(place, *words, "--jobs", "1")
    ran = on_windows(place, "-m", "spiralcore", "doctor")
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("words", [["watch", "k2.npz", "--no-open"], ["playground", "--port", "0"]])
def test_what_serves_until_it_is_stopped(place: Path, words: list[str]) -> None:
    command = words_on_windows("-m", "spiralcore", *words)
    with subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        process.kill()


def test_two_servers_do_not_share_a_port(tmp_path: Path) -> None:
    """Where `SO_REUSEADDR` lets them."""
    code = """
from spiralcore.errors import UsageError
from spiralcore.gallery.watch.loopback import Loopback
with Loopback({}, 0) as first:
    try:
        Loopback({}, first.server_address[1])
    except UsageError as error:
        print(error.found.partition(" cannot")[2])
"""
    assert on_windows(tmp_path, code).stdout == " be used: Address already in use.\n"


def test_there_are_no_more_workers_than_can_be_waited_for(tmp_path: Path) -> None:
    code = "from spiralcore.system.worker_pool import WorkerPool; print(WorkerPool(200).cores)"
    assert on_windows(tmp_path, code).stdout == "60\n"


def test_all_verbs_are_tried() -> None:
    here = Path(__file__).read_text("utf-8") + Path(__file__).with_name(
        "test_on_windows.py"
    ).read_text("utf-8")
    assert [verb for verb in VERBS if f'"{verb}"' not in here] == []
