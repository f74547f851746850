from __future__ import annotations

import numpy as np
import pytest
import torch

from spiralcore.recipe.layers import layer_activations
from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.training.network import Network

SIZES = (2, 7, 5, 2, 4)


def network(name: str, samples: int = 9) -> Network:
    widths = SIZES[1:-1]
    return Network(SIZES, layer_activations(widths, name), samples, np.random.default_rng(3))


TORCH = {
    "tanh": torch.tanh,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "hardtanh": torch.nn.functional.hardtanh,
    "leaky_relu": torch.nn.functional.leaky_relu,
    "gelu": torch.nn.functional.gelu,
    "softplus": torch.nn.functional.softplus,
    "disk": lambda x: x * torch.tanh(x.norm(dim=1, keepdim=True)) / x.norm(dim=1, keepdim=True),
    "ball": lambda x: x * torch.tanh(x.norm(dim=1, keepdim=True)) / x.norm(dim=1, keepdim=True),
    "sphere": lambda x: torch.nn.functional.normalize(x, dim=1),
}


def reference_loss(
    net: Network, name: str, inputs: torch.Tensor, labels: torch.Tensor
) -> torch.Tensor:
    """The same function, by torch's own activations, differentiated automatically."""
    weights = [w.clone().requires_grad_() for w in net.weights]
    biases = [b.clone().requires_grad_() for b in net.biases]
    bends = [TORCH[entry.name] for entry in layer_activations(SIZES[1:-1], name)]
    value = inputs
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        value = value @ weight + bias
        if i < len(bends):
            value = bends[i](value)
    loss = torch.nn.functional.cross_entropy(value, labels)
    loss.backward()
    return torch.cat([p.grad.flatten() for p in weights + biases])


@pytest.mark.parametrize("name", list(TORCH))
def test_the_gradient_is_that_of_automatic_differentiation(name: str) -> None:
    net = network(name)
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(9, 2, generator=generator)
    labels = torch.arange(9) % 4
    logits = net.forward(inputs)
    targets = torch.nn.functional.one_hot(labels, 4).float()
    net.backward((logits.softmax(1) - targets) / 9)
    expected = reference_loss(net, name, inputs, labels)
    torch.testing.assert_close(net.gradient, expected, rtol=1e-4, atol=1e-6)


def test_the_table_above_is_complete() -> None:
    assert set(TORCH) == set(ACTIVATIONS)


def test_weights_are_glorot_uniform_and_biases_zero() -> None:
    net = Network(
        (2, 300, 200, 2, 3), layer_activations([300, 200, 2], "tanh"), 1, np.random.default_rng(0)
    )
    weight = net.weights[1]
    limit = (6 / 500) ** 0.5
    assert weight.abs().max().item() == pytest.approx(limit, rel=1e-3)
    assert weight.std().item() == pytest.approx(limit / 3**0.5, rel=0.01)
    assert all((bias == 0).all() for bias in net.biases)
