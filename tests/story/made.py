"""Made-up trainings, in which it is known what happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from spiralcore import Trajectory

EACH = 12


def training(
    ways: Sequence[Sequence[tuple[int, Sequence[float]]]],
    *,
    activation: str = "tanh",
    wrong: Mapping[int, Sequence[tuple[int, int]]] | None = None,
    spread: float = 0.02,
    every: int = 5,
    tremble: float = 0.0,
    **more: object,
) -> Trajectory:
    """A training in which each class goes from place to place.

    Parameters
    ----------
    ways
        For each class epochs and where its mean is then; straight lines between them.
    activation
        Its space.
    wrong
        Classes that own nothing, and from which epoch to before which.
    spread, every, tremble
        Of the points around their mean; epochs between kept ones; how far means tremble.
    more
        Further arrays.
    """
    last = max(way[-1][0] for way in ways)
    epochs = np.arange(0, last + 1, every)
    random = np.random.default_rng(3)
    units = len(ways[0][0][1])
    means = np.stack(
        [
            np.column_stack(
                [
                    np.interp(epochs, [at for at, _ in way], [place[d] for _, place in way])
                    for d in range(units)
                ]
            )
            for way in ways
        ],
        axis=1,
    )
    means = means + tremble * (-1.0) ** np.arange(len(epochs))[:, None, None]
    labels = np.repeat(np.arange(len(ways)), EACH)
    around = spread * random.uniform(-1, 1, (EACH, units))
    hidden = means[:, labels] + np.tile(around - around.mean(0), (len(ways), 1))
    # The nearest mean owns a place.
    weight, bias = 20 * means, -10 * (means**2).sum(axis=2)
    for label, times in (wrong or {}).items():
        for start, end in times:
            bias[(epochs >= start) & (epochs < end), label] = -1e4
    logits = np.einsum("tnd,tkd->tnk", hidden, weight) + bias[:, None]
    right = (logits.argmax(axis=2) == labels).mean(axis=1)
    curve = np.linspace(1, 0.1, last + 1)
    arrays = {
        "epochs": epochs,
        "inputs": random.normal(size=(len(labels), 2)),
        "labels": labels,
        "hidden": hidden,
        "readout_weight": weight,
        "readout_bias": bias,
        "accuracy": np.interp(np.arange(last + 1), epochs, right),
        "cross_entropy": curve,
        "loss": curve,
    }
    return Trajectory.from_arrays({"activation": activation}, **{**arrays, **more})
