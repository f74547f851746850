"""Classes of points, from labels of any kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import TrajectoryError, UsageError
from spiralcore.recording.checks import as_values, classes_of_columns
from spiralcore.trajectory.conversion import to_array
from spiralcore.trajectory.given import checked_names

KINDS = "integers, texts or truth values of the shape ({count},), or one column for each class."


@dataclass(frozen=True, eq=False)
class Classes:
    """The classes of points beside what a network says of them.

    Attributes
    ----------
    labels
        0 to K-1, shape (N,).
    count
        How many there are, K.
    names
        Where they were not called 0 to K-1: what they were called, K texts; otherwise none.
    """

    labels: NDArray[np.int64]
    count: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Labels:
    """Labels as somebody has given them.

    Attributes
    ----------
    codes
        Which of the distinct values each point has, shape (N,).
    values
        The distinct values in their order: integers, or texts; none where nothing was given.
    numbers
        Whether they are integers.
    declared
        How many classes there are, if that was said; None otherwise.
    names
        What they are called, if that was said.
    targets
        Measured values in place of classes, shape (N,); None where there are none.
    """

    codes: NDArray[np.int64]
    values: tuple[Any, ...]
    numbers: bool
    declared: int | None = None
    names: tuple[str, ...] = ()
    targets: NDArray[np.float32] | None = None

    @classmethod
    def of(
        cls,
        given: Any,
        count: int,
        declared: int | None = None,
        class_names: Any = None,
        targets: Any = None,
    ) -> Labels:
        """Understand labels.

        Parameters
        ----------
        given
            Integers (floats that are whole will do), texts or truth values of the shape (N,) or
            (N, 1), rows with a single 1, shape (N, K), or None. Floats that are not whole are
            measured values, and no classes.
        count
            Number of points N.
        declared
            Number of classes, where the labels do not show all of them.
        class_names
            What they are called, in their order; None where that is not said. Labels that are
            texts are numbered in this order.
        targets
            Measured values in their place, shape (N,) or (N, 1), or None.

        Raises
        ------
        UsageError
            If they are something else, or the names do not fit them.
        """
        if targets is not None:
            if given is not None:
                raise UsageError("There are labels and targets.", "one of both.")
            return cls(np.zeros(count, np.int64), (), True, targets=as_values(targets, count))
        if class_names is not None:
            return _named(cls.of(given, count, declared), class_names)
        if declared is not None and declared < 2:
            raise UsageError(f"There are {declared} classes.", "two classes or more.")
        if given is None:
            return cls(np.zeros(count, np.int64), (), True, declared)
        array = _array(given, count)
        if array.ndim == 2 and array.shape[1] > 1 and len(array) == count:
            declared, array = array.shape[1], classes_of_columns(array, declared)
        if array.shape == (count, 1):
            array = array[:, 0]
        if array.shape != (count,):
            raise UsageError(
                f"The labels have the shape {array.shape} and the type {array.dtype}.",
                KINDS.format(count=count),
            )
        if declared is None and _is_measured(array):
            return cls(np.zeros(count, np.int64), (), True, targets=array.astype(np.float32))
        values, codes = np.unique(_plain(array, count), return_inverse=True)
        numbers = values.dtype.kind == "i"
        return cls(codes.reshape(-1).astype(np.int64), tuple(values.tolist()), numbers, declared)

    @property
    def facts(self) -> dict[str, NDArray[Any]]:
        """What a file has of measured values."""
        return {} if self.targets is None else {"targets": self.targets}

    @property
    def given(self) -> bool:
        """Whether there are any."""
        return bool(self.values)

    @property
    def signed(self) -> bool:
        """Whether some are negative numbers."""
        return self.numbers and self.given and self.values[0] < 0

    def beside(self, outputs: int, certain: bool = False) -> Classes | None:
        """The classes, if a network that gives so many numbers a point can mean them.

        Parameters
        ----------
        outputs
            How many; 2 for a single logit.
        certain
            Whether each number is known to stand for a class, though the labels do not show all.

        Returns
        -------
        Classes
            None if these are no numbers for these classes.

        Raises
        ------
        UsageError
            If the labels are those of these classes, counted from 1, and do not show all of them.
        """
        certain = certain or self.declared == outputs
        if self.declared not in (None, outputs):
            return None
        if not self.given:
            return Classes(self.codes, outputs) if certain else None
        if self.numbers and self.values[0] >= 0:
            most = self.values[-1] + 1
            if most == outputs or (most < outputs and certain):
                return Classes(np.array(self.values)[self.codes], outputs)
        if len(self.values) == outputs:
            return Classes(self.codes, outputs, tuple(map(str, self.values)))
        if self.numbers and self.values[0] >= 1 and self.values[-1] == outputs:
            raise UsageError(
                f"The labels go from {self.values[0]} to {outputs}, and the model has {outputs} "
                "outputs.",
                f"classes from 0 to {outputs - 1}.",
                "labels - 1",
            )
        return None

    def titled(self, classes: Classes) -> Classes:
        """These classes, called as was said."""
        return replace(classes, names=self.names) if self.names else classes

    def alone(self) -> Classes:
        """The classes, where no network says anything of them."""
        shown = len(self.values)
        if not self.given:
            return Classes(self.codes, self.declared or 2)
        if self.numbers and self.values[0] >= 0:
            most = self.values[-1] + 1
            if most == shown or most <= (self.declared or 0):
                return Classes(np.array(self.values)[self.codes], max(most, self.declared or 2))
        return Classes(self.codes, max(shown, 2), tuple(map(str, self.values)) * (shown > 1))


def _named(labels: Labels, class_names: Any) -> Labels:
    """Labels whose classes are called as somebody says."""
    if labels.targets is not None:
        raise UsageError(
            "There are class names, and the labels are measured values.",
            "labels that are classes, or no class names.",
        )
    try:
        names = tuple(checked_names(class_names))
    except TrajectoryError as error:
        raise UsageError(error.found, error.expected) from None
    count = labels.declared or len(names)
    if count != len(names):
        raise UsageError(
            f"There are {len(names)} class names for {count} classes.",
            f"{count} texts, one for each class.",
        )
    if labels.given and not labels.numbers:
        truths = ["False", "True"]
        if {*labels.values} <= {*truths} - {*names} and count == len(truths):
            order = np.array([truths.index(value) for value in labels.values])
            return Labels(order[labels.codes], (0, 1), True, count, names)
        unknown = next((value for value in labels.values if value not in names), None)
        if unknown is not None:
            raise UsageError(
                f"The labels hold {unknown!r:.80}, which is not among the class names.",
                f"labels that are some of {', '.join(names)}.",
            )
        order = np.array([names.index(value) for value in labels.values])
        return Labels(order[labels.codes], tuple(range(count)), True, count, names)
    if labels.given and not 0 <= labels.values[0] <= labels.values[-1] < count:
        raise UsageError(
            f"The labels go from {labels.values[0]} to {labels.values[-1]}, and there are "
            f"{count} class names.",
            f"labels from 0 to {count - 1}, in the order of the names.",
            "labels - 1" if (labels.values[0], labels.values[-1]) == (1, count) else "",
        )
    return replace(labels, declared=count, names=names)


def _array(given: Any, count: int) -> NDArray[Any]:
    try:
        array = to_array("the recorder", "labels", given, KINDS.format(count=count))
    except TrajectoryError as error:
        texts = np.array(given, dtype=object) if isinstance(given, Sequence) else None
        if texts is None or not all(isinstance(text, str) for text in texts.ravel()):
            raise UsageError(error.found, error.expected, error.next_step) from None
        array = texts
    if array.dtype == object:
        kinds = sorted({type(label).__name__ for label in array.ravel().tolist()})
        if kinds != ["str"]:
            raise UsageError(
                f"The labels are of the kinds {', '.join(kinds)}.", KINDS.format(count=count)
            )
        array = array.astype(str)
    if array.dtype.kind not in "iufbUS":
        raise UsageError(
            f"The labels have the shape {array.shape} and the type {array.dtype}.",
            KINDS.format(count=count),
        )
    return array


def _is_measured(array: NDArray[Any]) -> bool:
    """Whether numbers are measured values, which are finite, and some of them not whole."""
    return array.dtype.kind == "f" and bool(np.isfinite(array).all() and (array % 1).any())


def _plain(array: NDArray[Any], count: int) -> NDArray[Any]:
    """Integers, or texts."""
    if array.dtype.kind == "b":
        return array.astype(str)
    if array.dtype.kind == "S":
        return np.char.decode(array, "utf-8", "replace")
    if array.dtype.kind == "U":
        return array
    if array.dtype.kind == "f":
        if not np.isfinite(array).all():
            raise UsageError("The labels hold numbers that are not finite.", "a class for each.")
        if (array != np.rint(array)).any():
            wrong = array[array != np.rint(array)][0]
            raise UsageError(
                f"The labels hold {wrong:g}, which is a measured value and no class.",
                KINDS.format(count=count),
                "labels=None, or classes of them: numpy.digitize(labels, edges)",
            )
    if array.size and max(abs(int(array.min())), abs(int(array.max()))) >= 2**62:
        raise UsageError("The labels hold numbers beyond 2**62.", "classes 0 to K-1.")
    return array.astype(np.int64)
