"""Trajectories in a notebook: what they show, and the tutorial from its first cell to its last."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import sys
import venv
from pathlib import Path

import av
import nbclient
import nbformat
import pytest
from PIL import Image

from spiralcore import Trajectory, headers
from spiralcore.errors import UsageError
from tests.conftest import of_width
from tests.setup.small_project import program

EXAMPLES = Path(__file__).parents[2] / "examples"
TUTORIAL, COLAB = EXAMPLES / "tutorial.ipynb", EXAMPLES / "colab.ipynb"


def embedded(html: str, kind: str) -> bytes:
    found = re.search(rf'src="data:{kind};base64,([A-Za-z0-9+/=]+)"', html)
    assert found, html[:300]
    return base64.b64decode(found[1])


def test_a_trajectory_shows_a_poster_and_a_summary(trajectory: Trajectory) -> None:
    html = trajectory._repr_html_()
    with Image.open(io.BytesIO(embedded(html, "image/png"))) as poster:
        assert min(poster.size) > 300
        assert len(poster.convert("RGB").getcolors(1 << 20) or []) > 50
    cells = dict(re.findall(r"<th[^>]*>(.*?)</th><td[^>]*>(.*?)</td>", html))
    assert cells["points"] == f"{trajectory.points:,} in {trajectory.classes} classes"
    assert cells["accuracy"] == f"{trajectory.accuracy[-1]:.4f}"
    assert repr(trajectory).startswith(f"<Trajectory {trajectory.source!r}: 1")
    assert len(repr(trajectory)) < 200


def test_what_a_file_says_does_not_become_markup(trajectory: Trajectory) -> None:
    hostile = "<script>alert(1)</script>"
    arrays = trajectory.arrays()
    path = Trajectory.from_arrays({"activation": hostile, "seed": hostile}, **arrays)
    html = path._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@pytest.mark.parametrize("units", [1, 3])
def test_layers_that_are_no_plane_have_a_poster_too(units: int) -> None:
    html = of_width(units, "tanh")._repr_html_()
    assert embedded(html, "image/png")


def test_without_matplotlib_the_summary_says_what_is_missing(
    trajectory: Trajectory, tmp_path: Path
) -> None:
    trajectory.save(tmp_path / "a.npz")
    script = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "import importlib.util as u; found = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'matplotlib' else found(name, *rest)\n"
        "from spiralcore import Trajectory\n"
        "print(Trajectory.load('a.npz')._repr_html_())\n"
        "print(sorted({'torch', 'manim'} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    html, loaded = ran.stdout.splitlines()
    message = '<p>A picture needs matplotlib: <code>pip install "spiralcore[film]"</code></p>'
    assert message in html
    assert "<th" in html
    assert loaded == "[]"


def test_a_film_is_shown_inside_the_page(trajectory: Trajectory) -> None:
    clip = trajectory.film("bending", quality="120p10", seconds=1.0, jobs=1)
    path = clip.path
    with av.open(io.BytesIO(embedded(clip._repr_html_(), "video/mp4"))) as video:
        stream = video.streams.video[0]
        assert (stream.height, stream.average_rate) == (120, 10)
        assert sum(1 for _ in video.decode(stream)) > 20
    assert path.exists()
    del clip
    assert not path.exists()


def test_a_film_with_a_path_is_kept(trajectory: Trajectory, tmp_path: Path) -> None:
    clip = trajectory.film("angles", tmp_path / "a.png", quality="240p10", jobs=1)
    assert clip.path == tmp_path / "a.png"
    with Image.open(io.BytesIO(embedded(clip._repr_html_(), "image/png"))) as picture:
        assert picture.height == 240
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_mistakes_are_named(trajectory: Trajectory, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"There is no film 'bendin'. Did you mean 'bending'\?"):
        trajectory.film("bendin")
    with pytest.raises(UsageError, match=r"film.qality: there is no such setting."):
        trajectory.film("bending", qality="480p30")
    with pytest.raises(UsageError, match=r"The film 'classes' cannot be made of one trajectory."):
        trajectory.film("classes")
    with pytest.raises(UsageError, match=r"There is no way to make a '.avi' file."):
        trajectory.film("bending", tmp_path / "a.avi")


def test_the_tutorial_runs(tmp_path: Path) -> None:
    notebook = nbformat.read(TUTORIAL, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells)
    for cell in notebook.cells:
        cell.source = cell.source.replace("range(2000)", "range(300)")
        cell.source = cell.source.replace("seconds=6.0", 'seconds=1.0, quality="120p10"')
    client = nbclient.NotebookClient(
        notebook, timeout=600, resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    results = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    pages = [out["data"]["text/html"] for out in results if "text/html" in out.get("data", {})]
    assert embedded(pages[0], "image/png")
    assert embedded(pages[1], "video/mp4")
    assert results[-1]["text"].startswith("epoch     0: ")
    assert Trajectory.load(tmp_path / "spirals.npz").trained_epochs == 300


def test_the_notebook_for_colab_runs(tmp_path: Path) -> None:
    notebook = nbformat.read(COLAB, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells)
    for cell in notebook.cells:
        cell.source = cell.source.replace("--epochs 3000", "--epochs 60 --jobs 1")
        small = 'seconds=1.0, quality="120p5", jobs=1'
        cell.source = cell.source.replace("seconds=6.0", small).replace("height=240", "height=120")
    where = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, timeout=600, resources=where).execute()
    results = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    pages = [out["data"]["text/html"] for out in results if "text/html" in out.get("data", {})]
    assert embedded(pages[0], "image/png")
    assert embedded(pages[1], "video/mp4")
    assert (tmp_path / "k4.gif").read_bytes()[:6] == b"GIF89a"
    assert 0 < float(results[-1]["data"]["text/plain"]) < 1
    assert Trajectory.load(tmp_path / "k4.npz").trained_epochs == 60


RECORD = """
import json, os, sys
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + "\\n")
"""


def test_its_first_cell_sets_up_a_machine_that_has_nothing(tmp_path: Path) -> None:
    """With an apt-get and a pip that take down what they are asked."""
    (cell, *_) = (
        c.source for c in nbformat.read(COLAB, as_version=4).cells if c.cell_type == "code"
    )
    venv.create(tmp_path / "env", symlinks=True)
    (site,) = (tmp_path / "env").glob("lib/python*/site-packages")
    (site / "pip").mkdir()
    (site / "pip" / "__main__.py").write_text(RECORD)
    python = tmp_path / "env" / "bin" / "python"
    apt = program(tmp_path / "bin" / "apt-get", f'exec {python} {site}/pip/__main__.py "$@"')
    variables = {"PATH": str(apt.parent), "CALLS": str(tmp_path / "calls")}
    for _ in range(2):
        subprocess.run([python, "-c", cell], env=variables, cwd=tmp_path, check=True)
        # What is there is not installed again.
        (site / "spiralcore.py").touch()
    calls = [json.loads(line) for line in (tmp_path / "calls").read_text().splitlines()]
    assert calls == [
        ["-qq", "update"],
        ["-qq", "install", "-y", *headers.APT],
        ["install", "-q", "spiralcore[all]"],
    ]
