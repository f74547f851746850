"""What the page computes when it trains, beside what `spiral train` computes."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser
from scipy.special import ndtr

from scripts import wasm
from spiralcore.data import Points
from spiralcore.data.sets import GENERATED
from spiralcore.gallery.training import training_facts
from spiralcore.recipe import NetworkRecipe
from spiralcore.recording.piecewise_linear import approximate, swing_filter
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.training.network import first_parameters
from spiralcore.training.trainer import points_of, train
from spiralcore.trajectory.play.motion import panel_widths
from tests.browser import in_both, launched, missing
from tests.gallery.worker.lab import RUN, Lab, floats, settings_of


@pytest.fixture(scope="module")
def lab(browser: Browser) -> Iterator[Lab]:
    found = Lab(browser)
    yield found
    found.close()


def small(activation: str = "tanh", **changes: object) -> NetworkRecipe:
    settings: dict[str, object] = {
        "classes": 3,
        "seed": 1,
        "data": {"points_per_class": 30},
        "network": {"widths": (24, 12, 2)},
        "training": {"epochs": 200},
    }
    return NetworkRecipe.model_validate({**settings, "activation": activation, **changes})


def long(activation: str) -> NetworkRecipe:
    return small(activation, data={"points_per_class": 10}, network={"widths": (12, 8, 2)},
                 training={"epochs": 500, "learning_rate": 0.01})  # fmt: skip


@in_both
def test_functions_are_those_of_numpy(lab: Lab) -> None:
    x = np.linspace(-20, 20, 4001)
    known = {
        "exp": (np.exp(x), x),
        "exp32": (np.exp(x), x),
        "log": (np.log(np.exp(x)), np.exp(x)),
        "log32": (x, np.exp(x)),
        "sin": (np.sin(x), x),
        "cos": (np.cos(x), x),
        "log1p": (np.log1p(np.linspace(0, 1, 4001)), np.linspace(0, 1, 4001)),
        "normal": (ndtr(x), x),
        "tanh": (np.tanh(x.astype(np.float32)), x.astype(np.float32)),
    }
    close = {"exp32": 1e-11, "log32": 1e-11, "normal": 2e-8, "tanh": 4e-7}
    for name, (wanted, given) in known.items():
        found = lab.ask(
            "([name, given]) => given.map(spiral.arithmetic[name])",
            [name, given.tolist()],
        )  # fmt: skip
        relative = np.abs(np.array(found) - wanted) / np.maximum(np.abs(wanted), 0.01)
        assert relative.max() < close.get(name, 1e-14), name


@in_both
def test_random_numbers_are_those_of_numpy(lab: Lab) -> None:
    for seed in ([0, 0], [1, 2], [2**40 + 5, 1], [2**53 - 1, 7]):
        found = lab.ask(
            "(seed) => { const rng = new spiral.random.Generator(seed);"
            " const list = (draw) => Array.from({length: 3000}, draw);"
            " return [list(() => rng.uniform(-1, 3)), list(() => rng.normal())]; }",
            seed,
        )
        rng = np.random.default_rng(seed)
        assert np.array_equal(found[0], rng.uniform(-1, 3, 3000))
        np.testing.assert_allclose(found[1], rng.normal(size=3000), rtol=1e-12)


@pytest.mark.parametrize("kind", GENERATED)
@pytest.mark.parametrize("classes", [2, 5])
def test_a_seed_gives_the_same_points_and_weights(lab: Lab, kind: str, classes: int) -> None:
    recipe = small(classes=classes, seed=3, data={"kind": kind, "points_per_class": 40})
    settings = settings_of(recipe)
    found = lab.ask(
        "async (s) => { const {points, core} = await lab.begin(s);"
        " return [points.inputs, points.labels, core.read('parameters')].map(lab.list); }",
        settings,
    )
    points = points_of(recipe)
    np.testing.assert_allclose(floats(found[0], -1, 2), points.inputs, rtol=3e-7, atol=3e-7)
    assert np.array_equal(found[1], points.labels)
    shapes = [(2, 24), (24, 12), (12, 2), (2, classes)]
    weights = first_parameters(shapes, np.random.default_rng([3, 1]))
    assert np.array_equal(floats(found[2], -1), weights)


def test_the_page_offers_all_data_sets_and_activations(lab: Lab) -> None:
    facts = training_facts()
    assert list(facts["sets"]) == lab.ask("() => spiral.sets.kinds") == list(GENERATED)
    assert list(facts["packing"]) == lab.ask("() => spiral.activations.NAMES") == list(ACTIVATIONS)
    spirals = facts["sets"]["spirals"]["settings"]
    assert spirals["noise"] == {
        "label": "Noise", "default": 0.17, "whole": False,
        "least": 0, "above": None, "most": 1e6, "below": None,
    }  # fmt: skip


PART = 1e-4
"""Of the panel's width: how far the page may be from `spiral train`."""


def paths(recipe: NetworkRecipe, points: Points) -> NDArray[np.float32]:
    return np.stack([step.hidden.copy() for step in train(recipe, points)])


@in_both
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_200_epochs_are_those_of_spiral_train(lab: Lab, activation: str) -> None:
    recipe = small(
        activation,
        data={"points_per_class": 12},
        network={"widths": (12, 8, 2)},
        training={"epochs": 200, "learning_rate": 0.0005, "warm_up": 10},
    )
    points = points_of(recipe)
    run = paths(recipe, points)
    found = lab.ask(RUN, [settings_of(recipe), False, 200])
    widths = panel_widths(run, ACTIVATIONS[activation].space)

    def off(other: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(np.abs(other - run).max(axis=(1, 2)) / widths)

    # Trainings enlarge what is rounded, above all around kinks and the middle of a circle: where
    # `spiral train` parts from itself by the last digit of its points, nobody can agree with it.
    twins = [Points(np.nextafter(points.inputs, np.float32(way)), points.labels)
             for way in (-np.inf, np.inf)]  # fmt: skip
    parted = np.max([off(paths(recipe, twin)) for twin in twins], axis=0) > PART / 20
    together = int(np.argmax(parted)) if parted.any() else 201
    assert together > 60
    assert off(floats(found["found"], *run.shape))[:together].max() < PART
    assert np.abs(run[together - 1] - run[0]).max() / widths[-1] > 0.02  # which means something
    if together == 201:
        last = list(train(recipe, points))[-1]
        loss = last.cross_entropy + last.penalty
        assert (found["entropy"], found["loss"]) == pytest.approx(
            (last.cross_entropy, loss), rel=1e-4
        )
        assert found["accuracy"] == pytest.approx(last.accuracy)


@in_both
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_plain_and_compiled_give_the_same_bits(lab: Lab, activation: str) -> None:
    recipe = small(
        activation,
        classes=5,
        data={"kind": "rings", "points_per_class": 7},
        network={"widths": (13, 9, 2)},
        training={"epochs": 1, "learning_rate": 0.01, "warm_up": 5},
    )
    settings = settings_of(recipe)
    one, other = (lab.ask(RUN, [settings, plain, 80]) for plain in (False, True))
    assert one == other
    assert lab.ask(RUN, [{**settings, "attempt": 2}, False, 80])["hash"] != one["hash"]


RECORD = """([space, coded, points, options]) => {
  const run = new Float32Array(Uint8Array.from(atob(coded), (one) => one.charCodeAt(0)).buffer);
  const recorder = new spiral.recorder.Recorder(space, options);
  const size = 2 * points;
  for (let epoch = 0; epoch * size < run.length; epoch++) {
    recorder.see({
      epoch, hidden: run.subarray(epoch * size, (epoch + 1) * size),
      readout: new Float32Array(9), entropy: 1, loss: 1, accuracy: 1,
      parameters: () => Float32Array.of(epoch),
    });
  }
  const found = recorder.record(Float32Array.of(-1));
  return Object.fromEntries(Object.entries(found).map(([name, one]) =>
    [name, one.length === undefined ? one : lab.list(one)]).concat([["bytes", recorder.bytes]]));
}"""


def coded(run: NDArray[np.float32]) -> str:
    return base64.b64encode(run.tobytes()).decode()


@pytest.mark.parametrize("activation", ["tanh", "relu", "leaky_relu"])
def test_the_epochs_that_are_kept_are_those_of_spiral_train(lab: Lab, activation: str) -> None:
    recipe = long(activation)
    run = np.stack([step.hidden.copy() for step in train(recipe, points_of(recipe))])
    space = ACTIVATIONS[activation].space
    widths = panel_widths(run, space)[:, None]
    lines = approximate(run, widths, swing_filter(run, widths, 0.01))
    bounds = {"lower": space.lower, "upper": space.upper}
    found = lab.ask(RECORD, [bounds, coded(run), run.shape[1], {}])
    assert found["epochs"] == lines.epochs.tolist()
    assert np.array_equal(floats(found["hidden"], *lines.hidden.shape), lines.hidden)
    np.testing.assert_allclose(floats(found["mean"], *lines.means.shape), lines.means, atol=1e-3)
    assert found["fidelity"] == pytest.approx(list(lines.fidelity()), rel=1e-4)
    assert found["parameterEpochs"] == marks(run, widths[:, 0])
    assert len(found["entropy"]) == 501


def marks(run: np.ndarray, widths: np.ndarray, step: float = 0.02, most: int = 80) -> list[int]:
    """Epochs that are a step of the panel's width apart, and the last one."""
    kept: list[int] = []
    last = 0
    for epoch, hidden in enumerate(run):
        moved = np.sqrt(((hidden - run[last]) ** 2).sum() / len(hidden))
        if kept and moved < step * widths[epoch]:
            continue
        last = epoch
        kept.append(epoch)
        if len(kept) > most:
            kept, step = kept[::2], 2 * step
    return [*kept, *([len(run) - 1] if kept[-1] != len(run) - 1 else [])]


def test_a_record_stays_within_its_limit_and_says_what_that_costs(lab: Lab) -> None:
    recipe = long("tanh")
    run = np.stack([step.hidden.copy() for step in train(recipe, points_of(recipe))])
    bounds, given = {"lower": -1.0, "upper": 1.0}, coded(run)
    free = lab.ask(RECORD, [bounds, given, 30, {}])
    found = lab.ask(RECORD, [bounds, given, 30, {"limit": free["bytes"] / 3}])
    assert found["bytes"] <= free["bytes"] / 3
    assert 5 < len(found["epochs"]) < len(free["epochs"]) / 2
    epochs = np.array(found["epochs"])
    assert (epochs[0], epochs[-1]) == (0, 500)
    hidden, mean = (floats(found[name], -1, 30, 2) for name in ("hidden", "mean"))
    places = np.stack([[np.interp(range(501), epochs, hidden[:, n, d]) for d in (0, 1)]
                       for n in range(30)])  # fmt: skip
    off = np.linalg.norm(places.transpose(2, 0, 1) - run, axis=2).max(axis=1) / 2
    assert found["fidelity"][2] >= off.max() - 1e-6
    assert found["fidelity"][0] >= np.median(off) - 1e-6
    for before, epoch, own in zip(epochs, epochs[1:], mean[1:], strict=False):
        np.testing.assert_allclose(own, run[before + 1 : epoch + 1].mean(axis=0), atol=2e-3)


@in_both
def test_points_are_added_and_the_network_stays(lab: Lab) -> None:
    found = lab.ask(
        """async (settings) => {
          const Core = await lab.core(false);
          const points = spiral.sets.draw(settings);
          const before = new spiral.network.Training(settings, points, Core);
          for (let i = 0; i < 20; i++) before.step();
          const inputs = Float32Array.of(...points.inputs, 3, 4);
          const more = { inputs, labels: Int32Array.of(...points.labels, 1) };
          const after = new spiral.network.Training(settings, more, Core, before);
          const same = before.hash() === after.hash();
          after.step();
          const added = after.core.hidden().length - before.core.hidden().length;
          return [same, after.epoch, added, after.entropy - before.entropy];
        }""",
        settings_of(small()),
    )  # fmt: skip
    assert found[:3] == [True, 21, 2]
    assert abs(found[3]) < 0.1


def test_the_compiled_core_is_what_its_source_gives() -> None:
    clang = wasm.compiler()
    if not clang:
        missing(f"no clang {wasm.VERSION} here; `make test-programs` installs it")
    assert wasm.compiled(clang) == wasm.COMPILED.read_bytes(), "run python -m scripts.wasm"


def test_two_browsers_give_the_same_weights(lab: Lab) -> None:
    recipe = small(network={"widths": (16, 8, 2)}, data={"kind": "moons", "points_per_class": 20},
                   training={"learning_rate": 0.005, "warm_up": 20})  # fmt: skip
    other = Lab(launched("Firefox"))
    settings = settings_of(recipe)
    assert "Firefox" in other.ask("() => navigator.userAgent")
    assert "Chrome" in lab.ask("() => navigator.userAgent")
    compiled, plain = (other.ask(RUN, [settings, way, 500])["hash"] for way in (False, True))
    other.close()
    assert compiled == plain == lab.ask(RUN, [settings, False, 500])["hash"]
    assert math.isfinite(int(compiled, 16))
