"""What a loss is about, as the graph says that torch has made of it.

`Recorder.step` may be given the loss as a tensor. Between it and the last product of a matrix are
the operations of the loss itself: whether it compares classes by what they are given, or something
else, as losses of distances and of measured values do. The graph can be read after ``backward()``,
too: it has lost its numbers by then, and not its nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from torch import Tensor, nn

from spiralcore.recording.run.learned import CLASSES, NUMBER, OTHER, SCORES, UNKNOWN
from spiralcore.training.torch_recorder.sharded import is_wrapper

PRODUCTS = (
    "Addmm", "Mm", "Mv", "Addmv", "Dot", "Bmm", "Baddbmm", "Addbmm", "Linear", "MkldnnLinear",
    "Convolution", "MkldnnConvolution", "Bilinear", "Embedding",
)  # fmt: skip
"""What layers end with that have weights."""

SOFT = ("NllLoss", "LogSoftmax", "Softmax", "CrossEntropy", "Logsumexp")
"""Losses of classes that share out one probability."""

EACH = ("BinaryCrossEntropy", "LogSigmoid", "MultiMargin", "MultilabelMargin", "SoftMargin")
"""Losses that take each class by itself, or by the margin between them."""

PARTS = ("Sigmoid", "Softplus", "Exp", "Log", "Log1p", "Log2", "Special")
"""What losses of classes are made of by hand, and others, too."""

MARGINS = ("ClampMin", "Clamp", "Relu", "Maximum")
"""What losses of margins are made of."""

SQUARES = (
    "Pow", "MseLoss", "SmoothL1Loss", "HuberLoss", "Abs", "Sqrt", "LinalgVectorNorm", "Norm",
    "Cdist", "EuclideanDist",
)  # fmt: skip
"""What compares numbers or distances."""

MOST = 4000
"""Nodes that are looked at."""


def learned_by(loss: Any, model: nn.Module, columns: int) -> str:
    """What outputs are, as the graph of the loss that they are trained with tells.

    Parameters
    ----------
    loss
        As `Recorder.step` was given it.
    model
        What is trained.
    columns
        Numbers that it gives for each point.

    Returns
    -------
    str
        Of `spiralcore.recording.run.learned`; `NUMBER` if there is no graph, `UNKNOWN` if it does
        not tell.
    """
    root = getattr(loss, "grad_fn", None) if isinstance(loss, Tensor) else None
    if root is None:
        return NUMBER
    if any(is_wrapper(module) for module in model.modules()):
        return UNKNOWN  # whose parameters are not those of the graph
    own = list(_upstream([root]))
    soft = [node for node in own if _kind(node).startswith(SOFT)]
    if soft:
        return CLASSES if _of_outputs(soft, model, columns) else OTHER
    each = [node for node in own if _kind(node).startswith(EACH)]
    if each:
        found = SCORES if columns > 1 else CLASSES
        return found if _of_outputs(each, model, columns) else OTHER
    # A penalty of weights is no part of what is said of the outputs.
    kinds = {_kind(node) for node in own if _products([node])}
    if "" in kinds or (kinds & {"Log", "Log1p"} and kinds & {"Sigmoid", "Exp"}):
        return UNKNOWN
    if kinds.isdisjoint(SQUARES) and not kinds.isdisjoint(PARTS):
        return UNKNOWN
    return OTHER if kinds.isdisjoint(MARGINS) or not kinds.isdisjoint(SQUARES) else SCORES


def _of_outputs(nodes: list[Any], model: nn.Module, columns: int) -> bool:
    """Whether classes are compared by what the model gives, as far as that is told."""
    shared = [_shape(node) for node in nodes if _kind(node) in ("LogSoftmax", "Softmax")]
    shapes = [shape for shape in shared if len(shape) > 1]
    if columns > 1 and shapes and not any(columns in shape[1:] for shape in shapes):
        return False
    own = {id(parameter) for parameter in model.parameters()}
    known = [_weights(product) for product in _products(nodes)]
    told = [weights for weights in known if weights]
    if not told or any(id(weight) in own for weights in told for weight in weights):
        return True
    # Weights of somebody else: they read what the model gives, or the model has no part in it.
    deeper = _upstream(nodes, through=True)
    return not any(_kind(n) == "AccumulateGrad" and id(n.variable) in own for n in deeper)


def _weights(product: Any) -> list[Tensor]:
    """The parameters that a product is with: those of an operand that no other product made."""
    found: list[Tensor] = []
    for operand, _ in product.next_functions:
        if operand is None:
            continue
        parts = list(_upstream([operand]))
        if any(_kind(part) in PRODUCTS for part in parts):
            continue
        found += [part.variable for part in parts if _kind(part) == "AccumulateGrad"]
    return found


def _products(nodes: Iterable[Any]) -> list[Any]:
    return [node for node in _upstream(nodes) if _kind(node) in PRODUCTS]


def _upstream(roots: Iterable[Any], through: bool = False) -> Iterator[Any]:
    """Nodes from some on, up to products, these included, or through them."""
    waiting = list(roots)
    seen: set[Any] = set()
    while waiting and len(seen) < MOST:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        yield node
        if through or _kind(node) not in PRODUCTS:
            waiting += [before for before, _ in node.next_functions if before is not None]


def _kind(node: Any) -> str:
    """What a node is called without its ending; empty for those that torch does not know."""
    name: str = node.name()
    if name.startswith("torch::autograd::"):
        return name.rpartition(":")[2]
    plain, ending, number = name.partition("Backward")
    return plain if ending and number.isdigit() else ""


def _shape(node: Any) -> tuple[int, ...]:
    """Of what a node gives."""
    data: Any = getattr(node, "_input_metadata", ())
    return tuple(data[0].shape) if len(data) and hasattr(data[0], "shape") else ()
