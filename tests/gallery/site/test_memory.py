"""What the page holds stays the same, however long one plays, changes views and trains."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.gallery.visiting import TABLE, Visit, address_of

ROUNDS = 12

PLAYED = """(frames) => {
  const { from, to } = spiral.clock.state;
  const view = document.documentElement.dataset.view === "network" ? "shown" : "table";
  for (let i = 0; i <= frames; i++) {
    spiral[view].draw({ ...spiral.clock.state, second: from + ((to - from) * i) / frames });
  }
}"""
"""Draws a film from its beginning to its end."""


def held(session: Any) -> dict[str, float]:
    """Elements, listeners and bytes that are held when garbage is collected."""
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    found = session.send("Performance.getMetrics")["metrics"]
    return {metric["name"]: metric["value"] for metric in found}


def grown(visit: Visit, once: Any) -> dict[str, float]:
    """By how much what is held grows over many rounds, once what is made once is there."""
    session = visit.page.context.new_cdp_session(visit.page)
    session.send("Performance.enable")
    for _ in range(3):
        once()
    before = held(session)
    for _ in range(ROUNDS):
        once()
    after = held(session)
    assert visit.wrong == []
    return {name: after[name] - before[name] for name in after}


def assert_flat(growth: dict[str, float]) -> None:
    # A text that is longer or a list that is full in one round, but nothing that each round leaves.
    assert growth["Nodes"] < ROUNDS
    assert growth["JSEventListeners"] < ROUNDS
    assert growth["JSHeapUsedSize"] < ROUNDS * 50_000


@pytest.mark.parametrize(
    ("place", "ready"),
    [
        ("#view=table", TABLE),
        ("#view=network&net=3-relu&points=3.8&labels=yes", "html[data-tour=ready]"),
        ("#view=network&net=3-relu&with=3-tanh", "html[data-tour=ready][data-beside='3-tanh']"),
    ],
)
def test_of_playing_again_and_again(
    browser: Browser, gallery: Path, place: str, ready: str
) -> None:
    with Visit(browser, address_of(gallery) + place, ready) as visit:
        assert_flat(grown(visit, lambda: visit.page.evaluate(PLAYED, 60)))


def test_of_going_through_the_views(browser: Browser, gallery: Path) -> None:
    places = {
        "#view=network&net=3-relu&e=40": "html[data-tour=ready][data-network='3-relu']",
        "#view=network&net=3-tanh&e=90&way=3": "html[data-way=ready][data-network='3-tanh']",
        "#view=train&k=3&n=10&widths=4-2": "html[data-training=ready]",
        "#view=table&e=10": f"{TABLE}[data-view=table]",
    }
    with Visit(browser, address_of(gallery)) as visit:

        def once() -> None:
            for place, ready in places.items():
                visit.page.evaluate("(hash) => { location.hash = hash; }", place)
                visit.page.wait_for_selector(ready, state="attached")
                visit.settle()

        assert_flat(grown(visit, once))


def test_of_training_again_and_again(browser: Browser, gallery: Path) -> None:
    place = "#view=train&k=3&n=10&widths=4-2&epochs=200"
    ready = "html[data-training=ready]"
    with Visit(browser, address_of(gallery) + place, ready) as visit:

        def once() -> None:
            visit.page.locator("#train-other").click()
            visit.page.locator("#train-play").click()
            visit.page.wait_for_selector(ready, state="attached")
            visit.settle()

        assert_flat(grown(visit, once))
