"""Points on the page stay in their space; those that a file has outside are counted."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser

from spiralcore import Trajectory
from spiralcore.trajectory.play.pacing import timeline
from spiralcore.trajectory.play.playback import Playback
from tests.browser import in_both
from tests.conftest import made_trajectory, record, small_recipe, spiral
from tests.gallery.explorer.test_explorer import STATE, TIMES, choose, open_own, ready
from tests.gallery.visiting import Visit, address_of

SECONDS = np.arange(-0.5, 4.5, 0.07)


@pytest.fixture(scope="module")
def paths(trajectory: Trajectory) -> dict[str, Trajectory]:
    """A trained circle, points that jump across one, and a square that is left by some."""
    angle = np.random.default_rng(3).uniform(0, 2 * np.pi, (9, 40))
    angle[5] = angle[4] + np.pi
    jumps = np.stack([np.cos(angle), np.sin(angle)], axis=2).astype(np.float32)
    hidden = trajectory.hidden.copy()
    hidden[-1, :50] = 3.0
    return {
        "circle": record(small_recipe(activation="sphere"))[0],
        "jumps": made_trajectory(jumps, np.arange(9) * 30, "sphere"),
        "astray": dataclasses.replace(trajectory, hidden=hidden, hidden_mean=None),
    }


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, paths: dict[str, Trajectory]) -> Path:
    folder = tmp_path_factory.mktemp("spaces")
    for name, path in paths.items():
        path.save(folder / f"{name}.npz")
    made = spiral(folder, "gallery", *(f"{name}.npz" for name in paths), "--seconds", "4",
                  "--jobs", "1", "--out", "page")  # fmt: skip
    assert made.returncode == 0, made.stderr
    return folder / "page"


@pytest.fixture(scope="module")
def visit(browser: Browser, page: Path) -> Iterator[Visit]:
    with Visit(browser, address_of(page) + "#view=network&net=jumps", ready("jumps")) as found:
        yield found
        assert found.wrong == []


@in_both
@pytest.mark.parametrize("path", ["smooth", "exact"])
@pytest.mark.parametrize("net", ["circle", "jumps"])
def test_the_explorer_keeps_points_on_the_circle(
    visit: Visit, paths: dict[str, Trajectory], net: str, path: str
) -> None:
    choose(visit, net, "linear", path)
    for second in SECONDS:
        visit.page.evaluate("second => spiral.explorer.stage().playback.seek(second)", second)
        hidden = np.reshape(visit.ask(STATE)["hidden"], (-1, 2))
        np.testing.assert_allclose(np.linalg.norm(hidden, axis=1), 1, atol=1e-9)
    clock = timeline([paths[net]], 4.0, "linear")
    playback = Playback(paths[net], clock, 0.12 if path == "smooth" else 0.0)
    for second in TIMES:
        visit.page.evaluate("second => spiral.explorer.stage().playback.seek(second)", second)
        hidden = np.reshape(visit.ask(STATE)["hidden"], (-1, 2))
        np.testing.assert_allclose(hidden, playback.at(second).hidden, atol=2e-4)


def test_the_path_of_a_followed_point_lies_on_the_circle(visit: Visit) -> None:
    choose(visit, "jumps")
    places = visit.ask(
        "() => { const { playback } = spiral.explorer.stage();"
        "const weights = Array.from({ length: 200 }, (_, i) => playback.weights(i / 50));"
        "return Array.from(playback.placesOf(7, weights)); }"
    )
    lengths = np.linalg.norm(np.reshape(places, (-1, 2)), axis=1)
    np.testing.assert_allclose(lengths, 1, atol=1e-9)


def test_the_table_keeps_points_on_the_circle(browser: Browser, page: Path) -> None:
    with Visit(browser, address_of(page)) as visit:
        for second in SECONDS[::3]:
            visit.show(float(second))
            drawn = visit.ask("() => spiral.table.shown()")
            for name in ("circle", "jumps"):
                lower, upper, rise = drawn[name]["limits"]
                places = np.reshape(drawn[name]["places"], (-1, 2))
                found = lower + places * (upper - lower) + (0, rise)
                np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=0.003)
        said = visit.page.locator("#rows .trouble").all_inner_texts()
        assert said == ["up to 50 of 120 points lie outside the square"]


def test_points_outside_are_counted_beside_the_network(visit: Visit, tmp_path: Path) -> None:
    choose(visit, "astray")
    assert visit.text("#trouble") == "up to 50 of 120 points lie outside the square"
    choose(visit, "jumps")
    assert visit.text("#trouble") == ""


def test_of_a_file_of_ones_own_too(visit: Visit, tmp_path: Path) -> None:
    for activation, name in (("disk", "disk"), ("sphere", "circle"), ("relu", "quadrant")):
        hidden = np.full((4, 1200, 2), -3.0, np.float32)
        made_trajectory(hidden, activation=activation).save(tmp_path / f"{name}.npz")
        open_own(visit, tmp_path / f"{name}.npz")
        said = visit.text("#trouble").split("; ")
        assert said[0] == f"1,200 of 1,200 points lie outside the {name}"
    made_trajectory(np.full((4, 3, 2), -3.0), activation="leaky_relu").save(tmp_path / "free.npz")
    open_own(visit, tmp_path / "free.npz")
    assert "outside" not in visit.text("#trouble")


@pytest.fixture(scope="module")
def leaps(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Trajectory]:
    """Points that leap across the circle, a tenth of which lie outside of it from the start."""
    angle = np.random.default_rng(5).uniform(0, 2 * np.pi, (9, 40))
    angle[1::2] = angle[:-1:2] + np.pi
    places = np.stack([np.cos(angle), np.sin(angle)], axis=2).astype(np.float32)
    places[:, :4] *= 1.05
    path = made_trajectory(places, np.arange(9) * 30, "sphere")
    folder = tmp_path_factory.mktemp("leaps")
    path.save(folder / "leaps.npz")
    made = spiral(folder, "gallery", "leaps.npz", "--seconds", "4", "--jobs", "1", "--out", "page")
    assert made.returncode == 0, made.stderr
    return folder / "page", path


def lengths(drawn: dict[str, Any]) -> NDArray[np.float64]:
    """Distances of points of the table from the middle."""
    lower, upper, rise = drawn["limits"]
    places = np.reshape(drawn["places"], (-1, 2))
    return np.linalg.norm(lower + places * (upper - lower) + (0, rise), axis=1)


def test_points_that_leave_the_circle_do_not_take_the_others_along(
    browser: Browser, leaps: tuple[Path, Trajectory]
) -> None:
    page, _ = leaps
    with Visit(browser, address_of(page)) as visit:
        # Between two pictures, too, where a straight line passes the middle of the circle.
        for second in np.arange(-0.5, 4.5, 0.0125):
            drawn = visit.page.evaluate(
                "second => { spiral.clock.state.second = second; return spiral.table.shown(); }",
                float(second),
            )["leaps"]
            np.testing.assert_allclose(lengths(drawn)[4:], 1, atol=0.004)
        visit.show(4.5)
        last = lengths(visit.ask("() => spiral.table.shown()")["leaps"])
        np.testing.assert_allclose(last[:4], 1.05, atol=0.005)


@pytest.mark.parametrize("smoothing", ["smooth", "exact"])
def test_paths_go_round_the_circle_and_not_through_it(
    browser: Browser, leaps: tuple[Path, Trajectory], smoothing: str
) -> None:
    page, _ = leaps
    address = address_of(page) + f"#view=network&net=leaps&e=240&path={smoothing}&points=7.20"
    with Visit(browser, address, ready("leaps")) as visit:
        places = visit.ask(
            "() => { const { trails } = spiral.explorer.stage();"
            " return spiral.trails.arcs([...trails.places(7)]); }"
        )
        line = np.reshape(places, (-1, 2))
        middles = (line[1:] + line[:-1]) / 2
        assert np.linalg.norm(middles, axis=1).min() > 0.999
        np.testing.assert_allclose(np.linalg.norm(line, axis=1), 1, atol=1e-6)
        # And that is what is drawn: nothing of a path is seen in the middle of the panel.
        visit.page.locator("#regions").uncheck()
        visit.page.wait_for_timeout(50)
        crossed = visit.page.evaluate(
            "() => { const canvas = document.getElementById('layer');"
            " const brush = spiral.panel.context(canvas); const third = canvas.width / 3;"
            " return new Set(new Uint32Array("
            "brush.getImageData(third, third, third, third).data.buffer)).size; }"
        )
        assert crossed == 1
