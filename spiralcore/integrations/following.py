"""When a training is recorded, and with which loss: what callbacks have in common."""

from __future__ import annotations

from typing import Any, Protocol

from spiralcore.errors import UsageError
from spiralcore.recording.record_file import RecordBlock
from spiralcore.trajectory import Trajectory


class Steps(Protocol):
    """A recorder that is told when a step is over."""

    def step(self, loss: Any = None, *, at: int | None = None) -> None:
        """Record the model as it is now."""


class Follower:
    """A recorder behind a callback.

    Parameters
    ----------
    every
        After how many steps the model is recorded; None for after each epoch.
    unit
        What the framework calls these steps, see `spiralcore.trajectory.play.counting.UNITS`.

    Attributes
    ----------
    options
        What the recorder of a training is made with beside its model: how steps are counted, and
        from the second training on that it goes on with the file of the first.

    Raises
    ------
    UsageError
        If `every` is no whole number above 0.
    """

    def __init__(self, every: int | None, unit: str) -> None:
        if every is not None and (
            isinstance(every, bool) or not isinstance(every, int) or every < 1
        ):
            raise UsageError(f"every is {every!r}.", f"how many {unit}s, 1 or more, or None.")
        self._every = every
        self.options: dict[str, Any] = {} if every is None else {"unit": unit}
        self._recorder: Any = None
        self._open = False
        self._done = self._recorded = 0
        self._sum = self._weight = 0.0
        self._given: tuple[float, float] = (0.0, 0.0)

    @property
    def is_open(self) -> bool:
        """Whether a training is being recorded."""
        return self._open

    @property
    def recorder(self) -> RecordBlock:
        """The recorder of the training; `AttributeError` before the first one."""
        if self._recorder is None:
            raise AttributeError("no training has begun yet")
        recorder: RecordBlock = self._recorder
        return recorder

    @property
    def trajectory(self) -> Trajectory:
        """The record up to now; `AttributeError` where nothing has been recorded yet."""
        return self.recorder.trajectory

    def begin(self, recorder: Any, done: int = 0) -> None:
        """Record the state before a training.

        Parameters
        ----------
        recorder
            A recorder that was made with `options`.
        done
            How many steps are over, of a training that goes on.
        """
        self._recorder, self._open = recorder, True
        self._done = self._recorded = done
        self._sum = self._weight = 0.0
        recorder.step(at=done if self._every is not None and done else None)
        self.options = {**self.options, "resume": True, "overwrite": False}

    def lost(self, loss: Any, weight: float = 1.0) -> None:
        """Take the loss of some steps; the mean since the state before goes with the next one."""
        self._sum += weight * float(loss)
        self._weight += weight

    def step_over(self, done: int) -> None:
        """Take note of how many steps are over, and record the model if it is time."""
        self._done = done
        every = self._every
        if self._open and every is not None and done // every > self._recorded // every:
            self._record(at=done)

    def epoch_over(self, loss: Any = None) -> None:
        """Record the model if that is done after each epoch, with a loss of the framework's."""
        if self._open and self._every is None:
            self._record(loss=loss)

    def loss_since(self) -> float | None:
        """The mean of the losses since the last state; None where there are none."""
        return self._sum / self._weight if self._weight else None

    def report(self, loss: Any, weight: float, done: int) -> bool:
        """Take a loss that is told after the state to which it belongs was recorded.

        Whether that was so.
        """
        if not self._open or done != self._recorded or not self._recorded:
            return False
        total, known = self._given
        self._given = (total + weight * float(loss), known + weight)
        self.recorder.report(self._given[0] / self._given[1])
        return True

    def best(self) -> None:
        """Mark the last state as the best one so far."""
        if self._open:
            self.recorder.best()

    def catch_up(self) -> None:
        """Record the last steps, if some are not recorded yet."""
        if self._open and self._every is not None and self._done > self._recorded:
            self._record(at=self._done)

    def end(self) -> None:
        """Record the last steps, if some are not recorded yet, and write the file."""
        self.catch_up()
        self.close()

    def close(self) -> None:
        """Write the file."""
        if self._open:
            self._open = False
            self.recorder.close()

    def _record(self, loss: Any = None, at: int | None = None) -> None:
        self._given = (self._sum, self._weight)
        self._sum = self._weight = 0.0
        total, weight = self._given
        mean = total / weight if weight else None
        self._recorder.step(mean if loss is None else loss, at=at)
        self._recorded = self._done
