"""What a model says of the classes, among all that it gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from spiralcore.training.torch_recorder.forward_pass import Seen
from spiralcore.training.torch_recorder.model_layers import picked

AUTO = "auto"
"""What is found by itself."""

Outputs = str | int | Callable[[Any], Any] | None


def scores_of(
    seen: Seen, outputs: Outputs, takes: Callable[[tuple[int, ...]], bool]
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
    parts = [_of_output(output, seen, outputs, takes) for output in seen.output]
    scores = [part for part in parts if part is not None]
    if len(scores) < len(parts):
        return None
    if any(score.is_complex() for score in scores):
        return None
    return scores[0] if len(scores) == 1 else torch.cat(scores)


def _of_output(
    output: Any, seen: Seen, outputs: Outputs, takes: Callable[[tuple[int, ...]], bool]
) -> Tensor | None:
    if outputs != AUTO:
        return picked(output, outputs, "The model", "outputs")
    if isinstance(output, Tensor):
        return output
    named = output.get("logits") if isinstance(output, dict) else getattr(output, "logits", None)
    if isinstance(named, Tensor):
        return named
    parts = list(output.values()) if isinstance(output, dict) else output
    if not isinstance(parts, tuple | list):
        return None
    fitting = [
        part
        for part in parts
        if isinstance(part, Tensor) and takes(tuple(part.shape)) and not _is_layer(part, seen)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _is_layer(part: Tensor, seen: Seen) -> bool:
    """Whether a part of the output is a recorded layer itself, which need not be a read-out."""
    return any(part.shape == layer.shape and torch.equal(part, layer) for layer in seen.hidden)
