"""The picture that follows a training in a notebook: in a real kernel, and what it says."""

from __future__ import annotations

import base64
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import numpy as np
import pytest
from matplotlib.text import Text
from PIL import Image

from spiralcore import ArrayRecorder, Trajectory
from spiralcore.errors import UsageError
from spiralcore.figures.live_figure import LiveFigure
from spiralcore.recording.classes import Labels
from spiralcore.recording.run.head import Head
from spiralcore.recording.run.live import Live, State
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.registry.spaces import PLANE

TRAINING = """
import time
import numpy as np, torch
from spiralcore import ArrayRecorder, Recorder
torch.manual_seed(1)
net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2),
                          torch.nn.Tanh(), torch.nn.Linear(2, 3))
x, y = torch.randn(60, 2), torch.arange(60) % 3
with Recorder("a.npz", net, layer=3, inputs=x, labels=y{more}) as rec:
    for epoch in range(4):
        time.sleep(0.3)
        rec.step()
"""

ARRAYS = """
rec = ArrayRecorder("b.npz", inputs=x.numpy(){more})
for epoch in range(3):
    rec.observe(np.tanh(x.numpy() * epoch))
rec.close()
"""


def outputs_of(folder: Path, *cells: str) -> list[list[Any]]:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    where = {"metadata": {"path": str(folder)}}
    client = nbclient.NotebookClient(notebook, timeout=120, resources=where)
    seen: list[str] = []
    told = client.process_message

    def process(message: Any, *rest: Any) -> Any:
        seen.append(message["msg_type"])
        return told(message, *rest)

    client.process_message = process  # type: ignore[method-assign]
    client.execute()
    return [[out for out in cell.outputs if out.output_type != "stream"] for cell in notebook.cells
            ] + [[seen.count("display_data"), seen.count("update_display_data")]]  # fmt: skip


def test_a_picture_follows_the_training_and_stays(tmp_path: Path) -> None:
    first, second, third, counts = outputs_of(
        tmp_path,
        TRAINING.format(more=""),
        ARRAYS.format(more=""),
        ARRAYS.format(more=", overwrite=True, live=False"),
    )
    for found in (first, second):
        (picture,) = found
        with Image.open(io.BytesIO(base64.b64decode(picture["data"]["image/png"]))) as image:
            assert image.width > 600
            assert len(image.convert("RGB").getcolors(1 << 20) or []) > 50
    assert third == []
    # One place each, where the last epoch takes the place of the first.
    assert counts[0] == 2
    assert counts[1] >= 2
    assert Trajectory.load(tmp_path / "a.npz").trained_epochs == 4
    assert Trajectory.load(tmp_path / "b.npz").trained_epochs == 2


def state(hidden: np.ndarray, activation: str | None = None, **known: Any) -> State:
    """A state after 12 epochs, of three classes."""
    space = ACTIVATIONS[activation].space if activation else PLANE
    labels = Labels.of(np.arange(len(hidden)) % 3, len(hidden))
    classes = labels.titled(labels.alone())
    curves = [(1.0 / (1 + e), np.nan, 0.5) for e in range(13)]
    given = {"classes": classes, "head": None, "curves": curves, **known}
    return State(epoch=12, layer="layer 3", hidden=hidden.astype(np.float32), space=space, first=0,
                 **given)  # fmt: skip


def texts(figure: LiveFigure) -> list[str]:
    assert figure._figure is not None
    return [text.get_text() for text in figure._figure.findobj(Text)]


HIDDEN = np.tanh(np.random.default_rng(0).normal(size=(30, 2)))


def test_what_is_drawn_is_the_state() -> None:
    figure = LiveFigure("mine.npz")
    head = Head(np.eye(3, 2, dtype=np.float32), np.zeros(3, np.float32))
    figure.png(state(HIDDEN, "tanh", head=head))
    np.testing.assert_allclose(figure._points.get_offsets(), HIDDEN[figure._order], atol=1e-6)
    assert {"mine.npz", "epoch 12", "accuracy 0.500, cross-entropy 0.077"} <= {*texts(figure)}
    assert "layer 3, 30 points" in texts(figure)
    picture = np.asarray(figure._regions.get_array())
    lower, upper = figure._plane.get_xlim()
    for place in ((0.5, -0.5), (-0.5, 0.5), (-0.5, -0.5)):
        row, column = ((np.array(place[::-1]) - lower) / (upper - lower) * 139).round().astype(int)
        wanted = int((head.weight @ np.float32(place) + head.bias).argmax())
        assert (picture[row, column] == figure._theme.region_colours(3)[wanted]).all()
    np.testing.assert_allclose(figure._line.get_ydata(), 1 / (1 + np.arange(13)))
    # The same picture, again: what was is gone.
    figure.png(state(-HIDDEN, "tanh"))
    np.testing.assert_allclose(figure._points.get_offsets(), -HIDDEN[figure._order], atol=1e-6)
    assert not figure._regions.get_visible()
    assert "layer 3, 30 points; no read-out: no regions" in texts(figure)


def test_measured_values_are_a_scale() -> None:
    figure = LiveFigure("a.npz")
    values = np.linspace(-1.5, 2, len(HIDDEN), dtype=np.float32)
    figure.png(state(HIDDEN, "tanh", targets=values))
    wanted = figure._theme.value_colours(np.linspace(0, 1, len(HIDDEN)))[figure._order]
    np.testing.assert_allclose(figure._points.get_facecolor()[:, :3] * 255, wanted, atol=0.6)
    assert {"value: -1.5", "2"} <= {*texts(figure)}


@pytest.mark.parametrize("units", [1, 3, 40])
def test_layers_of_other_widths_are_drawn_and_do_not_turn(units: int) -> None:
    figure = LiveFigure("a.npz")
    hidden = np.random.default_rng(0).normal(size=(30, units)) * np.linspace(1, 2, units)
    figure.png(state(hidden))
    before = np.asarray(figure._points.get_offsets())
    figure.png(state(hidden + 1e-3 * np.random.default_rng(1).normal(size=hidden.shape)))
    np.testing.assert_allclose(figure._points.get_offsets(), before, atol=0.05)


def test_odd_states_are_drawn() -> None:
    nothing = [(np.nan, np.nan, np.nan)]
    for hidden in (np.zeros((1, 2)), np.zeros((5, 3)), np.full((4, 2), 1e14)):
        LiveFigure("$x$ <b>").png(state(hidden, curves=nothing))
    for loss in (0.0, -3.0, 1e30):
        LiveFigure("a").png(state(HIDDEN, curves=[(np.nan, loss, np.nan)] * 1000))


def test_outside_of_a_notebook_nothing_is_drawn(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        ArrayRecorder(tmp_path / "a.npz", HIDDEN, live=True)
    assert str(raised.value) == (
        "live=True is given, and this is no notebook.\n"
        "expected: a notebook, where a picture can follow the training.\n"
        "next: spiral watch a.npz, in a terminal beside the training"
    )
    script = (
        "import sys, numpy as np\nfrom spiralcore import ArrayRecorder\n"
        "with ArrayRecorder('a.npz', np.zeros((3, 2))) as rec: rec.observe(np.zeros((3, 2)))\n"
        "print(sorted({'matplotlib', 'IPython'} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"


def test_a_picture_that_fails_ends_no_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Failing:
        def show(self, state: State) -> None:
            raise OSError("no room")

    live = Live(None, "a.npz")
    live._picture = Failing()
    with ArrayRecorder(tmp_path / "a.npz", HIDDEN) as rec:
        rec._record._file.live = live
        for _ in range(3):
            rec.observe(HIDDEN)
    assert capsys.readouterr().err.count("the training is no longer shown: OSError('no room')") == 1
    assert Trajectory.load(tmp_path / "a.npz").trained_epochs == 2
