"""What torch's activation modules are taken for."""

from __future__ import annotations

import pytest
from torch import nn

from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.training.torch_recorder.model_layers import activation_of


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (nn.Tanh(), "tanh"),
        (nn.ReLU(inplace=True), "relu"),
        (nn.Sigmoid(), "sigmoid"),
        (nn.Hardtanh(), "hardtanh"),
        (nn.Hardtanh(0.0, 0.5), "hardtanh"),  # within the square, too
        (nn.LeakyReLU(0.2), "leaky_relu"),
        (nn.GELU(), "gelu"),
        (nn.GELU(approximate="tanh"), "gelu"),
        (nn.Softplus(beta=3.0), "softplus"),
        (nn.Hardtanh(-2.0, 2.0), None),
        (nn.Hardtanh(0.0, 6.0), None),
        (nn.ELU(), None),
        (nn.Linear(2, 2), None),
        (None, None),
    ],
)
def test_the_space_of_a_module(module: nn.Module | None, name: str | None) -> None:
    assert activation_of(module) == name


def test_a_module_is_tried_without_the_hooks_that_it_has() -> None:
    module, seen = nn.Tanh(), []
    module.register_forward_hook(lambda *given: seen.append(given))
    assert activation_of(module) == "tanh"
    assert not seen


def test_every_module_that_is_named_is_one_of_torch() -> None:
    named = [entry for entry in ACTIVATIONS.values() if entry.torch_module]
    assert len(named) == 7
    for entry in named:
        assert activation_of(getattr(nn, entry.torch_module)()) == entry.name
