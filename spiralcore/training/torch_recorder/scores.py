"""What a model says of the classes, among all that it gives."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from spiralcore.recording.outputs import plain_shape
from spiralcore.recording.run.choosing import AUTO, Choice, described, scores_in
from spiralcore.training.torch_recorder.forward_pass import Seen
from spiralcore.training.torch_recorder.model_layers import TENSOR

__all__ = ["AUTO", "Choice", "not_found", "scores_of"]


def scores_of(
    seen: Seen, outputs: Choice, takes: Callable[[tuple[int, ...]], bool]
) -> Tensor | None:
    """Logits or probabilities, if they can be found.

    Parameters
    ----------
    seen
        What the model gave, batch after batch.
    outputs
        Where they are in it; `AUTO` to look for them.
    takes
        Whether numbers of some shape may be these.
    """
    if outputs is None:
        return None
    parts = [
        scores_in(output, outputs, takes, TENSOR, lambda part: _is_layer(part, seen))
        for output in seen.output
    ]
    scores = [part for part in parts if part is not None]
    if len(scores) < len(parts):
        return None
    if any(score.is_complex() for score in scores):
        return None
    plain = [score.reshape(plain_shape(tuple(score.shape))) for score in scores]
    return plain[0] if len(plain) == 1 else torch.cat(plain)


def not_found(seen: Seen) -> str:
    """Say that there are none, where something was looked for."""
    return f"not found in {described(seen.output[0], TENSOR)}: outputs= says where they are"


def _is_layer(part: Tensor, seen: Seen) -> bool:
    """Whether a part of the output is a recorded layer itself, which need not be a read-out."""
    return any(part.shape == layer.shape and torch.equal(part, layer) for layer in seen.hidden)
