"""Every activation: its space, its gradient, and which layers use it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from spiralcore.registry.activations import ACTIVATIONS


def samples(units: int = 2) -> np.ndarray:
    return np.random.default_rng(5).normal(scale=2.0, size=(400, units))


@pytest.mark.parametrize("units", [2, 3, 7])
@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_the_gradient_is_that_of_small_differences(name: str, units: int) -> None:
    entry = ACTIVATIONS[name]
    x, step = samples(units), 1e-6
    gradient = np.cos(np.arange(x.size)).reshape(x.shape)
    expected = np.empty_like(x)
    for unit in range(units):
        shift = step * np.eye(units)[unit]
        slope = (entry.apply(x + shift) - entry.apply(x - shift)) / (2 * step)
        expected[:, unit] = (gradient * slope).sum(axis=1)
    pulled = entry.pull_back(gradient, x, entry.apply(x))
    np.testing.assert_allclose(pulled, expected, atol=2e-7, rtol=1e-5)


@pytest.mark.parametrize(
    "name", [name for name in ACTIVATIONS if not ACTIVATIONS[name].needs_input]
)
def test_who_does_not_need_the_input_does_not_look_at_it(name: str) -> None:
    entry = ACTIVATIONS[name]
    x = samples()
    value = entry.apply(x)
    one, other = (entry.pull_back(np.ones_like(x), given, value) for given in (x, value))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("units", [2, 3])
@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_values_lie_in_the_space_and_fill_it(name: str, units: int) -> None:
    entry = ACTIVATIONS[name]
    x = (20 * samples(units)).astype(np.float32)
    values, space = entry.apply(x), entry.space
    assert values.dtype == np.float32
    length = np.linalg.norm(values, axis=1)
    if space.shape == "sphere":
        np.testing.assert_allclose(length, 1, rtol=1e-6)
    elif space.shape == "ball":
        assert length.max() == pytest.approx(1, rel=1e-6)
    for bound, reached in ((space.lower, values.min()), (space.upper, values.max())):
        if bound is None:
            assert abs(reached) > (0.3 if name == "leaky_relu" else 20)
        else:
            assert reached == pytest.approx(bound, abs=2e-3)
    if space.lower is not None:
        assert values.min() >= space.lower - 1e-6
    if space.upper is not None:
        assert values.max() <= space.upper + 1e-6


def test_spaces_have_a_name_in_each_dimension() -> None:
    names = {
        name: tuple(ACTIVATIONS[name].space.name(units) for units in (2, 3, 5))
        for name in ("tanh", "relu", "disk", "sphere")
    }
    assert names == {
        "tanh": ("square", "cube", "hypercube"),
        "relu": ("quadrant", "octant", "orthant"),
        "disk": ("disk", "ball", "ball"),
        "sphere": ("circle", "sphere", "sphere"),
    }


@pytest.mark.parametrize("name", ["disk", "sphere"])
def test_no_length_breaks_a_radial_activation(name: str) -> None:
    entry = ACTIVATIONS[name]
    x = np.array([[0, 0], [1e-30, 0], [1e15, -1e15], [0, 300]], dtype=np.float32)
    pulled = entry.pull_back(np.ones_like(x), x, entry.apply(x))
    assert np.isfinite(entry.apply(x)).all()
    assert np.isfinite(pulled).all()


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_kinks_are_where_the_slope_jumps(name: str) -> None:
    entry = ACTIVATIONS[name]
    x = (
        np.linspace(-4, 4, 8001)[:, None]
        if not entry.radial
        else np.linspace(0.5, 4, 3501)[:, None]
    )
    slopes = np.diff(entry.apply(x)[:, 0]) / 1e-3
    jumps = np.abs(np.diff(slopes)) > 0.01
    assert x[1:-1, 0][jumps] == pytest.approx(list(entry.kinks), abs=1e-9)


@pytest.mark.parametrize("name", [name for name, entry in ACTIVATIONS.items() if entry.kinked])
def test_the_graph_of_one_with_kinks_is_told_exactly(name: str) -> None:
    entry = ACTIVATIONS[name]
    graph = entry.graph()
    assert graph.nodes.tolist() == list(entry.kinks)
    x = np.concatenate([np.linspace(-30, 30, 999), entry.kinks])
    np.testing.assert_allclose(graph(x), entry.apply(x), atol=1e-9)


def test_the_graph_of_one_that_is_curved_between_its_kinks() -> None:
    # Clevert, Unterthiner and Hochreiter 2016, with another slope from zero on.
    entry = dataclasses.replace(
        ACTIVATIONS["relu"], apply=lambda x: np.where(x > 0, 2 * x, np.expm1(np.minimum(x, 0)))
    )
    x = np.linspace(-8, 20, 5001)
    np.testing.assert_allclose(entry.graph()(x), entry.apply(x), atol=1e-5)
