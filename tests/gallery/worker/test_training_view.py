"""The view that trains: what one sees, sets, and takes along."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator

from spiralcore import Trajectory
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.gallery.closeness import closeness
from spiralcore.recipe import load_recipe
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.training.trainer import points_of, train
from tests import firefox
from tests.browser import in_both
from tests.conftest import spiral
from tests.gallery.conftest import Served
from tests.gallery.visiting import Visit, address_of

READY = "html[data-training=ready]"
SMALL = "#view=train&k=3&n=20&widths=12-2&epochs=60"


@pytest.fixture(scope="module")
def playground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("playground")
    made = spiral(folder, "playground", "--output", "train.html")
    assert made.returncode == 0, made.stderr
    assert re.fullmatch(r"train\.html: \d+ kB\n", made.stdout)
    return folder / "train.html"


def opened(browser: Browser, page: Path, state: str = SMALL, **options: Any) -> Visit:
    return Visit(browser, page.as_uri() + state, READY, accept_downloads=True, **options)


def trained(visit: Visit) -> None:
    visit.page.locator("#train-play").click()
    visit.page.wait_for_selector(READY, state="attached")
    visit.settle()


def typed(field: Locator, value: str) -> None:
    """Type into a field: what a script puts there is nothing that Firefox calls a change."""
    field.press("Control+a")
    field.press_sequentially(value)
    field.press("Enter")


def saved(visit: Visit, button: str, folder: Path) -> Path:
    if visit.firefox:
        visit.page.locator(button).click()
        visit.page.wait_for_selector("#train-taken:not(:empty)")
        name = visit.text("#train-taken").removeprefix("Saved: ").partition(",")[0]
        return firefox.saved(name).rename(folder / name)
    with visit.page.expect_download() as download:
        visit.page.locator(button).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


@in_both
@pytest.mark.parametrize("source", ["disk", "server"])
def test_trains_and_looks_back(
    browser: Browser, gallery: Path, served: Served, source: str
) -> None:
    address = address_of(gallery) if source == "disk" else served.address
    with Visit(browser, address + SMALL, READY) as visit:
        page = visit.page
        assert page.title() == "Train: How networks bend space"
        assert visit.text("#train-epoch") == "0"
        first = visit.picture("#train-layer")
        trained(visit)
        assert visit.text("#train-epoch") == "60"
        assert visit.picture("#train-layer") != first
        shown = [visit.text(f"#train-{name}") for name in ("accuracy", "entropy", "packing")]
        assert len(set(visit.pixels("#train-field"))) > 5
        page.locator("#train-back").click()
        page.wait_for_selector("html[data-network=trained]", state="attached")
        visit.settle()
        assert page.locator("#net option:checked").inner_text() == (
            "Trained here: 3 classes, spirals, tanh"
        )
        assert visit.text("#epoch") == "60"
        assert [visit.text(f"#{name}") for name in ("accuracy", "entropy", "packing")] == shown
        assert page.evaluate("spiral.shown.path().epochs[0]") == 0
        last = visit.picture("#data"), visit.picture("#layer")
        page.evaluate("spiral.clock.seekEpoch(0)")
        visit.settle()
        assert visit.text("#epoch") == "0"
        assert visit.picture("#data") != last[0]
        assert visit.picture("#layer") != last[1]
        page.go_back()
        page.wait_for_selector("#train:not([hidden])")
        assert visit.text("#train-epoch") == "60"
        here = (address.removesuffix("index.html"), "blob:", "data:")
        assert [url for url in visit.requests if not url.startswith(here)] == []
        assert visit.wrong == []


@in_both
@pytest.mark.parametrize("state", [
    "&act=relu&data=rings", "&act=sphere", "&act=leaky_relu&data=blobs&seed=9007199254740991",
])  # fmt: skip
def test_what_is_saved_is_a_trajectory(
    browser: Browser, playground: Path, tmp_path: Path, state: str
) -> None:
    with opened(browser, playground, SMALL + state) as visit:
        trained(visit)
        file = saved(visit, "#train-save", tmp_path)
        line = visit.text("#train-line")
        accuracy, packing = visit.text("#train-accuracy"), visit.text("#train-packing")
        visit.page.locator("#train-back").click()
        visit.page.set_input_files("#own", file)
        visit.page.wait_for_selector("html[data-network^=own]", state="attached")
        assert visit.page.evaluate("spiral.shown.path().points") == 60
        assert visit.wrong == []
    assert line == f"spiral render bending {file.name}"
    found = Trajectory.load(file)
    assert (found.classes, found.points, found.trained_epochs) == (3, 60, 60)
    assert found.recipe["made"]["attempt"] == 1
    assert f"{100 * found.accuracy[-1]:.1f} %" == accuracy
    assert f"{closeness(found)[-1]:.2f}" == packing
    points = points_of(_recipe(found))
    np.testing.assert_allclose(found.inputs, points.inputs, rtol=1e-6, atol=1e-6)
    assert np.array_equal(found.labels, points.labels)
    # The network, the layer and the read-out belong to each other.
    network = RecordedNetwork(found)
    *_, hidden, logits = network.values(len(network.epochs) - 1, found.inputs)
    scale = np.abs(found.hidden[-1]).max()
    np.testing.assert_allclose(found.hidden[-1], hidden, atol=2e-3 * scale)
    right = (logits.argmax(axis=1) == found.labels).mean()
    assert right == pytest.approx(float(found.accuracy[-1]))
    assert found.fidelity is not None
    assert 0 < found.fidelity.max < 0.03
    assert spiral(tmp_path, "info", file.name).returncode == 0


def _recipe(found: Trajectory) -> Any:
    from spiralcore.recipe import NetworkRecipe

    known = {name: value for name, value in found.recipe.items()
             if name not in ("made", "recording_revision")}  # fmt: skip
    return NetworkRecipe.model_validate(known)


def test_the_recipe_trains_the_same_network(
    browser: Browser, playground: Path, tmp_path: Path
) -> None:
    state = SMALL + "&data=moons&noise=0.1&act=softplus&lr=0.001&warm=7&l2=0.01&seed=5"
    with opened(browser, playground, state) as visit:
        trained(visit)
        shown = visit.text("#train-entropy")
        file = saved(visit, "#train-toml", tmp_path)
    recipe = load_recipe(file)
    (classes,), (activation,) = recipe.classes, recipe.activations
    assert (classes, activation, recipe.seed) == (3, "softplus", 5)
    assert recipe.data.model_dump() == {
        "kind": "moons", "points_per_class": 20, "imbalance": 1.0, "extent": 20.0, "noise": 0.1,
    }  # fmt: skip
    assert recipe.training.warm_up == 7
    network = recipe.network_recipe(classes, activation)
    *_, last = train(network, points_of(network))
    assert last.epoch == 60
    assert last.cross_entropy == pytest.approx(float(shown), abs=2e-3)
    made = spiral(tmp_path, "train", "--recipe", file.name, "--out", "again.npz")
    assert made.returncode == 0, made.stderr
    again = Trajectory.load(tmp_path / "again.npz")
    assert (again.recipe["activation"], again.recipe["seed"], again.points) == ("softplus", 5, 60)
    assert again.cross_entropy[-1] == pytest.approx(last.cross_entropy, rel=1e-5)


def test_points_of_ones_own_are_trained_again(
    browser: Browser, playground: Path, tmp_path: Path
) -> None:
    with opened(browser, playground) as visit:
        visit.page.locator("#train-inputs").click(position={"x": 100, "y": 40})
        visit.page.wait_for_function("() => spiral.training.state()?.hidden.length === 122")
        downloads: list[Any] = []
        visit.page.on("download", lambda one: downloads.append(one))
        trained(visit)
        visit.page.locator("#train-toml").click()
        while len(downloads) < 2:
            visit.page.wait_for_timeout(50)
        for one in downloads:
            one.save_as(tmp_path / one.suggested_filename)
    (recipe,) = tmp_path.glob("*.toml")
    made = spiral(tmp_path, "train", "--recipe", recipe.name, "--out", "again.npz")
    assert made.returncode == 0, made.stderr
    again = Trajectory.load(tmp_path / "again.npz")
    assert (again.points, again.classes, again.trained_epochs) == (61, 3, 60)


def test_a_link_gives_the_same_run_anywhere(browser: Browser, playground: Path) -> None:
    state = SMALL + "&data=checkerboard&gap=0.3&act=disk&n=15&first=3"
    with opened(browser, playground, state) as visit:
        trained(visit)
        weights = visit.page.evaluate("document.documentElement.dataset.weights")
        link = visit.page.evaluate("location.hash")
    for other in (link, f"{link}&core=plain"):
        with opened(browser, playground, other) as visit:
            trained(visit)
            assert visit.page.evaluate("document.documentElement.dataset.weights") == weights
            assert visit.page.evaluate("spiral.training.state().plain") == other.endswith("plain")
    with opened(browser, playground, link.replace("first=3", "first=2")) as visit:
        trained(visit)
        assert visit.page.evaluate("document.documentElement.dataset.weights") != weights


REFUSALS = {
    "#train-classes": ("1", "Classes: found '1'.\nexpected: a whole number from 2 to 10."),
    "#train-points": ("many", "Points a class: found 'many'.\n"
                      "expected: a whole number from 3 to 500."),
    "#train-noise": ("-1", "Noise: found '-1'.\nexpected: a number from 0 to 1,000,000."),
    "#train-learning_rate": ("0", "Learning rate: found '0'.\nexpected: a number above 0 to 10."),
    "#train-seed": ("1.5", "Seed: found '1.5'.\n"
                    "expected: a whole number from 0 to 9,007,199,254,740,991."),
    "#train-widths": ("8 3", "Widths: found '8 3'.\nexpected: 1 to 6 hidden layers of 1 to 512 "
                      "units, the last one, which is drawn, of 2.\nnext: 120 80 40 2"),
    "#train-inner_radius": ("20", "Inner radius: found 20 with an outer one of 20.\n"
                            "expected: a smaller inner radius."),
}  # fmt: skip


@in_both
@pytest.mark.parametrize("field", REFUSALS)
def test_what_cannot_be_trained_is_refused(browser: Browser, playground: Path, field: str) -> None:
    value, text = REFUSALS[field]
    with opened(browser, playground) as visit:
        page = visit.page
        before = page.evaluate("location.hash")
        typed(page.locator(field), value)
        assert visit.text("#train-refused") == text
        assert page.locator(field).get_attribute("aria-invalid") == "true"
        page.wait_for_timeout(50)
        assert page.evaluate("location.hash") == before
        trained(visit)
        assert visit.text("#train-epoch") == "60"


def test_a_training_that_bursts_says_so(browser: Browser, playground: Path) -> None:
    with opened(
        browser, playground, SMALL + "&act=leaky_relu&lr=10&warm=0&widths=16-16-16-16-2&epochs=3000"
    ) as visit:
        visit.page.locator("#train-play").click()
        visit.page.wait_for_selector("#train-refused:not([hidden])")
        assert re.fullmatch(
            r"The loss is [\d.e+]+ at epoch \d+\.\nexpected: a loss that stays small\.\n"
            r"next: a learning rate below 10",
            visit.text("#train-refused"),
        )
        assert visit.page.locator("#train-play").get_attribute("aria-label") == "Train"


@in_both
def test_the_form_sets_everything(browser: Browser, playground: Path) -> None:
    with opened(browser, playground) as visit:
        page = visit.page
        page.select_option("#train-data", "checkerboard")
        page.select_option("#train-activation", "gelu")
        assert page.locator("#train-fields").input_value() == "4"
        assert page.locator("#train-noise").count() == 0
        typed(page.locator("#train-classes"), "5")
        state = page.evaluate("Object.fromEntries(new URLSearchParams(location.hash.slice(1)))")
        assert state == {"view": "train", "k": "5", "n": "20", "widths": "12-2", "epochs": "60",
                         "data": "checkerboard", "act": "gelu"}  # fmt: skip
        page.locator("#train-film").click()
        settings = page.evaluate("spiral.training.settings()")
        assert settings["widths"] == [120, 80, 40, 2]
        assert (settings["learning_rate"], settings["l2"], settings["epochs"], settings["points"],
                settings["warm_up"]) == (0.0005, 0.005, 10000, 200, 0)  # fmt: skip
        page.locator("#train-usual").click()
        assert page.evaluate("spiral.training.settings().learning_rate") == 0.005
        page.go_back()
        assert page.evaluate("spiral.training.settings().learning_rate") == 0.0005
        assert visit.wrong == []


@in_both
def test_steps_starts_again_and_draws_other_weights(browser: Browser, playground: Path) -> None:
    with opened(browser, playground) as visit:
        page = visit.page

        def weights(act: Callable[[], None], epoch: str) -> str:
            page.evaluate("document.documentElement.dataset.weights = ''")
            act()
            page.wait_for_selector("html[data-weights]:not([data-weights=''])", state="attached")
            visit.settle()
            assert visit.text("#train-epoch") == epoch
            found: str = page.evaluate("document.documentElement.dataset.weights")
            return found

        first = page.evaluate("document.documentElement.dataset.weights")
        one = weights(lambda: page.locator("#train-step").click(), "1")
        page.evaluate("document.activeElement.blur()")
        weights(lambda: page.keyboard.press("ArrowRight"), "2")
        assert weights(lambda: page.locator("#train-reset").click(), "0") == first
        assert weights(lambda: page.locator("#train-step").click(), "1") == one
        other = weights(lambda: page.locator("#train-other").click(), "0")
        assert other != first
        assert page.evaluate("spiral.training.settings().attempt") == 2
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press(" ")
        page.wait_for_selector(READY, state="attached")
        visit.settle()
        assert visit.text("#train-epoch") == "60"


@in_both
def test_points_of_ones_own(browser: Browser, playground: Path, tmp_path: Path) -> None:
    with opened(browser, playground, SMALL.replace("60", "100000")) as visit:
        page = visit.page
        page.select_option("#train-pace", "60")
        page.locator("#train-play").click()
        page.wait_for_function("() => spiral.training.state()?.epoch > 3")
        page.select_option("#train-class", label="3")
        page.locator("#train-inputs").click(position={"x": 30, "y": 40})
        page.wait_for_function("() => spiral.training.state()?.hidden.length === 122")
        assert page.evaluate("spiral.training.settings().kind") == "own"
        page.locator("#train-inputs").focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Enter")
        page.wait_for_function("() => spiral.training.state()?.hidden.length === 124")
        epoch = page.evaluate("spiral.training.state().epoch")
        page.wait_for_function(f"() => spiral.training.state().epoch > {epoch}")
        page.locator("#train-play").click()
        page.wait_for_selector(READY, state="attached")
        found = Trajectory.load(saved(visit, "#train-save", tmp_path))
        assert (found.points, found.classes) == (62, 3)
        assert found.labels[-2:].tolist() == [2, 2]
        assert found.recipe["made"]["recorded_from"] > 3
        reach = page.evaluate("document.querySelector('#train-inputs').clientWidth") / 2
        x, y = found.inputs[-2]
        assert (x / y) == pytest.approx((30 - reach) / (reach - 40), rel=0.02)
        page.locator("#train-clear").click()
        assert visit.text("#train-said") == "No points yet: click into the data, or open a table."
        table = tmp_path / "mine.csv"
        rows = [f"{np.cos(i)},{np.sin(i)},{'ab'[i % 2]}" for i in range(20)]
        table.write_text("\n".join(["x,y,label", *rows]))
        page.set_input_files("#train-table", table)
        page.wait_for_function("() => spiral.training.state()?.hidden.length === 40")
        assert page.locator("#train-classes").input_value() == "2"
        assert visit.wrong == []


TABLES = {
    "": "mine.csv has no columns.\n"
    "expected: a table with the columns x, y and label in its first line.",
    "a,b\n1,2\n": "mine.csv has the columns 'a', 'b'.\n"
    "expected: a table with the columns x, y and label in its first line.",
    "x,y,label\n1,2,0\n": "mine.csv has 1 labels.\nexpected: 2 to 10 classes.",
    "x,y,label\n1,2,0\n3,four,1\n": "mine.csv, point 2: found 'four'.\n"
    "expected: a number below 1,000,000.",
    "x;y;label\n1;;0\n3;4;1\n": "mine.csv, point 1: found ''.\nexpected: a number below 1,000,000.",
}


def test_tables_that_cannot_be_used(browser: Browser, playground: Path, tmp_path: Path) -> None:
    with opened(browser, playground) as visit:
        for text, wanted in TABLES.items():
            (tmp_path / "mine.csv").write_text(text)
            visit.page.set_input_files("#train-table", tmp_path / "mine.csv")
            visit.page.wait_for_function(
                "text => document.querySelector('#train-refused').textContent === text", arg=wanted
            )
        assert visit.wrong == []


@in_both
def test_every_activation_trains(browser: Browser, playground: Path) -> None:
    with opened(browser, playground, SMALL + "&n=8") as visit:
        page = visit.page
        for name in ACTIVATIONS:
            page.select_option("#train-activation", name)
            page.wait_for_selector(READY, state="attached")
            trained(visit)
            assert visit.text("#train-epoch") == "60"
            assert visit.text("#train-packing") != "–"
        assert visit.wrong == []


def test_the_playground_is_one_small_file(browser: Browser, playground: Path) -> None:
    assert playground.stat().st_size <= 400_000
    assert [path.name for path in playground.parent.iterdir()] == ["train.html"]
    with opened(browser, playground, "#k=2&n=10&widths=4-2&epochs=20") as visit:
        page = visit.page
        assert page.locator("#train").is_visible()
        assert page.locator(".views a:visible").all_inner_texts() == ["Train"]
        trained(visit)
        page.locator("#train-back").click()
        page.wait_for_selector("html[data-network=trained]", state="attached")
        assert page.locator(".views a:visible").all_inner_texts() == ["One network", "Train"]
        assert {url.partition("#")[0] for url in visit.requests if not url.startswith("data:")} == {
            playground.as_uri(), *(url for url in visit.requests if url.startswith("blob:")),
        }  # fmt: skip
        assert visit.wrong == []


def test_playground_says_what_is_wrong(tmp_path: Path) -> None:
    wrong = spiral(tmp_path, "playground", "--output", "page.txt")
    assert (wrong.returncode, wrong.stderr) == (
        2,
        "spiral: page.txt does not end like a page.\nexpected: a file.html.\n"
        "next: --output page.html\n",
    )
    (tmp_path / "a.html").mkdir()
    wrong = spiral(tmp_path, "playground", "--output", "a.html")
    assert (wrong.returncode, wrong.stderr) == (
        2, "spiral: a.html is a folder.\nexpected: a file.\nnext: --output a.html/train.html\n",
    )  # fmt: skip
