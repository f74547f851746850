"""The light installation: what needs an extra says so before any work begins."""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from spiralcore import Trajectory

ROOT = Path(__file__).parents[1]

GRID = """
[[part]]
classes = [2]
units = [2]
activations = ["tanh"]
seeds = 1
"""


def with_what_they_need(names: Iterator[str] | list[str]) -> set[str]:
    """Some distributions and all that they depend on, without any extra."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name.lower() in found:
            continue
        found.add(name.lower())
        for text in distribution(name).requires or ():
            wanted = Requirement(text)
            if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
                waiting.append(wanted.name)
    return found


def installation(folder: Path, *more: str, without: str = "") -> Path:
    """An environment with spiralcore and its dependencies, and some distributions besides.

    Nothing is fetched: packages are links to those of the environment that runs the tests.
    """
    venv.create(folder, symlinks=True)
    (site,) = (folder / "lib").glob("python*/site-packages")
    base = [Requirement(t) for t in distribution("spiralcore").requires or () if "extra" not in t]
    for name in with_what_they_need([one.name for one in base] + list(more)) - {without}:
        files = distribution(name).files or ()
        for top in {file.parts[0] for file in files} - {"..", "__pycache__"}:
            if not (site / top).exists():
                (site / top).symlink_to(Path(str(distribution(name).locate_file(top))))
    (site / "spiralcore").mkdir()
    for place in (*(ROOT / "spiralcore").iterdir(), ROOT / "scenes"):
        (site / "spiralcore" / place.name).symlink_to(place)
    said = next(f for f in distribution("spiralcore").files or () if f.name == "METADATA")
    metadata = Path(str(distribution("spiralcore").locate_file(said.parent)))
    (site / metadata.name).symlink_to(metadata)
    return folder / "bin" / "python"


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installation(tmp_path_factory.mktemp("light") / "env")


def said(purpose: str, package: str, extra: str) -> str:
    return (
        f"spiral: {purpose} needs the package '{package}', which is not installed.\n"
        f"expected: an installation with the extra '{extra}'.\n"
        f'next: pip install "spiralcore[{extra}]"\n'
    )


def run(python: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(python), "-m", "spiralcore.cli", *words],
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )


TRAIN, FILM = ("Training", "torch", "train"), ("Drawing films", "manim", "film")
FIGURES = ("Drawing figures", "matplotlib", "film")
CLUSTER = ("Work on a cluster", "distributed", "study")


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ("train --epochs 5 --out new.npz", TRAIN),
        ("train --classes 2 3 4 --seed 1 2 3 4 --epochs 5", TRAIN),
        ("render", TRAIN),
        ("render --preview", TRAIN),
        ("render bending k3.npz", FILM),
        ("render field k3.npz --formats png", FILM),
        ("render crowding study.parquet", ("A study", "pyarrow", "study")),
        ("export bending k3.npz --to mp4", FILM),
        ("export bending k3.npz --to gif webp --out talk", FILM),
        ("export bending k3.npz --to html", FILM),
        ("export bending k3.npz --to pptx", ("A PowerPoint file", "pptx", "talk")),
        ("diff k3.npz k3.npz --film both.mp4", FILM),
        ("plot k3.npz", FIGURES),
        ("gallery --classes 2", TRAIN),
        ("study grid.toml", ("A study", "pyarrow", "study")),
        ("study grid.toml --figures", FIGURES),
        ("study grid.toml --scheduler tcp://127.0.0.1:9", CLUSTER),
        ("train --epochs 5 --scheduler tcp://127.0.0.1:9", CLUSTER),
        ("render bending k3.npz --scheduler tcp://127.0.0.1:9", CLUSTER),
        ("export bending k3.npz --to mp4 --scheduler tcp://127.0.0.1:9", CLUSTER),
        ("gallery k3.npz --out page --scheduler tcp://127.0.0.1:9", CLUSTER),
    ],
)  # fmt: skip
def test_a_verb_says_what_to_install_and_does_nothing(
    light: Path, trajectory_file: Path, words: str, missing: tuple[str, str, str]
) -> None:
    folder = trajectory_file.parent
    (folder / "grid.toml").write_text(GRID)
    (folder / "study.parquet").write_bytes(b"")
    ran = run(light, folder, *words.split())
    assert ran.stderr == said(*missing)
    assert ran.returncode == 2
    assert "up to date" not in ran.stdout
    left = [path for path in folder.rglob("*") if path.is_file()]
    assert sorted(path.name for path in left) == ["grid.toml", "k3.npz", "study.parquet"]


def test_what_needs_no_extra_works(light: Path, trajectory_file: Path) -> None:
    folder = trajectory_file.parent
    for words in ("info k3.npz", "diff k3.npz k3.npz", "films", "gallery k3.npz", "--help"):
        ran = run(light, folder, *words.split())
        assert ran.returncode == 0, ran.stderr
        assert "needs the package" not in ran.stderr
    assert (folder / "gallery" / "index.html").exists()


def test_calls_from_python_say_it_too(light: Path, trajectory_file: Path) -> None:
    code = (
        "from spiralcore import Trajectory\n"
        "from spiralcore.errors import MissingExtraError\n"
        "film = Trajectory.load('k3.npz').film\n"
        "for call in (film, lambda: __import__('spiralcore').Recorder):\n"
        "    try:\n"
        "        call()\n"
        "    except MissingExtraError as error:\n"
        "        print(error)\n"
    )
    ran = subprocess.run(
        [str(light), "-c", code],
        capture_output=True, text=True, cwd=trajectory_file.parent, check=False,
    )  # fmt: skip
    assert ran.stderr == ""
    film, recorder = said(*FILM), said("Recording a network", "torch", "train")
    assert ran.stdout == (film + recorder).replace("spiral: ", "")


@pytest.mark.parametrize("package", ["imageio-ffmpeg", "ffmpeg-python", "numba"])
def test_one_package_of_an_extra_may_be_missing(
    tmp_path_factory: pytest.TempPathFactory, trajectory: Trajectory, package: str
) -> None:
    folder = tmp_path_factory.mktemp("partial")
    film = ("manim", "numba", "imageio", "imageio-ffmpeg", "ffmpeg-python", "font-source-sans-pro")
    python = installation(folder / "env", *film, without=package)
    work = folder / "work"
    work.mkdir()
    trajectory.save(work / "k3.npz")
    module = {"imageio-ffmpeg": "imageio_ffmpeg", "ffmpeg-python": "ffmpeg"}.get(package, package)
    ran = run(python, work, "render", "bending", "k3.npz")
    assert ran.stderr == said("Drawing films", module, "film")
    assert ran.returncode == 2
    assert [path.name for path in work.iterdir()] == ["k3.npz"]


def test_up_to_date_is_never_said_of_what_failed(tmp_path: Path, trajectory: Trajectory) -> None:
    arrays = {k: v for k, v in trajectory.arrays().items() if not k.startswith("parameter")}
    Trajectory.from_arrays(trajectory.recipe, **arrays).save(tmp_path / "bare.npz")
    for film in ("field", "layers"):
        ran = run(Path(sys.executable), tmp_path, "render", film, "bare.npz", "--quality", "240p10")
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr == (
            f"spiral: bare.npz does not hold the network, which the film '{film}' evaluates.\n"
            "expected: 'parameters' and 'parameter_epochs', and the widths in the recipe.\n"
            "next: spiral train makes such files\n"
        )
    assert [path.name for path in tmp_path.iterdir()] == ["bare.npz"]
