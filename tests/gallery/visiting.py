"""Opening the page in a browser, and asking it what it shows."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import PATIENCE

TABLE = "html[data-table=ready]"


def address_of(folder: Path) -> str:
    return (folder / "index.html").as_uri()


def told(page: Page, function: str, given: Any = None) -> Any:
    """What a function of JavaScript makes of something, both handed over as texts.

    Playwright hands over number by number, which takes seconds where there are many.
    """
    whole = f"async (text) => JSON.stringify(await ({function})(JSON.parse(text)))"
    return json.loads(page.evaluate(whole, json.dumps(given)))


def new_context(browser: Browser, settings: str) -> BrowserContext:
    """What a browser has for pages of such settings, which are JSON."""
    made = browser.new_context(**json.loads(settings))
    made.set_default_timeout(PATIENCE)
    return made


context = cache(new_context)
"""The same, made once for all pages of such settings."""


class Visit:
    """A page that is open, with everything that went wrong in it.

    Parameters
    ----------
    browser
        Where.
    address
        Of the page, with what follows the ``#``; without that, of the table.
    ready
        What says that it is there.
    options
        Those of the browser's context; motion is reduced where nothing else is said.
    """

    def __init__(
        self, browser: Browser, address: str, ready: str = TABLE, script: str = "", **options: Any
    ) -> None:
        settings = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
        self.firefox = browser.browser_type.name == "firefox"
        told = json.dumps({**settings, **options}, sort_keys=True)
        # The page stores nothing, so that what is read from disk is as new in any context. What
        # comes from a server may be kept there, and Firefox draws only the last page of one.
        self._alone = self.firefox or not address.startswith("file:")
        self._context = new_context(browser, told) if self._alone else context(browser, told)
        self.page: Page = self._context.new_page()
        self.wrong: list[str] = []
        self.requests: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", self._said)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.add_init_script(
            "document.addEventListener('securitypolicyviolation', "
            "(event) => console.error('violated: ' + event.violatedDirective));" + script
        )
        if ready == TABLE and "#" not in address:
            address += "#view=table"
        self.page.goto(address)
        self.page.wait_for_selector(ready, state="attached")

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(message.text)

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *error: object) -> None:
        self._context.close() if self._alone else self.page.close()

    def show(self, second: float) -> None:
        """Go to a film time and wait until it is drawn."""
        self.page.evaluate("second => { spiral.clock.pause(); spiral.clock.seek(second); }", second)
        self.settle()

    def settle(self) -> None:
        """Wait for two frames."""
        self.page.evaluate(
            "() => new Promise(done => "
            "requestAnimationFrame(() => requestAnimationFrame(() => done(0))))"
        )

    def ask(self, function: str, given: Any = None) -> Any:
        """What a function of JavaScript says; see `told`."""
        return told(self.page, function, given)

    def text(self, selector: str) -> str:
        return self.page.locator(selector).first.inner_text()

    def pixels(self, selector: str, which: int = 0) -> list[int]:
        """All values of a canvas; they come as a text, as a list of so many numbers takes long."""
        found: str = (
            self.page.locator(selector)
            .nth(which)
            .evaluate(
                """canvas => {
                  const { width, height } = canvas;
                  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
                  let text = "";
                  for (let i = 0; i < data.length; i += 8192) {
                    text += String.fromCharCode(...data.subarray(i, i + 8192));
                  }
                  return btoa(text);
                }"""
            )
        )
        return list(base64.b64decode(found))

    def picture(self, selector: str) -> str:
        """A canvas as a whole, to compare it with itself."""
        found: str = self.page.locator(selector).first.evaluate("canvas => canvas.toDataURL()")
        return found
