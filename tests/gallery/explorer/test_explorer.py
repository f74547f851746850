"""The explorer in a browser: the same sums as in Python, and what a reader can do with it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from spiralcore import Trajectory
from spiralcore.analysis.network.decision_polygons import decision_polygons
from spiralcore.analysis.network.vector_field import reach
from spiralcore.gallery.closeness import closeness
from spiralcore.registry.themes import theme
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.border_histogram import BorderHistogram
from spiralcore.stage.marks.borders import axis_numbers
from spiralcore.stage.panels.data_panel import input_plane
from spiralcore.stage.panels.ratio_panel import every_epoch
from spiralcore.trajectory.play.pacing import timeline
from spiralcore.trajectory.play.playback import SMOOTHING, Playback
from spiralcore.trajectory.play.view import View
from tests.conftest import made_trajectory, spiral
from tests.gallery.visiting import Visit, address_of

SECONDS = 4.0
TIMES = (-0.5, -0.1, 0.6, 2.2, 3.9, 4.5)

STATE = """() => {
  const stage = spiral.explorer.stage();
  return {
    hidden: Array.from(stage.playback.hidden),
    readout: Array.from(stage.playback.readout),
    frame: stage.view.at(spiral.clock.state.second),
    seconds: Array.from(stage.timeline.seconds),
    epochs: Array.from(stage.timeline.epochs),
  };
}"""


def ready(name: str) -> str:
    return f"html[data-network='{name}']"


@pytest.fixture(scope="module")
def visit(browser: Browser, gallery: Path) -> Iterator[Visit]:
    address = address_of(gallery) + "#view=network&net=3-relu"
    with Visit(browser, address, ready("3-relu")) as found:
        yield found
        assert found.wrong == []


def choose(visit: Visit, net: str, time: str = "motion", path: str = "smooth") -> None:
    page = visit.page
    page.locator("#net").select_option(net)
    page.wait_for_selector(ready(net), state="attached")
    page.locator(f"input[name=time][value={time}]").check()
    page.locator(f"input[name=path][value={path}]").check()
    visit.settle()


def open_own(visit: Visit, file: Path) -> None:
    """Open a trajectory file in the browser."""
    known = visit.page.locator("#net option[value^=own]").count()
    visit.page.locator("#own").set_input_files(file)
    visit.page.wait_for_selector(ready(f"own-{known + 1}"), state="attached")
    visit.page.locator("input[name=time][value=motion]").check()
    visit.page.locator("input[name=path][value=smooth]").check()


@pytest.mark.parametrize("net", ["3-tanh", "3-relu"])
@pytest.mark.parametrize("kind", ["motion", "log", "linear"])
@pytest.mark.parametrize("path", ["smooth", "exact"])
def test_shows_what_the_films_show(
    visit: Visit, trajectories: dict[str, Trajectory], net: str, kind: str, path: str
) -> None:
    choose(visit, net, kind, path)
    trajectory = trajectories[net]
    clock = timeline([trajectory], SECONDS, kind)
    playback = Playback(trajectory, clock, SMOOTHING if path == "smooth" else 0.0)
    view = View(playback)
    for second in TIMES:
        visit.show(second)
        found, moment = visit.ask(STATE), playback.at(second)
        np.testing.assert_allclose(
            np.reshape(found["hidden"], (-1, 2)), moment.hidden, atol=3e-6 * 3
        )
        readout = np.reshape(found["readout"], (-1, 3))
        np.testing.assert_allclose(readout[:, :2], moment.readout_weight, atol=1e-5)
        np.testing.assert_allclose(readout[:, 2], moment.readout_bias, atol=1e-5)
        frame = view.frame(second)
        np.testing.assert_allclose(found["frame"]["limits"], frame.limits, rtol=1e-5)
        epoch = int(clock.epoch_at(second) + 1e-6)
        assert visit.text("#epoch") == f"{epoch:,}"
        assert visit.text("#accuracy") == f"{100 * float(trajectory.accuracy[epoch]):.1f} %"
        assert visit.text("#entropy") == f"{trajectory.cross_entropy[epoch]:.3f}"
        values = every_epoch(trajectory.epochs, closeness(trajectory), trajectory.trained_epochs)
        wanted = "–" if np.isnan(values[epoch]) else f"{values[epoch]:.2f}"
        assert visit.text("#packing") == wanted


def test_a_plane_without_a_border_is_framed_as_in_the_films(visit: Visit, tmp_path: Path) -> None:
    steps = np.random.default_rng(1).normal(size=(40, 30, 2)).cumsum(axis=0).astype(np.float32)
    trajectory = made_trajectory(steps, np.arange(40) * 3, activation="leaky_relu")
    trajectory.save(tmp_path / "free.npz")
    open_own(visit, tmp_path / "free.npz")
    playback = Playback(trajectory, timeline([trajectory], SECONDS))
    view = View(playback)
    for second in TIMES:
        visit.show(second)
        found, frame = visit.ask(STATE), view.frame(second)
        np.testing.assert_allclose(found["frame"]["limits"], frame.limits, rtol=1e-4)
        assert found["frame"]["rise"] == pytest.approx(frame.rise, abs=1e-3)


@pytest.mark.parametrize("size", [0.0, 3.0])
def test_the_plane_of_the_data_is_as_large_as_in_python(
    visit: Visit, tmp_path: Path, size: float
) -> None:
    steps = np.random.default_rng(2).normal(size=(10, 30, 2)).cumsum(axis=0).astype(np.float32)
    trajectory = made_trajectory(steps)
    inputs = np.full_like(trajectory.inputs, size)  # all points may lie at one place, the origin
    trajectory = dataclasses.replace(trajectory, inputs=inputs)
    trajectory.save(tmp_path / "still.npz")
    open_own(visit, tmp_path / "still.npz")
    found = visit.page.evaluate("spiral.explorer.stage().path.reach")
    assert found == pytest.approx(reach(trajectory))
    assert found == pytest.approx(1.09 * size or 1.0)
    lower, upper = input_plane(trajectory, Box(0, 0, 1, 1)).limits
    assert (lower, upper) == (-reach(trajectory), reach(trajectory))


def test_a_file_of_ones_own_is_paced_as_in_python(
    visit: Visit, gallery: Path, trajectories: dict[str, Trajectory]
) -> None:
    open_own(visit, gallery / "files" / "4-tanh.npz")
    assert visit.page.locator("#net option:checked").inner_text() == "4-tanh"
    visit.show(2.0)
    found = visit.ask(STATE)
    clock = timeline([trajectories["4-tanh"]], SECONDS)
    np.testing.assert_allclose(found["epochs"], clock.epochs)
    np.testing.assert_allclose(found["seconds"], clock.seconds, atol=2e-4)
    wanted = Playback(trajectories["4-tanh"], clock).at(2.0).hidden
    np.testing.assert_allclose(np.reshape(found["hidden"], (-1, 2)), wanted, atol=2e-3)


def test_regions_are_those_of_the_read_out(visit: Visit) -> None:
    numbers = np.random.default_rng(5)
    for classes in (2, 3, 7):
        weight, bias = numbers.normal(size=(classes, 2)), 0.3 * numbers.normal(size=classes)
        readout = np.column_stack((weight, bias)).ravel().tolist()
        found = visit.page.evaluate("r => spiral.regions.polygons(r, -1, -1, 1, 1)", readout)
        wanted = decision_polygons(weight, bias, (-1.0, -1.0), (1.0, 1.0))
        for mine, polygon in zip(found, wanted, strict=True):
            np.testing.assert_allclose(np.reshape(mine, (-1, 2)), polygon, atol=1e-12)


@pytest.mark.parametrize("name", ["dark", "light"])
def test_colours_and_marks_are_those_of_the_films(visit: Visit, name: str) -> None:
    look = theme(name)
    visit.page.evaluate("name => spiral.theme.choose(name)", name)
    found = visit.page.evaluate(
        "() => [...Array(90).keys()].map((label) => "
        "[spiral.theme.ofClass(label), spiral.theme.ofRegion(label), spiral.theme.markOf(label)])"
    )
    colours = [text for text, _, _ in found]
    assert colours == [look.classes[label % 20] for label in range(90)]
    np.testing.assert_array_equal([fill for _, fill, _ in found], look.region_colours(90))
    np.testing.assert_array_equal([mark for _, _, mark in found], look.class_marks(90))
    for classes in (2, 20, 21, 40, 41, 64, 80, 81):
        said = visit.page.evaluate("classes => spiral.theme.repeated(classes)", classes)
        assert said == look.repeated(classes)
    visit.page.evaluate("() => spiral.theme.choose('')")


def test_a_page_of_many_classes_has_marks_and_says_so(visit: Visit, tmp_path: Path) -> None:
    labels = np.arange(48) % 24
    places = np.stack([np.cos(labels / 4), np.sin(labels / 4)], axis=1).astype(np.float32)
    Trajectory.from_arrays(
        {"activation": "tanh"}, epochs=[0, 10], inputs=places, labels=labels,
        hidden=0.8 * np.stack([places, places]), accuracy=np.linspace(0, 1, 11),
    ).save(tmp_path / "many.npz")  # fmt: skip
    open_own(visit, tmp_path / "many.npz")
    assert theme("dark").repeated(24) in visit.text("#trouble")
    visit.show(1.0)
    side = visit.page.evaluate("document.getElementById('layer').width")
    pixels = np.reshape(visit.pixels("#layer"), (side, side, 4))[:, :, :3]
    places_of = np.reshape(visit.ask("() => Array.from(spiral.explorer.stage().places)"), (-1, 2))
    name = visit.page.evaluate("spiral.theme.name()")
    colours = theme(name).class_colours(24)
    middles = pixels[places_of[:, 1].astype(int), places_of[:, 0].astype(int)].astype(int)
    away = np.abs(middles - colours[labels]).max(axis=1)
    # The first classes have a disc of their colour, the others a hole in it.
    assert np.median(away[labels < 20]) < 60
    assert (away[labels >= 20] > 60).all()


def test_numbers_on_axes_are_those_of_the_films(visit: Visit) -> None:
    for wanted in (0.021, 0.1, 0.26, 1.9, 2.05, 2.2, 7.3, 160.0):
        found = visit.page.evaluate("w => spiral.ticks.numbers(w, 7 * w)", wanted)
        assert dict(found) == pytest.approx(axis_numbers(wanted, 7 * wanted))


def test_points_are_followed(visit: Visit, trajectories: dict[str, Trajectory]) -> None:
    choose(visit, "3-tanh")
    visit.show(4.5)
    page = visit.page
    without = visit.picture("#layer")
    page.get_by_role("button", name="One of each class").click()
    visit.settle()
    text = visit.text("#followed")
    numbers = [int(word) for word in text.removeprefix("Following points ")[:-1].split(", ")]
    labels = trajectories["3-tanh"].labels
    assert sorted(labels[number - 1] for number in numbers) == [0, 1, 2]
    assert visit.picture("#layer") != without
    page.get_by_role("button", name="None").click()
    page.get_by_label("Number").fill("17")
    page.get_by_role("button", name="Follow", exact=True).click()
    assert visit.text("#followed") == "Following point 17."
    page.wait_for_url(re.compile("points=16"))
    page.get_by_role("button", name="None").click()
    visit.settle()
    assert visit.picture("#layer") == without


def test_pointing_shows_a_path_and_a_click_keeps_it(visit: Visit) -> None:
    choose(visit, "3-tanh")
    visit.show(4.5)
    page = visit.page
    box = page.locator("#layer").bounding_box()
    assert box is not None
    x, y = page.evaluate(
        "() => { const s = spiral.explorer.stage(), c = document.getElementById('layer');"
        " return [s.places[10], s.places[11]].map(v => v * c.clientWidth / c.width); }"
    )
    without = visit.picture("#layer")
    page.mouse.move(box["x"] + x, box["y"] + y)
    visit.settle()
    assert visit.picture("#layer") != without
    page.mouse.click(box["x"] + x, box["y"] + y)
    assert visit.text("#followed").startswith("Following point ")
    page.get_by_role("button", name="None").click()
    page.mouse.move(0, 0)


def test_a_state_can_be_shared(browser: Browser, gallery: Path) -> None:
    address = address_of(gallery) + (
        "#view=network&net=4-tanh&e=40&speed=0.5&time=log&path=exact&regions=no&points=3.7"
        "&theme=light"
    )
    with Visit(browser, address, ready("4-tanh")) as visit:
        page = visit.page
        assert visit.text("#epoch") == "40"
        assert page.locator("#speed").input_value() == "0.5"
        assert page.locator("input[name=time]:checked").input_value() == "log"
        assert page.locator("input[name=path]:checked").input_value() == "exact"
        assert not page.locator("#regions").is_checked()
        assert visit.text("#followed") == "Following points 4, 8."
        assert page.locator("html").get_attribute("data-theme") == "light"
        page.locator("#regions").check()
        page.locator("#scrub").fill("1.5")
        page.wait_for_url(re.compile("&e=(?!40)"))
        state = dict(part.split("=") for part in page.url.partition("#")[2].split("&"))
        assert state == {
            "view": "network", "net": "4-tanh", "e": visit.text("#epoch"), "speed": "0.5",
            "time": "log", "path": "exact", "points": "3.7", "theme": "light",
        }  # fmt: skip
        page.get_by_role("link", name="All networks").click()
        page.wait_for_selector("html[data-table=ready]", state="attached")
        page.go_back()
        page.wait_for_selector("#network:not([hidden])")
        assert page.locator("#net").input_value() == "4-tanh"
        assert visit.wrong == []


def test_nonsense_in_the_address_does_no_harm(browser: Browser, gallery: Path) -> None:
    address = address_of(gallery) + (
        "#view=network&net=__proto__&t=Infinity&speed=1e9&time=constructor&path=<b>&points=-1.x.9e9"
        "&theme=%22%3E"
    )
    with Visit(browser, address, ready("3-tanh")) as visit:
        assert visit.wrong == []
        assert visit.text("#followed").startswith("Point at the layer")
        assert visit.page.evaluate("spiral.clock.state.speed") == 1


def test_the_files_can_be_had(visit: Visit, gallery: Path) -> None:
    choose(visit, "3-tanh")
    link = visit.page.locator("#files a")
    assert link.text_content() == ".npz of trajectory"
    with visit.page.expect_download() as download:
        link.click()
    assert (
        Path(download.value.path()).read_bytes() == (gallery / "files" / "3-tanh.npz").read_bytes()
    )


def test_bars_at_the_border_are_those_of_the_films(
    visit: Visit, trajectories: dict[str, Trajectory]
) -> None:
    choose(visit, "3-tanh")
    trajectory = trajectories["3-tanh"]
    playback = Playback(trajectory, timeline([trajectory], SECONDS))
    plane = Plane(Box(0, 0, 100, 100), (-1.0, 1.0))
    edge = BorderHistogram(plane, theme("dark"), trajectory.labels, trajectory.classes)
    for second in (0.0, 2.0, 4.5):
        visit.show(second)
        found = visit.page.evaluate(
            "() => { const { at, places, path } = spiral.explorer.stage();"
            " return [...spiral.borderHistogram.counted(at, places, path.labels, path.classes)]; }"
        )
        edge.set_values(playback.at(second).hidden)
        wanted = edge.counts
        # Points on the line between two bars may fall to either of them.
        moved = np.abs(np.reshape(found, wanted.shape) - wanted).sum()
        assert moved <= 0.02 * wanted.sum()
        np.testing.assert_allclose(
            np.reshape(found, wanted.shape).sum(axis=(1, 2)), wanted.sum(axis=(1, 2)), atol=1
        )
    assert wanted.sum() > 0


def test_bars_are_drawn_outside_of_the_square_and_nowhere_else(
    visit: Visit, tmp_path: Path
) -> None:
    corner = np.tile(np.float32([[1, 1], [-1, 0.2], [0.3, -1]]), (3, 20, 1))
    made_trajectory(corner).save(tmp_path / "corner.npz")
    made_trajectory(corner, activation="disk").save(tmp_path / "round.npz")
    margin = (
        "() => { const canvas = document.getElementById('layer'); const { at } ="
        " spiral.explorer.stage(); const width = Math.floor(at.x(-1)) - 4;"
        " return new Set(new Uint32Array(spiral.panel.context(canvas)"
        ".getImageData(0, 0, width, canvas.height).data.buffer)).size; }"
    )
    for name, barred in (("corner", True), ("round", False)):
        open_own(visit, tmp_path / f"{name}.npz")
        visit.page.locator("#regions").uncheck()
        visit.show(1.0)
        # The points lie at 1 and reach a little into the margin, but not so far.
        inner = visit.page.evaluate(margin.replace("- 4", "* 0.7"))
        assert (inner > 1) == barred
        visit.page.locator("#regions").check()


def test_powers_of_ten_stand_below_the_loss(
    visit: Visit, trajectories: dict[str, Trajectory]
) -> None:
    choose(visit, "3-tanh")
    visit.show(1.0)
    ticks = visit.page.evaluate("spiral.explorer.stage().path.curve.ticks")
    last = trajectories["3-tanh"].trained_epochs
    powers = [0, *(10**power for power in range(8) if 10**power <= last)]
    assert [tick["epoch"] for tick in ticks] == powers
    width = visit.page.evaluate("document.getElementById('loss').width")
    for tick in ticks:
        share = np.log1p(tick["epoch"]) / np.log1p(last)
        assert tick["x"] == pytest.approx(6 + share * (width - 12), abs=0.01)
    assert [tick["text"] for tick in ticks if tick["text"]] == [f"{power:,}" for power in powers]
    assert all(later["at"] > tick["at"] for tick, later in pairwise(ticks))


def test_a_loss_with_gaps_has_gaps(visit: Visit, trajectory: Trajectory, tmp_path: Path) -> None:
    entropy = trajectory.cross_entropy.copy()
    entropy[30:200] = np.nan
    gapped = dataclasses.replace(
        trajectory, cross_entropy=entropy, recipe={"activation": "tanh", "gaps": ["cross_entropy"]}
    )
    gapped.save(tmp_path / "gaps.npz")
    open_own(visit, tmp_path / "gaps.npz")
    visit.show(4.5)
    inked = (
        "() => { const canvas = document.getElementById('loss'), { width, height } = canvas;"
        " const copy = Object.assign(document.createElement('canvas'), { width, height });"
        " const brush = copy.getContext('2d', { willReadFrequently: true });"
        " brush.drawImage(canvas, 0, 0);"
        " const { place, level, bottom } = spiral.explorer.stage().path.curve;"
        " const seen = (epoch) => { const [x] = place(epoch, 0);"
        "  const { data } = brush.getImageData(Math.round(x), level + 3, 1, bottom - level - 6);"
        "  return data.some((value, i) => i % 4 === 3 && value > 40); };"
        " return [280, 80, 150].map(seen); }"
    )
    assert visit.page.evaluate(inked) == [True, False, False]


def test_where_a_loss_alone_is_known_that_is_drawn(
    visit: Visit, trajectory: Trajectory, gallery: Path, tmp_path: Path
) -> None:
    arrays = {name: values for name, values in trajectory.arrays().items() if name != "recipe"}
    loss = np.linspace(7.5, 0.5, trajectory.trained_epochs + 1)
    del arrays["cross_entropy"]
    Trajectory.from_arrays({"activation": "tanh"}, **{**arrays, "loss": loss}).save(
        tmp_path / "loss.npz"
    )
    open_own(visit, tmp_path / "loss.npz")
    check_loss(visit)
    made = spiral(tmp_path, "gallery", "loss.npz", "--seconds", "2", "--jobs", "1")
    assert made.returncode == 0, made.stderr
    address = address_of(tmp_path / "gallery") + "#view=network&net=loss"
    browser = visit.page.context.browser
    assert browser is not None
    with Visit(browser, address, ready("loss")) as other:
        check_loss(other)
        assert other.wrong == []


def check_loss(visit: Visit) -> None:
    visit.show(1.0)
    assert visit.page.locator("#loss").is_visible()
    assert visit.text("#loss-caption") == "loss over the epochs, logarithmic"
    assert visit.page.get_by_role("img", name="Loss over the epochs").is_visible()
    curve = "spiral.explorer.stage().path.curve"
    assert visit.page.evaluate(f"{curve}.note") == "the loss of the training, up to 7.5"
    first, last = (
        visit.page.evaluate(f"{curve}.place({epoch}, {value})[1]")
        for epoch, value in ((0, 7.5), (300, 0.5))
    )
    bottom = visit.page.evaluate(f"{curve}.bottom")
    assert (bottom - first) / (bottom - last) == pytest.approx(15)
    assert visit.text("#entropy") == "–"
    assert inked(visit, 0)
    assert inked(visit, 280)


def inked(visit: Visit, epoch: int) -> bool:
    """Whether anything is drawn where the loss has its curve at an epoch."""
    found: bool = visit.page.evaluate(
        """epoch => { const canvas = document.getElementById('loss'), { width, height } = canvas;
        const copy = Object.assign(document.createElement('canvas'), { width, height });
        const brush = copy.getContext('2d', { willReadFrequently: true });
        brush.drawImage(canvas, 0, 0);
        const { path } = spiral.explorer.stage();
        const [x, y] = path.curve.place(epoch, path.losses[epoch]);
        const { data } = brush.getImageData(Math.round(x), Math.round(y) - 2, 1, 5);
        return data.some((value, i) => i % 4 === 3 && value > 40); }""",
        epoch,
    )
    return found


def test_points_that_are_followed_keep_their_marks(visit: Visit, tmp_path: Path) -> None:
    labels = np.arange(48) % 24
    angle = 2 * np.pi * np.arange(48) / 48
    places = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    Trajectory.from_arrays(
        {"activation": "tanh"}, epochs=[0, 10], inputs=places, labels=labels,
        hidden=0.8 * np.stack([places, places]), accuracy=np.linspace(0, 1, 11),
    ).save(tmp_path / "marked.npz")  # fmt: skip
    open_own(visit, tmp_path / "marked.npz")
    middle = (
        "point => { const { places } = spiral.explorer.stage();"
        " const brush = spiral.panel.context(document.getElementById('layer'));"
        " return [...brush.getImageData(places[2 * point], places[2 * point + 1], 1, 1).data]; }"
    )
    before = [visit.page.evaluate(middle, point) for point in (3, 22)]
    for point in (4, 23):
        visit.page.locator("#point").fill(str(point))
        visit.page.locator("#follow").click()
    visit.show(1.0)
    after = [visit.page.evaluate(middle, point) for point in (3, 22)]
    away = np.abs(np.subtract(after, before))[:, :3].max(axis=1)
    assert (away < 60).all()
    colours = theme(visit.page.evaluate("spiral.theme.name()")).class_colours(24)
    assert np.abs(np.array(after[0][:3]) - colours[3]).max() < 30
    assert np.abs(np.array(after[1][:3]) - colours[22]).max() > 60
