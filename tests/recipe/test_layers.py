"""Layers that are drawn, and their activations."""

from __future__ import annotations

import pytest

from spiralcore.errors import UsageError
from spiralcore.recipe.layers import drawn_layers, layer_activations
from tests.cli import known


def test_layers_as_narrow_as_the_last_one_are_drawn() -> None:
    assert drawn_layers([120, 80, 40, 2]) == [3]
    assert drawn_layers([120, 2, 80, 2, 40, 2]) == [1, 3, 5]
    assert drawn_layers([40, 40]) == [1]
    assert drawn_layers([2]) == [0]


def used(*arguments: object) -> list[str]:
    return [entry.name for entry in layer_activations(*arguments)]  # type: ignore[arg-type]


def test_a_radial_activation_bends_the_drawn_layers_only() -> None:
    assert used([9, 2, 9, 2], "relu") == ["relu"] * 4
    assert used([9, 2, 9, 2], "disk") == ["tanh", "disk", "tanh", "disk"]
    assert used([9, 2, 9, 2], "disk", "relu") == ["relu", "disk", "relu", "disk"]
    assert used([9, 2], "tanh", "gelu") == ["gelu", "tanh"]


def test_an_unknown_activation_is_named_with_its_neighbour() -> None:
    with pytest.raises(UsageError) as raised:
        layer_activations([2], "sofplus")
    assert str(raised.value) == (
        "There is no activation 'sofplus'. Did you mean 'softplus'?\n"
        f"expected: one of {known.activations}."
    )
