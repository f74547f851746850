"""Parts that fail, parts that are late, and what is shown meanwhile."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Route

from spiralcore import Trajectory
from spiralcore.trajectory.play.pacing import timeline
from spiralcore.trajectory.play.playback import Playback
from tests.browser import in_both
from tests.gallery.conftest import Served
from tests.gallery.visiting import TABLE, Visit

SECONDS = 4.0


@pytest.fixture
def broken(gallery: Path, tmp_path: Path) -> Iterator[tuple[Served, Path]]:
    """A copy of the page that can be damaged, behind a server."""
    folder = tmp_path / "copy"
    shutil.copytree(gallery, folder)
    served = Served(folder)
    yield served, folder
    served.server.shutdown()
    served.server.server_close()


def part(folder: Path, name: str) -> Path:
    return next((folder / "data").glob(f"{name}-*.js"))


DAMAGE: dict[str, Any] = {
    "missing": lambda path: path.unlink(),
    "empty": lambda path: path.write_text(""),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:2000]),
    "full of noise": lambda path: path.write_text(
        f'spiral.parts.receive("{path.name[: path.name.rindex("-")]}", ["bm9uZQ=="]);'
    ),
}


@in_both
@pytest.mark.parametrize("damage", DAMAGE)
def test_one_failed_part_stops_nothing_else_and_its_message_goes(
    browser: Browser, broken: tuple[Served, Path], damage: str
) -> None:
    served, folder = broken
    place = part(folder, "table-3-relu")
    whole = place.read_bytes()
    DAMAGE[damage](place)
    if place.exists():
        # A browser keeps what a server calls old, and asks for it again only after some days.
        os.utime(place, (0, 0))
    with Visit(browser, served.address + "#view=table", "#failure:not([hidden])") as visit:
        page = visit.page
        visit.show(4.5)
        numbers = [
            page.locator(f".network:has(#open-{name}) .evolving b").first.inner_text()
            for name in ("3-tanh", "3-relu", "4-tanh")
        ]
        assert numbers[1] == "–"
        assert "%" in numbers[0]
        assert "%" in numbers[2]
        how = "is damaged: File is not a zip file" if "noise" in damage else "could not be loaded."
        assert visit.text("#missing") == f"data/{place.name} {how}"
        place.write_bytes(whole)
        page.get_by_role("button", name="Try again").click()
        page.wait_for_selector(TABLE, state="attached")
        visit.settle()
        assert not page.locator("#failure").is_visible()
        assert "%" in page.locator(".network:has(#open-3-relu) .evolving b").first.inner_text()


@pytest.mark.parametrize("name", ["clock", "live-4-tanh"])
def test_other_parts_can_be_tried_again_too(
    browser: Browser, broken: tuple[Served, Path], name: str
) -> None:
    served, folder = broken
    place = part(folder, name)
    hidden = place.rename(place.with_suffix(".away"))
    live = name.startswith("live")
    address = served.address + ("#view=network&net=3-tanh&e=80" if live else "#e=80")
    ready = "html[data-network='3-tanh']" if live else "#failure:not([hidden])"
    with Visit(browser, address, ready) as visit:
        page = visit.page
        if live:
            page.locator("#net").select_option("4-tanh")
            page.wait_for_selector("#failure:not([hidden])")
            # Nothing of the network before is left beside the name of the one that failed.
            assert visit.text("#accuracy") == "–"
            assert visit.text("#entropy") == "–"
            assert page.locator("#net").input_value() == "4-tanh"
            page.locator("#net").select_option("3-relu")
            page.wait_for_selector("html[data-network='3-relu']", state="attached")
            assert not page.locator("#failure").is_visible()
            page.locator("#net").select_option("4-tanh")
        page.wait_for_selector("#failure:not([hidden])")
        assert visit.text("#missing") == f"data/{place.name} could not be loaded."
        hidden.rename(place)
        page.get_by_role("button", name="Try again").click()
        page.wait_for_selector("html[data-network='4-tanh']" if live else TABLE, state="attached")
        visit.settle()
        assert not page.locator("#failure").is_visible()
        assert visit.text("#epoch") == "80"


def test_without_its_facts_the_page_says_what_is_missing(
    browser: Browser, broken: tuple[Served, Path]
) -> None:
    served, folder = broken
    (folder / "data" / "manifest.js").unlink()
    with Visit(browser, served.address, "#failure:not([hidden])") as visit:
        assert visit.text("#missing") == "data/manifest.js could not be loaded."
        assert not [text for text in visit.wrong if "TypeError" in text]


@pytest.mark.parametrize("kind", ["motion", "log", "linear"])
@pytest.mark.parametrize("net", ["3-tanh", "3-relu"])
def test_the_table_stands_in_until_the_whole_is_there(
    browser: Browser,
    served: Served,
    trajectories: dict[str, Trajectory],
    net: str,
    kind: str,
) -> None:
    """Also on the first visit, whose address is that of the network."""
    late: list[Route] = []
    with Visit(browser, served.address) as visit:
        page = visit.page
        page.route("**/data/live-*", lambda route: late.append(route))
        page.goto("about:blank")
        page.goto(served.address + f"#view=network&net={net}&e=60&time={kind}")
        page.wait_for_selector(f"html[data-standin='{net}']", state="attached")
        visit.settle()
        assert page.locator("#loading").is_visible()
        trajectory = trajectories[net]
        assert visit.text("#epoch") == "60"
        assert visit.text("#accuracy") == f"{100 * float(trajectory.accuracy[60]):.1f} %"
        clock = timeline(list(trajectories.values()), SECONDS)
        wanted = Playback(trajectory, clock).at(float(clock.seconds_at(np.array([60]))[0])).hidden
        found = visit.ask(
            "() => { const { places, at } = spiral.explorer.stage();"
            " return { places: [...places], side: at.side, limits: at.limits, rise: at.rise }; }"
        )
        lower, upper = found["limits"]
        shares = np.reshape(found["places"], (-1, 2)) / found["side"]
        hidden = lower + np.column_stack((shares[:, 0], 1 - shares[:, 1])) * (upper - lower)
        hidden[:, 1] += found["rise"]
        assert np.abs(hidden - wanted).max() < 0.01 * (upper - lower)
        # The points of the data are there, too.
        assert any(visit.pixels("#points"))
        page.wait_for_timeout(50)
        assert late
        for route in late:
            route.continue_()
        page.wait_for_selector(f"html[data-network='{net}']", state="attached")
        visit.settle()
        assert not page.locator("#loading").is_visible()
        assert visit.text("#epoch") == "60"
        assert page.locator("html[data-standin]").count() == 0
        assert visit.wrong == []


def test_of_two_networks_that_are_asked_for_the_last_one_is_shown(
    browser: Browser, served: Served
) -> None:
    late: list[Route] = []
    with Visit(browser, served.address) as visit:
        page = visit.page
        page.route("**/data/live-3-tanh*", lambda route: late.append(route))
        page.locator("#open-3-tanh").click()
        page.wait_for_selector("html[data-standin='3-tanh']", state="attached")
        page.locator("#net").select_option("4-tanh")
        page.wait_for_selector("html[data-network='4-tanh']", state="attached")
        for route in late:
            route.continue_()
        page.wait_for_timeout(300)
        assert page.locator("html").get_attribute("data-network") == "4-tanh"
        assert page.evaluate("spiral.explorer.stage().path.classes") == 4
        assert visit.wrong == []
