"""Layers of three units: the space itself turns under pointer and keys."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from tests.conftest import made_trajectory, spiral
from tests.gallery.visiting import Visit, address_of

PLACES = """() => {
  const { places, canvas } = spiral.explorer.stage();
  return Array.from(places, (value) => value / canvas.width);
}"""


def seen(points: np.ndarray, fit: float, around: float, up: float) -> np.ndarray:
    """Places in the panel, from 0 to 1: turned about the upright axis, then towards the eye."""
    a, u = np.radians([around, up])
    x, y, z = points.T
    right, deep = np.cos(a) * x - np.sin(a) * y, np.sin(a) * x + np.cos(a) * y
    height = np.cos(u) * z + np.sin(u) * deep
    return 0.5 + fit * np.column_stack((right, -height))


@pytest.mark.parametrize("activation", ["sphere", "tanh"])
def test_a_space_turns(browser: Browser, tmp_path: Path, activation: str) -> None:
    random = np.random.default_rng(8)
    steps = random.normal(size=(5, 24, 3))
    shape = np.tanh if activation == "tanh" else lambda x: x / np.linalg.norm(x, axis=2)[..., None]
    trajectory = made_trajectory(shape(steps).astype(np.float32), activation=activation)
    trajectory.save(tmp_path / "solid.npz")
    made = spiral(
        tmp_path, "gallery", "solid.npz", "--out", "page", "--seconds", "2", "--jobs", "1"
    )
    assert made.returncode == 0, made.stderr
    epoch = int(trajectory.epochs[2])
    place = f"#view=network&net=solid&path=exact&e={epoch}&turn=30.20"
    with Visit(browser, address_of(tmp_path / "page") + place, "html[data-tour=ready]") as visit:
        page = visit.page
        points = trajectory.hidden[2].astype(float)
        fit = 0.27 if activation == "tanh" else 0.44

        def check(around: float, up: float) -> None:
            visit.settle()
            found = np.reshape(visit.ask(PLACES), (-1, 2))
            np.testing.assert_allclose(found, seen(points, fit, around, up), atol=2e-4)

        check(30, 20)
        layer = page.locator("#layer")
        layer.focus()
        for key, where in (
            ("ArrowRight", (35, 20)), ("Shift+ArrowLeft", (15, 20)), ("ArrowDown", (15, 25)),
        ):  # fmt: skip
            page.keyboard.press(key)
            check(*where)
        # Keys that turn do not go on in film time, and the address tells where one is.
        assert visit.text("#epoch") == f"{epoch:,}"
        assert "turn=15.25" in page.evaluate("location.hash")
        box = layer.bounding_box()
        assert box is not None
        x, y = box["x"] + 200, box["y"] + 200
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 50, y - 25, steps=3)
        page.mouse.up()
        check(35, 15)
        assert "points" not in page.evaluate("location.hash")
        # Without it the projection is there again.
        page.locator("#solid").uncheck()
        visit.settle()
        assert layer.get_attribute("role") == "img"
        flat = np.reshape(visit.ask(PLACES), (-1, 2))
        assert np.abs(flat - seen(points, fit, 35, 15)).max() > 0.05
        assert visit.wrong == []
