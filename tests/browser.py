"""A real browser for tests of pages: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import atexit
import os
import shutil
from collections.abc import Iterator
from functools import cache
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

PATIENCE = 120_000
"""Milliseconds for what a page does, on a machine that has other things to do."""

FURNITURE = (
    "InitialWebUI", "OmniboxPopup", "PreloadTopChromeWebUI", "TabSearch", "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup", "WebUIOmniboxPopup", "WebUIReloadButton", "WebUITabStrip",
    "WebUIToolbar",
)  # fmt: skip
"""Parts of Chromium's windows that are pages themselves; nobody sees them, and each new window
takes longer to load one than the page of a test."""


def missing(message: str) -> NoReturn:
    """Skip a test for want of a program; under CI that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def chromium() -> str:
    """Where the browser is. Skips the test where there is none; under CI that is a failure."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        missing("no Chromium here; `make test-programs` installs it")
    return found


@cache
def driver() -> Playwright:
    """The one that drives all browsers: a second one cannot be started beside it."""
    started = sync_playwright().start()
    atexit.register(started.stop)
    return started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a room that imports this."""
    # The sandbox needs rights that containers rarely give; the pages are our own.
    launched = driver().chromium.launch(
        executable_path=chromium(),
        args=[
            "--no-sandbox",
            "--autoplay-policy=no-user-gesture-required",
            f"--disable-features={','.join(FURNITURE)}",
        ],
    )
    yield launched
    launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page in a context of its own, 1280 by 800."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()
