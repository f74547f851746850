"""The tour: events and sentences as in Python, for any training, and stops that are links."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

from spiralcore import Trajectory
from spiralcore.gallery.manifest import _space
from spiralcore.registry.languages.catalogue import LANGUAGES
from spiralcore.registry.themes import theme
from spiralcore.story.sentences import Speaker, text_of
from spiralcore.story.telling import story
from tests.gallery.visiting import Visit, address_of
from tests.story.made import training
from tests.story.test_any_trajectory import random_run

TOLD = """(given) => {
  const path = {
    ...given, labels: Uint16Array.from(given.labels), epochs: Int32Array.from(given.epochs),
    hidden: Float32Array.from(given.hidden), network: { class_names: given.names },
    readout: given.readout && Float32Array.from(given.readout),
    accuracy: Float32Array.from(given.accuracy), entropy: Float32Array.from(given.entropy),
  };
  return spiral.story.events(path);
}"""

SAID = """([events, classes, names, code]) => {
  spiral.words.choose(code);
  const speaker = new spiral.speaker.Speaker({ classes, network: { class_names: names } });
  return events.map((event) => speaker.line(event));
}"""


def given(trajectory: Trajectory) -> dict[str, Any]:
    """A trajectory as the page has it."""
    readout = np.concatenate([trajectory.readout_weight, trajectory.readout_bias[..., None]], 2)
    return {
        "space": _space(trajectory.space),
        "classes": trajectory.classes,
        "points": trajectory.points,
        "labels": trajectory.labels.tolist(),
        "epochs": trajectory.epochs.tolist(),
        "hidden": trajectory.hidden.ravel().tolist(),
        "readout": readout.ravel().tolist() if trajectory.knows_readout else None,
        "accuracy": trajectory.accuracy.tolist(),
        "entropy": trajectory.cross_entropy.tolist(),
        "names": list(trajectory.class_names),
    }


def trainings(trajectories: dict[str, Trajectory]) -> list[Trajectory]:
    """What happens in them is known, or nothing is, or it is a real one."""
    corners = [(0.9, 0.9), (-0.9, 0.9), (-0.9, -0.9), (0.9, -0.9)]
    swapping = [[(0, (0, 0)), (50, place), (900, place)] for place in corners[:3]]
    climbing = [
        (0, (0, 0)),
        (40, corners[2]),
        (300, corners[2]),
        (420, corners[3]),
        (900, corners[3]),
    ]
    late = [(0, (0, 0)), (60, (0.9, 0)), (400, (0.9, 0.05)), (900, (0.9, 0.05))]
    leaving = [
        [(0, (0, 0)), (40, corners[0]), (300, corners[0]), (360, corners[1]), (900, corners[1])],
        [(0, (0, 0)), (60, corners[3]), (500, corners[3]), (600, corners[0]), (900, corners[0])],
    ]
    rays = [[(0, (0.1, 0.1)), (900, (5 * np.cos(a), 5 * np.sin(a)))] for a in (0.1, 0.8, 1.5)]
    found = [
        training([*swapping, climbing]),
        training([*swapping, late], wrong={3: [(200, 700)]}),
        training(leaving, tremble=0.02),
        training(rays, activation="relu"),
        training(
            [*swapping, climbing], class_names=["spring", "summer", "autumn", "a long winter"]
        ),
    ]
    random = np.random.default_rng(11)
    for activation in ("tanh", "relu", "sigmoid", "disk", "sphere", "leaky_relu", "softplus"):
        for classes in (2, 3, 6):
            run = random_run(random, activation, 2, classes, 60)
            found.append(Trajectory.from_arrays(**run))
    return [*found, *trajectories.values()]


def test_events_and_sentences_are_those_of_the_films(
    browser: Browser, gallery: Path, trajectories: dict[str, Trajectory]
) -> None:
    with Visit(browser, address_of(gallery)) as visit:
        kinds = set()
        for trajectory in trainings(trajectories):
            events = visit.ask(TOLD, given(trajectory))
            wanted = story(trajectory)
            names = ("epoch", "end", "kind", "classes", "places")
            assert [tuple(_plain(event[name]) for name in names) for event in events] == [
                tuple(event[:5]) for event in wanted
            ]
            for event, other in zip(events, wanted, strict=True):
                assert event["values"] == pytest.approx(other.values, abs=1e-4)
                assert event["importance"] == pytest.approx(other.importance, abs=1e-4)
            kinds |= {event.kind for event in wanted}
            for code, language in LANGUAGES.items():
                said = visit.page.evaluate(
                    SAID, [events, trajectory.classes, list(trajectory.class_names), code]
                )
                speaker = Speaker.of(trajectory, language)
                assert said == [text_of(speaker.line(event)) for event in wanted]
        # A rule that is nowhere asked is not compared.
        assert kinds >= {
            "together", "landless", "land", "settle", "stuck", "heads", "moves", "takes", "edge",
            "right", "all_right", "parts", "spike",
        }  # fmt: skip


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


STOPS = """() => [...document.querySelectorAll('#stops a')].map((link) => ({
  text: link.textContent, state: Object.fromEntries(new URLSearchParams(link.hash.slice(1))),
}))"""


def test_stops_are_links_to_what_happens(
    browser: Browser, gallery: Path, trajectories: dict[str, Trajectory]
) -> None:
    address = address_of(gallery) + "#view=network&net=3-tanh&theme=light&e=12"
    with Visit(browser, address, "html[data-tour=ready]") as visit:
        page = visit.page
        stops = page.evaluate(STOPS)
        assert 6 <= len(stops) <= 8
        epochs = [int(stop["state"]["e"]) for stop in stops]
        assert epochs == sorted(epochs)
        trajectory = trajectories["3-tanh"]
        assert epochs[-1] == trajectory.trained_epochs
        speaker = Speaker.of(trajectory, LANGUAGES["en"])
        sentences = {(event.epoch, text_of(speaker.line(event))) for event in story(trajectory)}
        told = [(epoch, stop["text"]) for epoch, stop in zip(epochs, stops, strict=True)]
        assert len(sentences & set(told)) >= 2
        assert all(
            stop["state"]["net"] == "3-tanh" and stop["state"]["theme"] == "light" for stop in stops
        )
        assert stops[0]["state"]["morph"] == "data"
        # Each link opened by itself shows its state and says its text.
        for number in (0, 3, len(stops) - 1):
            link = page.locator("#stops a").nth(number).get_attribute("href")
            page.goto("about:blank")
            page.goto(address_of(gallery) + str(link))
            page.wait_for_selector("html[data-tour=ready]", state="attached")
            visit.settle()
            assert visit.text("#caption") == stops[number]["text"]
            assert visit.text("#epoch") == f"{epochs[number]:,}"
            assert page.locator("#stops a[aria-current]").inner_text() == stops[number]["text"]
            assert page.locator("#morph").is_checked() == (number == 0)
        # One after the other by the buttons below the panel, which stop at either end.
        assert page.locator("#stop-after").is_disabled()
        for stop in reversed(stops[:-1]):
            page.locator("#stop-before").press("Enter")
            visit.settle()
            assert visit.text("#caption") == stop["text"]
        assert page.locator("#stop-before").is_disabled()
        assert visit.wrong == []


def test_a_line_is_shown_only_where_it_is_true(
    browser: Browser, gallery: Path, trajectories: dict[str, Trajectory]
) -> None:
    address = address_of(gallery) + "#view=network&net=4-tanh&e=12"
    with Visit(browser, address, "html[data-tour=ready]") as visit:
        page = visit.page
        stops = page.evaluate(STOPS)
        trajectory = trajectories["4-tanh"]
        last = trajectory.trained_epochs
        speaker = Speaker.of(trajectory, LANGUAGES["en"])
        actions = {
            text_of(speaker.line(event)): range(event.epoch, event.end + 1)
            for event in story(trajectory)
            if event.kind in ("settle", "heads", "moves", "takes")
        }
        assert actions.keys() & {stop["text"] for stop in stops}
        passed = [int(stop["state"]["e"]) for stop in stops]
        asked = sorted({*range(0, last + 1, 17), *passed, *(e + 1 for e in passed if e < last)})
        for epoch in asked:
            page.evaluate("epoch => { spiral.clock.seekEpoch(epoch); }", epoch)
            visit.settle()
            # The one that was passed last; the data are no stop on the way, the end has several.
            number = max(passed.index(e, 1) for e in passed if e <= epoch)
            line = stops[number]["text"]
            true = epoch in actions.get(line, range(passed[number], passed[number] + 1))
            between = f"Between stop {number + 1} and stop {number + 2} of {len(stops)}."
            assert visit.text("#caption") == (line if true else between), epoch
        # The data are what they are at any epoch.
        page.locator("#morph").check()
        visit.settle()
        assert visit.text("#caption") == stops[0]["text"]
        # As it plays a line stays until it is read, but nothing is untrained any more.
        page.locator("#morph").uncheck()
        page.evaluate("epoch => spiral.clock.seekEpoch(epoch)", passed[2] - 1)
        page.evaluate("spiral.clock.setSpeed(0.01)")
        page.evaluate("spiral.clock.play()")
        visit.settle()
        assert visit.text("#caption") == f"Between stop 2 and stop 3 of {len(stops)}."
        page.evaluate(
            "epoch => spiral.clock.seek(spiral.shown.timeline().secondAt(epoch) + 0.1)", passed[2]
        )
        visit.settle()
        assert visit.text("#caption") == stops[2]["text"]
        assert visit.wrong == []


def test_a_tour_of_ones_own_file_in_the_browsers_language(
    browser: Browser, gallery: Path, tmp_path: Path
) -> None:
    ways = [[(0, (0.5, 0.5)), (300, (0.52, 0.5))], [(0, (-0.5, 0)), (300, (-0.5, 0.1))]]
    still = training(ways, class_names=["Katze", "Hund"], run_name="Tiere")
    still.save(tmp_path / "still.npz")
    address = address_of(gallery) + "#view=network&net=3-tanh&e=12"
    with Visit(browser, address, "html[data-tour=ready]", locale="de-AT") as visit:
        page = visit.page
        assert page.locator("html").get_attribute("lang") == "de"
        page.locator("#own").set_input_files(tmp_path / "still.npz")
        page.wait_for_selector("html[data-network=own-1][data-tour=ready]", state="attached")
        stops = page.evaluate(STOPS)
        assert 6 <= len(stops) <= 8
        speaker = Speaker.of(still, LANGUAGES["de"])
        said = text_of(speaker.say("layers_readout", v=speaker.language.percentage(1.0)))
        assert said in [stop["text"] for stop in stops]
        # The names of the file: of the run in the list, of the classes beside their colours.
        assert page.locator("#net option:checked").inner_text() == "Tiere"
        assert page.locator("#names li").all_inner_texts() == ["Katze", "Hund"]
        first = page.evaluate("getComputedStyle(document.querySelector('.swatch')).backgroundColor")
        rgb = [int(theme("light").classes[0][i : i + 2], 16) for i in (1, 3, 5)]
        assert first == f"rgb({', '.join(map(str, rgb))})"
        assert visit.wrong == []
