"""The points that pass through a model of torch, in whatever form it takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.utils.data import BatchSampler, DataLoader, IterableDataset, SequentialSampler

from spiralcore.errors import UsageError
from spiralcore.training.torch_recorder.untouched import same_random_numbers

LABELS = ("labels", "label", "targets", "target", "y")
"""What batches that are dictionaries call the labels."""


class PointBatch(NamedTuple):
    """What a model is called with: ``model(*positional, **named)``."""

    positional: tuple[Any, ...]
    named: dict[str, Any]

    def tensors(self) -> list[Tensor]:
        """All that are tensors, in their order."""
        values = (*self.positional, *self.named.values())
        return [value for value in values if isinstance(value, Tensor)]

    def chosen(self, places: NDArray[np.int64], count: int) -> PointBatch:
        """Some of its points, of which there are so many."""

        def some(value: Any) -> Any:
            each = isinstance(value, Tensor) and value.ndim > 0 and len(value) == count
            return value[torch.from_numpy(places)] if each else value

        return PointBatch(
            tuple(map(some, self.positional)),
            {name: some(value) for name, value in self.named.items()},
        )

    def on(self, like: Tensor | None, copied: bool) -> PointBatch:
        """Where the model is, in its precision, copied if the model works in place."""

        def placed(value: Any) -> Any:
            if not isinstance(value, Tensor):
                return value
            if like is not None:
                real = value.is_floating_point() and like.is_floating_point()
                value = value.to(like.device, like.dtype if real else None)
            return value.clone() if copied else value

        return PointBatch(
            tuple(map(placed, self.positional)),
            {name: placed(value) for name, value in self.named.items()},
        )


class TorchPoints:
    """Points, in one batch or several.

    Parameters
    ----------
    inputs
        A tensor or an array, first dimension N; a tuple of these for a model of several arguments,
        a dictionary for one of named arguments; or a `DataLoader` of such batches, of which the
        last part, or what is called ``labels``, are the labels, if none are given. It is read once.
    labels
        The labels, if they are given apart.
    most
        How many points are taken, evenly from the first to the last one; all where None.

    Attributes
    ----------
    whole, count
        How many there are, and how many are taken.
    batches
        What the model is called with.
    labels
        The labels, or None.
    """

    def __init__(self, inputs: Any, labels: Any, most: int | None = None) -> None:
        if most is not None and (isinstance(most, bool) or most < 1):
            raise UsageError(f"points is {most}.", "how many are recorded, 1 or more.")
        self.labels = labels
        if isinstance(inputs, DataLoader):
            self.batches = self._of_loader(inputs)
        else:
            self.batches = [_batch(inputs)]
        counts = [_count(batch) for batch in self.batches]
        self.whole = self.count = sum(counts)
        if most is not None and most < self.count:
            self._thin(np.linspace(0, self.count - 1, most).round().astype(int), counts)
            counts = [_count(batch) for batch in self.batches]
        self.sizes = counts

    def _thin(self, chosen: NDArray[np.int64], counts: list[int]) -> None:
        """Take some of the points, with their labels."""
        batches, start = [], 0
        for batch, count in zip(self.batches, counts, strict=True):
            inside = chosen[(chosen >= start) & (chosen < start + count)] - start
            start += count
            if len(inside):
                batches.append(batch.chosen(inside, count))
        self.batches, self.count = batches, len(chosen)
        if self.labels is not None:
            labels = self.labels
            labels = labels.detach().cpu() if isinstance(labels, Tensor) else labels
            array = np.asarray(labels)
            if array.ndim and len(array) == self.whole:
                self.labels = array[chosen]

    def _of_loader(self, loader: DataLoader[Any]) -> list[PointBatch]:
        # A loader draws a seed, and may shuffle.
        drawing = [loader.generator, getattr(loader.sampler, "generator", None)]
        with same_random_numbers(generators=drawing):
            parts = list(loader)
        if not parts:
            raise UsageError("The inputs are a DataLoader without batches.", "one batch or more.")
        batches, labels = [], []
        for part in parts:
            batch, label = _parted(part)
            labels.append(label)
            batches.append(batch)
        if all(label is not None for label in labels):
            joined = _joined(labels)
            if self.labels is None:
                self.labels = joined
                return batches
            if _alike(joined, self.labels):
                return batches
        if self.labels is not None and not _in_order(loader):
            raise UsageError(
                "The DataLoader shuffles its points, and the labels are given apart from it.",
                "labels in the order of the points.",
                "a DataLoader(..., shuffle=False), or one whose batches hold the labels and none "
                "apart",
            )
        return [_batch(part) for part in parts]

    def first(self) -> NDArray[Any]:
        """The first tensor of each batch, as the file has it: shape (N, ...)."""
        return np.concatenate(
            [batch.tensors()[0].detach().to("cpu").float().numpy() for batch in self.batches]
        )

    def single(self) -> Tensor | None:
        """The one tensor that the model is called with, if that is all."""
        if len(self.batches) > 1:
            return None
        (batch,) = self.batches
        alone = len(batch.positional) == 1 and not batch.named
        return batch.tensors()[0] if alone else None

    def on(self, model: nn.Module, copied: bool) -> Iterator[PointBatch]:
        """The batches, where the model is."""
        like = next((p for p in model.parameters() if p.is_floating_point()), None)
        return (batch.on(like, copied) for batch in self.batches)


def _batch(inputs: Any) -> PointBatch:
    """What a model is called with, from what somebody calls the inputs."""
    if isinstance(inputs, Mapping):
        return PointBatch((), {str(name): _tensor(value) for name, value in inputs.items()})
    parted = isinstance(inputs, tuple | list)
    several = parted and any(isinstance(part, Tensor | np.ndarray) for part in inputs)
    if several:
        return PointBatch(tuple(_tensor(part) for part in inputs), {})
    return PointBatch((_tensor(inputs),), {})


def _tensor(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.detach().clone()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    try:
        return torch.tensor(np.asarray(value))
    except (TypeError, ValueError, RuntimeError) as error:
        raise UsageError(
            f"The inputs are a {type(value).__name__} that is no array: {str(error)[:100]}.",
            "a tensor, an array, a tuple or a dictionary of these, or a DataLoader.",
        ) from None


def _parted(part: Any) -> tuple[PointBatch, Any]:
    """A batch of a loader without its labels, and these."""
    if isinstance(part, Mapping):
        name = next((name for name in LABELS if name in part), None)
        rest = {key: value for key, value in part.items() if key != name}
        return _batch(rest), None if name is None else part[name]
    if isinstance(part, tuple | list) and len(part) > 1:
        return _batch(tuple(part[:-1])), part[-1]
    return _batch(part), None


def _in_order(loader: DataLoader[Any]) -> bool:
    """Whether points come in the order of the data set, as far as that is known."""
    if isinstance(loader.dataset, IterableDataset):
        return True
    plain = loader.batch_sampler is None or type(loader.batch_sampler) is BatchSampler
    return plain and type(loader.sampler) is SequentialSampler


def _joined(labels: list[Any]) -> Any:
    if isinstance(labels[0], Tensor):
        return torch.cat([label.detach().cpu() for label in labels]).numpy()
    return [one for label in labels for one in label]


def _alike(one: Any, other: Any) -> bool:
    other = other.detach().cpu() if isinstance(other, Tensor) else other
    return bool(np.array_equal(np.asarray(one), np.asarray(other)))


def _count(batch: PointBatch) -> int:
    tensors = batch.tensors()
    if not tensors or tensors[0].ndim == 0 or len(tensors[0]) == 0:
        shapes = ", ".join(str(tuple(tensor.shape)) for tensor in tensors) or "no tensor"
        raise UsageError(f"The inputs have the shape {shapes}.", "one row for each point.")
    return len(tensors[0])
