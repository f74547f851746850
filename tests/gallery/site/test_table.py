"""The table in a browser: it shows what NumPy says, in step, from disk and from a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from spiralcore import Trajectory
from spiralcore.gallery.closeness import closeness
from spiralcore.gallery.samples import LEVELS
from spiralcore.stage.panels.ratio_panel import every_epoch
from spiralcore.system.rounding import fixed, percent
from spiralcore.trajectory.play.pacing import timeline
from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.play.timeline import Timeline
from tests.browser import in_both
from tests.gallery.conftest import Served
from tests.gallery.visiting import Visit, address_of

SECONDS = 4.0
TIMES = (-0.5, 0.37, 1.9, 3.33, 4.5)


@pytest.fixture(scope="module")
def visit(browser: Browser, gallery: Path) -> Iterator[Visit]:
    with Visit(browser, address_of(gallery)) as found:
        yield found


@pytest.fixture(scope="module")
def clock(trajectories: dict[str, Trajectory]) -> Timeline:
    return timeline(list(trajectories.values()), SECONDS)


def test_opens_from_disk_without_a_complaint(visit: Visit, gallery: Path) -> None:
    assert visit.wrong == []
    folder = gallery.as_uri()
    assert [url for url in visit.requests if not url.startswith((folder, "data:,"))] == []
    assert visit.page.title() == "How networks bend space"
    assert [text.split() for text in visit.page.locator("#rows h2").all_inner_texts()] == [
        ["3", "classes"],
        ["4", "classes"],
    ]
    assert visit.page.locator("#rows canvas[role=img]").count() == 2 + 2 * 3


@in_both
@pytest.mark.parametrize("second", TIMES)
def test_numbers_are_those_of_the_file(
    visit: Visit, clock: Timeline, trajectories: dict[str, Trajectory], second: float
) -> None:
    visit.show(second)
    assert visit.text("#epoch") == f"{int(clock.epoch_at(second) + 1e-6):,}"
    for block, trajectory in zip(
        visit.page.locator(".row > .network").all(), trajectories.values(), strict=True
    ):
        now = int(clock.epoch_at(second) + 1e-6)
        # Each panel has its own numbers below it, and they are of the epoch that it shows.
        for kind, epoch in (("final", trajectory.trained_epochs), ("evolving", now)):
            accuracy, packing = block.locator(f".{kind} .numbers b").all_inner_texts()
            assert accuracy == percent(trajectory.accuracy[epoch])
            values = every_epoch(
                trajectory.epochs, closeness(trajectory), trajectory.trained_epochs
            )
            found = float(values[epoch])
            assert packing == ("–" if np.isnan(found) else fixed(found, 2))
            panel, numbers = (
                block.locator(f".{kind} {part}").bounding_box() for part in (".frame", ".numbers")
            )
            assert panel is not None
            assert numbers is not None
            assert numbers["y"] >= panel["y"] + panel["height"]
            assert numbers["x"] == pytest.approx(panel["x"], abs=1)
            assert numbers["width"] <= panel["width"] + 1


@pytest.mark.parametrize("second", TIMES)
def test_all_panels_are_at_the_same_film_time(
    visit: Visit, clock: Timeline, trajectories: dict[str, Trajectory], second: float
) -> None:
    visit.show(second)
    drawn = visit.ask("() => spiral.table.shown()")
    for name, trajectory in trajectories.items():
        lower, upper, rise = drawn[name]["limits"]
        places = np.array(drawn[name]["places"]).reshape(-1, 2)
        found = lower + places * (upper - lower) + (0, rise)
        wanted = Playback(trajectory, clock).at(second).hidden
        # Pictures are 0.05 s apart, and places are whole steps of a panel.
        assert np.abs(found - wanted).max() < (upper - lower) * (0.006 + 1 / LEVELS)


def test_the_canvas_shows_the_points_where_they_are(visit: Visit) -> None:
    """At the end most pixels at the places of points have the colours of their classes.

    Not all, as points lie above each other after so short a training; by chance it were a quarter.
    """
    visit.show(4.5)
    drawn = visit.ask("() => spiral.table.shown()")["4-tanh"]
    pixels = np.array(visit.pixels(".evolving canvas", 2), np.uint8)
    side = int(np.sqrt(len(pixels) / 4))
    picture = pixels.reshape(side, side, 4)[:, :, :3].astype(int)
    colours = np.array([[int(text[i : i + 2], 16) for i in (1, 3, 5)] for text in drawn["colours"]])
    hits = 0
    for (x, y), label in zip(
        np.array(drawn["places"]).reshape(-1, 2), drawn["labels"], strict=True
    ):
        at = picture[int((1 - y) * side), int(x * side)]
        hits += int(np.abs(colours - at).sum(axis=1).argmin() == label)
    assert hits > 0.6 * len(drawn["labels"])


def test_the_final_layer_stands_still_and_the_evolving_one_ends_there(visit: Visit) -> None:
    visit.show(1.0)
    early, final = (visit.pixels(f".{kind} canvas") for kind in ("evolving", "final"))
    assert early != final
    visit.show(4.5)
    assert visit.pixels(".final canvas") == final
    assert np.abs(np.subtract(visit.pixels(".evolving canvas"), final)).max() <= 2


def test_predicted_classes_are_behind_the_data(visit: Visit) -> None:
    visit.show(-0.5)
    start = visit.picture(".data canvas")
    visit.show(4.5)
    assert visit.picture(".data canvas") != start


def test_from_a_server_it_asks_for_little(browser: Browser, gallery: Path) -> None:
    served = Served(gallery)  # one of its own, that nobody else has asked
    with Visit(browser, served.address) as visit:
        assert visit.wrong == []
        home = served.address.removesuffix("index.html")
        assert [url for url in visit.requests if not url.startswith((home, "data:,"))] == []
    assert not any("live-" in place or "/files/" in place for place in served.sent)
    assert sum(served.sent.values()) < 7_000_000
    without_data = {k: v for k, v in served.sent.items() if not k.startswith("/data/")}
    assert sum(without_data.values()) < 445_000
    served.server.shutdown()
    served.server.server_close()


def test_playing_moves_everything_and_ends(browser: Browser, gallery: Path) -> None:
    with Visit(browser, address_of(gallery), reduced_motion="no-preference") as visit:
        page = visit.page
        assert page.get_by_role("button", name="Pause").is_visible()
        page.evaluate("spiral.clock.seek(4.0)")
        page.get_by_role("button", name="Play").wait_for()
        assert page.evaluate("spiral.clock.state.second") == 4.5
        last = page.evaluate("spiral.parts.facts('manifest').last_epoch")
        assert visit.text("#epoch") == f"{last:,}"
        page.get_by_role("button", name="Play").click()
        assert page.evaluate("spiral.clock.state.playing")
        assert page.evaluate("spiral.clock.state.second") < 4.0


def test_reduced_motion_does_not_play_by_itself(browser: Browser, gallery: Path) -> None:
    with Visit(browser, address_of(gallery)) as visit:
        assert visit.page.get_by_role("button", name="Play").is_visible()
        assert visit.page.evaluate("spiral.clock.state.second") == -0.5


def test_scrubber_and_speed(visit: Visit) -> None:
    page = visit.page
    page.locator("#scrub").fill("2")
    visit.settle()
    assert page.evaluate("spiral.clock.state.second") == 2
    assert page.locator("#scrub").get_attribute("aria-valuetext") == (
        f"epoch {visit.text('#epoch')}, second 2.0"
    )
    page.get_by_label("speed").select_option("4")
    assert page.evaluate("spiral.clock.state.speed") == 4
    page.get_by_label("speed").select_option("1")


def test_the_default_table_fits_into_seven_megabytes(tmp_path: Path) -> None:
    """A network with as many points as the largest of the default run, and what it may take."""
    from spiralcore.data import Spirals
    from spiralcore.gallery.part_jobs import clock_arrays, write_plane_part, write_table_part
    from spiralcore.gallery.parts import archive, write_archive
    from spiralcore.recipe import TrainingSettings
    from tests.conftest import record, small_recipe

    recipe = small_recipe(
        classes=7,
        data=Spirals(points_per_class=200),
        training=TrainingSettings(epochs=400, learning_rate=0.005),
    )
    trajectory = record(recipe)[0]
    trajectory.save(tmp_path / "k7.npz")
    clock = timeline([trajectory], 20.0)
    write_archive(tmp_path / "clock.js", "clock", archive(clock_arrays(clock)))
    sizes = {}
    for write in (write_table_part, write_plane_part):
        path = tmp_path / f"{write.__name__}.js"
        write(tmp_path / "k7.npz", tmp_path / "clock.js", "k7", path, print)
        sizes[write] = path.stat().st_size
    # 5,400 points with each activation; six of the twelve have the plane of the data, too.
    points = 2 * 5_400 / 1_400
    whole = points * sizes[write_table_part] + 6 * sizes[write_plane_part]
    assert whole + 400_000 < 7_000_000
