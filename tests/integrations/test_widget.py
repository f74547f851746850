"""The widget in a real JupyterLab, in a real browser: what is chosen is the same on both sides.

In an environment of its own: what the extra `widget` brings, and jupyterlab and ipywidgets.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("anywidget", reason="the widget is tried where anywidget is")
pytest.importorskip("jupyterlab", reason="and in JupyterLab")

import traitlets
from playwright.sync_api import Page, expect

from spiralcore import Trajectory
from spiralcore.errors import UsageError
from spiralcore.system.printable import short_name
from tests.browser import browser, page

FIRST = """
import json
from pathlib import Path
import ipywidgets
from spiralcore import Trajectory
path = Trajectory.load("a.npz")
widget = path.explore(points=[3], height=600)
slider = ipywidgets.IntSlider(max=path.trained_epochs)
ipywidgets.link((widget, "epoch"), (slider, "value"))
def seen(_=None):
    found = {"epoch": widget.epoch, "points": widget.points, "slider": slider.value}
    Path("seen.part").write_text(json.dumps(found))
    Path("seen.part").replace("seen.json")
widget.observe(seen, ["epoch", "points"])
seen()
display(widget, slider)
"""
SECOND = "widget.epoch = 7; widget.points = [1, 2]"
HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def trajectory() -> Trajectory:
    chance = np.random.default_rng(0)
    x, weight = chance.normal(size=(30, 2)), chance.normal(size=(3, 2))
    hidden = np.stack([np.tanh(x * (0.1 + 0.02 * epoch)) for epoch in range(41)])
    return Trajectory.from_arrays(
        {"activation": "tanh", "run_name": HOSTILE, "class_names": [HOSTILE, "b", "c"]},
        epochs=np.arange(41), inputs=x, labels=np.arange(30) % 3, hidden=hidden,
        readout_weight=np.tile(weight, (41, 1, 1)), readout_bias=np.zeros((41, 3)),
        cross_entropy=np.ones(41), loss=np.ones(41), accuracy=np.ones(41),
    )  # fmt: skip


@pytest.fixture
def lab(tmp_path: Path, trajectory: Trajectory) -> Iterator[str]:
    """The address of a notebook in a JupyterLab of its own."""
    trajectory.save(tmp_path / "a.npz")
    cells = [
        {"cell_type": "code", "id": f"cell-{i}", "source": source.strip(), "metadata": {},
         "outputs": [], "execution_count": None}
        for i, source in enumerate((FIRST, SECOND))
    ]  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4,
                "nbformat_minor": 5}  # fmt: skip
    (tmp_path / "n.ipynb").write_text(json.dumps(notebook))
    places = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    homes = {name: str(tmp_path / name.lower()) for name in places}
    said = tmp_path / "said"
    with said.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0",
             "--LabApp.news_url=", "--LabApp.check_for_updates_class="
             "jupyterlab.NeverCheckForUpdate"],
            cwd=tmp_path, env={**os.environ, **homes}, stderr=log,
        )  # fmt: skip

    def address() -> re.Match[str] | None:
        """What it says, once it answers there."""
        found = re.search(r"(http://127\.0\.0\.1:(\d+))/lab\?token=(\w+)", said.read_text())
        with suppress(OSError):
            if found and socket.create_connection(("127.0.0.1", int(found[2])), 1).close() is None:
                return found
        assert process.poll() is None, said.read_text()
        return None

    while not (found := address()):
        time.sleep(0.1)
    yield f"{found[1]}/lab/tree/n.ipynb?token={found[3]}"
    process.terminate()
    process.wait()


def wait_for(read: Callable[[], Any], wanted: Any) -> None:
    """Ask again and again; the browser and the kernel take their time."""
    until = time.monotonic() + 60
    while (found := read()) != wanted:
        assert time.monotonic() < until, (found, wanted)
        time.sleep(0.05)


def test_both_sides_choose_epochs_and_points(page: Page, lab: str, tmp_path: Path) -> None:
    def seen() -> Any:
        file = tmp_path / "seen.json"
        return json.loads(file.read_text()) if file.exists() else None

    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    page.goto(lab)
    page.locator(".jp-Cell .cm-content").first.click(timeout=90_000)
    page.locator(".jp-NotebookPanel[data-jp-kernel-user=true]").or_(
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")
    ).first.wait_for(timeout=60_000)
    page.keyboard.press("Shift+Enter")
    inside = page.frame_locator("iframe[title='Explorer of a trajectory']")
    expect(inside.locator("#epoch")).to_have_text("40", timeout=90_000)
    expect(inside.locator("#followed")).to_have_text("Following point 4.")
    assert inside.locator("#net option").inner_text() == short_name(HOSTILE)
    assert inside.locator("img").count() == 0
    wait_for(seen, {"epoch": 40, "points": [3], "slider": 40})
    if shots := os.environ.get("WIDGET_SHOTS"):
        page.screenshot(path=f"{shots}/lab-first.png")
    # From the page to Python, and by a link to another widget.
    page.locator("iframe[title='Explorer of a trajectory']").scroll_into_view_if_needed()
    inside.locator("#point").fill("11")
    inside.locator("#follow").click()
    wait_for(lambda: seen()["points"], [3, 10])
    inside.locator("#scrub").focus()
    page.keyboard.press("Home")
    wait_for(lambda: (seen()["epoch"], seen()["slider"]), (0, 0))
    inside.locator("#play").click()
    wait_for(lambda: (seen()["epoch"] > 0, seen()["slider"] > 0), (True, True))
    inside.locator("#play").click()
    # And back: the second cell.
    page.locator(".jp-Cell .cm-content").nth(1).click()
    page.keyboard.press("Shift+Enter")
    expect(inside.locator("#epoch")).to_have_text("7", timeout=30_000)
    expect(inside.locator("#followed")).to_have_text("Following points 2, 3.")
    wait_for(seen, {"epoch": 7, "points": [1, 2], "slider": 7})
    if shots:
        page.screenshot(path=f"{shots}/lab-last.png")
    assert wrong == []


def test_what_cannot_be_chosen_is_refused(trajectory: Trajectory) -> None:
    for given, said in (
        ({"epoch": 41}, "There is no epoch 41.\nexpected: an epoch from 0 to 40."),
        ({"points": [30]}, "There is no point 30.\nexpected: points from 0 to 29."),
    ):
        with pytest.raises(UsageError) as raised:
            trajectory.explore(**given)
        assert str(raised.value) == said
    widget = trajectory.explore(epoch=5, points=[2, 2, 1])
    assert (widget.epoch, widget.points) == (5, [2, 1])
    with pytest.raises(traitlets.TraitError, match=r"^There is no epoch -1, but 0 to 40\.$"):
        widget.epoch = -1
    with pytest.raises(traitlets.TraitError, match=r"^There is no point 30, but 0 to 29\.$"):
        widget.points = [1, 30]
    assert (widget.epoch, widget.points) == (5, [2, 1])


__all__ = ["browser", "page"]
