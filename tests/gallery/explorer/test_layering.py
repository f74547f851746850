"""Layer by layer: the way of the points as in Python, and what the page does with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser

from spiralcore import Trajectory
from spiralcore.analysis.network.passage import Passage
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.gallery.live import network_layers
from spiralcore.registry.activations import ACTIVATIONS
from tests.gallery.visiting import Visit, address_of

PASSED = """([layers, parameters, inputs, positions]) => {
  const known = spiral.passage.activationsOf(layers.widths, layers.own, null);
  const network = { ...layers, activations: known };
  const passage = new spiral.passage.Passage(network, Float32Array.from(parameters), inputs);
  const pictures = passage.pictures(inputs);
  return [known, positions.map((position) => Array.from(passage.at(position, pictures)))];
}"""


def networks(trajectories: dict[str, Trajectory], stacked: Trajectory) -> list[Trajectory]:
    return [trajectories["3-tanh"], trajectories["3-relu"], stacked]


def test_the_way_is_that_of_the_films(
    browser: Browser,
    gallery: Path,
    trajectories: dict[str, Trajectory],
    stacked_trajectory: Trajectory,
) -> None:
    with Visit(browser, address_of(gallery)) as visit:
        for trajectory in networks(trajectories, stacked_trajectory):
            for index in (0, -1):
                passage = Passage(trajectory, index)
                pictures = passage.pictures(trajectory.inputs)
                positions = np.linspace(0, passage.steps, 2 * passage.steps + 1)
                layers = network_layers(trajectory)
                assert layers is not None
                given: list[Any] = [
                    {"widths": layers["widths"], "own": trajectory.recipe["activation"]},
                    RecordedNetwork(trajectory)._parameters[index].tolist(),
                    trajectory.inputs.ravel().tolist(),
                    positions.tolist(),
                ]
                known, places = visit.ask(PASSED, given)
                assert known == layers["activations"]
                for position, found in zip(positions, places, strict=True):
                    wanted = passage.at(float(position), pictures)
                    away = np.abs(np.reshape(found, (-1, 2)) - wanted).max()
                    assert away < 2e-3 * max(np.abs(wanted).max(), 1), position


def test_the_regions_at_its_end_are_those_of_that_very_network(
    browser: Browser, gallery: Path, trajectories: dict[str, Trajectory]
) -> None:
    """Not those of the epoch that is shown, between two networks that the file holds."""
    ask = """([layers, parameters, inputs, classes]) => {
      const activations = spiral.passage.activationsOf(layers.widths, layers.own, null);
      const network = { ...layers, activations };
      const passage = new spiral.passage.Passage(network, Float32Array.from(parameters), inputs);
      return [Array.from(passage.readout(classes)), passage.readout(classes + 1)];
    }"""
    with Visit(browser, address_of(gallery)) as visit:
        for trajectory in trajectories.values():
            network = RecordedNetwork(trajectory)
            parameters, epochs = trajectory.parameters, trajectory.parameter_epochs
            assert parameters is not None
            assert epochs is not None
            assert trajectory.readout_weight is not None
            assert trajectory.readout_bias is not None
            for index in (0, len(parameters) // 2, -1):
                given: list[Any] = [
                    {"widths": network.widths, "own": trajectory.recipe["activation"]},
                    parameters[index].tolist(),
                    trajectory.inputs.ravel().tolist(),
                    trajectory.classes,
                ]
                found, other = visit.ask(ask, given)
                kept = np.searchsorted(trajectory.epochs, epochs[index])
                weight, bias = trajectory.readout_weight[kept], trajectory.readout_bias[kept]
                wanted = np.column_stack([weight.reshape(trajectory.classes, 2), bias])
                np.testing.assert_allclose(np.reshape(found, (-1, 3)), wanted, atol=1e-4)
                assert other is None


def test_words_below_the_panel_are_true_of_what_it_shows(
    browser: Browser, gallery: Path, trajectories: dict[str, Trajectory]
) -> None:
    steps = Passage(trajectories["3-tanh"]).steps
    seen = """() => [...document.querySelectorAll(".layer > .hint")].map((e) =>
      [...e.querySelectorAll("*"), e]
      .filter((part) => !part.children.length && part.checkVisibility({ visibilityProperty: true }))
      .map((part) => part.textContent).join(" "))"""
    whole = "hidden layer over the regions of its read-out"
    pointing = "Point at the layer or the data to see a path; click to keep it."
    for state, wanted in {
        "": [whole, pointing],
        "&regions=no": ["hidden layer", pointing],
        "&morph=data": ["", ""],
        "&way=0": ["", ""],
        f"&way={steps - 1.5}": ["", ""],
        f"&way={steps}": [whole, ""],
        f"&way={steps}&regions=no": ["hidden layer", ""],
    }.items():
        address = address_of(gallery) + "#view=network&net=3-tanh&e=40" + state
        ready = "html[data-network='3-tanh']" + ("[data-way=ready]" if "way" in state else "")
        with Visit(browser, address, ready) as visit:
            visit.settle()
            assert visit.page.evaluate(seen) == wanted, state
            assert visit.wrong == []


def test_a_slider_leads_through_the_layers(
    browser: Browser, gallery: Path, trajectories: dict[str, Trajectory], tmp_path: Path
) -> None:
    trajectory = trajectories["3-tanh"]
    steps = Passage(trajectory).steps
    last = trajectory.trained_epochs
    address = address_of(gallery) + f"#view=network&net=3-tanh&e={last}&way={steps}"
    with Visit(browser, address, "html[data-network='3-tanh'][data-way=ready]") as visit:
        page = visit.page
        visit.settle()
        widths = RecordedNetwork(trajectory).widths
        assert visit.text("#way-said") == (
            f"Layer {len(widths)}: {widths[-1]} neurons bend the plane. (activation)"
        )
        assert visit.text("#way-epoch") == f"The network of epoch {last:,}."
        # At its end the way has led to where the layer is.
        place = """() => { const { places, at } = spiral.explorer.stage();
          return Array.from(places, (value, i) => i % 2
            ? at.limits[0] + (at.side - value) / at.scale : at.limits[0] + value / at.scale); }"""
        there = np.reshape(page.evaluate(place), (-1, 2))
        np.testing.assert_allclose(there, trajectory.hidden[-1], atol=4e-3)
        # By keys back to the data, the plane with its grid; the address tells where one is.
        page.locator("#way").focus()
        page.keyboard.press("Home")
        visit.settle()
        assert visit.text("#way-said") == "First the points, and the grid of their plane."
        np.testing.assert_allclose(
            np.reshape(page.evaluate(place), (-1, 2)), trajectory.inputs, atol=1e-4
        )
        assert "way=0" in page.evaluate("location.hash")
        # Arrows are the slider's; with shift a layer. Film time stands still.
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+ArrowRight")
        visit.settle()
        assert page.locator("#way").input_value() == "3.25"
        assert "way=3.25" in page.evaluate("location.hash")
        assert visit.text("#epoch") == f"{last:,}"
        page.locator("#layers").uncheck()
        assert page.locator("#passing").is_hidden()
        assert "way" not in page.evaluate("location.hash")
        # A file of one's own holds its networks, too.
        trajectory.save(tmp_path / "mine.npz")
        page.locator("#own").set_input_files(tmp_path / "mine.npz")
        page.wait_for_selector("html[data-network=own-1]", state="attached")
        page.locator("#layers").check()
        page.wait_for_function("() => document.getElementById('way-said').textContent")
        assert page.locator("#way").get_attribute("max") == str(steps)
        assert visit.wrong == []
        # One without a network offers none.
        kept = {
            name: values
            for name, values in trajectory.arrays().items()
            if not name.startswith(("parameter", "recipe"))
        }
        Trajectory.from_arrays(trajectory.recipe, **kept).save(tmp_path / "bare.npz")
        page.locator("#own").set_input_files(tmp_path / "bare.npz")
        page.wait_for_selector("html[data-network=own-2]", state="attached")
        assert page.locator("#by-layer").is_hidden()


def test_activations_bend_as_in_python(browser: Browser, gallery: Path) -> None:
    """A network of one hidden layer of two units: the way's end is the activation's value."""
    random = np.random.default_rng(4)
    inputs = random.normal(size=(20, 2))
    parameters = np.concatenate([np.eye(2).ravel(), np.zeros(8)])
    with Visit(browser, address_of(gallery)) as visit:
        for name, entry in ACTIVATIONS.items():
            layers = {"widths": [2], "own": name}
            given = [layers, parameters.tolist(), inputs.ravel().tolist(), [3]]
            _, (found,) = visit.ask(PASSED, given)
            wanted = entry.apply(inputs.astype(np.float32))
            np.testing.assert_allclose(np.reshape(found, (-1, 2)), wanted, atol=1e-5)
