"""WebKitGTK, as its own driver speaks with it: what Safari and GNOME Web are made of.

Playwright drives a WebKit of its own alone. Debian's has a driver that speaks WebDriver, a few
requests of which are enough here. It has windows, so that there is a screen for them (`Xvfb`).
"""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from functools import cache
from glob import glob
from pathlib import Path
from typing import Any

from tests.browser import PATIENCE, missing

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""What WebDriver calls the name of an element, section 12.1."""

KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Shift": "\ue008", "ArrowLeft": "\ue012",
        "ArrowRight": "\ue014", "Home": "\ue011", "End": "\ue010"}  # fmt: skip
"""Keys that are no letters, section 17.4.2."""

SIZE = (1440, 900)


class RefusedError(Exception):
    """What the driver says that it cannot do."""


def _programs() -> list[str]:
    """The driver, the screen and the browser. Skips the test where one of them is not there."""
    browsers = sorted(glob("/usr/lib/*/webkit2gtk-4*/MiniBrowser"))
    found = [shutil.which("WebKitWebDriver"), shutil.which("Xvfb"), *browsers[-1:]]
    if len(found) < 3 or None in found:
        missing("no WebKitGTK with its driver here; `make test-programs` installs it")
    return [program for program in found if program]


class WebKit:
    """A browser with one window, which is closed when the tests have ended."""

    def __init__(self) -> None:
        driver, screen, browser = _programs()
        wide, high = SIZE
        told, heard = os.pipe()
        shown = [screen, "-displayfd", str(heard), "-screen", "0", f"{wide}x{high + 200}x24"]
        self._begin(shown, pass_fds=[heard])
        os.close(heard)
        with os.fdopen(told) as display:
            number = display.readline().strip()
        # Bound by the driver itself, which says nothing of where: this one was free just now.
        port = _free_port()
        surroundings = {**os.environ, "DISPLAY": f":{number}", "GDK_BACKEND": "x11"}
        self._begin([driver, f"--port={port}"], env=surroundings)
        self._address = f"http://127.0.0.1:{port}"
        self._wait_for_driver()
        options = {"binary": browser, "args": ["--automation"]}
        asked = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        session = self._call("POST", "/session", {"capabilities": asked})["sessionId"]
        self._address += f"/session/{session}"
        atexit.register(self._call, "DELETE", "")
        self._call("POST", "/timeouts", {"script": PATIENCE, "pageLoad": PATIENCE})
        self._call("POST", "/window/rect", {"width": wide, "height": high})

    def _begin(self, command: list[str], **options: Any) -> None:
        quiet = subprocess.DEVNULL
        started = subprocess.Popen(command, stdout=quiet, stderr=quiet, **options)
        atexit.register(started.wait)
        atexit.register(started.terminate)

    def _wait_for_driver(self) -> None:
        end = time.monotonic() + PATIENCE / 1000
        while True:
            try:
                self._call("GET", "/status")
            except urllib.error.URLError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)
            else:
                return

    def _call(self, method: str, place: str, given: Any = None) -> Any:
        data = None if given is None else json.dumps(given).encode()
        kind = {"Content-Type": "application/json"}
        request = urllib.request.Request(self._address + place, data, kind, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE / 1000) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RefusedError(error.read().decode()) from None

    def open(self, address: str, ready: str) -> None:
        """Open a page, new also where only what follows the ``#`` is another, and wait for it."""
        self._call("POST", "/url", {"url": "about:blank"})
        self._call("POST", "/url", {"url": address})
        self.wait(f"document.querySelector({json.dumps(ready)})")

    def ask(self, function: str, given: Any = None) -> Any:
        """What a function of JavaScript says, also one that takes its time."""
        script = (
            "const [given, done] = arguments;"
            f"Promise.resolve(({function})(JSON.parse(given)))"
            ".then((said) => done(JSON.stringify({ said: said ?? null })))"
            ".catch((error) => done(JSON.stringify({ failed: String(error) })));"
        )
        told = {"script": script, "args": [json.dumps(given)]}
        answer = json.loads(self._call("POST", "/execute/async", told))
        if "failed" in answer:
            raise AssertionError(answer["failed"])
        return answer["said"]

    def wait(self, condition: str) -> None:
        """Wait until an expression of JavaScript holds."""
        self.ask(
            "() => new Promise((done) => { const look = () => "
            f"({condition}) ? done(0) : setTimeout(look, 20); look(); }})"
        )

    def settle(self) -> None:
        """Wait for two frames."""
        self.ask(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def text(self, selector: str) -> str:
        found: str = self.ask("(place) => document.querySelector(place).innerText", selector)
        return found.strip()

    def picture(self, selector: str) -> str:
        """A canvas as a whole, to compare it with itself."""
        found: str = self.ask("(place) => document.querySelector(place).toDataURL()", selector)
        return found

    def _element(self, selector: str) -> str:
        given = {"using": "css selector", "value": selector}
        return str(self._call("POST", "/element", given)[ELEMENT])

    def click(self, selector: str) -> None:
        """Press what is there with the pointer."""
        self._call("POST", f"/element/{self._element(selector)}/click", {})

    def give(self, selector: str, file: Path) -> None:
        """Choose a file."""
        place = f"/element/{self._element(selector)}/value"
        self._call("POST", place, {"text": str(file)})

    def press(self, chord: str) -> None:
        """Press a key, or several that are joined by ``+``, and let them go."""
        keys = [KEYS.get(key, key) for key in re.split(r"(?<=.)\+", chord)]
        acts = [{"type": "keyDown", "value": key} for key in keys]
        acts += [{"type": "keyUp", "value": key} for key in reversed(keys)]
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "k", "actions": acts}]})


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@cache
def webkit() -> WebKit:
    """The browser, started once."""
    return WebKit()
