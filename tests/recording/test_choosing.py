"""Which array is meant in what a model gives, whatever its framework."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from spiralcore.errors import UsageError
from spiralcore.recording.run.choosing import AUTO, picked, scores_in

LOGITS = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
SHARES = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)
ONE = LOGITS[:, :1]


def three(shape: tuple[int, ...]) -> bool:
    return shape in ((20, 3), (20, 1))


@pytest.mark.parametrize(
    ("output", "wanted"),
    [
        (LOGITS, LOGITS),
        ({"z": LOGITS, "logits": ONE}, ONE),
        (SimpleNamespace(logits=LOGITS), LOGITS),
        ([np.zeros((20, 7)), LOGITS, None], LOGITS),
        ((LOGITS, SHARES), LOGITS),
        ((np.log(SHARES), LOGITS), LOGITS),
        ({"p": 1 / (1 + np.exp(-ONE)), "z": ONE}, ONE),
        ((LOGITS, LOGITS + 1), None),
        ((LOGITS, LOGITS[::-1]), None),
        ("text", None),
    ],
)
def test_logits_are_found_where_there_is_one_way(output: Any, wanted: Any) -> None:
    found = scores_in(output, AUTO, three)
    assert found is wanted or (wanted is not None and np.array_equal(found, wanted))
    assert scores_in(output, None, three) is None


def test_what_is_not_told_names_the_choices() -> None:
    given = {"a": LOGITS, "b": (ONE, None)}
    assert picked(given, "a", "The model", "output") is LOGITS
    assert picked(given, lambda parts: parts["b"][0], "The model", "output") is ONE
    assert picked((None, ONE), None, "The model", "output") is ONE
    with pytest.raises(UsageError) as error:
        picked(given, None, "The model", "output")
    assert str(error.value) == (
        "The model gives a dict of 'a': (20, 3), 'b': ((20, 1), NoneType).\n"
        "expected: one array.\nnext: output=0, another index or key, or a function such as "
        "lambda given: given[0]"
    )
    with pytest.raises(UsageError) as error:
        picked(given, "c", "The layer 'x'", "outputs")
    assert str(error.value) == (
        "The layer 'x' gives a dict of 'a': (20, 3), 'b': ((20, 1), NoneType), of which outputs "
        "takes nothing: KeyError('c').\nexpected: an index, a key, or a function that gives an "
        "array."
    )
