"""A record that is seen while it grows: when a picture is due, and what it is of."""

from __future__ import annotations

import sys
import time
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import MissingExtraError, SpiralError, UsageError
from spiralcore.recording.classes import Classes
from spiralcore.recording.run.head import Head
from spiralcore.registry.spaces import Space
from spiralcore.shell import quoted
from spiralcore.trajectory.fronts import front

INTERVAL = 0.5
"""Seconds between two pictures, at least."""

PATIENCE = 20.0
"""Pictures take one part in so many of the time at most: slow machines have fewer of them."""


class State(NamedTuple):
    """What there is to see of the last epoch.

    Attributes
    ----------
    epoch
        Its number.
    layer
        What messages call the layer.
    hidden
        Shape (N, D).
    classes
        Of the points, and what they are called.
    head
        The read-out, None where there is none.
    space
        Where the layer lies.
    first
        Number of the epoch at which the curves begin.
    curves
        Cross-entropy, loss and accuracy of each epoch since.
    targets
        Measured values in place of classes, shape (N,); None where there are none.
    """

    epoch: int
    layer: str
    hidden: NDArray[np.float32]
    classes: Classes
    head: Head | None
    space: Space
    first: int
    curves: list[tuple[float, float, float]]
    targets: NDArray[np.float32] | None = None

    @classmethod
    def of(cls, record: Any) -> State:
        """That of a record of which something was observed."""
        given, claims, curves = record._given, record._claims, record.states.curves
        heads = next(iter(claims.heads.values()), None)
        return cls(
            epoch=record.epoch - 1,
            layer=record.layer,
            hidden=np.array(record._run[len(record._seen) - 1][-len(record._inputs) :]),
            classes=given.titled(claims.classes or given.alone()),
            targets=given.targets,
            head=heads[-1] if heads else None,
            space=record.space,
            first=record.epoch - len(curves),
            curves=list(curves),
        )


class Picture(Protocol):
    """What shows states, one in the place of the other."""

    def show(self, state: State) -> None:
        """Show a state."""


class Live:
    """Shows a record in a notebook, at most twice a second, and its end.

    Parameters
    ----------
    wanted
        Whether it is shown; None where there is a notebook to show it in, and what draws it.
    file
        What the record is called there.

    Raises
    ------
    UsageError
        If it is wanted, and there is no notebook.
    MissingExtraError
        If it is wanted, and what draws it is missing.
    """

    def __init__(self, wanted: bool | None, file: str) -> None:
        self._picture: Picture | None = None
        self._due = 0.0
        self._shown = -1
        if wanted and not in_notebook():
            raise UsageError(
                "live=True is given, and this is no notebook.",
                "a notebook, where a picture can follow the training.",
                f"spiral watch {quoted(file)}, in a terminal beside the training",
            )
        if wanted or (wanted is None and in_notebook()):
            try:
                self._picture = front("live")(file)
            except (MissingExtraError, SpiralError):
                if wanted:
                    raise

    def offer(self, record: Any) -> None:
        """Show the last epoch, if it is time to."""
        if self._picture is not None and time.monotonic() >= self._due:
            self._show(record)

    def end(self, record: Any) -> None:
        """Show the last epoch of all."""
        if self._picture is not None and record.has_begun and record.epoch != self._shown:
            self._show(record)
        self._picture = None

    def _show(self, record: Any) -> None:
        assert self._picture is not None
        began, spent = time.monotonic(), time.thread_time()
        try:
            self._picture.show(State.of(record))
        except Exception as error:  # a picture may end no training
            self._picture = None
            print(f"the training is no longer shown: {error!r}", file=sys.stderr)
        # What the first one takes is mostly the loading of libraries.
        cost = PATIENCE * (time.thread_time() - spent) if self._shown >= 0 else 0.0
        self._due = began + max(INTERVAL, cost)
        self._shown = record.epoch


def in_notebook() -> bool:
    """Whether this is a kernel that shows pictures: Jupyter's, that of VS Code or of Colab."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None
