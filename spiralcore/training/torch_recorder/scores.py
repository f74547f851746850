"""What a model says of the classes, among all that it gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from spiralcore.recording.outputs import plain_shape
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
    plain = [score.reshape(plain_shape(tuple(score.shape))) for score in scores]
    return plain[0] if len(plain) == 1 else torch.cat(plain)


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
    apart = [part for part in fitting if not any(_follows(part, other) for other in fitting)]
    return apart[0] if len(apart) == 1 else None


def _follows(part: Tensor, logits: Tensor) -> bool:
    """Whether a part only says again, as probabilities, what another one says as logits."""
    if part is logits or part.shape != logits.shape or not logits.is_floating_point():
        return False
    shape = plain_shape(tuple(logits.shape))
    said, rows = part.detach().double().reshape(shape), logits.detach().double().reshape(shape)
    ways = [torch.sigmoid] if shape[1] == 1 else [_softmax, _log_softmax]
    slack = 8 * torch.finfo(logits.dtype).eps * (1 + rows.abs().max())
    return any(bool(((way(rows) - said).abs() <= slack).all()) for way in ways)


def _softmax(rows: Tensor) -> Tensor:
    return rows.softmax(1)


def _log_softmax(rows: Tensor) -> Tensor:
    return rows.log_softmax(1)


def _is_layer(part: Tensor, seen: Seen) -> bool:
    """Whether a part of the output is a recorded layer itself, which need not be a read-out."""
    return any(part.shape == layer.shape and torch.equal(part, layer) for layer in seen.hidden)
