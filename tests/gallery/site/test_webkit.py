"""The page in WebKitGTK: that all views are there, are worked by hand and show what others show."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from spiralcore import Trajectory
from tests.gallery.explorer.test_explorer import STATE
from tests.gallery.visiting import TABLE, Visit, address_of
from tests.gallery.webkit import WebKit, webkit
from tests.gallery.worker.lab import LOADED, RUN, Lab, program, settings_of
from tests.gallery.worker.test_training_core import small

TRAINING = "html[data-training=ready]"
NUMBERS = ("accuracy", "entropy", "packing")
TOLD = """() => [document.title, document.getElementById("followed").textContent,
  document.getElementById("epoch").value, document.getElementById("caption").textContent]"""
PIXELS = """(place) => {
  const canvas = document.querySelector(place);
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  let text = "";
  for (let i = 0; i < data.length; i += 4) text += String.fromCharCode(...data.subarray(i, i + 3));
  return [width, height, btoa(text)];
}"""
"""Width and height of a canvas, and red, green and blue of its pixels."""


@pytest.fixture(scope="module")
def window() -> WebKit:
    found = webkit()
    assert "AppleWebKit" in found.ask("() => navigator.userAgent")
    return found


def numbers(window: WebKit, before: str = "") -> list[str]:
    return [window.text(f"#{before}{name}") for name in NUMBERS]


def test_a_table_plays_and_opens_a_network(window: WebKit, gallery: Path) -> None:
    window.open(address_of(gallery) + "#view=table&e=0", TABLE)
    first = window.picture(".evolving canvas")
    window.press("ArrowRight")
    window.settle()
    assert window.ask("() => spiral.clock.state.second") > 0
    window.click("#play")
    window.wait("spiral.clock.state.second > 2")
    assert window.ask("() => spiral.clock.state.playing")
    assert window.picture(".evolving canvas") != first
    window.press(" ")
    assert not window.ask("() => spiral.clock.state.playing")
    window.click("#open-4-tanh")
    window.wait("document.documentElement.dataset.network === '4-tanh'")
    assert window.ask("() => document.title") == "4-tanh: How networks bend space"


@pytest.mark.parametrize("state", ["&e=30", "&e=150&path=exact&time=log&points=3.17", "&way=2.5"])
def test_a_network_is_what_it_is_in_chromium(
    window: WebKit, browser: Browser, gallery: Path, state: str
) -> None:
    address = address_of(gallery) + f"#view=network&net=3-relu{state}"
    ready = "html[data-tour=ready]" + ("[data-way=ready]" if "way" in state else "")
    canvases = ("#layer", "#data", "#points", "#loss")
    window.open(address, ready)
    window.ask("() => { spiral.clock.pause(); spiral.clock.seek(1.5); }")
    window.settle()
    found, told, shown = window.ask(STATE), window.ask(TOLD), numbers(window)
    pictures = {place: window.ask(PIXELS, place) for place in canvases}
    width, height = window.ask("() => [innerWidth, innerHeight]")
    size = {"width": width, "height": height}
    with Visit(browser, address, ready, viewport=size, color_scheme="light") as visit:
        visit.show(1.5)
        wanted = visit.ask(STATE)
        assert visit.ask(TOLD) == told
        assert [visit.text(f"#{name}") for name in NUMBERS] == shown
        others = {place: visit.ask(PIXELS, place) for place in canvases}
        assert visit.wrong == []
    assert found["frame"]["limits"] == pytest.approx(wanted["frame"]["limits"], rel=1e-6)
    for name in ("hidden", "readout"):
        assert found[name] == pytest.approx(wanted[name], abs=1e-6)
    for place in canvases:
        assert pictures[place][:2] == others[place][:2]
        one, other = (
            np.frombuffer(base64.b64decode(letters), np.uint8).reshape(-1, 3).astype(int)
            for *_, letters in (pictures[place], others[place])
        )
        assert len(np.unique(one, axis=0)) > 1
        # Edges of points and letters are smoothed by each browser's own.
        assert (np.abs(one - other).max(axis=1) > 32).mean() < 0.02, place


def test_a_file_of_ones_own_is_read_or_refused(
    window: WebKit, gallery: Path, trajectory: Trajectory, tmp_path: Path
) -> None:
    trajectory.save(tmp_path / "mine.npz")
    (tmp_path / "cut.npz").write_bytes((tmp_path / "mine.npz").read_bytes()[:5000])
    window.open(address_of(gallery) + "#view=network&net=3-tanh&e=50", "html[data-tour=ready]")
    window.give("#own", tmp_path / "mine.npz")
    window.wait("document.documentElement.dataset.network === 'own-1'")
    assert window.ask("() => document.title") == "mine: How networks bend space"
    window.give("#own", tmp_path / "cut.npz")
    window.wait("document.getElementById('refused').textContent")
    assert window.text("#refused").startswith("cut.npz is not a readable .npz file: ")


def test_trains_and_looks_back(window: WebKit, gallery: Path) -> None:
    state = "#view=train&k=3&n=20&widths=12-2&epochs=60"
    window.open(address_of(gallery) + state, TRAINING)
    first = window.picture("#train-layer")
    window.click("#train-play")
    window.wait("document.getElementById('train-epoch').value === '60'")
    window.wait(f"document.querySelector('{TRAINING}')")
    window.settle()
    assert window.picture("#train-layer") != first
    assert not window.ask("() => spiral.training.state().plain")
    shown = numbers(window, "train-")
    window.click("#train-back")
    window.wait("document.documentElement.dataset.network === 'trained'")
    window.settle()
    assert window.text("#epoch") == "60"
    assert numbers(window) == shown


@pytest.mark.parametrize("plain", [False, True])
def test_trains_to_the_same_bits(
    window: WebKit, browser: Browser, tmp_path: Path, plain: bool
) -> None:
    settings = settings_of(small("gelu", training={"learning_rate": 0.005, "warm_up": 20}))
    lab = Lab(browser)
    wanted = lab.ask(RUN, [settings, False, 500])["hash"]
    lab.close()
    empty = tmp_path / "empty.html"  # what is no file keeps the policy of the page before
    empty.write_text("<!DOCTYPE html>")
    window.open(empty.as_uri(), "html")
    window.ask(LOADED, program())
    assert window.ask(RUN, [settings, plain, 500])["hash"] == wanted
