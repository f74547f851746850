"""Additions that are an entry: data sets, activations, themes, formats, films, metrics."""

from __future__ import annotations

import base64
import json
import re
import shutil
import zlib

import imageio.v3 as imageio
import numpy as np
import pyarrow.parquet as pq
import pytest
from pptx import Presentation
from pptx.dml.color import RGBColor
from scipy.spatial.distance import pdist

from spiralcore import Trajectory
from tests.adding.tree import ROOT, Tree, named

ELLIPSES = """
from typing import Literal

import numpy as np

from spiralcore.data.generated import GeneratedData, Points, class_by_class


class Ellipses(GeneratedData):
    noun = "ellipses"
    always = ("kind", "points_per_class", "ratio")

    kind: Literal["ellipses"] = "ellipses"
    ratio: float = 0.5

    def draw(self, classes: int, rng: np.random.Generator) -> Points:
        def ellipse(label: int, points: int) -> np.ndarray:
            angle = 2 * np.pi * rng.uniform(size=points)
            size = 4 + 16 * label / (classes - 1)
            return size * np.stack([np.cos(angle), self.ratio * np.sin(angle)], axis=-1)

        return class_by_class(self.class_sizes(classes), ellipse)
"""


def test_a_data_set(tree: Tree) -> None:
    tree.write("spiralcore/data/ellipses.py", ELLIPSES)
    sets = "spiralcore/data/sets.py"
    tree.edit(sets, "from spiralcore.data.generated", "from spiralcore.data.ellipses import "
              "Ellipses\nfrom spiralcore.data.generated")  # fmt: skip
    tree.edit(sets, "Blobs, Checkerboard)", "Blobs, Checkerboard, Ellipses)")
    tree.edit(
        "spiralcore/recipe/default.toml",
        "#   rings  ",
        "#   ellipses       ratio = 0.5\n#   rings  ",
    )
    assert tree.touched == named("A data set")

    assert "ellipses" in tree.run("train", "--help")
    tree.run("train", "--data", "ellipses", "--classes", "3", "--epochs", "20", "--widths", "8 2",
             "--attempts", "1", "--set", "data.ratio=0.25", "--out", "a.npz")  # fmt: skip
    assert json.loads(tree.run("info", "a.npz", "--json"))["points"] == 600
    (tree.folder / "grid.toml").write_text(
        '[data]\nkind = "ellipses"\nratio = 0.75\n[training]\nepochs = 3\n'
        '[[part]]\nclasses = [2]\nunits = [2]\nactivations = ["tanh"]\nseeds = 1\n'
    )
    tree.run("study", "grid.toml", "--out", "study", "--jobs", "1")
    assert (tree.folder / "study" / "study.parquet").is_file()
    told = tree.python(
        "-c",
        "from spiralcore import Trajectory\n"
        "from spiralcore.subjects.sentences import sentence\n"
        "print(sentence(Trajectory.load('a.npz')))",
    )
    assert told == "a tanh network bends the ellipses into the square\n"


ELU = """\
        Activation(
            name="elu",
            label="ELU",
            formula="x, exp(x) - 1 for negative x",
            source="Clevert, Unterthiner and Hochreiter 2016, ICLR",
            torch_module="ELU",
            space=Space(("ELU quadrant", "ELU octant", "ELU orthant"), -1.0),
            apply=lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
            pull_back=lambda gradient, x, value: gradient * np.where(value > 0, 1, value + 1),
        ),
"""


def test_an_activation(tree: Tree) -> None:
    last = '        Activation(\n            name="disk",'
    tree.edit("spiralcore/registry/activations.py", last, ELU + last)
    assert tree.touched == named("An activation")

    assert "elu" in tree.run("train", "--help")
    tree.run("train", "--activation", "elu", "--classes", "3", "--epochs", "20", "--widths", "8 2",
             "--attempts", "1", "--out", "a.npz")  # fmt: skip
    assert json.loads(tree.run("info", "a.npz", "--json"))["activation"] == "elu"
    tree.run("render", "row", "a.npz", "--quality", "120p10", "--seconds", "1", "--out", "a.png")
    assert (tree.folder / "a.png").is_file()
    # A network of one's own.
    recorded = tree.python(
        "-c",
        "import torch\n"
        "from spiralcore import Recorder, Trajectory\n"
        "first, last = torch.nn.Linear(2, 2), torch.nn.Linear(2, 3)\n"
        "model = torch.nn.Sequential(first, torch.nn.ELU(), last)\n"
        "points, labels = torch.randn(30, 2), torch.arange(30) % 3\n"
        "with Recorder('own.npz', model, 1, points, labels) as record:\n"
        "    record.step()\n"
        "print(Trajectory.load('own.npz').activation_label)",
    )
    assert recorded == "ELU\n"
    # The page of a run, which draws its regions.
    (tree.folder / "run.toml").write_text(
        'classes = [2]\nactivations = ["elu"]\nfilms = []\n[network]\nwidths = [8, 2]\n'
        "[training]\nepochs = 20\nattempts = 1\n"
    )
    tree.run("gallery", "--recipe", "run.toml", "--run", "run", "--out", "page", "--jobs", "1")
    parts = "".join(path.read_text("utf-8") for path in (tree.folder / "page").rglob("*.js"))
    (packed,) = re.findall(r'receivePacked\("manifest", "(.*)"\)', parts)
    parts = zlib.decompress(base64.b64decode(packed)).decode()
    assert '"elu"' in parts
    assert "ELU quadrant" in parts


PAPER = """\
        Theme(
            name="paper",
            scheme="light",
            background="#f4ecd8",
            panel="#ece2c8",
            ink="#2b2118",
            faint="#6b5d4d",
            frame="#b5a68c",
            classes=_LIGHT_CLASSES,
            regions=_LIGHT_REGIONS,
        ),
"""


def test_a_theme(tree: Tree, trajectory: Trajectory) -> None:
    last = "        # For slides of any colour."
    tree.edit("spiralcore/registry/themes.py", last, PAPER + last)
    assert tree.touched == named("A theme")

    assert "paper" in tree.run("render", "--help")
    trajectory.save(tree.folder / "a.npz")
    small = ("--quality", "120p10", "--seconds", "1", "--theme", "paper")
    tree.run("export", "bending", "a.npz", "--to", "png", "pptx", *small)
    film = imageio.imread(tree.folder / "bending-a.png")
    assert film[0, 0, :3].tolist() == [0xF4, 0xEC, 0xD8]
    slide = Presentation(tree.folder / "bending-a.pptx").slides[0]
    assert slide.background.fill.fore_color.rgb == RGBColor(0xF4, 0xEC, 0xD8)
    tree.run("plot", "a.npz", "--figures", "loss", "--formats", "png", "--theme", "paper")
    assert imageio.imread(tree.folder / "loss-a.png")[0, 0, :3].tolist() == [0xF4, 0xEC, 0xD8]
    tree.run("gallery", "a.npz", "--out", "page", "--jobs", "1")
    style = "".join(path.read_text("utf-8") for path in (tree.folder / "page").rglob("*.css"))
    style = style.replace(" ", "")
    assert ':root[data-theme="paper"]{color-scheme:light;--background:#f4ecd8;' in style


MATROSKA = """\
        OutputFormat(
            name="mkv",
            suffix=".mkv",
            about="H.264 in Matroska, for archives",
            kind="video",
            media="video/matroska",
            encodings={False: Encoding("yuv420p", H264, ("mp4", "mp4"))},
            container="matroska",
            closing={"fflags": "+bitexact"},
            rate_control=RateControl(
                best=H264["qp"], good=40, worst=47, halving=6, step=1, option="qp"
            ),
            leads=True,
            cost=1.0,
        ),
"""


def test_a_format(tree: Tree, trajectory: Trajectory) -> None:
    last = '        OutputFormat(\n            name="gif",'
    tree.edit("spiralcore/registry/formats.py", last, MATROSKA + last)
    assert tree.touched == named("A format")

    assert "H.264 in Matroska, for archives" in tree.run("export", "--help")
    trajectory.save(tree.folder / "a.npz")
    small = ("--quality", "120p10", "--seconds", "1")
    said = tree.run("export", "bending", "a.npz", "--to", "mkv", "mp4", *small)
    assert "bending-a.mkv" in said
    again = tree.run("export", "bending", "a.npz", "--to", "mkv", "mp4", *small)
    assert again == "Everything is up to date: 2 files.\n"
    tree.run("export", "bending", "a.npz", "--to", "mkv", "--max-size", "9kB", "--out", "s", *small)
    assert (tree.folder / "s" / "bending-a.mkv").stat().st_size <= 9000
    tree.run("render", "bending", "a.npz", "--out", "named.mkv", *small)
    for name in ("bending-a.mkv", "named.mkv"):
        film = imageio.immeta(tree.folder / name, plugin="FFMPEG")
        assert (film["codec"], film["duration"]) == ("h264", pytest.approx(6.6))


DRIFT = """
from spiralcore.scenes.bending import Bending


class DriftFilm(Bending):
    pass
"""

DRIFTING = """\
        FilmEntry(
            "drift_2",
            "DriftFilm",
            Needs.ONE,
            "one network: where everything drifts",
            "Watch the left half.",
            projects=True,
        ),
"""


def test_a_film(tree: Tree, trajectory: Trajectory) -> None:
    tree.write("scenes/drift_2.py", DRIFT)
    last = '        FilmEntry(\n            "field",'
    tree.edit("spiralcore/registry/films.py", last, DRIFTING + last)
    assert tree.touched == named("A film")

    assert "one network: where everything drifts" in tree.run("films")
    runs = tree.folder / "renders" / "trajectories"
    runs.mkdir(parents=True)
    trajectory.save(runs / "3-tanh-0123456789ab.npz")
    # By the name that a run gives to it, as a film and as a slide with notes.
    small = ("--quality", "120p10", "--seconds", "1")
    said = tree.run("export", "drift_2-3-tanh", "--to", "mp4", "av1", "pptx", *small)
    assert "drift_2-3-tanh-av1.mp4" in said
    slide = Presentation(tree.folder / "drift_2-3-tanh.pptx").slides[0]
    assert "Watch the left half." in slide.notes_slide.notes_text_frame.text


MEAN_DISTANCE = """\
        Metric(
            name="mean_distance",
            label="mean distance",
            about="mean distance between class means",
            formula="mean over pairs of |m_k - m_j|",
            source="Everybody 1900",
            measure=lambda layer, space: _pairs(layer.means) / layer.classes / (layer.classes - 1),
            film=FilmPanel(("mean distance between classes", "mean distance")),
            later=True,
        ),
        Metric(
            name="reach",
            label="farthest point",
            about="distance of the farthest class mean from the middle",
            formula="max of |m_k|",
            source="Everybody 1900",
            measure=lambda layer, space: np.linalg.norm(layer.means, axis=2).max(axis=1),
            points_formula="the same of all points",
            measure_points=lambda layer: np.linalg.norm(layer.points, axis=2).max(axis=1),
            optimum=lambda space, units, count: units**0.5,
            best_in="bounded",
            film=FilmPanel(("farthest class", "reach"), "bounded"),
            later=True,
        ),
"""

PAIRS = """\
def _pairs(means: NDArray[np.float64]) -> NDArray[np.float64]:
    between = means[:, :, None] - means[:, None]
    return np.asarray(np.linalg.norm(between, axis=3).sum(axis=(1, 2)))


"""

FILMED = """\
from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.stage.marks.words import Words
from spiralcore.video.opening import open_film

for name in ("a.npz", "relu.npz"):
    settings = FilmSettings(seconds=1.0, hold=1.0, layout="curves")
    film = open_film("packing", [Trajectory.load(name)], settings, 540, 10)
    film.show(film.frame_count - 15)
    print(*(words.text for words in film.mobjects if isinstance(words, Words)), sep=" / ")
"""

DOCUMENTED = """\
from benchmarks.facts.crowding import PACKING, STUDY, filled
from spiralcore.study.table import read_study

print(filled(PACKING, PACKING.page.read_text("utf-8")))
print(set(read_study(STUDY.shipped).column("mean_distance").to_pylist()))
"""


def test_a_packing_metric(tree: Tree, trajectory: Trajectory, relu_trajectory: Trajectory) -> None:
    metrics, first = (
        "spiralcore/analysis/packing/metrics.py",
        '        Metric(\n            name="nc1",',
    )
    tree.edit(metrics, first, MEAN_DISTANCE + first)
    tree.edit(metrics, "CRAMMER_SINGER = ", PAIRS + "CRAMMER_SINGER = ")
    assert tree.touched == named("A packing metric")

    trajectory.save(tree.folder / "a.npz")
    relu_trajectory.save(tree.folder / "relu.npz")
    kinds = range(trajectory.classes)
    means = np.array([trajectory.hidden[-1][trajectory.labels == k].mean(axis=0) for k in kinds])
    mean, farthest = pdist(means).mean(), np.hypot(*means.T).max()
    point = np.hypot(*trajectory.hidden[-1].T).max()

    said = tree.run("info", "a.npz", "--packing").splitlines()
    assert f"{'mean distance':23}{mean:>9.3f}" in said
    best, part, points_part = 2**0.5, 100 * farthest / 2**0.5, 100 * point / 2**0.5
    line = f"{'farthest point':23}{farthest:>9.3f}{best:>9.3f}{part:>7.1f} %"
    assert line + f"{point:>10.3f}{points_part:>7.1f} %" in said
    packing = json.loads(tree.run("info", "a.npz", "--packing", "--json"))["packing"]
    assert packing["mean_distance"] == pytest.approx(mean)
    assert packing["points_reach_part"] == pytest.approx(point / best)
    packing = json.loads(tree.run("info", "relu.npz", "--packing", "--json"))["packing"]
    assert packing["reach"] > 0
    assert packing["best_reach"] is None

    square, quadrant = tree.python("-c", FILMED).splitlines()
    assert "mean distance between classes" in square
    assert f"{mean:.2f}" in square
    assert f"{farthest / best:.2f}" in square
    assert "mean distance between classes" in quadrant
    assert "farthest class" not in quadrant

    (tree.folder / "grid.toml").write_text(
        "[training]\nepochs = 3\n"
        '[[part]]\nclasses = [3]\nunits = [2]\nactivations = ["tanh", "relu"]\nseeds = 1\n'
    )
    tree.run("study", "grid.toml", "--out", "study", "--jobs", "1")
    tanh, relu = pq.read_table(tree.folder / "study" / "study.parquet").to_pylist()
    assert 0 < tanh["mean_distance"] < 2**1.5
    assert tanh["points_reach_part"] == pytest.approx(tanh["points_reach"] / best)
    assert relu["reach"] > 0
    assert relu["reach_part"] is None

    shutil.copytree(ROOT / "benchmarks", tree.folder / "benchmarks")
    (tree.folder / "docs").mkdir()
    for name in ("packing.md", "packing-study.parquet", "study.parquet"):
        shutil.copy(ROOT / "docs" / name, tree.folder / "docs" / name)
    page = tree.python("-c", DOCUMENTED)
    assert "| `mean_distance` | mean over pairs of \\|m_k - m_j\\| | 0 and more |" in page
    assert page.endswith("{None}\n")
