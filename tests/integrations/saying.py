"""What a file says of a network, beside what the network says itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from spiralcore import Trajectory
from spiralcore.recipe import RecordingSettings

EVERY = RecordingSettings(keep="every")

POINTS, CLASSES = 60, 3
RNG = np.random.default_rng(3)
X = RNG.normal(size=(POINTS, 2)).astype(np.float32)
Y = np.minimum((np.arctan2(X[:, 0], X[:, 1]) + np.pi) * 3 / (2 * np.pi), 2).astype(np.int64)


def as_logits(said: np.ndarray, kind: str = "logits") -> np.ndarray:
    """What a network says as logarithms: of one number, those of two classes."""
    said = np.asarray(said, np.float64)
    if said.ndim == 1 or said.shape[1] == 1:
        one = said.reshape(-1)
        if kind == "shares":
            return np.log(np.stack([1 - one, one], axis=1))
        return np.stack([0 * one, one], axis=1)
    return np.log(said) if kind == "shares" else said


def check(
    path: Trajectory,
    said: Sequence[np.ndarray],
    labels: np.ndarray,
    *,
    kind: str = "logits",
    readout: bool = True,
    near: float = 1e-4,
    sure: float = 0.02,
) -> None:
    """Compare accuracy, cross-entropy and predicted class of each point, at every epoch."""
    assert path.trained_epochs + 1 == len(said) == len(path.epochs)
    assert path.knows_readout is readout
    for epoch, given in enumerate(said):
        logits = as_logits(given, kind)
        least = logits - logits.max(1, keepdims=True)
        logs = least - np.log(np.exp(least).sum(1, keepdims=True))
        entropy = -logs[np.arange(len(labels)), labels].mean()
        assert path.cross_entropy[epoch] == pytest.approx(entropy, rel=near, abs=near)
        assert path.accuracy[epoch] == pytest.approx((logits.argmax(1) == labels).mean())
        if readout:
            ours = path.hidden[epoch] @ path.readout_weight[epoch].T + path.readout_bias[epoch]
            top = np.sort(logs, axis=1)
            clear = top[:, -1] - top[:, -2] > sure
            assert clear.mean() > 0.3
            assert (ours.argmax(1) == logits.argmax(1))[clear].all()
