"""Labels of any kind are classes, or refused with what to type."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from spiralcore.errors import UsageError
from spiralcore.recording.classes import Labels

SIX = [0, 1, 2, 2, 1, 0]


@pytest.mark.parametrize(
    ("given", "outputs", "labels", "names"),
    [
        (SIX, 3, SIX, ()),
        (np.array(SIX, np.uint8), 3, SIX, ()),
        (np.array(SIX, np.float32), 3, SIX, ()),
        (torch.tensor(SIX), 3, SIX, ()),
        (np.array(SIX)[:, None], 3, SIX, ()),
        (np.eye(3)[SIX], 3, SIX, ()),
        (np.eye(3, dtype=bool)[SIX], 3, SIX, ()),
        (torch.eye(3)[SIX], 3, SIX, ()),
        ([0, 2, 2, 2, 0, 0], 3, [0, 2, 2, 2, 0, 0], ()),
        ([1, 2, 3, 3, 2, 1], 3, SIX, ("1", "2", "3")),
        ([-1, 0, 7, 7, 0, -1], 3, SIX, ("-1", "0", "7")),
        ([10.0, 20.0, 30.0, 30.0, 20.0, 10.0], 3, SIX, ("10", "20", "30")),
        (list("abccba"), 3, SIX, ("a", "b", "c")),
        (np.array(list("abccba"), object), 3, SIX, ("a", "b", "c")),
        (np.array(list("abccba"), "S"), 3, SIX, ("a", "b", "c")),
        ([False, True, True, True, True, False], 2, [0, 1, 1, 1, 1, 0], ("False", "True")),
        (torch.tensor([[0.0], [1], [1], [1], [1], [0]]), 2, [0, 1, 1, 1, 1, 0], ()),
        ([-1, 1, 1, 1, 1, -1], 2, [0, 1, 1, 1, 1, 0], ("-1", "1")),
    ],
)
def test_labels_are_classes(
    given: Any, outputs: int, labels: list[int], names: tuple[str, ...]
) -> None:
    classes = Labels.of(given, 6).beside(outputs)
    assert classes is not None
    assert classes.labels.tolist() == labels
    assert classes.count == outputs
    assert classes.names == names


@pytest.mark.parametrize(
    ("given", "outputs"),
    [(SIX, 4), (SIX, 2), (list("abccba"), 4), (None, 3), (np.eye(3)[SIX], 4), ([5, 9] * 3, 32)],
)
def test_outputs_of_another_number_are_not_about_these_classes(given: Any, outputs: int) -> None:
    assert Labels.of(given, 6).beside(outputs) is None


def test_classes_that_the_labels_do_not_show_can_be_told() -> None:
    assert Labels.of([5, 9] * 3, 6, 10).beside(10).labels.tolist() == [5, 9] * 3
    assert Labels.of([5, 9] * 3, 6).beside(10, certain=True).count == 10
    assert Labels.of(None, 6, 4).beside(4).count == 4
    assert Labels.of([5, 9] * 3, 6, 10).beside(12, certain=False) is None


@pytest.mark.parametrize(
    ("given", "labels", "count", "names"),
    [
        (SIX, SIX, 3, ()),
        ([0, 5, 5, 5, 0, 0], [0, 1, 1, 1, 0, 0], 2, ("0", "5")),
        ([1, 2, 3, 3, 2, 1], SIX, 3, ("1", "2", "3")),
        (list("abccba"), SIX, 3, ("a", "b", "c")),
        (None, [0] * 6, 2, ()),
        ([7] * 6, [0] * 6, 2, ()),
    ],
)
def test_labels_alone_are_classes(
    given: Any, labels: list[int], count: int, names: tuple[str, ...]
) -> None:
    classes = Labels.of(given, 6).alone()
    assert (classes.labels.tolist(), classes.count, classes.names) == (labels, count, names)


KINDS = "integers, texts or truth values of the shape (6,), or one column for each class."


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (SIX[:4], f"The labels have the shape (4,) and the type int64.\nexpected: {KINDS}"),
        (
            np.full((6, 3), 1 / 3),
            "The labels have 3 columns, and not a single 1 in each row.\n"
            "expected: one class for each point.\n"
            "next: labels.argmax(axis=1), if the largest of each row is its class",
        ),
        (
            np.eye(6)[:, :2] + np.eye(6)[:, [0, 0]],
            "The labels have 2 columns, and not a single 1 in each row.\n"
            "expected: one class for each point.\n"
            "next: targets=labels[:, 0], or another of the 2, if they are measured values; "
            "or labels=None",
        ),
        (
            np.tri(6, 3),
            "The labels have 3 columns, and not a single 1 in each row.\n"
            "expected: one class for each point.\n"
            "next: labels[:, 0], or another of the 3: a point may have several of these",
        ),
        (
            np.array([np.nan, 1, 2, 3, 4, 5]),
            "The labels hold numbers that are not finite.\nexpected: a class for each.",
        ),
        (
            np.array([None, "a", "b", "a", "b", "a"], object),
            f"The labels are of the kinds NoneType, str.\nexpected: {KINDS}",
        ),
        (
            np.zeros(6, complex),
            f"The labels have the shape (6,) and the type complex128.\nexpected: {KINDS}",
        ),
    ],
)
def test_what_is_no_class_is_refused(given: Any, message: str) -> None:
    with pytest.raises(UsageError) as error:
        Labels.of(given, 6)
    assert str(error.value) == message


def test_classes_from_1_of_which_some_are_not_there_are_refused() -> None:
    with pytest.raises(UsageError) as error:
        Labels.of([1, 4, 4, 1, 4, 1], 6).beside(4)
    assert str(error.value) == (
        "The labels go from 1 to 4, and the model has 4 outputs.\nexpected: classes from 0 to 3.\n"
        "next: labels - 1"
    )
    with pytest.raises(UsageError) as error:
        Labels.of(np.eye(3)[SIX], 6, 4)
    assert str(error.value) == (
        "The labels have 3 columns, and there are 4 classes.\nexpected: one column for each class."
    )
