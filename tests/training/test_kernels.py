from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from spiralcore.registry.activations import ACTIVATIONS
from spiralcore.training.kernels import COMPILED, adam, in_place, softmax_cross_entropy


def test_tanh_is_right_to_three_units_in_the_last_place() -> None:
    x = np.concatenate([np.linspace(-12, 12, 400_001), np.geomspace(1e-30, 12, 100_001)])
    values = x.astype(np.float32)
    exact = np.tanh(values.astype(np.float64))
    COMPILED["tanh"].apply(values)
    np.testing.assert_allclose(values, exact, rtol=4e-7)
    assert np.abs(values).max() == 1.0


@pytest.mark.parametrize("name", list(COMPILED))
def test_compiled_activations_are_their_entries(name: str) -> None:
    entry, compiled = ACTIVATIONS[name], COMPILED[name]
    x = np.linspace(-4, 4, 600, dtype=np.float32).reshape(20, 30)
    values = x.copy()
    compiled.apply(values)
    np.testing.assert_allclose(values, entry.apply(x), rtol=1e-6)
    gradient = np.cos(x)
    pulled = gradient.copy()
    compiled.pull_back(pulled, x, values)
    np.testing.assert_allclose(pulled, entry.pull_back(gradient, x, values), rtol=1e-5, atol=1e-7)


def test_an_activation_without_loops_of_its_own_works_too() -> None:
    entry = replace(ACTIVATIONS["tanh"], name="another")
    apply, pull_back = in_place(entry)
    values = np.array([[-1.0, 2.0]], dtype=np.float32)
    gradient = np.ones_like(values)
    apply(values)
    pull_back(gradient, values, values)
    np.testing.assert_allclose(values, np.tanh([[-1.0, 2.0]]), rtol=1e-6)
    np.testing.assert_allclose(gradient, 1 - np.tanh([[-1.0, 2.0]]) ** 2, rtol=1e-5)


def test_loss_accuracy_and_gradient_are_those_of_torch() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(scale=20, size=(50, 6)).astype(np.float32)
    labels = rng.integers(0, 6, 50)
    gradient = np.empty_like(logits)
    entropy, correct = softmax_cross_entropy(logits, labels, gradient)
    tensor = torch.tensor(logits, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(tensor, torch.from_numpy(labels))
    loss.backward()
    assert entropy == pytest.approx(loss.item(), rel=1e-6)
    assert correct == (logits.argmax(1) == labels).sum()
    assert tensor.grad is not None
    np.testing.assert_allclose(gradient, tensor.grad.numpy(), atol=1e-7)


def test_a_loss_that_is_not_finite_is_told() -> None:
    logits = np.array([[0.0, np.nan], [1.0, 2.0]], dtype=np.float32)
    entropy, _ = softmax_cross_entropy(logits, np.array([0, 1]), np.empty_like(logits))
    assert not entropy < np.inf


def test_a_step_is_that_of_torchs_adam() -> None:
    rng = np.random.default_rng(1)
    start, gradients = rng.normal(size=20), rng.normal(size=(5, 20))
    parameters = start.astype(np.float32)
    first, second = np.zeros((2, 20), dtype=np.float32)
    tensor = torch.tensor(parameters.copy(), requires_grad=True)
    optimiser = torch.optim.Adam([tensor], lr=0.01)
    for step, gradient in enumerate(gradients.astype(np.float32), 1):
        rate, correction = 0.01 / (1 - 0.9**step), (1 - 0.999**step) ** -0.5
        adam(parameters, gradient, first, second, (0.9, 0.999), rate, correction, 1e-8)
        tensor.grad = torch.from_numpy(gradient)
        optimiser.step()
    np.testing.assert_allclose(parameters, tensor.detach().numpy(), rtol=1e-5)
