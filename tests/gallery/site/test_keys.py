"""Keys: each works wherever what has the focus does not need it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import in_both
from tests.gallery.visiting import Visit, address_of

BUTTONS = ["#play", "#theme", "#each", "#none", "#follow"]
OTHERS = [
    "#skip", ".views a >> nth=1", "#scrub", "#speed", "#net", "summary", "#own", "#files a",
    "#regions", "input[name=time][value=log]", "input[name=path]:checked", "body",
]  # fmt: skip


STATE = """() => [
  location.hash.replace(/&e=\\d+/, ""), document.getElementById("regions").checked,
  document.querySelector("details").open]"""


@pytest.fixture(scope="module")
def visit(browser: Browser, gallery: Path) -> Iterator[Visit]:
    address = address_of(gallery) + "#view=network&net=3-tanh&e=20&speed=0.25"
    with Visit(browser, address, "html[data-network='3-tanh']") as found:
        yield found
        assert found.wrong == []


def focus(visit: Visit, place: str) -> None:
    if place == "body":
        visit.page.evaluate("document.activeElement.blur()")
    else:
        visit.page.locator(place).first.focus()


def second(visit: Visit) -> float:
    found: float = visit.page.evaluate("spiral.clock.state.second")
    return found


@in_both
@pytest.mark.parametrize("place", [*BUTTONS, *OTHERS])
def test_space_always_plays_and_pauses(visit: Visit, place: str) -> None:
    page = visit.page
    visit.show(0.5)
    before = page.evaluate(STATE)
    focus(visit, place)
    page.keyboard.press(" ")
    assert page.evaluate("spiral.clock.state.playing")
    page.keyboard.press(" ")
    assert not page.evaluate("spiral.clock.state.playing")
    assert page.evaluate(STATE) == before  # it does nothing else


def test_space_held_down_does_not_flicker(visit: Visit) -> None:
    visit.show(0.5)
    focus(visit, "body")
    for _ in range(4):
        visit.page.keyboard.down(" ")
    visit.page.keyboard.up(" ")
    assert visit.page.evaluate("spiral.clock.state.playing")
    visit.page.keyboard.press(" ")


@in_both
def test_space_is_a_letter_where_one_writes(visit: Visit) -> None:
    visit.show(0.5)
    focus(visit, "#point")
    for key in (" ", "ArrowLeft", "Shift+ArrowUp"):
        visit.page.keyboard.press(key)
    assert not visit.page.evaluate("spiral.clock.state.playing")
    assert second(visit) == 0.5
    assert visit.page.evaluate("spiral.clock.state.speed") == 0.25


@in_both
@pytest.mark.parametrize(
    "place", [*BUTTONS, "#skip", ".views a >> nth=1", "summary", "#regions", "#scrub", "body"]
)
def test_arrows_step_as_documented(visit: Visit, place: str) -> None:
    page = visit.page
    visit.show(1.5)
    focus(visit, place)
    for keys, wanted in [
        ("ArrowRight", 1.6), ("Shift+ArrowRight", 2.6), ("ArrowLeft", 2.5), ("Shift+ArrowLeft", 1.5)
    ]:  # fmt: skip
        page.keyboard.press(keys)
        assert second(visit) == pytest.approx(wanted)
    page.keyboard.press("Shift+ArrowUp")
    assert page.evaluate("spiral.clock.state.speed") == 0.5
    page.keyboard.press("Shift+ArrowDown")
    assert page.evaluate("spiral.clock.state.speed") == 0.25
    assert second(visit) == pytest.approx(1.5)


@in_both
def test_arrows_work_after_a_click_on_a_tab(browser: Browser, gallery: Path) -> None:
    with Visit(browser, address_of(gallery) + "#e=20") as visit:
        for tab in ("One network", "All networks"):
            visit.page.get_by_role("link", name=tab).click()
            visit.page.wait_for_selector("html:not([data-network=loading])", state="attached")
            visit.show(1.0)
            visit.page.keyboard.press("ArrowRight")
            assert second(visit) == pytest.approx(1.1)
            visit.page.keyboard.press(" ")
            assert visit.page.evaluate("spiral.clock.state.playing")


@in_both
def test_enter_does_what_space_does_elsewhere(visit: Visit) -> None:
    page = visit.page
    visit.show(0.5)
    focus(visit, "#regions")
    page.keyboard.press("Enter")
    assert not page.locator("#regions").is_checked()
    page.keyboard.press("Enter")
    assert page.locator("#regions").is_checked()
    focus(visit, "summary")
    page.keyboard.press("Enter")
    assert page.locator("details").get_attribute("open") is not None
    page.keyboard.press("Enter")
    focus(visit, "input[name=path]:checked")
    page.keyboard.press("ArrowDown")
    assert page.locator("input[name=path]:checked").input_value() == "exact"
    page.keyboard.press("ArrowUp")
    assert page.locator("input[name=path]:checked").input_value() == "smooth"
