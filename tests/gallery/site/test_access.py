"""The page for everybody: without a mouse, on a phone, for other eyes; and against malice."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from spiralcore.system.printable import short_name
from tests.gallery.conftest import HOSTILE, HOSTILE_ACTIVATION, Served
from tests.gallery.visiting import TABLE, Visit, address_of

VIEWS = {
    "table": ("#e=30", TABLE),
    "network": ("#view=network&net=3-relu&e=30&points=3&labels=yes", "html[data-tour=ready]"),
    "two networks": (
        "#view=network&net=3-relu&e=30&way=4&with=3-tanh",
        "html[data-tour=ready][data-way=ready][data-beside='3-tanh']",
    ),
    "train": ("#view=train&k=3&n=20&widths=8-2", "html[data-training=ready]"),
}

WINDOWS = [("dark", 1440, 740), ("light", 720, 450), ("light", 360, 740)]
"""One of 1440 x 900 at twice its size among them."""


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("scheme", "width", "height"), WINDOWS)
def test_axe_finds_nothing(
    browser: Browser, gallery: Path, view: str, scheme: str, width: int, height: int
) -> None:
    place, ready = VIEWS[view]
    size = {"width": width, "height": height}
    with Visit(
        browser, address_of(gallery) + place, ready, color_scheme=scheme, viewport=size
    ) as visit:
        visit.page.evaluate(
            "() => document.querySelectorAll('details').forEach(d => d.open = true)"
        )
        found = Axe().run(visit.page, options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_with_colours_of_the_system(
    browser: Browser, gallery: Path, view: str
) -> None:
    place, ready = VIEWS[view]
    with Visit(browser, address_of(gallery) + place, ready, forced_colors="active") as visit:
        found = Axe().run(visit.page, options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()


def test_axe_finds_nothing_in_a_frame_of_another_page(browser: Browser, gallery: Path) -> None:
    place = "#view=network&net=3-relu&e=30&embed=1"
    with Visit(browser, address_of(gallery) + place, "html[data-tour=ready]") as visit:
        found = Axe().run(visit.page)
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("view", VIEWS)
def test_fits_a_phone(browser: Browser, gallery: Path, view: str) -> None:
    place, ready = VIEWS[view]
    options = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2}
    with Visit(browser, address_of(gallery) + place, ready, **options, has_touch=True) as visit:
        widths = visit.page.evaluate(
            "[document.documentElement.scrollWidth, document.body.scrollWidth]"
        )
        assert max(widths) <= 360
        outside = visit.page.evaluate(
            "() => [...document.querySelectorAll('canvas, button, select, input, a, p, dd')]"
            ".filter(e => e.offsetParent && e.getBoundingClientRect().right > 361)"
            ".map(e => e.outerHTML)"
        )
        assert outside == []
        canvas = {"table": ".evolving canvas", "train": "#train-layer"}.get(view, "#layer")
        box = visit.page.locator(canvas).first.bounding_box()
        assert box is not None
        assert box["width"] >= (95 if view == "table" else 320)
        assert visit.page.locator("#train-play" if view == "train" else "#play").is_visible()


def test_with_the_keyboard_alone(browser: Browser, gallery: Path) -> None:
    with Visit(browser, address_of(gallery)) as visit:
        page = visit.page
        keys = page.keyboard

        def second() -> float:
            found: float = page.evaluate("spiral.clock.state.second")
            return found

        keys.press("ArrowRight")
        assert second() == pytest.approx(-0.4)
        keys.press("Shift+ArrowRight")
        assert second() == pytest.approx(0.6)
        keys.press("ArrowLeft")
        assert second() == pytest.approx(0.5)
        keys.press("Shift+ArrowUp")
        assert page.evaluate("spiral.clock.state.speed") == 2
        keys.press("Shift+ArrowDown")
        keys.press(" ")
        assert page.evaluate("spiral.clock.state.playing")
        keys.press(" ")
        assert not page.evaluate("spiral.clock.state.playing")
        page.evaluate("spiral.clock.seek(0)")
        # The order of the tab key: views, the bar, theme, a link for each network.
        names = []
        for _ in range(13):
            keys.press("Tab")
            names.append(page.evaluate(
                "document.activeElement.id || document.activeElement.innerText.split(',')[0].trim()"
            ))  # fmt: skip
        assert names == [
            "skip", "All networks", "One network", "Train", "play", "epoch", "scrub", "speed",
            "lang", "theme", "open-3-tanh", "open-3-relu", "open-4-tanh",
        ]  # fmt: skip
        assert names.index("play") < 5
        page.locator("#speed").focus()
        keys.press("Shift+Tab")
        keys.press("End")
        assert second() == 4.5
        keys.press("Home")
        assert second() == -0.5
        keys.press("Shift+Tab")
        keys.press("Shift+Tab")
        keys.press("Enter")
        assert page.evaluate("spiral.clock.state.playing")
        keys.press("Enter")
        assert not page.evaluate("spiral.clock.state.playing")
        page.locator("#open-4-tanh").focus()
        keys.press("Enter")
        page.wait_for_selector("html[data-network='4-tanh']", state="attached")
        assert page.locator("#network").is_visible()
        page.locator("#each").focus()
        keys.press("Enter")
        assert visit.text("#followed").startswith("Following points ")
        assert visit.wrong == []


def test_the_reader_decides_about_dark_and_light(browser: Browser, gallery: Path) -> None:
    def background(visit: Visit) -> str:
        found: str = visit.page.evaluate(
            "getComputedStyle(document.documentElement).backgroundColor"
        )
        return found

    dark, light = "rgb(16, 19, 23)", "rgb(251, 250, 247)"
    for scheme, first, second in (("dark", dark, light), ("light", light, dark)):
        with Visit(browser, address_of(gallery), color_scheme=scheme) as visit:
            assert background(visit) == first
            before = visit.picture(".evolving canvas")
            visit.page.get_by_role("button", name="Switch between dark and light").click()
            visit.settle()
            assert background(visit) == second
            assert visit.picture(".evolving canvas") != before


def test_malicious_texts_are_only_texts(browser: Browser, hostile: Path) -> None:
    assert not any(set(path.name) & set("<>\"'&") for path in hostile.rglob("*"))
    with Visit(browser, address_of(hostile)) as visit:
        page = visit.page
        assert visit.wrong == []
        assert page.locator("img, script:not([src])").count() == 0
        assert page.title() == "How networks bend space"
        assert page.locator(".final a").inner_text().startswith(short_name(HOSTILE_ACTIVATION))
        page.locator(".final a").click()
        page.wait_for_selector("#network:not([hidden])")
        page.wait_for_selector("html[data-network]:not([data-network=loading])", state="attached")
        title = HOSTILE.removesuffix(".npz")
        assert page.locator("#net option").inner_text() == title
        assert page.locator("#layer").get_attribute("aria-label") == f"{title}: hidden layer"
        page.locator("summary").click()
        assert "<b>1</b>" in page.locator("#facts").inner_text()
        assert page.locator("img, #facts b").count() == 0
        assert visit.wrong == []


ATTACKS = {
    "script-src-elem": "const s = document.createElement('script'); s.textContent = 'broken = 1';"
    " document.head.append(s);",
    "script-src-attr": "document.body.setAttribute('onclick', 'broken = 1');"
    " document.body.click();",
    "style-src-attr": "document.body.setAttribute('style', 'color: red');",
    "connect-src": "fetch('data/manifest.js').catch(() => 0);",
    "worker-src": "try { new Worker('data:text/javascript,0'); } catch {}",
    "img-src": "new Image().src = 'http://127.0.0.1:9/x.png';",
    "frame-src": "const f = document.createElement('iframe'); f.src = 'index.html';"
    " document.body.append(f);",
    "base-uri": "const b = document.createElement('base'); b.href = 'http://127.0.0.1:9/';"
    " document.head.append(b);",
}


@pytest.mark.parametrize("source", ["disk", "server"])
def test_the_policy_holds(browser: Browser, gallery: Path, served: Served, source: str) -> None:
    address = address_of(gallery) if source == "disk" else served.address
    with Visit(browser, address) as visit:
        assert visit.wrong == []
        for attack in ATTACKS.values():
            visit.page.evaluate(f"() => {{ {attack} }}")
            visit.settle()
        visit.page.wait_for_timeout(100)
        violated = {text.removeprefix("violated: ") for text in visit.wrong if "violated: " in text}
        assert violated == set(ATTACKS)
        assert visit.page.evaluate("typeof broken") == "undefined"
