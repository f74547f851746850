"""What the compiled loops ask of their arrays, looked at once, before they run.

The loops index without a look at the limits: an array that is too short is read beyond its end. So
each kernel that Python calls states the shapes that it needs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from spiralcore.errors import UsageError

P = ParamSpec("P")
R = TypeVar("R")
Shape = tuple[int, ...]

REMEMBERED = 4096
"""Combinations of shapes that were found to agree: to find one again is faster than to check it."""


class Size(NamedTuple):
    """What is asked of one axis: a number, or a name that stands for the same number everywhere."""

    size: str | int
    least: int

    @classmethod
    def of(cls, word: str) -> Size:
        """Read ``3``, ``N`` or ``N>=1``."""
        name, _, least = word.partition(">=")
        return cls(int(name) if name.isdigit() else name, int(least or 0))

    def known(self, known: dict[str | int, int], found: int) -> int:
        """The number; that which is found where the name is new."""
        return self.size if isinstance(self.size, int) else known.setdefault(self.size, found)

    def named(self, known: dict[str | int, int]) -> str:
        """The number, or what is known of it."""
        least = f"at least {self.least}" if self.least else str(self.size)
        return str(known.get(self.size, least))


def checked(**wanted: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a kernel run only on arrays whose shapes agree.

    Parameters
    ----------
    wanted
        For each array its sizes, as in ``"N 3"``: a name stands for the same number in all of
        them, ``K>=1`` for one that has a least value. An argument called ``box`` (first row, end
        row, first column, end column) has to be inside of the frame, ``H`` by ``W``.

    Raises
    ------
    UsageError
        When the kernel is called with others.
    """
    sizes = [[Size.of(word) for word in words.split()] for words in wanted.values()]

    def wrap(kernel: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(kernel)
        names = list(signature.parameters)
        places = [names.index(name) for name in wanted]
        box_place = names.index("box") if "box" in wanted else None
        agreed: set[tuple[Shape, ...]] = set()

        @wraps(kernel)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            given: tuple[Any, ...] = signature.bind(*args, **kwargs).args if kwargs else args
            try:
                shapes = tuple([given[place].shape for place in places])
            except AttributeError:
                shapes = tuple([getattr(given[place], "shape", ()) for place in places])
            if shapes not in agreed:
                _check(kernel.__name__.lstrip("_"), wanted, sizes, shapes)
                if len(agreed) == REMEMBERED:
                    agreed.clear()
                agreed.add(shapes)
            if box_place is not None:
                _check_box(kernel.__name__.lstrip("_"), given[box_place].tolist(), shapes[0])
            return kernel(*args, **kwargs)

        return run

    return wrap


def _check(
    kernel: str, wanted: dict[str, str], sizes: Sequence[Sequence[Size]], shapes: Sequence[Shape]
) -> None:
    known: dict[str | int, int] = {}
    for name, shape, of_array in zip(wanted, shapes, sizes, strict=True):
        agrees = len(shape) == len(of_array)
        for found, one in zip(shape, of_array, strict=False):
            agrees = agrees and found >= one.least and found == one.known(known, found)
        if not agrees:
            arrays = ", ".join(f"{key} ({words})" for key, words in wanted.items())
            right = ", ".join(one.named(known) for one in of_array)
            raise UsageError(
                f"{kernel}: {name} has the shape {shape}.",
                f"arrays whose sizes agree: {arrays}.",
                f"{name} of the shape ({right}).",
            )


def _check_box(kernel: str, box: Sequence[int], frame: Shape) -> None:
    top, bottom, left, right = box
    if top < 0 or left < 0 or bottom > frame[0] or right > frame[1]:
        raise UsageError(
            f"{kernel}: the box of rows {top} to {bottom} and columns {left} to {right} is not "
            "inside of the frame.",
            f"rows from 0 to {frame[0]}, columns from 0 to {frame[1]}.",
            "canvas.pixel_box(edges), which cuts off what is outside.",
        )
