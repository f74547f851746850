"""The keyboard alone: all that can be worked is reached, is seen when it is, and works."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, TimeoutError

from tests.browser import PATIENCE, in_both
from tests.gallery.visiting import TABLE, Visit, address_of

TOUR, TRAINING = "html[data-tour=ready]", "html[data-training=ready]"
LARGE = "#view=network&net=3-relu"

VIEWS = {
    "explorer and tour": (f"{LARGE}&e=60&points=3&stop=3&speed=4", TOUR),
    "table": ("#view=table&e=30", TABLE),
    "layers": (f"{LARGE}&e=60&way=4", f"{TOUR}[data-way=ready]"),
    "side by side": (f"{LARGE}&e=60&with=3-tanh", f"{TOUR}[data-beside='3-tanh']"),
    "train": ("#view=train&k=3&n=20&widths=8-2&epochs=100000", TRAINING),
    "embed": (f"{LARGE}&e=60&embed=1", TOUR),
    "embedded training": ("#view=train&k=3&n=20&widths=8-2&epochs=40&embed=1", TRAINING),
}

MARK = """() => {
  const shown = (e) => !e.disabled && e.checkVisibility({ visibilityProperty: true })
    && e.getClientRects().length && (e.type !== "radio" || e.checked);
  const name = (e, i) => {
    e.dataset.reached ??= `${i} ${e.id || e.dataset.term || e.tagName}`;
    return e.dataset.reached;
  };
  const places = "a[href], button, input, select, summary, textarea, [tabindex='0']";
  return [...document.querySelectorAll(places)].filter(shown).map(name);
}"""
"""All that one can work with a pointer, each with a name of its own; of choices the one that is."""

HERE = """() => {
  const curved = (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = (text) => text.match(/[\\d.]+/g).slice(0, 3).map((v) => curved(v / 255))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0.05);
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  const { left, top, right, bottom, width, height } = e.getBoundingClientRect();
  const hit = document.elementFromPoint(left + width / 2, top + Math.min(height, 40) / 2);
  const { outlineStyle, outlineWidth, outlineColor, pointerEvents } = getComputedStyle(e);
  const ground = getComputedStyle(document.documentElement).backgroundColor;
  const [one, other] = [outlineColor, ground].map(light);
  return {
    name: e.dataset.reached ?? e.outerHTML,
    ring: outlineStyle === "none" ? 0 : parseFloat(outlineWidth),
    contrast: Math.max(one, other) / Math.min(one, other),
    within: top >= 0 && left >= 0 && right <= innerWidth
      && Math.min(bottom, top + 40) <= innerHeight,
    above: !hit || pointerEvents === "none" || hit.contains(e) || e.contains(hit),
  };
}"""
"""What has the focus: how its ring looks, and whether it is on the screen with nothing over it."""


def opened(browser: Browser, gallery: Path, view: str, **options: Any) -> Visit:
    place, ready = VIEWS[view]
    return Visit(browser, address_of(gallery) + place, ready, **options)


@in_both
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("size", [(1440, 900), (390, 700)])
def test_the_tab_key_reaches_everything_and_shows_where_it_is(
    browser: Browser, gallery: Path, view: str, size: tuple[int, int]
) -> None:
    viewport = dict(zip(("width", "height"), size, strict=True))
    with opened(browser, gallery, view, viewport=viewport) as visit:
        wanted = visit.page.evaluate(MARK)
        assert wanted
        reached: list[str] = []
        for _ in range(len(wanted) + 1):
            visit.page.keyboard.press("Tab")
            here = visit.page.evaluate(HERE)
            if here is None or here["name"] in reached:
                break
            reached.append(here["name"])
            assert here["ring"] >= 2, here
            assert here["contrast"] >= 3, here
            assert here["within"], here
            assert here["above"], here
        assert sorted(reached) == sorted(wanted)
        assert visit.wrong == []


STATE = """() => {
  const all = (places, value) => [...document.querySelectorAll(places)].map(value);
  return JSON.stringify([
    location.hash, { ...document.documentElement.dataset }, spiral.clock.state,
    all("input, select", (e) => [e.value, e.checked]),
    all("details", (e) => e.open),
    all("section", (e) => e === document.activeElement),
    all("output, [role=status], [role=alert]", (e) => e.textContent),
    all("[aria-label], [aria-pressed]", (e) => [e.ariaLabel, e.ariaPressed]),
    document.getElementById("explained")?.checkVisibility(), Boolean(document.fullscreenElement),
  ]);
}"""
"""All that something that is worked may change."""

BACK = """(hash) => {
  spiral.clock.pause();
  if (document.documentElement.dataset.training === "playing") spiral.training.toggle();
  location.hash = hash;
}"""

PARTS = {
    "table": "body",
    "explorer and tour": "#bar, #network",
    "layers": "#passing",
    "train": "#train-bar, #train",
    "embed": "#network",
    "embedded training": "#train",
}
"""Where in a view everything is tried: what stands in several of them, in one."""


def worked(page: Page, place: Locator) -> None:
    """Work something by its own keys, which makes the page another one than before."""
    tag, kind = place.evaluate("e => [e.tagName, e.type ?? '']")
    page.evaluate("() => document.activeElement.blur()")
    before = page.evaluate(STATE)
    if kind == "file":
        place.focus()
        with page.expect_file_chooser():
            page.keyboard.press("Enter")
        return
    keys = {"SELECT": "ArrowDown", "range": "ArrowRight", "radio": "ArrowDown"}
    key = keys.get(kind, keys.get(tag, "Enter"))
    if kind in ("text", "number"):
        place.focus()
        place.press("Control+a")
        written = place.input_value()
        page.keyboard.type("2" if written != "2" else "3")
    else:
        place.focus()
        # The last one of a list has none below it.
        if tag == "SELECT" and place.evaluate("e => e.selectedIndex === e.length - 1"):
            key = "ArrowUp"
        page.keyboard.press(key)
    try:
        page.wait_for_function(
            f"(before) => ({STATE})() !== before", arg=before, timeout=PATIENCE / 4
        )
    except TimeoutError:
        pytest.fail(f"{key} does nothing: {place.evaluate('e => e.outerHTML')}")
    if kind in ("text", "number"):
        place.fill(written)  # what is typed may be none that can be trained


@pytest.mark.parametrize("view", PARTS)
def test_everything_works_by_its_keys(browser: Browser, gallery: Path, view: str) -> None:
    place, ready = VIEWS[view]
    with opened(browser, gallery, view, accept_downloads=True) as visit:
        page = visit.page
        page.on("filechooser", lambda _: None)  # from the first one on they come to us
        page.evaluate(MARK)
        inside = [f":is({part}) [data-reached]" for part in PARTS[view].split(", ")]
        names = [
            name
            for part in inside
            for name in page.locator(part).evaluate_all("all => all.map(e => e.dataset.reached)")
        ]
        assert names
        # Files are handed over by the browser; where one is already, one cannot go.
        left_out = "a[href^='files/'], [aria-current]"
        for name in names:
            found = page.locator(f'[data-reached="{name}"]')
            if found.count() == 0:  # made anew
                page.evaluate(MARK)
            if found.evaluate(f'(e) => e.matches("{left_out}")'):
                continue
            worked(page, found)
            page.evaluate("() => document.fullscreenElement && document.exitFullscreen()")
            page.evaluate(BACK, place)
            page.wait_for_selector(ready, state="attached")
            visit.settle()
        assert visit.wrong == []
