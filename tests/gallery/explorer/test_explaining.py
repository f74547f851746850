"""What explains itself: the opening, dotted words, the way of the points, two side by side."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from spiralcore import Trajectory
from spiralcore.analysis.network.vector_field import reach
from spiralcore.trajectory.play.pacing import timeline
from spiralcore.trajectory.play.playback import Playback
from tests.gallery.visiting import TABLE, Visit, address_of

WHOLE = "html[data-network='4-tanh'][data-tour=ready]"

ENDS = """() => Object.fromEntries(['to-plane', 'to-cuts'].map((id) => {
  const path = document.getElementById(id);
  const numbers = path.getAttribute('d').match(/-?[\\d.]+/g)?.map(Number) ?? [];
  const place = path.getScreenCTM();
  const canvas = document.getElementById('layer').getBoundingClientRect();
  const end = [numbers[2] + place.e - canvas.left, numbers[3] + place.f - canvas.top];
  return [id, numbers.length ? end : null];
}))"""

OWNERS = """([left, top]) => {
  const { at, playback, path, canvas } = spiral.explorer.stage();
  const scale = canvas.width / canvas.clientWidth / at.scale;
  const [lower, upper] = at.limits;
  const owner = (x, y) => spiral.places.winner(
    playback.readout, 0, path.classes, lower + x * scale, upper + at.rise - y * scale);
  const turns = [...Array(24).keys()].map((turn) => (turn / 12) * Math.PI);
  return new Set(turns.map((a) => owner(left + 6 * Math.cos(a), top + 6 * Math.sin(a)))).size;
}"""


def test_opens_on_four_classes_large_playing_with_their_parts_named(
    browser: Browser, gallery: Path
) -> None:
    with Visit(browser, address_of(gallery), WHOLE, reduced_motion="no-preference") as visit:
        page = visit.page
        assert page.url.endswith("#view=network&net=4-tanh&labels=yes")
        assert page.evaluate("spiral.clock.state.playing")
        box = page.locator("#layer").bounding_box()
        assert box is not None
        assert box["width"] >= 600
        names = page.locator(".name").all_inner_texts()
        assert names == ["bent plane", "straight cuts", "data"]
        visit.show(3.0)
        ends = page.evaluate(ENDS)
        # One arrow ends at a point, the other where two regions meet.
        places = np.reshape(visit.ask("() => Array.from(spiral.explorer.stage().places)"), (-1, 2))
        places = places * box["width"] / page.evaluate("document.getElementById('layer').width")
        assert np.linalg.norm(places - ends["to-plane"], axis=1).min() < 5
        assert page.evaluate(OWNERS, ends["to-cuts"]) > 1
        assert all(0 <= value <= box["width"] for end in ends.values() for value in end)
        # Arrows go when they are not wanted, and the address says so.
        page.locator("#labels").uncheck()
        assert page.locator(".name").first.is_hidden()
        assert "labels" not in page.evaluate("location.hash")
        # An address that names no view is that of the table, as it was.
        page.goto(address_of(gallery) + "#e=30")
        page.wait_for_selector(TABLE, state="attached")
        assert page.locator("#table").is_visible()
        assert visit.wrong == []


def test_words_explain_themselves_to_pointer_touch_and_keys(
    browser: Browser, gallery: Path
) -> None:
    address = address_of(gallery) + "#view=network&net=4-tanh&e=40"
    with Visit(browser, address, WHOLE) as visit:
        page = visit.page
        said = page.locator("#explained")
        words = page.locator("#network .term")
        assert sorted(words.all_inner_texts()) == [
            "accuracy", "cross-entropy", "hidden layer", "packing", "read-out",
        ]  # fmt: skip
        packing = page.locator("#network [data-term=packing]")
        packing.hover()
        sentence = (
            "Packing is how near the class means come to the best possible arrangement, which is 1."
        )
        assert said.inner_text() == sentence
        # The pointer may go onto the sentence; Escape and going away end it.
        said.hover()
        assert said.is_visible()
        page.keyboard.press("Escape")
        assert said.is_hidden()
        packing.hover()
        page.mouse.move(5, 5)
        assert said.is_hidden()
        # A press keeps it, the next one ends it.
        packing.click()
        page.mouse.move(5, 5)
        assert said.is_visible()
        packing.click()
        assert said.is_hidden()
        # Keys: it is there as soon as the word has the focus, and screen readers read it.
        page.locator("#with").focus()
        page.keyboard.press("Tab")
        assert said.inner_text().startswith("Accuracy is the share")
        focused = page.evaluate("document.activeElement.getAttribute('aria-describedby')")
        assert focused == "explained"
        page.keyboard.press("Tab")
        assert said.inner_text().startswith("Cross-entropy is what the training makes small")
        # Every word that is anywhere on the page has its sentence, within the window.
        terms = page.evaluate(
            "[...new Set([...document.querySelectorAll('.term')].map(w => w.dataset.term))]"
        )
        assert set(terms) == set(page.evaluate("Object.keys(spiral.terms.SENTENCES)"))
        box = said.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1440
        assert visit.wrong == []


def test_points_are_carried_between_data_and_layer_at_any_epoch(
    browser: Browser, gallery: Path, trajectories: dict[str, Trajectory]
) -> None:
    trajectory = trajectories["4-tanh"]
    address = address_of(gallery) + "#view=network&net=4-tanh&e=300&morph=data"
    with Visit(browser, address, WHOLE) as visit:
        page = visit.page

        def places() -> np.ndarray:
            found = visit.ask("() => Array.from(spiral.explorer.stage().places)")
            return np.reshape(found, (-1, 2)) / page.evaluate(
                "document.getElementById('layer').width"
            )

        def sides(limits: tuple[float, float], points: np.ndarray) -> np.ndarray:
            share = (points - limits[0]) / (limits[1] - limits[0])
            return np.column_stack((share[:, 0], 1 - share[:, 1]))

        width = reach(trajectory)
        data = sides((-width, width), trajectory.inputs)
        visit.settle()
        np.testing.assert_allclose(places(), data, atol=1e-5)
        page.locator("#morph").uncheck()
        visit.settle()
        at = page.evaluate("spiral.clock.state.second")
        playback = Playback(trajectory, timeline([trajectory], 4.0))
        limits = page.evaluate("spiral.explorer.stage().at.limits")
        np.testing.assert_allclose(places(), sides(limits, playback.at(at).hidden), atol=1e-5)
        # On the way, where motion is wanted, each point is on a straight line between the two.
        page.emulate_media(reduced_motion="no-preference")
        layer = places()
        page.locator("#morph").check()
        page.wait_for_timeout(500)
        way = places()
        share = ((way - layer) * (data - layer)).sum() / ((data - layer) ** 2).sum()
        assert 0 < share < 1
        np.testing.assert_allclose(way, layer + share * (data - layer), atol=1e-5)
        page.wait_for_function("() => spiral.carrying.share() === 0")
        visit.settle()
        np.testing.assert_allclose(places(), data, atol=1e-5)
        assert "morph=data" in page.evaluate("location.hash")
        assert visit.wrong == []


def test_two_networks_stand_side_by_side_at_one_epoch(
    browser: Browser, gallery: Path, trajectories: dict[str, Trajectory]
) -> None:
    address = address_of(gallery) + "#view=network&net=3-tanh&e=300&with=3-relu&path=exact"
    ready = "html[data-network='3-tanh'][data-beside='3-relu'][data-tour=ready]"
    with Visit(browser, address, ready) as visit:
        page = visit.page
        visit.settle()
        one, other = trajectories["3-tanh"], trajectories["3-relu"]
        pairs = [(float(t.accuracy[300]), float(t.cross_entropy[300])) for t in (one, other)]
        cells = [row.split("\t") for row in visit.text(".differences tbody").split("\n")]
        texts = {row[0]: row[1:] for row in cells}
        assert texts["accuracy"][:2] == [f"{100 * accuracy:.1f} %" for accuracy, _ in pairs]
        assert texts["cross-entropy"][:2] == [f"{loss:.3f}" for _, loss in pairs]
        change = f"{pairs[1][1] - pairs[0][1]:+.3f}".replace("-", "\u2212")
        assert texts["cross-entropy"][2] == change
        classes = []
        for trajectory in (one, other):
            moment = trajectory.evaluate(300)
            logits = moment.hidden @ moment.readout_weight.T + moment.readout_bias
            classes.append(logits.argmax(axis=1))
        count = int((classes[0] != classes[1]).sum())
        said = visit.text("#beside-said")
        assert count
        assert said == (
            f"Ringed: {count} of {one.points} points that they put into different classes."
        )
        boxes = [page.locator(name).bounding_box() for name in ("#layer", "#layer-b")]
        assert boxes[0] is not None
        assert boxes[1] is not None
        assert boxes[0]["width"] == pytest.approx(boxes[1]["width"], abs=1)
        assert boxes[0]["y"] == pytest.approx(boxes[1]["y"], abs=2)
        # Of other points there is nothing to ring; none takes the second away.
        page.locator("#with").select_option("4-tanh")
        page.wait_for_selector("html[data-beside='4-tanh']", state="attached")
        visit.settle()
        assert visit.text("#beside-said") == "They learned different points."
        page.locator("#with").select_option("")
        assert page.locator("#beside").is_hidden()
        assert visit.wrong == []


@pytest.mark.parametrize("place", ["", "#view=network&net=3-tanh&e=300&with=3-relu"])
def test_everything_is_said_in_the_chosen_language(
    browser: Browser, gallery: Path, place: str
) -> None:
    """No text of the page is left in English, in any view; activations are called as they are."""
    with Visit(browser, address_of(gallery) + (place or "#view=train&k=3&n=20&widths=8-2"),
               "html[data-tour=ready]" if place else "html[data-training=ready]",
               locale="es-MX") as visit:  # fmt: skip
        page = visit.page
        said = page.evaluate("spiral.words.language().page")
        keys = page.evaluate("spiral.parts.facts('manifest').texts")
        names = page.evaluate(
            "Object.values(spiral.parts.facts('manifest').activations).map(({ label }) => label)"
        )
        changed = {key for key, text in zip(keys, said, strict=True) if key != text}
        english = changed - set(names)
        found = page.evaluate(
            "() => { const texts = []; const walker = document.createTreeWalker("
            "document.body, NodeFilter.SHOW_TEXT); for (let n = walker.nextNode(); n; "
            "n = walker.nextNode()) texts.push(n.data.trim());"
            "for (const e of document.querySelectorAll('[aria-label]'))"
            " texts.push(e.getAttribute('aria-label')); return texts; }"
        )
        assert not english & set(found)
        assert page.locator(".views a").all_inner_texts() == [
            "Todas las redes", "Una red", "Entrenar",
        ]  # fmt: skip
        # Another language is chosen, and stays in the address.
        page.locator("#lang").select_option("fr")
        page.wait_for_selector("html[lang=fr]")
        assert "lang=fr" in page.evaluate("location.hash")
        assert page.locator(".views a").first.inner_text() == "Tous les réseaux"
        assert page.title().endswith("Comment les réseaux courbent l\u2019espace")
        assert visit.wrong == []
