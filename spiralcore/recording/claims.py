"""What is said of a network's outputs, and kept as long as it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.recording.checks import fits_file
from spiralcore.recording.classes import Classes, Labels
from spiralcore.recording.outputs import (
    LOG_PROBABILITIES,
    LOGITS,
    PROBABILITIES,
    Verdict,
    judge,
    kind_of,
)
from spiralcore.recording.readout import Reproduction, reproduce
from spiralcore.recording.run.head import Head
from spiralcore.recording.run.learned import (
    CLASSES,
    NUMBER,
    OTHER,
    SCORES,
    Separation,
    Training,
    entropy_of_guessing,
    of_length_one,
)
from spiralcore.recording.run.learned import UNKNOWN as NOT_TOLD
from spiralcore.recording.run.likeness import Likeness, learnable

Doubles = NDArray[np.float64]
Pairs = Mapping[str, tuple[NDArray[Any], NDArray[Any] | None]]

NONE = "none"

SINGLE_ONE = {LOGITS: "logit", PROBABILITIES: "probability", LOG_PROBABILITIES: "logit"}
"""What one number for two classes is called; a negative one is a logit."""

UNKNOWN = Verdict(np.nan, np.nan)

BOTH, ENTROPY = ("cross-entropy", "accuracy"), ("cross-entropy",)
"""What may be unknown of all epochs before, after all."""


class Claims:
    """Classes, outputs and read-out of a run, tried at every epoch.

    Parameters
    ----------
    labels
        As they were given.
    tell
        Called with the name of what no longer holds.
    inputs
        Of the points, shape (N, I).

    Attributes
    ----------
    classes
        What the outputs are about; None where they are no classes.
    said
        What was taken, by what it is about.
    heads
        The read-outs that gave the outputs at every epoch so far, and what they were.
    """

    def __init__(self, labels: Labels, tell: Callable[[str], None], inputs: NDArray[Any]) -> None:
        self._labels, self._tell, self._inputs = labels, tell, inputs
        self._likeness = Likeness({})
        self._kind = ""
        self._certain = self._begun = self._unsure = False
        self._columns = 0
        self._training = Training(None)
        self._first: Separation | None = None
        self._last: tuple[Doubles, Verdict] | None = None
        self.classes: Classes | None = None
        self.heads: dict[str, list[Head]] = {}
        self.said: dict[str, str] = {"read-out": NONE, "outputs": "unknown"}
        if not labels.given:
            self.said["labels"] = NONE
        if (values := labels.targets) is not None:
            self.said["labels"] = f"measured values from {values.min():,.4g} to {values.max():,.4g}"

    def begin(self, shape: tuple[int, ...] | None, rows: Doubles | None, certain: bool) -> None:
        """See whether outputs may be about these classes, at the first epoch.

        Raises
        ------
        UsageError
            See `spiralcore.recording.classes.Labels.beside`.
        """
        if shape is None:
            return
        if rows is None:
            said = f"of the shape {shape}: no numbers of classes for each point"
            if len(shape) > 1 and shape[-1] == len(self._inputs):
                said += "; if there is a column for each: outputs=lambda given: given.T"
            self.said["outputs"] = said
            return
        self._columns, self._certain = rows.shape[1], certain
        count = max(self._columns, 2)
        self.classes = self._labels.beside(count, certain)
        if self.classes is not None:
            self._look_at(rows, self.classes)
            return
        here = len(self._labels.values)
        shown = f"the labels have {here} classes" if here else "there are no labels"
        declared = f"; if they are classes: classes={count}" if count > max(here, 1) else ""
        if self._labels.targets is not None:
            shown, declared = "the labels are measured values", ""
        elif here > count:
            declared = "; if the labels are measured values: targets="
        self.said["outputs"] = f"{self._numbers}, and {shown}: not taken for logits{declared}"

    def _look_at(self, rows: Doubles, classes: Classes) -> None:
        """See at the first epoch what outputs are to be compared with later."""
        many = self._columns > 1 and self._labels.given
        if many:
            self._training = Training(np.eye(classes.count)[classes.labels])
        if self._declared:
            return
        if of_length_one(rows):
            self.classes = None
            self.said["outputs"] = (
                f"{self._numbers} of the length 1: not taken for logits; if they are classes: "
                f"classes={classes.count}"
            )
            return
        self._likeness = Likeness(learnable(self._inputs, self._labels, self._columns))
        self._first = Separation.of(rows, classes.labels) if many else None

    @property
    def _numbers(self) -> str:
        """How many there are, for people."""
        return f"{self._columns} number{'s' if self._columns > 1 else ''} a point"

    @property
    def _declared(self) -> bool:
        """Whether somebody has said that outputs are classes."""
        return self._certain or self._labels.declared == max(self._columns, 2)

    def judge(
        self,
        epoch: int,
        hidden: NDArray[np.float32],
        readouts: Pairs,
        rows: Doubles | None,
        unit: float,
        logits: bool,
        loss: float = np.nan,
        learned: str = NOT_TOLD,
    ) -> tuple[Verdict, tuple[str, ...]]:
        """Keep the read-outs that give the outputs.

        Returns
        -------
        tuple
            Cross-entropy and accuracy of the outputs, and which of these are unknown at all epochs
            before after all.
        """
        if self.classes is None:
            return UNKNOWN, ()
        if rows is None or rows.shape[1] != self._columns:
            self._keep({}, epoch)
            return UNKNOWN, ()
        seen = self._training.told(rows, loss, learned, self._declared)
        if seen == OTHER:
            self._withdraw("learned by a loss of no classes", epoch)
            return UNKNOWN, BOTH
        found = self._tried(hidden, readouts, rows, unit)
        before, told = self._kind, next((made.kind for made in found.values()), "")
        self._kind = told or self._by_range(rows, unit, logits)
        sure = self._kind != LOGITS or learned == CLASSES
        if other := "" if sure else self._likeness.found(rows, loss):
            self._withdraw(other, epoch)
            return UNKNOWN, BOTH
        unsure = learned == NUMBER and self._kind == LOGITS and not self._declared
        new, self._unsure = seen == SCORES or unsure > self._unsure, unsure
        self._say_outputs(before, rows.shape[1], new)
        self._keep(found, epoch)
        self._begun = True
        mistaken = before == PROBABILITIES and self._kind in (LOGITS, LOG_PROBABILITIES)
        wrong = BOTH if mistaken else ENTROPY if seen == SCORES else ()
        if not self._kind or not self._labels.given:
            return UNKNOWN, wrong
        verdict = judge(rows, self._kind, self.classes.labels)
        if self._training.by_itself and self._kind != PROBABILITIES:
            verdict = verdict._replace(cross_entropy=np.nan)
        self._last = rows, verdict
        return verdict, wrong

    def _tried(
        self, hidden: NDArray[np.float32], readouts: Pairs, rows: Doubles, unit: float
    ) -> dict[str, Reproduction]:
        """The read-outs, of those that have done so before, that give the outputs."""
        found = {}
        for name, (weight, bias) in readouts.items():
            if not self._begun or name in self.heads:
                made = reproduce(hidden, _head(weight, bias), rows, unit)
                if made is not None and fits_file(*made.head):
                    found[name] = made
        return found

    def settle(self, epoch: int) -> tuple[str, ...]:
        """At the end, take back what outputs are no logits of: what of all epochs is unknown."""
        if (
            self._last is None
            or self._first is None
            or self.classes is None
            or self._training.by_itself
        ):
            return ()
        rows, verdict = self._last
        if self._kind != LOGITS:
            return ()
        labels = self.classes.labels
        worse = not verdict.cross_entropy < entropy_of_guessing(labels)
        if self._training.is_near(rows):
            self._training.by_itself = True
            self._say_outputs(self._kind, self._columns, new=True)
            return ENTROPY
        found = Separation.of(rows, labels)
        if not found.is_no_classifier(self._first, verdict.accuracy, worse):
            return ()
        self._withdraw("apart by class, and not by which one is largest,", epoch)
        return BOTH

    def _by_range(self, rows: Doubles, unit: float, logits: bool) -> str:
        """What outputs are, where no read-out tells: logits once is logits for ever.

        One number beside classes that are called by a negative one, -1 and 1, is no probability.
        """
        if len(rows) == rows.shape[1] and not self._declared:
            return ""  # points may be columns
        kind = kind_of(rows, unit)
        logits = logits or self._labels.signed
        if (logits and rows.shape[1] == 1) or ((logits or self._certain) and not kind):
            return LOGITS
        if self._kind in (LOGITS, LOG_PROBABILITIES) and kind in ("", PROBABILITIES):
            return LOGITS
        return kind

    def _withdraw(self, other: str, epoch: int) -> None:
        """Outputs are no classes after all."""
        count = max(self._columns, 2)
        self.heads, self.classes = {}, None
        self.said["outputs"] = (
            f"{self._numbers}, and seen to be {other} at epoch {epoch:,}: not taken for logits; "
            f"if they are classes: classes={count}"
        )
        self.said["read-out"] = NONE
        self._tell("outputs")

    def _say_outputs(self, before: str, count: int, new: bool = False) -> None:
        assert self.classes is not None
        of = f"of {self.classes.count} classes"
        many, one = self._kind, SINGLE_ONE.get(self._kind)
        if self._training.by_itself and self._kind != PROBABILITIES:
            many, one = "scores", "score"
            of += ", by a loss that makes no logits of them: no cross-entropy"
        known = f"{many} {of}" if count > 1 else f"one {one} {of}"
        if self._unsure and not self._training.by_itself:
            known += ", if the loss compares classes, which its numbers do not tell; if not: "
            known += "outputs=None"
        unknown = f"numbers {of}, neither logits nor probabilities"
        self.said["outputs"] = known if self._kind else unknown
        softly = {before, self._kind} <= {LOGITS, LOG_PROBABILITIES}
        if self._begun and (new or (before != self._kind and not softly)):
            self._tell("outputs")

    def _keep(self, found: Mapping[str, Reproduction], epoch: int) -> None:
        if not self._begun:
            self.heads = {name: [] for name in found}
        lost = [name for name in self.heads if name not in found]
        for name in lost:
            del self.heads[name]
        for name, heads in self.heads.items():
            heads.append(found[name].head)
        if self.heads:
            name = next(iter(self.heads))
            scale = found[name].scale
            times = "" if scale == 1 else f", times {scale:.4g} at epoch {epoch:,}"
            self.said["read-out"] = f"{name}{times}: gives the model's output"
        elif lost:
            self.said["read-out"] = (
                f"{NONE}: from epoch {epoch:,} on {lost[0]} does not give the model's output"
            )
            self._tell("read-out")


def _head(weight: NDArray[Any], bias: NDArray[Any] | None) -> Head:
    matrix = np.asarray(weight, np.float32)
    if bias is None:
        return Head(matrix, np.zeros(len(matrix), np.float32))
    return Head(matrix, np.asarray(bias, np.float32).reshape(-1))
