"""Pages of slides, played by a real browser."""

from __future__ import annotations

import base64
import io
import re
import warnings
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from spiralcore import Trajectory
from spiralcore.recipe import FilmSettings
from spiralcore.registry.films import FILMS
from spiralcore.registry.themes import rgb, theme
from spiralcore.stage.clock.film_time import FilmTime
from spiralcore.talk.deck import Slide
from spiralcore.talk.page import write_page
from spiralcore.video.opening import open_film
from tests.talk.conftest import HOSTILE, SECONDS, Made

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import colour

STATE = """() => [...document.querySelectorAll("video")].map((film) =>
    ({time: film.currentTime, paused: film.paused, ended: film.ended, loop: film.loop}))"""

AT = """async ([number, second]) => {
    const film = document.querySelectorAll("video")[number];
    film.pause();
    film.currentTime = second;
    await new Promise((done) => film.addEventListener("seeked", done, {once: true}));
    const canvas = document.createElement("canvas");
    canvas.width = film.videoWidth;
    canvas.height = film.videoHeight;
    canvas.getContext("2d").drawImage(film, 0, 0);
    return canvas.toDataURL();
}"""
"""The picture of a film at a second, as a PNG."""

WATCHED = """window.broken = [];
addEventListener("securitypolicyviolation", (event) => broken.push(event.violatedDirective));"""

BENDING, ROW = 0, 1


class Visit:
    """A page, and what happens while it is shown."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.requests: list[str] = []
        self.messages: list[str] = []
        page.set_default_timeout(120_000)  # machines may have other things to do
        page.on("request", self._requested)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.add_init_script(WATCHED)
        page.goto(file.as_uri())
        page.wait_for_function("() => Reveal.isReady()")

    def _requested(self, request: Request) -> None:
        self.requests.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        self.messages.append(message.text)

    def wait(self, condition: str) -> None:
        """Wait until something holds of the films ``f``."""
        self.page.wait_for_function(
            f'() => {{ const f = [...document.querySelectorAll("video")]; return {condition}; }}'
        )


def pixels(data: str | bytes) -> NDArray[np.float64]:
    """A PNG, as bytes or as a data address, shape (height, width, 3)."""
    if isinstance(data, str):
        data = base64.b64decode(data.partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), np.float64)


def apart(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """How different colours look, CIEDE2000."""
    lab = [colour.XYZ_to_Lab(colour.sRGB_to_XYZ(part / 255)) for part in (one, other)]
    return np.asarray(colour.delta_E(*lab, method="CIE 2000"))


def test_films_play_on_entry_and_stop_on_leaving(page: Page, made: Made) -> None:
    visit = Visit(page, made.page)
    assert page.title() == "films"
    visit.wait("!f[0].paused && f[0].currentTime > 0.3")
    assert page.evaluate(STATE)[ROW] == {"time": 0, "paused": True, "ended": False, "loop": True}
    page.keyboard.press("ArrowRight")
    visit.wait("f[0].paused && !f[1].paused && f[1].currentTime > 0.3")
    page.wait_for_function("() => location.hash === '#/2'")  # the slide can be linked to
    page.keyboard.press("ArrowLeft")
    visit.wait("!f[0].paused && f[0].currentTime > 0 && f[1].paused && f[1].currentTime === 0")


def test_nothing_is_fetched_and_nothing_breaks_the_policy(page: Page, made: Made) -> None:
    visit = Visit(page, made.page)
    visit.wait("f[0].currentTime > 0.2")
    page.keyboard.press("ArrowRight")
    visit.wait("f[1].currentTime > 0.2")
    page.keyboard.press("Escape")  # the overview
    page.wait_for_function("() => Reveal.isOverview()")
    outside = [url for url in visit.requests if not url.startswith(("blob:", "data:"))]
    assert outside == [made.page.as_uri()]
    assert page.evaluate("broken") == []
    assert visit.messages == []
    # What somebody would have smuggled in does not run.
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.hacked = 1";
        document.body.append(script);
        document.body.setAttribute("onclick", "window.hacked = 2");
        document.body.click();
    }""")
    assert page.evaluate("window.hacked") is None
    assert len(page.evaluate("broken")) == 2


def test_films_that_loop_begin_again_and_others_stop(
    page: Page,
    made: Made,
    tmp_path: Path,
) -> None:
    film, poster = made.film("bending"), made.poster("bending")
    file = tmp_path / "talk.html"
    write_page([Slide("a", film, poster, 5, "", loop) for loop in (True, False)], file, "talk")
    visit = Visit(page, file)
    visit.wait("f[0].currentTime > 0.1")
    nearly_over = "document.querySelectorAll('video')[{0}].currentTime = 4.7"
    page.evaluate(nearly_over.format(0))
    visit.wait("f[0].currentTime < 2 && f[0].currentTime > 0.1 && !f[0].paused")
    page.keyboard.press("ArrowRight")
    visit.wait("f[1].currentTime > 0.1")
    page.evaluate(nearly_over.format(1))
    visit.wait("f[1].ended && f[1].currentTime > 4.7")


def test_a_played_frame_has_the_colours_of_the_palette(
    page: Page,
    made: Made,
    trajectory: Trajectory,
) -> None:
    visit = Visit(page, made.page)
    visit.wait("f[0].currentTime > 0.1")
    settings = FilmSettings(seconds=SECONDS)
    second = round(FilmTime.of(settings, FILMS["bending"]).start + SECONDS + 1.0, 1)
    shown = pixels(page.evaluate(AT, [BENDING, second + 0.05]))
    drawn = open_film("bending", [trajectory], settings, 720, 10).show(round(second * 10))
    true = drawn[:, :, :3].astype(np.float64)
    look = theme("dark")
    wanted = {
        "background": rgb(look.background),
        "ink": rgb(look.ink),
        **{f"class {i}": c for i, c in enumerate(look.class_colours(3))},
        **{f"region {i}": c for i, c in enumerate(look.region_colours(3))},
    }
    for name, colours in wanted.items():
        exact = (true == np.round(colours)).all(axis=2)
        # Chroma is kept for two by two pixels: those whose surroundings are of the colour, too.
        for axis in (0, 1):
            exact &= np.roll(exact, 1, axis) & np.roll(exact, -1, axis)
        assert exact.any(), name
        assert apart(np.median(shown[exact], axis=0), colours) < 3, name


def test_who_wants_less_motion_sees_posters(browser: Browser, made: Made) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    visit = Visit(context.new_page(), made.page)
    visit.wait("f[0].readyState > 2")
    visit.page.wait_for_timeout(500)
    assert [film["time"] for film in visit.page.evaluate(STATE)] == [0, 0]
    # The poster shows the end of the training, the film begins before it; its bar is below.
    shown = pixels(visit.page.screenshot())[:600]
    poster = pixels(made.poster("bending").read_bytes())[:600]
    assert np.abs(shown - poster).mean() < 1
    visit.page.locator("video").first.click(position={"x": 600, "y": 300})
    visit.wait("!f[0].paused && f[0].currentTime > 0.1")
    context.close()


def test_a_click_stops_a_film_and_gives_it_a_bar(page: Page, made: Made) -> None:
    visit = Visit(page, made.page)
    visit.wait("f[0].currentTime > 0.2")
    page.keyboard.press("Enter")
    visit.wait("f[0].paused && f[0].controls")
    page.keyboard.press("Enter")
    visit.wait("!f[0].paused && !f[0].controls")
    page.locator("video").first.click(position={"x": 600, "y": 300})
    visit.wait("f[0].paused && f[0].controls")


def test_the_page_fits_a_telephone(browser: Browser, made: Made) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True
    )
    visit = Visit(context.new_page(), made.page)
    visit.wait("f[0].currentTime > 0.2")
    for _ in range(50):
        shown = pixels(visit.page.screenshot())
        filled = np.abs(shown - rgb(theme("dark").background)).max(axis=2) > 20
        rows, columns = (np.flatnonzero(filled.any(axis=axis)) for axis in (1, 0))
        if np.ptp(rows) > 100:
            break
        visit.page.wait_for_timeout(100)  # a film that plays may not be painted yet
    # As wide as the window less the margins of the film, and in the middle of its height.
    assert columns.min() == pytest.approx(390 - columns.max(), abs=4)
    assert columns.max() > 370
    assert (rows.min() + rows.max()) / 2 == pytest.approx(422, abs=6)
    assert rows.max() - rows.min() < 219
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
    assert visit.page.evaluate("document.documentElement.scrollHeight") == 844
    visit.page.locator("video").first.tap()
    visit.wait("f[0].paused")
    context.close()


def test_the_speaker_has_a_window_of_notes(page: Page, made: Made) -> None:
    visit = Visit(page, made.page)
    visit.wait("f[0].currentTime > 0.2")
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    notes = opened.value
    assert notes.locator("#title").inner_text().startswith("Bending: 3 classes, tanh")
    assert "0:02  Before the training." in notes.locator("#notes").text_content()
    assert notes.locator("#next").inner_text().startswith("Next: Row: 3 classes, tanh, ReLU")
    assert notes.locator("#poster").is_visible()
    assert re.fullmatch(r"film 0:0\d of 0:06, talk 0:0\d", notes.locator("#time").inner_text())
    notes.keyboard.press("ArrowRight")
    visit.wait("!f[1].paused")
    assert notes.locator("#title").inner_text().startswith("Row")
    assert notes.locator("#next").inner_text() == "The last slide"
    assert not notes.locator("#poster").is_visible()
    assert page.evaluate("broken") == []
    assert visit.messages == []


def test_hostile_texts_stay_texts(page: Page, made: Made, tmp_path: Path) -> None:
    film, poster = made.film("bending"), made.poster("bending")
    file = tmp_path / "talk.html"
    write_page([Slide(HOSTILE, film, poster, 5, HOSTILE)], file, HOSTILE)
    visit = Visit(page, file)
    printable = HOSTILE.replace("\x1b", "?").replace("\x00", "?")
    assert page.title() == printable
    assert page.locator("h2").text_content() == printable
    assert page.locator("aside.notes").text_content() == printable
    assert page.locator("video").get_attribute("aria-label") == printable
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    notes = opened.value
    assert notes.locator("#notes").text_content() == printable
    assert notes.locator("#title").text_content() == printable
    assert page.locator("img").count() == 0
    assert page.evaluate("window.hacked") is None
    assert notes.evaluate("window.hacked") is None
    assert page.evaluate("broken") == []
    assert visit.messages == []
