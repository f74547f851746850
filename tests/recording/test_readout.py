"""A read-out is taken if it gives the outputs, in whatever precision, and otherwise not."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from spiralcore.recording.outputs import LOGITS, SINGLE, as_rows, judge, kind_of, two_columns
from spiralcore.recording.readout import reproduce, two_classes
from spiralcore.recording.run.head import Head

UNITS = {"float32": SINGLE, "float16": 2.0**-11, "bfloat16": 2.0**-8}

LINKS = {
    "logits": lambda z: z,
    "log-probabilities": lambda z: torch.log_softmax(z, 1),
    "probabilities": lambda z: torch.softmax(z, 1),
}


def network(
    seed: int, points: int, units: int, classes: int, size: float, dtype: torch.dtype
) -> tuple[torch.Tensor, torch.nn.Linear]:
    """A layer and a head of torch, whose numbers are those of its precision."""
    torch.manual_seed(seed)
    head = torch.nn.Linear(units, classes)
    with torch.no_grad():
        head.weight.mul_(size)
    return torch.randn(points, units).to(dtype), head.to(dtype)


def parts(hidden: torch.Tensor, head: torch.nn.Linear) -> tuple[np.ndarray, Head]:
    weight, bias = (part.detach().float().numpy() for part in (head.weight, head.bias))
    return hidden.float().numpy(), Head(weight, bias)


@given(
    seed=st.integers(0, 10**6),
    points=st.integers(4, 60),
    units=st.sampled_from([1, 2, 3, 17, 300]),
    classes=st.sampled_from([1, 2, 3, 10]),
    size=st.sampled_from([0.01, 1.0, 30.0]),
    kind=st.sampled_from([*LINKS]),
    scale=st.sampled_from([1.0, 0.07, 14.3]),
    dtype=st.sampled_from([*UNITS]),
)
def test_what_gives_the_outputs_is_taken(
    seed: int,
    points: int,
    units: int,
    classes: int,
    size: float,
    kind: str,
    scale: float,
    dtype: str,
) -> None:
    hidden, head = network(seed, points, units, classes, size, getattr(torch, dtype))
    with torch.no_grad():
        logits = head(hidden) * scale
        link = torch.sigmoid if classes == 1 and kind == "probabilities" else LINKS[kind]
        if classes == 1 and kind == "log-probabilities":
            return
        outputs = link(logits)
    rows = as_rows(outputs.float().numpy(), points)
    made = reproduce(*parts(hidden, head), rows, UNITS[dtype])
    told = int(((outputs > 1e-6) & (outputs < 1 - 1e-3)).sum())
    saturated = kind == "probabilities" and scale != 1 and told < 8
    if made is None and saturated:
        return  # a scale cannot be told from probabilities that are 0 and 1
    most = max(float(logits.abs().max()), float(outputs.abs().max()), float(scale))
    if made is None and scale != 1 and np.ptp(rows) < 600 * UNITS[dtype] * most:
        return  # nor from outputs that hardly differ in this precision
    assert made is not None
    # In coarse precision small logits are their own log-probabilities.
    assert made.kind == kind or dtype != "float32" or units == 1
    ours = hidden.double().numpy() @ made.head.weight.T + made.head.bias
    theirs = logits.double().numpy()
    theirs = np.concatenate([np.zeros_like(theirs), theirs], 1) if classes == 1 else theirs
    best = np.sort(theirs, axis=1)
    decided = best[:, -1] - best[:, -2] > 50 * UNITS[dtype] * np.abs(best).max() * np.sqrt(units)
    assert (ours.argmax(1) == theirs.argmax(1))[decided].all()


@given(
    seed=st.integers(0, 10**6),
    points=st.integers(12, 60),
    units=st.sampled_from([2, 3, 17]),
    classes=st.sampled_from([2, 3, 10]),
    kind=st.sampled_from([*LINKS]),
    change=st.sampled_from(
        ["residual", "mask", "norm", "other bias", "other head", "negative", "tanh", "order"]
    ),
    dtype=st.sampled_from([*UNITS]),
)
def test_what_does_not_give_the_outputs_is_not_taken(
    seed: int, points: int, units: int, classes: int, kind: str, change: str, dtype: str
) -> None:
    hidden, head = network(seed, points, units, classes, 3.0, getattr(torch, dtype))
    other = torch.nn.Linear(units, classes).to(hidden.dtype)
    with torch.no_grad():
        logits = head(hidden)
        mask = torch.ones_like(head.weight)
        mask[0] = 0
        wrong = {
            "residual": lambda: logits + torch.randn_like(logits),
            "mask": lambda: hidden @ (head.weight * mask).T + head.bias,
            "norm": lambda: torch.nn.functional.normalize(hidden) @ head.weight.T + head.bias,
            "other bias": lambda: logits + torch.arange(classes).to(hidden.dtype),
            "other head": lambda: other(hidden),
            "negative": lambda: -2 * logits,
            "tanh": lambda: torch.tanh(logits),
            "order": lambda: logits.roll(1, dims=1),
        }[change]()
        outputs = LINKS[kind](wrong)
    rows = as_rows(outputs.float().numpy(), points)
    assert reproduce(*parts(hidden, head), rows, UNITS[dtype]) is None


def test_one_logit_is_two_classes_with_its_boundary() -> None:
    hidden = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0], [-1.0, 3.0]], np.float32)
    head = Head(np.array([[2.0, -2.0]], np.float32), np.array([0.5], np.float32))
    logits = hidden @ head.weight.T + head.bias
    made = reproduce(hidden, head, as_rows(logits[:, 0], 4), SINGLE)
    assert made is not None
    assert made.head.weight.tolist() == [[0, 0], [2, -2]]
    assert made.head.bias.tolist() == [0, 0.5]
    boundary = np.array([0.75, 1.0])
    both = made.head.weight @ boundary + made.head.bias
    assert both[0] == both[1]


def test_a_scale_is_folded_in() -> None:
    hidden = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
    head = Head(np.eye(2, dtype=np.float32), np.array([1.0, -1.0], np.float32))
    rows = 7.5 * (hidden @ head.weight.T + head.bias).astype(np.float64)
    made = reproduce(hidden, head, rows, SINGLE)
    assert made is not None
    assert made.scale == pytest.approx(7.5, rel=1e-6)
    np.testing.assert_allclose(made.head.weight, 7.5 * np.eye(2), rtol=1e-6)
    np.testing.assert_allclose(made.head.bias, [7.5, -7.5], rtol=1e-6)


def test_few_numbers_do_not_tell_a_scale() -> None:
    head = Head(np.ones((1, 2), np.float32), np.zeros(1, np.float32))
    hidden = np.ones((1, 2), np.float32)
    assert reproduce(hidden, head, np.array([[5.0]]), SINGLE) is None
    assert reproduce(hidden, head, np.array([[2.0]]), SINGLE) is not None


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([[0.2, 0.8], [0.5, 0.5]], "probabilities"),
        ([[1.0, 0.0], [0.0, 1.0]], "probabilities"),
        ([[0.2, 0.7], [0.5, 0.5]], ""),
        ([[-0.2, 0.8], [0.5, 0.5]], "logits"),
        ([[0.2, 7.1], [3.5, 0.0]], ""),
        ([[0.2, np.nan], [0.5, 0.5]], "logits"),
        ([[0.2], [0.7]], "probabilities"),
        ([[0.2], [1.7]], "logits"),
        (np.log([[0.2, 0.8], [0.5, 0.5]]), "log-probabilities"),
        ([[-np.inf, 0.0], [0.0, -np.inf]], "log-probabilities"),
        ([[-np.inf, 4.0], [0.0, 1.0]], "logits"),
    ],
)
def test_outputs_are_what_their_numbers_tell(rows: list[list[float]], kind: str) -> None:
    assert kind_of(np.array(rows, np.float64), SINGLE) == kind


def test_cross_entropy_and_accuracy_are_those_of_torch() -> None:
    torch.manual_seed(0)
    logits, labels = 5 * torch.randn(40, 4, dtype=torch.float64), torch.arange(40) % 4
    entropy = torch.nn.functional.cross_entropy(logits, labels).item()
    right = (logits.argmax(1) == labels).double().mean().item()
    for kind, link in LINKS.items():
        verdict = judge(link(logits).numpy(), kind, labels.numpy())
        assert verdict.cross_entropy == pytest.approx(entropy, rel=1e-12)
        assert verdict.accuracy == right
    one, halves = 3 * torch.randn(40, 1, dtype=torch.float64), labels % 2
    wanted = torch.nn.functional.binary_cross_entropy_with_logits(one[:, 0], halves.double())
    for kind, rows in (("logits", one), ("probabilities", torch.sigmoid(one))):
        verdict = judge(rows.numpy(), kind, halves.numpy())
        assert verdict.cross_entropy == pytest.approx(wanted.item(), rel=1e-9)
        assert verdict.accuracy == ((one[:, 0] > 0) == halves.bool()).double().mean().item()


def test_what_is_not_finite_is_unknown_and_not_infinite() -> None:
    impossible = np.array([[1.0, 0.0], [0.0, 1.0]])
    verdict = judge(impossible, "probabilities", np.array([1, 1]))
    assert np.isnan(verdict.cross_entropy)
    assert verdict.accuracy == 0.5
    broken = np.array([[np.nan, 0.0], [0.0, 1.0]])
    assert np.isnan(judge(broken, "logits", np.array([1, 1]))).all()
    assert two_columns(np.array([[0.25]]), "probabilities").tolist() == [[0.75, 0.25]]
    assert two_classes(Head(np.ones((2, 3)), np.ones(2))).weight.shape == (2, 3)


@pytest.mark.parametrize("shape", [(3, 4), (4, 0), (4, 2, 2), ()])
def test_what_is_no_row_for_each_point_is_no_output(shape: tuple[int, ...]) -> None:
    assert as_rows(np.zeros(shape), 4) is None


@pytest.mark.parametrize("count", [2, 3, 40])
def test_verdicts_are_those_of_the_definition(count: int) -> None:
    rng = np.random.default_rng(count)
    rows, labels = rng.normal(size=(50, count)) * 30, rng.integers(0, count, 50)
    shares = np.exp(rows) / np.exp(rows).sum(axis=1, keepdims=True)
    found = judge(rows, LOGITS, labels)
    assert found.cross_entropy == pytest.approx(-np.log(shares[np.arange(50), labels]).mean())
    assert found.accuracy == (rows.argmax(axis=1) == labels).mean()
    rows[3, labels[3]] = -np.inf
    lost = judge(rows, LOGITS, labels)
    assert np.isnan(lost.cross_entropy)
    assert lost.accuracy == (rows.argmax(axis=1) == labels).mean()
