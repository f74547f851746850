"""How fast the page draws, in headless Chromium: `python -m benchmarks.gallery FILE.npz ...`.

Makes a page of the given trajectories and of one of 20,000 points, and measures for the table and
for each network in the explorer, in a window of 1440 x 900: frames a second while it plays, and the
processor time that drawing a frame takes on the page's thread, which does not depend on what else
the machine does. Chromium draws without a graphics card here, which is the slow case.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from spiralcore import Trajectory
from tests.browser import program

MANY, KEPT, CLASSES = 20_000, 150, 7
DRAWN = 200

FPS = """async () => {
  spiral.clock.seek(-0.5);
  spiral.clock.play();
  const stamps = [];
  await new Promise((done) => {
    const step = (now) => {
      stamps.push(now);
      if (now - stamps[0] < 8000) requestAnimationFrame(step);
      else done();
    };
    requestAnimationFrame(step);
  });
  spiral.clock.pause();
  return (stamps.length - 1) / (stamps.at(-1) - stamps[0]) * 1000;
}"""

DRAW = """(count) => {
  const view = document.documentElement.dataset.view === "network" ? "shown" : "table";
  for (let i = 0; i < count; i++) spiral[view].draw({ second: (20 * i) / count, playing: true });
}"""


def crowded() -> Trajectory:
    """A trajectory of many points: classes that move from the middle into the square."""
    numbers = np.random.default_rng(1)
    labels = np.arange(MANY) % CLASSES
    angles = 2 * np.pi * labels / CLASSES
    goals = 0.8 * np.column_stack((np.cos(angles), np.sin(angles)))
    start, scatter = numbers.normal(size=(2, MANY, 2)) * 0.15
    share = np.linspace(0, 1, KEPT)[:, None, None]
    hidden = np.tanh(start * (1 - share) + (goals + scatter) * share * 1.5).astype(np.float16)
    weight = np.broadcast_to(goals[:CLASSES], (KEPT, CLASSES, 2))
    return Trajectory.from_arrays(
        {"activation": "tanh"},
        epochs=np.arange(KEPT) * 10,
        inputs=numbers.normal(size=(MANY, 2)),
        labels=labels,
        hidden=hidden,
        hidden_mean=hidden,
        readout_weight=weight,
        readout_bias=np.zeros((KEPT, CLASSES)),
        accuracy=np.linspace(1 / CLASSES, 1, 10 * KEPT),
        cross_entropy=np.linspace(2, 0, 10 * KEPT),
        loss=np.linspace(2, 0, 10 * KEPT),
    )


def main(files: list[str]) -> None:
    """Print a line for each view."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        many = Path(folder) / "many.npz"
        crowded().save(many)
        pages = {"own": files, "many": [str(many)]}
        browser = playwright.chromium.launch(
            executable_path=program("Chromium"), args=["--no-sandbox"]
        )
        print(f"{'view':34}{'points':>8}{'frames/s':>10}{'ms a frame':>12}")
        for name, sources in pages.items():
            if not sources:
                continue
            page = Path(folder) / name
            call = [sys.executable, "-m", "spiralcore.cli", "gallery", *sources, "--out", str(page)]
            subprocess.run(call, check=True, capture_output=True)
            for view in in_page(browser, page):
                print(
                    f"{view.name:34}{view.points:>8,}{view.rate:>10.1f}{view.cost:>12.1f}",
                    flush=True,
                )
        browser.close()


class View(NamedTuple):
    """How fast a view of a page draws.

    Attributes
    ----------
    name
        ``table``, or the network that is shown alone.
    points
        How many are drawn.
    rate
        Frames a second while it plays.
    cost
        Processor time of a frame on the page's thread, in ms.
    """

    name: str
    points: int
    rate: float
    cost: float


def in_page(browser: Browser, folder: Path) -> Iterator[View]:
    """Measure a page that `spiral gallery` has made: its table, if it has one, and each network."""
    address = (folder / "index.html").as_uri()
    page = _open(browser, address, "html[data-table=ready]")
    networks: dict[str, Any] = page.evaluate("spiral.parts.facts('manifest').networks")
    if len(networks) > 1:
        yield _view(page, "table", sum(2 * network["points"] for network in networks.values()))
    for name, network in networks.items():
        place = f"{address}#view=network&net={name}"
        page = _open(browser, place, f"html[data-network='{name}']")
        yield _view(page, name, network["points"])


def _open(browser: Browser, address: str, ready: str) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(ready, state="attached", timeout=120_000)
    return page


def _view(page: Page, view: str, points: int) -> View:
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return float(next(m["value"] for m in metrics if m["name"] == "TaskDuration"))

    page.evaluate(DRAW, DRAWN)
    before = busy()
    page.evaluate(DRAW, DRAWN)
    cost = (busy() - before) / DRAWN * 1000
    rate = page.evaluate(FPS)
    page.context.close()
    return View(view, points, rate, cost)


if __name__ == "__main__":
    main(sys.argv[1:])
