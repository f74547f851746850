"""`spiral watch`: what is served, to whom, and what the page shows while the file grows."""

from __future__ import annotations

import http.client
import io
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

from spiralcore import ArrayRecorder, Trajectory
from tests import warm
from tests.conftest import spiral
from tests.gallery.conftest import HOSTILE, HOSTILE_ACTIVATION
from tests.gallery.visiting import Visit

X = np.random.default_rng(0).normal(size=(30, 2)).astype(np.float32)
Y = np.arange(30) % 3
WEIGHT = np.random.default_rng(1).normal(size=(3, 2)).astype(np.float32)

WAITING = "html[data-network=refused]"
SHOWN = "html[data-network=handed]"


def observe(rec: ArrayRecorder, path: Path, first: int, last: int) -> None:
    """Record some epochs, and save them at once."""
    for epoch in range(first, last + 1):
        hidden = np.tanh(X * (0.1 + 0.02 * epoch)).astype(np.float32)
        rec.observe(hidden, readout=(WEIGHT, None), outputs=hidden @ WEIGHT.T)
    rec.trajectory.save(path)


class Watch:
    """The command, and a connection to what it serves."""

    def __init__(self, folder: Path, *words: str, **variables: str) -> None:
        no_screen = {"DISPLAY": "", "WAYLAND_DISPLAY": ""}
        self.process = warm.start(
            "-m", "spiralcore.cli", "watch", *words,
            folder=folder, variables={**no_screen, **variables},
        )  # fmt: skip
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        found = re.fullmatch(r"(http://127\.0\.0\.1:(\d+)(/[\w-]{32}/)) \(Ctrl-C.*\n", self.said)
        assert found, (self.said, self.process.poll())
        self.address, self.port, self.root = found[1], int(found[2]), found[3]

    def ask(
        self, place: str = "now", verb: str = "GET", **headers: str
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        path = place if place.startswith("/") or place == "*" else self.root + place
        connection.request(verb, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers

    def end(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGINT)
        _, err = self.process.communicate(timeout=30)
        return self.process.returncode, err


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    found = Watch(tmp_path, "run.npz", "--no-open")
    yield found
    assert found.process.stdout is not None
    if not found.process.stdout.closed:
        found.process.kill()
        found.process.communicate()


MACHINE = b"This is for the machine alone that it runs on.\n"
WHOLE = b"The whole address is needed, as the terminal has printed it.\n"
VERBS = b"There is nothing to write here.\n"
NOTHING = b"There is nothing at this address.\n"


def test_strangers_get_nothing(watch: Watch) -> None:
    root, port = watch.root, watch.port
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "", "0.0.0.0",
                 f"127.0.0.1:{port}@evil", "localhost.", "[::1]evil"):  # fmt: skip
        assert watch.ask(Host=host)[:2] == (403, MACHINE), host
    for host in ("localhost:9000", "LOCALHOST", "127.0.0.1:1", "[::1]:80"):
        assert watch.ask(Host=host)[0] == 200, host
    for place in ("/", "/now", "//now", root[:-2] + "/now", root[:-1] + "x/now", root.lower()[::-1],
                  "/%C3%A9/now", "/" + "a" * 60000, "*"):  # fmt: skip
        assert watch.ask(place)[:2] == (403, WHOLE), place[:50]
    for place in ("../run.npz", "%2e%2e/", "run.npz", "now/", "style/font.css", "NOW"):
        assert watch.ask(place)[:2] == (404, NOTHING), place
    for verb in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"):
        code, body, headers = watch.ask(verb=verb)
        assert (code, body, headers["Allow"]) == (405, VERBS, "GET, HEAD"), verb
    with socket.create_connection(("127.0.0.1", port), 30) as plain:
        plain.sendall(f"GET {root} HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n".encode())
        assert plain.recv(100).startswith(b"HTTP/1.0 403 ")
    # Linux has other names for this machine: nothing listens there.
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", port), 5):  # noqa: PT011
        pass


def test_what_a_browser_may_do_with_it(watch: Watch) -> None:
    code, body, headers = watch.ask("")
    assert (code, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', body.decode())
    assert policy
    assert re.sub(r"sha256-[\w+/=]+", "HASH", policy[1]) == (
        "default-src 'none'; script-src 'HASH' 'wasm-unsafe-eval'; worker-src blob:; "
        "style-src 'HASH'; img-src data:; font-src data:; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'"
    )
    assert headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Access-Control-Allow-Origin"] is None


def test_what_has_not_changed_is_not_sent_again(
    watch: Watch, tmp_path: Path, trajectory: Trajectory
) -> None:
    tags = []
    for name in ("", "run", "other"):
        if name:
            trajectory.save(tmp_path / "new.npz")
            (tmp_path / "new.npz").replace(tmp_path / "run.npz")
        # What took long to read is looked at more rarely.
        while watch.ask(If_None_Match=(tags or [""])[-1])[0] == 304:
            time.sleep(0.05)
        code, body, headers = watch.ask()
        assert code == 200
        tags.append(headers["ETag"])
        assert watch.ask(If_None_Match=tags[-1])[:2] == (304, b"")
        code, nothing, asked = watch.ask(verb="HEAD")
        assert (code, nothing, asked["Content-Length"]) == (200, b"", str(len(body)))
        with np.load(io.BytesIO(body)) as arrays:
            assert ("hidden" in arrays) == bool(name)
    assert len(set(tags)) == 3


def test_ctrl_c_ends_it(watch: Watch) -> None:
    assert watch.process.stdout is not None
    assert watch.process.stdout.readline() == (
        "run.npz is not there yet; the page shows it as soon as it is\n"
    )
    assert watch.ask()[0] == 200
    code, err = watch.end()
    assert code == 130
    assert err == "spiral: interrupted\n"


def test_a_browser_is_opened(tmp_path: Path, trajectory_file: Path) -> None:
    program = tmp_path / "browser"
    program.write_text('#!/bin/sh\necho "$1" > opened.part && mv opened.part opened\n')
    program.chmod(0o755)
    watch = Watch(tmp_path, str(trajectory_file), BROWSER=f"{program} %s")
    try:
        while not (tmp_path / "opened").exists():
            time.sleep(0.01)
        assert (tmp_path / "opened").read_text() == watch.address + "\n"
    finally:
        watch.end()


def test_mistakes_are_said(tmp_path: Path, trajectory_file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = spiral(tmp_path, "watch", str(trajectory_file), "--port", port, "--no-open")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == (
        f"spiral: port {port} cannot be used: Address already in use.\n"
        "expected: a free port.\nnext: --port 0\n"
    )
    ran = spiral(tmp_path, "watch", ".", "--no-open")
    assert (ran.returncode, ran.stderr) == (
        2, "spiral: . is a folder.\nexpected: a trajectory file.\nnext: spiral watch run.npz\n"
    )  # fmt: skip
    (tmp_path / "train.py").write_text("import torch\n")
    ran = spiral(tmp_path, "watch", "train.py", "--no-open")
    assert ran.returncode == 2
    assert ran.stderr.startswith("spiral: train.py is not a readable .npz file: ")


def epoch_said(visit: Visit, epoch: int) -> None:
    visit.page.wait_for_function(
        "text => document.getElementById('lead').textContent === text",
        arg=f"Follows run.npz while it is written: epoch {epoch:,} so far.",
    )
    visit.settle()


def test_the_page_follows_a_training(browser: Browser, watch: Watch, tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    options: dict[str, Any] = {"activation": "tanh", "class_names": ["<b>cat", "dog", "owl"]}
    with Visit(browser, watch.address, WAITING) as visit:
        page = visit.page
        assert visit.text("#refused") == "run.npz is not there.\nIt is shown as soon as it is."
        rec = ArrayRecorder(path, X, Y, **options)
        observe(rec, path, 0, 8)
        page.wait_for_selector(SHOWN, state="attached")
        observe(rec, path, 9, 20)
        epoch_said(visit, 20)
        assert visit.text("#epoch") == "20"
        assert page.title() == "run: How networks bend space"
        np.testing.assert_array_equal(
            np.float32(visit.ask("() => [...spiral.shown.path().hidden]")),
            Trajectory.load(path).hidden.ravel(),
        )
        page.locator("summary").click()
        assert "<b>cat, dog, owl" in visit.text("#facts")
        # It stays where somebody has scrubbed to, and keeps the points that are followed.
        page.locator("#point").fill("3")
        page.locator("#follow").click()
        page.evaluate("spiral.clock.seekEpoch(7)")
        observe(rec, path, 21, 30)
        epoch_said(visit, 30)
        assert visit.text("#epoch") == "7"
        assert visit.text("#followed") == "Following point 3."
        page.evaluate("spiral.clock.seekEpoch(30)")
        # What cannot be read takes nothing away of what could.
        path.write_bytes(path.read_bytes()[:500])
        page.locator("#refused").wait_for()
        assert visit.text("#refused").startswith("run.npz is not a readable .npz file: ")
        assert visit.text("#refused").endswith("\nWhat was read last is shown.")
        assert visit.text("#epoch") == "30"
        observe(rec, path, 31, 31)
        epoch_said(visit, 31)
        rec.close()
        assert not page.locator("#refused").is_visible()
        assert visit.text("#epoch") == "31"
        # Another network: nothing of the first one is left.
        page.evaluate("spiral.clock.seekEpoch(7)")
        with ArrayRecorder(path, X[:9], Y[:9], overwrite=True) as other:
            for epoch in range(5):
                other.observe(X[:9] * (1 + epoch))
        epoch_said(visit, 4)
        assert visit.text("#epoch") == "4"
        assert visit.text("#followed").startswith("Point at the layer")
        assert page.evaluate("spiral.shown.path().points") == 9
        path.unlink()
        page.locator("#refused").wait_for()
        assert visit.text("#refused") == "run.npz is not there.\nWhat was read last is shown."
        assert visit.wrong == []
        watch.end()
        page.locator("#failure").wait_for()
        assert visit.text("#missing") == "spiral watch has ended; what was read last is shown."
        assert page.locator("#layer").is_visible()


def test_names_in_the_file_are_only_texts(
    browser: Browser, tmp_path: Path, trajectory: Trajectory
) -> None:
    arrays = {name: values for name, values in trajectory.arrays().items() if name != "recipe"}
    names = [HOSTILE, "</script><script>document.title='broken'</script>", "&lt;b&gt;"]
    recipe = {"activation": HOSTILE_ACTIVATION, "seed": "<b>1</b>", "run_name": HOSTILE,
              "class_names": names, "layer": HOSTILE}  # fmt: skip
    Trajectory.from_arrays(recipe, **arrays).save(tmp_path / HOSTILE)
    watch = Watch(tmp_path, HOSTILE, "--no-open")
    try:
        with Visit(browser, watch.address, SHOWN) as visit:
            page = visit.page
            title = HOSTILE.removesuffix(".npz")
            assert page.title() == f"{title}: How networks bend space"
            assert visit.text("#lead").startswith(f"Follows {HOSTILE} while it is written: epoch")
            page.locator("summary").click()
            assert "<b>1</b>" in page.locator("#facts").inner_text()
            assert page.locator("img, #facts b, script[src]").count() == 0
            # Nothing is asked of anybody else.
            page.evaluate("() => { fetch('https://example.org').catch(() => 0); }")
            page.wait_for_timeout(100)
            assert {url.split("/")[2] for url in visit.requests} == {f"127.0.0.1:{watch.port}"}
            assert "violated: connect-src" in visit.wrong
    finally:
        watch.end()
