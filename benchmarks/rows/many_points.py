"""A network of 20,000 points: frames a second of its film, and in the page (21)."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from playwright.sync_api import sync_playwright

from benchmarks.figures import Figure, Target
from benchmarks.gallery import MANY, crowded, in_page
from benchmarks.measuring import run, spiral
from benchmarks.rows.worker_pools import LONGER, draw
from benchmarks.workshop import Workshop
from tests.browser import program

LEAST = 60
"""Frames a second that screens show."""


def many_points(shop: Workshop) -> Iterator[Figure]:
    """How fast many points are drawn, here and there."""
    file = shop.scratch / "many.npz"
    crowded().save(file)
    first, plan = shop.midst("bending"), shop.planned("bending", "mp4", [file])
    starts = range(first, first + shop.cores * LONGER, LONGER)
    runs = []
    for _ in range(shop.repeats):
        shop.say(f"bending: {MANY:,} points")
        runs.append(draw(plan, shop.cores, starts, LONGER, shop.scratch, pinned=False))
    rates = [drawn.rate for drawn in runs]
    yield Figure(
        "21", f"bending of {MANY:,} points, 1080p60, frames a second with {shop.cores} workers",
        "/s", median(rates), target=Target(least=LEAST, of="ours", unit="/s"),
        note="Drawn and encoded, start-up not counted; encoders take "
        f"{median(drawn.encoding for drawn in runs):.0f} ms of "
        f"{median(drawn.cpu for drawn in runs):.0f} ms of processor time a frame.",
        timings={"ours": rates},
    )  # fmt: skip
    shop.say(f"page: {MANY:,} points")
    page = shop.scratch / "page-of-many"
    run(spiral("gallery", file, "--out", page))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program("Chromium"), args=["--no-sandbox"]
        )
        *_, shown = in_page(browser, page)
        browser.close()
    yield Figure(
        "21b", f"{MANY:,} points in the page, frames a second while it plays", "/s", shown.rate,
        target=Target(least=LEAST - 1, of="ours", unit="/s"),
        note="Headless Chromium without a graphics card, 1440 x 900; drawing takes "
        f"{shown.cost:.1f} ms a frame of the page's thread. The clock of the screen, 60 a second, "
        "is the limit.",
        timings={"ours": [shown.rate]},
    )  # fmt: skip
