"""Additions that are a piece of the program: panels, policies, verbs, recorders, subjects."""

from __future__ import annotations

import json
import shutil

import imageio.v3 as imageio
import numpy as np
import pytest

from spiralcore import Trajectory
from tests.adding.tree import ROOT, Tree, named

OCTAVES = """\
def _octaves(run: Run, settings: Limits) -> Iterator[Epochs]:
    yield _with_ends(2 ** np.arange(max(run.last, 1).bit_length()), run.last)


"""


def test_a_recording_policy(tree: Tree) -> None:
    policies, page = "spiralcore/registry/policies.py", "docs/trajectory-format.md"
    (tree.folder / "docs").mkdir()
    shutil.copy(ROOT / page, tree.folder / page)
    tree.edit(policies, "def _with_ends", OCTAVES + "def _with_ends")
    last = '        Policy("every"'
    tree.edit(policies, last, '        Policy("octaves", "at powers of two", _octaves),\n' + last)
    tree.edit("spiralcore/recipe/default.toml", "| linear | every", "| linear | octaves | every")
    tree.edit(page, "`log` keeps epochs", "`octaves` keeps powers of two, `log` keeps epochs")
    assert tree.touched == named("A recording policy")

    small = ("--classes", "2", "--epochs", "20", "--widths", "8 2", "--attempts", "1")
    tree.run("train", *small, "--set", "recording.keep=octaves", "--out", "a.npz")
    assert Trajectory.load(tree.folder / "a.npz").epochs.tolist() == [0, 1, 2, 4, 8, 16, 20]
    assert "octaves" in tree.run("recipe", "--schema")
    refused = tree.refused("train", *small, "--set", "recording.keep=octave")
    assert "octaves" in refused
    (tree.folder / "loop.py").write_text(
        "import numpy as np\n"
        "from spiralcore import ArrayRecorder, Trajectory\n"
        "from spiralcore.recipe import RecordingSettings\n"
        "rng = np.random.default_rng(1)\n"
        "settings = RecordingSettings(keep='octaves')\n"
        "with ArrayRecorder('b.npz', rng.normal(size=(9, 2)), settings=settings) as record:\n"
        "    for _ in range(6):\n"
        "        record.observe(rng.normal(size=(9, 2)))\n"
        "print(*Trajectory.load('b.npz').epochs)\n"
    )
    assert tree.python("loop.py") == "0 1 2 4 5\n"


COUNT = '''\
"""`spiral points`: how many points a trajectory has."""

from pathlib import Path

import click

from spiralcore.trajectory import Trajectory


@click.command("points")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Say how many points FILE has."""
    click.echo(Trajectory.load(file).points)
'''


def test_a_verb(tree: Tree, trajectory: Trajectory) -> None:
    tree.write("spiralcore/cli/verbs/points.py", COUNT)
    verbs, last = "spiralcore/cli/verbs/__init__.py", '    "join": '
    tree.edit(verbs, last, '    "points": "Say how many points there are.",\n' + last)
    assert tree.touched == named("A verb")

    trajectory.save(tree.folder / "a.npz")
    assert tree.run("points", "a.npz") == f"{trajectory.points}\n"
    assert "Say how many points there are." in tree.run("--help")
    refused = tree.refused("points", "b.npz")
    assert "b.npz" in refused
    assert "Traceback" not in refused


SPREAD = '''\
"""How far the points of each class are from their mean, as bars."""

import numpy as np

from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.borders import Bar
from spiralcore.stage.marks.words import Words
from spiralcore.stage.panels.panel import Panel


class SpreadPanel(Panel):
    def __init__(self, film, playback, box):
        super().__init__(film, box)
        labels = playback.trajectory.labels
        self.place(Bar(box, film.theme.panel))
        self.words = Words("", box.left, box.bottom, 40, film.theme.ink)

        def measure(second):
            hidden = playback.at(second).hidden
            spreads = [hidden[labels == k].std() for k in range(playback.trajectory.classes)]
            self.words.text = " ".join(f"{spread:.2f}" for spread in spreads)

        self.place_live(self.words, measure, box)

    @staticmethod
    def lack(trajectory):
        return "" if trajectory.classes > 1 else "one class has nothing to be apart from"
'''

SPREADING = """\
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.panels.spread_panel import SpreadPanel


class Spreading(Film):
    def build(self):
        playback = self.playback(self.trajectories[0])
        for left in (100, 700, 1300):
            panel = SpreadPanel(self, playback, Box(left, 200, 500, 600))
            self.show_panels(panel)
"""

SHOWN = """\
from manim import tempconfig
from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.stage.marks.words import Words
from mine import Spreading

with tempconfig({"pixel_width": 960, "pixel_height": 540, "frame_rate": 10}):
    settings = FilmSettings(seconds=1.0, smoothing=0)
    film = Spreading(sources=[Trajectory.load("a.npz")], settings=settings)
for second in (0.0, 1.0):
    film.show(round(10 * (film.time_of.start + second)))
    print(*(words.text for words in film.mobjects if isinstance(words, Words)), sep=" / ")
"""


def test_a_panel(tree: Tree, trajectory: Trajectory) -> None:
    tree.write("spiralcore/stage/panels/spread_panel.py", SPREAD)
    assert tree.touched == named("A panel")

    (tree.folder / "mine.py").write_text(SPREADING)
    (tree.folder / "show.py").write_text(SHOWN)
    trajectory.save(tree.folder / "a.npz")
    first, last = tree.python("show.py").splitlines()
    kinds = range(trajectory.classes)
    final = [trajectory.hidden[-1][trajectory.labels == k].std() for k in kinds]
    assert last.split(" / ") == 3 * [" ".join(f"{spread:.2f}" for spread in final)]
    assert first != last


TINY = """\
from pathlib import Path

import numpy as np
import tiny

from spiralcore.integrations.looking import Look, ModelRecorder


class TinyRecorder(ModelRecorder):
    def __init__(self, path: Path, model: tiny.Model, inputs, labels) -> None:
        points = np.array(inputs, float)

        def look() -> Look:
            hidden, outputs = model.forward(points.tolist())
            head = np.array(model.head), np.array(model.bias)
            return Look([np.array(hidden)], np.array(outputs), lambda units, count: {"head": head})

        said = {"model": "tiny", "frameworks": {"tiny": tiny.__version__}}
        super().__init__(path, points, labels, look, layer="hidden", activation="tanh", **said)

    def __enter__(self):
        self.step()
        return self
"""

FRAMEWORK = """\
import math
__version__ = "1.2"


class Model:
    first = [[1.0, 0.5], [-0.5, 1.0]]
    head = [[2.0, 0.0], [0.0, 2.0], [-1.0, -1.0]]
    bias = [0.0, 0.5, 0.25]

    def forward(self, points):
        layer = lambda rows, x: [sum(a * b for a, b in zip(row, x)) for row in rows]
        hidden = [[math.tanh(h) for h in layer(self.first, x)] for x in points]
        return hidden, [[a + b for a, b in zip(layer(self.head, h), self.bias)] for h in hidden]

    def learn(self):
        self.first = [[1.1 * weight for weight in row] for row in self.first]
"""

LOOP = """\
import tiny
from spiralcore.integrations import TinyRecorder

points = [[(i % 5) - 2.0, (i // 5) - 2.0] for i in range(25)]
model = tiny.Model()
with TinyRecorder("a.npz", model, points, [i % 3 for i in range(25)]) as record:
    for _ in range(4):
        model.learn()
        record.step()
outputs = model.forward(points)[1]
print(sum(max(range(3), key=row.__getitem__) == i % 3 for i, row in enumerate(outputs)))
"""


def test_a_recorder(tree: Tree) -> None:
    """Of a framework that knows neither NumPy nor torch."""
    names = "spiralcore/integrations/__init__.py"
    tree.write("spiralcore/integrations/tiny.py", TINY)
    tree.edit(
        names, '    "TransformersRecorder",', '    "TinyRecorder",\n    "TransformersRecorder",'
    )
    work = '"TinyRecorder": Work("Recording a training of Tiny", "tiny", ("tiny", "numba")),\n'
    tree.edit(
        "spiralcore/extras.py",
        '"TransformersRecorder": Work',
        work + '"TransformersRecorder": Work',
    )
    tree.edit("pyproject.toml", "transformers = [", 'tiny = ["tiny"]\ntransformers = [')
    around = {"scripts/lock.py", "docs/own-network.md", "tests/integrations/test_NAME.py"}
    assert tree.touched | around == named("A recorder for another framework")

    (tree.folder / "loop.py").write_text(LOOP)
    missing = tree.failed("loop.py")
    assert "tiny" in missing
    (tree.folder / "tiny.py").write_text(FRAMEWORK)
    right = int(tree.python("loop.py"))
    found = Trajectory.load(tree.folder / "a.npz")
    assert found.classes == 3
    assert found.accuracy[-1] == pytest.approx(right / 25)
    info = json.loads(tree.run("info", "a.npz", "--json"))
    assert (info["points"], info["activation"]) == (25, "tanh")


THREE = '''\
"""Three networks of one class count."""

from spiralcore.errors import UsageError
from spiralcore.registry.films import Needs
from spiralcore.subjects.networks import NetworkRow


class ThreeNetworks(NetworkRow):
    needs = Needs.THREE

    def check_together(self, paths):
        super().check_together(paths)
        if len(paths) != 3:
            raise UsageError(f"There are {len(paths)} files.", f"{self.needs.value}.")
'''

TRIPTYCH = """
from spiralcore.registry.films import Needs
from spiralcore.scenes.row import Row


class Triptych(Row):
    needs = Needs.THREE
"""

TRIPTYCH_ENTRY = """\
        FilmEntry(
            "triptych",
            "Triptych",
            Needs.THREE,
            "three networks beside each other",
            "Watch the middle.",
            projects=True,
        ),
"""


def test_a_kind_of_subject(tree: Tree, trajectory: Trajectory) -> None:
    films, kinds = "spiralcore/registry/films.py", "spiralcore/subjects/kinds.py"
    tree.write("spiralcore/subjects/three.py", THREE)
    tree.edit(
        films, '    ALL = "', '    THREE = "three trajectories of one class count"\n    ALL = "'
    )
    tree.edit(kinds, "from spiralcore.subjects.subject", "from spiralcore.subjects.three import "
              "ThreeNetworks\nfrom spiralcore.subjects.subject")  # fmt: skip
    tree.edit(kinds, "    OneStudy(),", "    ThreeNetworks(),\n    OneStudy(),")
    assert tree.touched == named("A kind of subject")

    (tree.folder / "scenes" / "triptych.py").write_text(TRIPTYCH)
    last = '        FilmEntry(\n            "field",'
    tree.edit(films, last, TRIPTYCH_ENTRY + last)
    files = [f"{name}.npz" for name in "abc"]
    for name in files:
        trajectory.save(tree.folder / name)
    assert "three trajectories of one class count" in " ".join(tree.run("films").split())
    small = ("--quality", "120p10", "--seconds", "1", "--out", "a.png")
    refused = tree.refused("render", "triptych", *files[:2], *small)
    assert "There are 2 files." in refused
    tree.run("render", "triptych", *files, *small)
    assert np.ptp(imageio.imread(tree.folder / "a.png")[..., 0]) > 100
