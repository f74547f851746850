"""Back and forward, titles, focus, scroll and names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from spiralcore.gallery.shown_networks import of_files
from tests.browser import in_both
from tests.conftest import record, small_recipe, spiral
from tests.gallery.visiting import TABLE, Visit, address_of

LONG = "a name of a file that is much longer than there is room for it"

CHOSEN = """() => [
  document.documentElement.dataset.view, document.documentElement.dataset.theme ?? "",
  document.getElementById("speed").value, document.title,
  ...(document.documentElement.dataset.view === "table" ? [] : [
    document.getElementById("net").value,
    document.querySelector("input[name=time]:checked").value,
    document.querySelector("input[name=path]:checked").value,
    document.getElementById("regions").checked,
    document.getElementById("followed").textContent])]"""

STEPS: list[Callable[[Page], Any]] = [
    lambda page: page.locator("#net").select_option("4-tanh"),
    lambda page: page.locator("input[name=time][value=log]").check(),
    lambda page: page.locator("input[name=path][value=exact]").check(),
    lambda page: page.locator("#regions").uncheck(),
    lambda page: page.locator("#each").click(),
    lambda page: page.locator("#theme").click(),
    lambda page: page.locator("#speed").select_option("2"),
    lambda page: page.get_by_role("link", name="All networks").click(),
    lambda page: page.locator(".evolving canvas").nth(1).click(),
]


@in_both
def test_back_and_forward_go_through_what_was_chosen(browser: Browser, gallery: Path) -> None:
    address = address_of(gallery) + "#view=network&net=3-tanh&e=20"
    with Visit(browser, address, "html[data-network='3-tanh']") as visit:
        page = visit.page
        seen = [page.evaluate(CHOSEN)]
        for step in STEPS:
            step(page)
            visit.settle()
            seen.append(page.evaluate(CHOSEN))
        assert len({str(state) for state in seen}) == len(seen)
        for state in reversed(seen[:-1]):
            page.go_back()
            visit.settle()
            assert page.evaluate(CHOSEN) == state
        for state in seen[1:]:
            page.go_forward()
            visit.settle()
            assert page.evaluate(CHOSEN) == state
        assert visit.wrong == []


def test_what_plays_and_is_scrubbed_is_no_step(browser: Browser, gallery: Path) -> None:
    with Visit(browser, address_of(gallery)) as visit:
        page = visit.page
        page.locator("#open-3-relu").click()
        page.wait_for_selector("html[data-network='3-relu']", state="attached")
        for second in ("0.5", "1.5", "2.5"):
            page.locator("#scrub").fill(second)
            page.wait_for_timeout(450)
        page.go_back()
        visit.settle()
        assert page.locator("#table").is_visible()


def test_the_title_says_what_is_shown(browser: Browser, gallery: Path) -> None:
    with Visit(browser, address_of(gallery)) as visit:
        page = visit.page
        assert page.title() == "How networks bend space"
        page.locator("#open-4-tanh").click()
        assert page.title() == "4-tanh: How networks bend space"
        page.locator("#net").select_option("3-relu")
        assert page.title() == "3-relu: How networks bend space"
        page.go_back()
        visit.settle()
        assert page.title() == "4-tanh: How networks bend space"
        page.go_back()
        visit.settle()
        assert page.title() == "How networks bend space"


@in_both
@pytest.mark.parametrize("size", [(390, 700), (1440, 500)])
@pytest.mark.parametrize("by", ["link", "panel"])
def test_focus_and_scroll_go_where_the_click_went(
    browser: Browser, gallery: Path, size: tuple[int, int], by: str
) -> None:
    viewport = {"width": size[0], "height": size[1]}
    with Visit(browser, address_of(gallery), viewport=viewport) as visit:
        page = visit.page
        target = page.locator("#open-4-tanh" if by == "link" else ".evolving canvas >> nth=2")
        target.scroll_into_view_if_needed()
        page.evaluate("window.scrollBy(0, 40)")
        before = page.evaluate("scrollY")
        target.click()
        page.wait_for_selector("html[data-network='4-tanh']", state="attached")
        assert page.evaluate("document.activeElement.id") == "network"
        frame = page.locator(".layer .frame").bounding_box()
        bar = page.locator("#bar").bounding_box()
        assert frame is not None
        assert bar is not None
        assert frame["y"] >= -1
        assert frame["y"] + frame["height"] <= bar["y"] + 1
        page.wait_for_timeout(450)
        page.go_back()
        visit.settle()
        assert page.evaluate("scrollY") == pytest.approx(before, abs=45)
        assert page.evaluate("document.activeElement.id") == "open-4-tanh"


def test_a_tab_keeps_the_focus(browser: Browser, gallery: Path) -> None:
    with Visit(browser, address_of(gallery)) as visit:
        page = visit.page
        page.get_by_role("link", name="One network").click()
        assert page.evaluate("document.activeElement.textContent") == "One network"
        page.locator("#theme").focus()
        page.locator("#skip").focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "network"
        assert "view=network" in page.url


def test_files_of_one_class_count_have_names(browser: Browser, tmp_path: Path) -> None:
    for folder, seed in (("first", 1), ("second", 2)):
        (tmp_path / folder).mkdir()
        record(small_recipe(seed=seed))[0].save(tmp_path / folder / "k3.npz")
    record(small_recipe(seed=3, activation="relu"))[0].save(tmp_path / f"{LONG}.npz")
    files = ["first/k3.npz", "second/k3.npz", f"{LONG}.npz"]
    titles = [network.title for network in of_files([tmp_path / file for file in files])]
    assert titles == ["first/k3", "second/k3", LONG]
    made = spiral(tmp_path, "gallery", *files, "--seconds", "2", "--jobs", "1", "--out", "page")
    assert made.returncode == 0, made.stderr
    with Visit(browser, address_of(tmp_path / "page"), TABLE) as visit:
        page = visit.page
        named = page.locator(".row").evaluate_all("rows => rows.map(row => row.ariaLabel)")
        links = page.locator(".final a").evaluate_all("all => all.map(a => a.firstChild.data)")
        assert links == titles
        assert named == [f"3 classes, {title}" for title in titles]
        for width in (360, 640, 820):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("#open-k3-2").click()
        assert page.title() == "second/k3: How networks bend space"
        assert page.locator("#net option").all_inner_texts() == titles
