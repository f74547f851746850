"""Networks of measured values on the page: a scale of colours with its ends, and no classes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from spiralcore import Trajectory
from spiralcore.registry.themes import THEMES
from tests.browser import in_both
from tests.conftest import spiral
from tests.gallery.visiting import Visit, address_of

X = np.random.default_rng(0).normal(size=(60, 2))
VALUES = np.linspace(-1.5, 1250, 60)

COLOURS = """async () => {
  const path = spiral.shown.stage().path;
  const { codes, colour } = spiral.inks.of(path);
  return Array.from(codes, (code) => colour(code));
}"""


@pytest.fixture(scope="module")
def page_of_values(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("values")
    hidden = np.tanh([X * (0.2 + 0.1 * epoch) for epoch in range(6)])
    made = Trajectory.from_arrays(
        {"activation": "tanh"}, epochs=np.arange(6), inputs=X, hidden=hidden, targets=VALUES
    )
    made.save(folder / "values.npz")
    answer = spiral(folder, "gallery", "values.npz", "--seconds", "2", "--jobs", "1")
    assert answer.returncode == 0, answer.stderr
    return folder


def near(found: list[str], theme: str) -> None:
    """Points have the colours of the films, as near as the shades of the page."""
    wanted = THEMES[theme].value_colours((VALUES - VALUES[0]) / np.ptp(VALUES))
    shown = [[int(text[i : i + 2], 16) for i in (1, 3, 5)] for text in found]
    assert np.abs(np.array(shown) - wanted).max() <= 4


@in_both
def test_values_have_their_scale(browser: Browser, page_of_values: Path) -> None:
    address = address_of(page_of_values / "gallery")
    ready = "html[data-network='values']"
    with Visit(browser, f"{address}#view=network&net=values&e=5", ready) as visit:
        near(visit.ask(COLOURS), "light")
        assert visit.text("#names").split() == ["value:", "-1.5", "1,250"]
        assert visit.page.locator("#names .values").bounding_box()["width"] > 60  # type: ignore[index]
        assert not visit.page.locator("#each").is_visible()
        visit.page.wait_for_selector("html[data-tour=ready]", state="attached")
        assert "The data: 60 points." in visit.text("#stops")
        visit.page.locator("#theme").click()
        near(visit.ask(COLOURS), "dark")
        # A file of one's own is told the same.
        visit.page.locator("#own").set_input_files(page_of_values / "values.npz")
        visit.page.wait_for_selector("html[data-network^=own]", state="attached")
        near(visit.ask(COLOURS), "dark")
        assert visit.text("#names").split() == ["value:", "-1.5", "1,250"]
        assert "60 with values from -1.5 to 1,250" in visit.page.locator("#facts").text_content()  # type: ignore[operator]
        assert visit.wrong == []


def test_the_table_has_no_classes_of_values(browser: Browser, page_of_values: Path) -> None:
    address = address_of(page_of_values / "gallery")
    with Visit(browser, f"{address}#view=table&e=5&lang=de") as visit:
        visit.settle()
        assert visit.text(".row h2").split() == ["60", "Punkte"]
        assert visit.text(".row .names").split() == ["Wert:", "-1,5", "1.250"]
        visit.page.goto(f"{address}#view=network&net=values&lang=de")
        visit.page.wait_for_selector("html[data-network='values']", state="attached")
        facts = visit.page.locator("#facts").text_content()
        assert facts is not None
        assert "60 mit Werten von -1,5 bis 1.250" in facts
        assert "5 trainiert, 6 aufgehoben" in facts
        assert visit.wrong == []
