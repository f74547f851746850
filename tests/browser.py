"""Real browsers for tests of pages: Debian's Chromium and Firefox, driven by Playwright."""

from __future__ import annotations

import atexit
import os
import shutil
from collections.abc import Iterator
from functools import cache
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests import firefox

NAMES = {
    # The first one has no windows: a page opens in two thirds of the time.
    "Chromium": (
        "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome",
        "google-chrome-stable",
    ),
    "Firefox": ("firefox-esr", "firefox"),
}  # fmt: skip

in_both = pytest.mark.parametrize("browser", list(NAMES), indirect=True, scope="session")
"""Has a test run in both browsers; others run in Chromium."""

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


def program(name: str) -> str:
    """Where a browser is. Skips the test where there is none; under CI that is a failure."""
    found = next((path for path in map(shutil.which, NAMES[name]) if path), None)
    if found is None:
        missing(f"no {name} here; `make test-programs` installs it")
    return found


@cache
def driver() -> Playwright:
    """The one that drives all browsers: a second one cannot be started beside it."""
    started = sync_playwright().start()
    atexit.register(started.stop)
    return started


@cache
def launched(name: str) -> Browser:
    """A browser, started once for all tests and closed when they have ended."""
    if name == "Firefox":
        started = driver().firefox.launch(
            executable_path=firefox.launcher(program(name)),
            channel="moz-firefox",
            firefox_user_prefs=firefox.PREFERENCES,
            downloads_path=firefox.folder() / "saved",
        )
    else:
        # The sandbox needs rights that containers rarely give; the pages are our own.
        started = driver().chromium.launch(
            executable_path=program(name),
            args=[
                "--no-sandbox",
                "--autoplay-policy=no-user-gesture-required",
                f"--disable-features={','.join(FURNITURE)}",
            ],
        )
    atexit.register(started.close)
    return started


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Browser:
    """The browser of a test: Chromium where it does not say `in_both`."""
    return launched(getattr(request, "param", "Chromium"))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page in a context of its own, 1280 by 800."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()
