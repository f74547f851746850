from __future__ import annotations

import numpy as np
import pytest
import torch

from spiralcore.activations import ACTIVATIONS
from spiralcore.training.network import Network

SIZES = (2, 7, 5, 2, 4)


def network(name: str, samples: int = 9) -> Network:
    return Network(SIZES, ACTIVATIONS[name], samples, np.random.default_rng(3))


def reference_loss(net: Network, inputs: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The same function, differentiated automatically."""
    weights = [w.clone().requires_grad_() for w in net.weights]
    biases = [b.clone().requires_grad_() for b in net.biases]
    value = inputs
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        value = value @ weight + bias
        if i < len(weights) - 1:
            value = torch.tanh(value) if net.activation.name == "tanh" else torch.relu(value)
    loss = torch.nn.functional.cross_entropy(value, labels)
    loss.backward()
    return torch.cat([p.grad.flatten() for p in weights + biases])


@pytest.mark.parametrize("name", ["tanh", "relu"])
def test_the_gradient_is_that_of_automatic_differentiation(name: str) -> None:
    net = network(name)
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(9, 2, generator=generator)
    labels = torch.arange(9) % 4
    logits = net.forward(inputs)
    targets = torch.nn.functional.one_hot(labels, 4).float()
    net.backward((logits.softmax(1) - targets) / 9)
    torch.testing.assert_close(net.gradient, reference_loss(net, inputs, labels))


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_values_stay_in_the_space_of_the_activation(name: str) -> None:
    entry = ACTIVATIONS[name]
    values = entry.apply(np.linspace(-50, 50, 101, dtype=np.float32))
    assert values.min() >= entry.space.lower
    assert entry.space.upper is None or values.max() <= entry.space.upper


def test_weights_are_glorot_uniform_and_biases_zero() -> None:
    net = Network((2, 300, 200, 2, 3), ACTIVATIONS["tanh"], 1, np.random.default_rng(0))
    weight = net.weights[1]
    limit = (6 / 500) ** 0.5
    assert weight.abs().max().item() == pytest.approx(limit, rel=1e-3)
    assert weight.std().item() == pytest.approx(limit / 3**0.5, rel=0.01)
    assert all((bias == 0).all() for bias in net.biases)
