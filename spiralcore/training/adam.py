"""The optimiser of the training: Adam, with a decay of the weights."""

from __future__ import annotations

import math

import numpy as np

from spiralcore.recipe.network_recipe import TrainingSettings
from spiralcore.training.kernels import adam
from spiralcore.training.network import Network

FIRST_DECAY, SECOND_DECAY, EPSILON = 0.9, 0.999, 1e-8
"""Kingma and Ba 2015, algorithm 1: their default decay rates."""


class Adam:
    """Takes the steps of one network, or of several that are trained in step.

    Parameters
    ----------
    network
        Its `parameters` are changed in place, by its `gradient`.
    settings
        Learning rates, and ``l2``: the loss has ``l2 / 2`` times the sum of the squared weights.
    """

    def __init__(self, network: Network, settings: TrainingSettings) -> None:
        self._settings, self._epoch = settings, 0
        self._weights, self._weight_gradient = (
            flat[..., : network.weight_count] for flat in (network.parameters, network.gradient)
        )
        self._parameters, self._gradient = (
            flat.view(-1).numpy() for flat in (network.parameters, network.gradient)
        )
        self._first, self._second = np.zeros((2, self._parameters.size), dtype=np.float32)

    def step(self) -> None:
        """Take the next step by the gradient of the loss without its penalty."""
        self._epoch += 1
        self._weight_gradient.add_(self._weights, alpha=self._settings.l2)
        adam(
            self._parameters,
            self._gradient,
            self._first,
            self._second,
            (FIRST_DECAY, SECOND_DECAY),
            self._settings.rate_of(self._epoch) / (1 - FIRST_DECAY**self._epoch),
            1 / math.sqrt(1 - SECOND_DECAY**self._epoch),
            EPSILON,
        )
