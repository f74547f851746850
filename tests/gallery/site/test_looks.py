"""The page for other eyes and on paper: colours of the system, contrast, large targets, print."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser

from spiralcore.gallery.colours import contrast, palette, readable
from spiralcore.registry.themes import OPAQUE_THEMES, rgb
from tests.gallery.visiting import TABLE, Visit, address_of

VIEWS = {
    "table": ("#e=30", TABLE),
    "network": ("#view=network&net=3-relu&e=30&points=3", "html[data-network='3-relu']"),
}
STRICT = {"runOnly": {"type": "rule", "values": ["color-contrast-enhanced", "target-size"]}}


def picture(visit: Visit, selector: str) -> NDArray[np.float64]:
    """What is seen of something, shape (H, W, 3)."""
    data = visit.page.locator(selector).first.screenshot()
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), np.float64)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("width", [390, 1440])
def test_texts_have_the_highest_contrast_and_targets_are_large(
    browser: Browser, gallery: Path, view: str, scheme: str, width: int
) -> None:
    place, ready = VIEWS[view]
    size = {"width": width, "height": 800}
    options: dict[str, Any] = {"color_scheme": scheme, "viewport": size}
    with Visit(browser, address_of(gallery) + place, ready, **options) as visit:
        page = visit.page
        page.evaluate("() => document.querySelectorAll('details').forEach(d => d.open = true)")
        found = Axe().run(page, options=STRICT)
        assert found.violations_count == 0, found.generate_report()
        small = page.locator("a, button, input, select, summary").evaluate_all(
            "all => all.filter(e => e.offsetParent || e.closest('.bar')).map(e => [e.outerHTML,"
            " e.getBoundingClientRect()]).filter(([, b]) => b.width < 24 || b.height < 24)"
        )
        assert small == []


@pytest.mark.parametrize("name", OPAQUE_THEMES)
def test_faint_texts_are_readable_on_all_grounds(name: str) -> None:
    look = OPAQUE_THEMES[name]
    faint = readable(look)
    assert palette()[name]["faint"] == faint
    for ground in (look.background, look.panel, *look.regions):
        assert contrast(rgb(faint), rgb(ground)) >= 7
    # Not more than is needed: it is still fainter than the ink.
    assert contrast(rgb(faint), rgb(look.background)) < contrast(
        rgb(look.ink), rgb(look.background)
    )
    assert contrast(rgb("#ffffff"), rgb("#000000")) == pytest.approx(21)
    assert contrast(rgb("#777777"), rgb("#ffffff")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_with_colours_of_the_system_everything_is_seen(
    browser: Browser, gallery: Path, scheme: str
) -> None:
    options: dict[str, Any] = {"forced_colors": "active", "color_scheme": scheme}
    place, ready = VIEWS["network"]
    with Visit(browser, address_of(gallery) + place, ready, **options) as visit:
        for playing in (False, True):
            if playing:
                visit.page.evaluate("spiral.clock.setSpeed(0.25); spiral.clock.play()")
                visit.settle()
            button = picture(visit, "#play")
            middle = button[button.shape[0] // 2]
            # The sign in the middle, and the disc around it.
            strongest = max(contrast(one, middle[6]) for one in middle[8:-8])
            assert strongest >= 4.5
        visit.page.evaluate("spiral.clock.pause()")
        bar = picture(visit, "#scrub")
        line = bar[bar.shape[0] // 2]
        above = bar[3, 3]
        assert (np.array([contrast(one, above) for one in line[8:-8]]) >= 3).mean() > 0.9
        parts = {tuple(line[10]), tuple(line[-10])}
        assert len(parts) == 2, "what is over and what is not look the same"
        lines = {}
        for name in ("table", "network"):
            tab = picture(visit, f".views a[data-view={name}]")
            lines[name] = contrast(tab[-2, tab.shape[1] // 2], tab[2, 1])
        assert lines["network"] >= 3
        assert lines["table"] < 1.5
        ticks = picture(visit, "#regions")
        assert max(contrast(one, ticks[0, 0]) for one in ticks.reshape(-1, 3)) >= 4.5


PRINTED = """() => [...document.querySelectorAll('.row canvas[role=img]')].map((canvas) => {
  const copy = Object.assign(document.createElement('canvas'), { width: 60, height: 60 });
  const brush = copy.getContext('2d', { willReadFrequently: true });
  brush.drawImage(canvas, 0, 0, 60, 60);
  const { data } = brush.getImageData(0, 0, 60, 60);
  const values = [...data].filter((_, i) => i % 4 < 3);
  return [values.reduce((a, b) => a + b) / values.length, new Set(values).size];
})"""


@pytest.mark.parametrize("theme", ["", "&theme=dark"])
def test_on_paper_all_rows_are_there_and_light(browser: Browser, gallery: Path, theme: str) -> None:
    # So low that most rows have not been seen.
    options: dict[str, Any] = {"viewport": {"width": 390, "height": 420}, "color_scheme": "dark"}
    with Visit(browser, address_of(gallery) + f"#e=30{theme}", **options) as visit:
        page = visit.page
        dark = page.evaluate(PRINTED)
        assert dark[0][0] < 90
        assert any(colours == 1 for _, colours in dark), "all rows have been seen before"
        page.emulate_media(media="print")
        visit.settle()
        for light, colours in page.evaluate(PRINTED):
            assert light > 150
            assert colours > 8
        # Nothing is seen through a canvas there: the points are on the one that is printed.
        assert not page.locator(".row .data canvas[aria-hidden]").first.is_visible()
        colour = rgb(OPAQUE_THEMES["light"].classes[0])
        pixels = np.reshape(visit.pixels(".row .data canvas"), (-1, 4))[:, :3]
        assert (np.abs(pixels - colour).max(axis=1) < 50).sum() > 50
        ground = "getComputedStyle(document.documentElement).backgroundColor"
        assert page.evaluate(ground) == "rgb(251, 250, 247)"
        assert not page.locator("#bar").is_visible()
        assert not page.locator("#theme").is_visible()
        assert (
            page.locator(".numbers b").evaluate_all(
                "all => all.filter((b) => b.textContent === '–').length"
            )
            <= 6
        )  # packing that is undefined at the start
        assert len(page.pdf()) > 20_000
        page.emulate_media(media="screen")
        visit.settle()
        assert page.evaluate(PRINTED)[0][0] < 90


def test_the_type_is_that_of_the_films_and_small(browser: Browser, gallery: Path) -> None:
    with Visit(browser, address_of(gallery)) as visit:
        faces = visit.page.evaluate(
            "async () => { await document.fonts.ready; return [...document.fonts].map("
            "face => [face.family.replaceAll('\"', ''), face.weight, face.status]); }"
        )
        assert faces == [["Page Sans", "400", "loaded"], ["Page Sans", "600", "loaded"]]
        widths = visit.page.evaluate(
            "() => { const brush = document.createElement('canvas').getContext('2d');"
            " return ['17px \"Page Sans\"', '17px monospace'].map((font) => { brush.font = font;"
            " return ['Wide', '1111', '9999'].map(text => brush.measureText(text).width); }); }"
        )
        assert widths[0][0] != widths[1][0]
        assert widths[0][1] == widths[0][2]
        assert visit.wrong == []
    text = (gallery / "style" / "site.css").read_text("utf-8")
    fonts = [base64.b64decode(data) for data in re.findall(r"base64,([^\"]+)\"", text)]
    assert [font[:4] for font in fonts] == [b"wOF2", b"wOF2"]
    assert sum(map(len, fonts)) <= 60_000
