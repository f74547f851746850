"""Behind the data the page shows the mix of networks that films show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from spiralcore import Trajectory
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.analysis.network.vector_field import reach
from spiralcore.trajectory.play import network_mix
from spiralcore.trajectory.play.network_mix import NetworkMix
from tests.gallery.visiting import TABLE, Visit, address_of

SIDE = 160
DIGITS = 0.01
"""Weights have three digits after the point, and the largest has what the others lack."""

CLASSES = """(epoch) => {
  const path = spiral.shown.path();
  const image = new ImageData(SIDE, SIDE);
  spiral.predicted.paint(image, path.grid, epoch, path.network.bend);
  const fills = Array.from(spiral.theme.regionPixels(path.classes));
  return Array.from(new Uint32Array(image.data.buffer), (fill) => fills.indexOf(fill));
}""".replace("SIDE", str(SIDE))


@pytest.fixture(scope="module")
def visit(browser: Browser, gallery: Path) -> Iterator[Visit]:
    with Visit(browser, address_of(gallery)) as found:
        yield found
        assert found.wrong == []


def show(visit: Visit, net: str) -> None:
    visit.page.evaluate("net => spiral.address.go({ view: 'network', net })", net)
    visit.page.wait_for_selector(f"html[data-network='{net}']", state="attached")


def mixed(path: Trajectory, epoch: float) -> np.ndarray:
    """The classes that films show, at the middles of pixels, rows downwards."""
    network = RecordedNetwork(path)
    activation = network.activations[-1]
    mix = NetworkMix(path, network.epochs, network.widths[-1], activation.kinked).at(epoch)
    axis = reach(path) * ((2 * np.arange(SIDE) + 1) / SIDE - 1)
    places = np.stack(np.meshgrid(axis, axis[::-1]), axis=-1).reshape(-1, 2).astype(np.float32)
    drawn = [network.drawn(index, places) for index in mix.indices]
    if not activation.kinked:
        drawn = [activation.apply(values) for values in drawn]
    heads = [network.linear(index, network.depth) for index in mix.indices]
    layer = mix.of(drawn)
    layer = activation.apply(layer) if activation.kinked else layer
    logits = layer @ mix.of([weight for weight, _ in heads]) + mix.of([bias for _, bias in heads])
    return np.asarray(logits.argmax(axis=1))


@pytest.mark.parametrize("net", ["3-tanh", "3-relu"])
def test_classes_behind_the_data_are_those_of_films(
    visit: Visit, trajectories: dict[str, Trajectory], net: str
) -> None:
    show(visit, net)
    path = trajectories[net]
    known = RecordedNetwork(path).epochs
    middles = (known[:-1] + known[1:]) / 2
    for epoch in [0.0, *middles[:: max(len(middles) // 6, 1)].tolist(), float(known[-1])]:
        found = np.array(visit.ask(CLASSES, epoch))
        # The page has a coarser grid than films.
        assert np.mean(found != mixed(path, epoch)) < 0.02


@pytest.mark.parametrize("net", ["3-tanh", "3-relu"])
def test_what_each_network_counts_is_what_it_counts_in_films(
    visit: Visit, trajectories: dict[str, Trajectory], net: str
) -> None:
    show(visit, net)
    path = trajectories[net]
    network = RecordedNetwork(path)
    kinked = network.activations[-1].kinked
    mix = NetworkMix(path, network.epochs, network.widths[-1], kinked)
    for epoch in np.linspace(0, path.trained_epochs, 40).tolist():
        wanted = np.zeros(len(network.epochs))
        indices, weights = mix.at(epoch)
        wanted[indices] = weights
        of_page = "epoch => Array.from(spiral.predicted.sharesAt(spiral.shown.path().grid, epoch))"
        np.testing.assert_allclose(visit.ask(of_page, epoch), wanted, atol=DIGITS)


def test_the_table_shows_the_same(visit: Visit, trajectories: dict[str, Trajectory]) -> None:
    visit.page.evaluate("spiral.address.go({ view: 'table' })")
    visit.page.wait_for_selector(TABLE, state="attached")
    epochs, shares = visit.ask(
        """async () => {
          const { grid } = (await spiral.table.samplesOf("3-tanh")).own;
          const epochs = Array.from(grid.mix.epochs).filter((_, i) => i % 9 === 0);
          const shares = (epoch) => Array.from(spiral.predicted.sharesAt(grid, epoch));
          return [epochs, epochs.map(shares)];
        }"""
    )
    path = trajectories["3-tanh"]
    mix = NetworkMix(path, RecordedNetwork(path).epochs, 2, clipped=False)
    assert len(epochs) > 5
    for epoch, found in zip(epochs, shares, strict=True):
        wanted = np.zeros(len(found))
        indices, weights = mix.at(epoch)
        wanted[indices] = weights
        np.testing.assert_allclose(found, wanted, atol=DIGITS)


@pytest.mark.parametrize("net", ["3-tanh", "3-relu", "4-tanh"])
@pytest.mark.parametrize("every", [1, 3])
def test_of_what_was_trained_here_the_page_works_it_out_likewise(
    visit: Visit,
    trajectories: dict[str, Trajectory],
    monkeypatch: pytest.MonkeyPatch,
    net: str,
    every: int,
) -> None:
    monkeypatch.setattr(network_mix, "DIGITS", 9)
    path = trajectories[net]
    network = RecordedNetwork(path)
    known = network.epochs[::every]
    kinked = network.activations[-1].kinked
    given = {
        "epochs": path.epochs.tolist(),
        "hidden": path.hidden.ravel().tolist(),
        "points": path.points,
        "space": {"lower": path.space.lower, "upper": path.space.upper},
    }
    found = visit.ask(
        "([path, known, kinked]) => { const { epochs, first, weights, width } ="
        " spiral.mixing.mixes(path, known, kinked);"
        " return [epochs, first, weights].map((one) => Array.from(one)).concat(width); }",
        [given, known.tolist(), kinked],
    )
    epochs, first, flat, width = found
    assert epochs == np.union1d(path.epochs, known).tolist()
    mix = NetworkMix(path, known, network.widths[-1], kinked)
    for epoch, start, weights in zip(epochs, first, np.reshape(flat, (-1, width)), strict=True):
        wanted = np.zeros(len(known) + width)
        indices, shares = mix.at(epoch)
        wanted[indices] = shares
        np.testing.assert_allclose(weights, wanted[start : start + width], atol=1e-5)
        assert wanted.sum() == pytest.approx(wanted[start : start + width].sum(), abs=1e-5)
