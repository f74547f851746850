"""How large things are in windows of all sizes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, FloatRect

from spiralcore.registry.languages.catalogue import LANGUAGES
from tests.browser import in_both
from tests.gallery.visiting import TABLE, Visit, address_of

LOW = {
    "a phone on its side": (844, 390),
    "a small phone on its side": (667, 375),
    "a page at twice its size": (720, 450),
    "a larger one": (683, 384),
    "a frame in another page": (640, 400),
    "a narrow frame": (480, 400),
}
NETWORK = "#view=network&net=3-tanh&e=40"


def box(visit: Visit, selector: str) -> FloatRect:
    found = visit.page.locator(selector).first.bounding_box()
    assert found is not None
    return found


@in_both
@pytest.mark.parametrize("window", LOW)
def test_in_low_windows_the_panel_has_all_the_height_above_the_bar(
    browser: Browser, gallery: Path, window: str
) -> None:
    width, height = LOW[window]
    options = {"viewport": {"width": width, "height": height}}
    ready = "html[data-network='3-tanh']"
    with Visit(browser, address_of(gallery) + NETWORK, ready, **options) as visit:
        visit.settle()
        bar, panel = box(visit, "#bar"), box(visit, ".layer .frame")
        assert bar["height"] <= 60
        assert panel["width"] == pytest.approx(panel["height"], abs=1)
        assert panel["width"] == pytest.approx(min(width - 24, bar["y"]), abs=3)
        # It is all there without scrolling by hand.
        assert panel["y"] >= -1
        assert panel["y"] + panel["height"] <= bar["y"] + 1
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    with Visit(browser, address_of(gallery) + "#e=40", **options) as visit:
        panel = box(visit, ".evolving .frame")
        assert 95 <= panel["width"] <= box(visit, "#bar")["y"]
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1920, 1080), (2560, 1440)])
@pytest.mark.parametrize("view", ["table", "network"])
def test_wide_windows_are_used(
    browser: Browser, gallery: Path, width: int, height: int, view: str
) -> None:
    options = {"viewport": {"width": width, "height": height}}
    place, ready = ("#e=40", TABLE) if view == "table" else (NETWORK, "html[data-network='3-tanh']")
    with Visit(browser, address_of(gallery) + place, ready, **options) as visit:
        visit.settle()
        selector = ".row" if view == "table" else "#network .frame, #network .choices"
        edges = visit.page.locator(selector).evaluate_all(
            "all => all.map(e => e.getBoundingClientRect()).map(b => [b.left, b.right])"
        )
        covered = max(right for _, right in edges) - min(left for left, _ in edges)
        assert covered >= 0.9 * width
        if view == "network":
            bar, panel = box(visit, "#bar"), box(visit, ".layer .frame")
            assert panel["y"] + panel["height"] <= bar["y"]
            assert panel["height"] >= 0.75 * (bar["y"])


EMPTY = """() => {
  const boxes = [...document.querySelectorAll(
    "#network :is(canvas, button, select, label, legend, dd, dt, figcaption, li, table, summary)"
  )].filter((e) => e.checkVisibility()).map((e) => e.getBoundingClientRect());
  const bottom = Math.max(...boxes.map((b) => b.bottom));
  const { left, width } = document.getElementById("network").getBoundingClientRect();
  return [0, 1, 2].map((third) => {
    const [from, to] = [left + (third * width) / 3 + 20, left + ((third + 1) * width) / 3 - 20];
    const there = boxes.filter((b) => b.left < to && b.right > from);
    return bottom - Math.max(...there.map((b) => b.bottom));
  });
}"""
"""Below what stands in each third of the view, how far it is down to the end of the longest."""


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1440, 900), (1920, 1080)])
@pytest.mark.parametrize("state", ["", "&with=3-relu", "&way=2"])
def test_no_third_of_a_network_is_left_empty_below(
    browser: Browser, gallery: Path, width: int, height: int, state: str
) -> None:
    options = {"viewport": {"width": width, "height": height}}
    ready = "html[data-network='3-tanh'][data-tour=ready]" + (
        "[data-beside='3-relu']" if "with" in state else ""
    )
    with Visit(browser, address_of(gallery) + NETWORK + state, ready, **options) as visit:
        visit.settle()
        assert max(visit.page.evaluate(EMPTY)) <= 130
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("lang", list(LANGUAGES))
def test_what_asks_for_a_file_is_a_button_like_the_others(
    browser: Browser, gallery: Path, lang: str
) -> None:
    look = """(places) => {
      const [one, other] = places.map((place) => getComputedStyle(document.querySelector(place)));
      return ["borderTopWidth", "borderTopColor", "borderRadius", "fontSize", "color",
        "minHeight", "paddingLeft"].filter((name) => one[name] !== other[name]);
    }"""
    for place, file, other in (
        (f"{NETWORK}&lang={lang}", "#own", "#follow"),
        (f"#view=train&k=3&n=20&widths=8-2&lang={lang}", "#train-table", "#train-clear"),
    ):
        ready = "html[data-training=ready]" if "train" in place else "html[data-network='3-tanh']"
        with Visit(browser, address_of(gallery) + place, ready) as visit:
            button = f".file:has({file})"
            assert visit.page.evaluate(look, [button, other]) == []
            # All of it can be pressed, and nothing is written in it that is the browser's.
            assert box(visit, file)["width"] == pytest.approx(box(visit, button)["width"], abs=3)
            assert visit.page.locator(file).evaluate("e => getComputedStyle(e).fontSize") == "0px"


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1536, 864), (1920, 1080)])
def test_all_rows_of_six_are_above_the_fold(
    browser: Browser, gallery: Path, width: int, height: int
) -> None:
    """A page with as many rows as that of the default run, by copies of those that there are."""
    options = {"viewport": {"width": width, "height": height}}
    with Visit(browser, address_of(gallery) + "#e=40", **options) as visit:
        visit.page.evaluate(
            "() => { const all = document.getElementById('rows');"
            " for (let i = 0; i < 5; i++) all.append(all.firstChild.cloneNode(true));"
            " all.children[1].remove(); }"
        )
        visit.settle()
        rows = [row.bounding_box() for row in visit.page.locator(".row").all()]
        assert len(rows) == 6
        bar = box(visit, "#bar")
        third = rows[2]
        assert third is not None
        assert third["y"] + third["height"] <= bar["y"]
        assert box(visit, ".evolving .frame")["width"] >= 115


@pytest.mark.parametrize("width", [360, 390, 820, 1440])
@pytest.mark.parametrize("view", ["table", "network"])
def test_numbers_of_panels_are_not_cut_off(
    browser: Browser, gallery: Path, width: int, view: str
) -> None:
    options = {"viewport": {"width": width, "height": 844}}
    place, ready = (
        ("#e=300", TABLE) if view == "table" else (NETWORK, "html[data-network='3-tanh']")
    )
    with Visit(browser, address_of(gallery) + place, ready, **options) as visit:
        visit.settle()
        broken = visit.page.locator(".numbers b, .numbers span, dd, figcaption, .settings label")
        wrong = broken.evaluate_all(
            "all => all.filter(e => e.offsetParent && (e.scrollWidth > e.clientWidth + 1"
            " && getComputedStyle(e).display !== 'inline'"
            " || e.matches('b') && e.getClientRects().length > 1)).map(e => e.outerHTML)"
        )
        assert wrong == []
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


SIZES = [(390, 844), (641, 900), (820, 1180), (1000, 800), (1101, 800), (1440, 900), (844, 390)]


@pytest.mark.parametrize("lang", list(LANGUAGES))
def test_buttons_of_the_bar_are_within_it(browser: Browser, gallery: Path, lang: str) -> None:
    address = address_of(gallery) + f"#view=train&k=3&n=20&widths=8-2&lang={lang}"
    with Visit(browser, address, "html[data-training=ready]") as visit:
        for width, height in SIZES:
            visit.page.set_viewport_size({"width": width, "height": height})
            visit.settle()
            bar = box(visit, "#train-bar")
            assert bar["y"] + bar["height"] == pytest.approx(height, abs=1)
            for part in visit.page.locator("#train-bar :is(button, select)").all():
                found = part.bounding_box()
                assert found is not None
                assert found["x"] >= 0, (width, found)
                assert found["x"] + found["width"] <= width, (width, found)
                assert found["y"] >= bar["y"], (width, found)
                assert found["y"] + found["height"] <= height, (width, found)
