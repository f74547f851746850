"""The panel of the loss: a curve over the epochs, and where we are on it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spiralcore.registry.themes import Theme
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.borders import Bar, Outline
from spiralcore.stage.marks.curve import EpochCurve
from spiralcore.stage.marks.words import CAPITAL_HEIGHT, Side, Words, text_width
from spiralcore.stage.panels.numbers import entropy_counter
from spiralcore.stage.panels.panel import Panel, Update
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.counting import Counting
from spiralcore.trajectory.play.playback import Playback

EPOCHS = Counting()


class LossPanel(Panel):
    """The cross-entropy over the epochs, the value of pure guessing, and where we are.

    Of a trajectory that knows no cross-entropy it shows the loss that was recorded, or says that
    there is none.

    Parameters
    ----------
    film
        Where to.
    playback
        What to show.
    box
        Where, in design pixels.
    size
        Font size of the numbers.
    marked
        Epochs at which something happens that the curve shows.
    numbered
        Whether the present value stands above its right end.
    """

    def __init__(
        self,
        film: Film,
        playback: Playback,
        box: Box,
        *,
        size: float = 36,
        marked: Sequence[int] = (),
        numbered: bool = True,
    ) -> None:
        super().__init__(film, box)
        self._marked = marked
        self._size, self._playback = size, playback
        self._axes = Box(box.left + 14, box.top + 16, box.width - 28, box.height - 28 - 1.5 * size)
        self.place(Bar(box, film.theme.panel), Outline(box, film.theme.frame, 1.0))
        if self.lack(playback.trajectory):
            self._other_loss(playback.trajectory)
        else:
            self._cross_entropy(playback.trajectory)
            self._value(numbered)

    @staticmethod
    def lack(trajectory: Trajectory) -> str:
        """Without a cross-entropy there is another loss, or none."""
        return "" if trajectory.knows_loss else "no cross-entropy was recorded"

    def _value(self, numbered: bool) -> None:
        """The present value, where there is room for it beside the caption."""
        film, box, caption = self.film, self.box, text_width("cross-entropy ", self.film.text())
        for size in (film.text(44), film.text()) if numbered else ():
            live = entropy_counter(film, self._playback, box.right, box.top - 18, size)
            assert isinstance(live.mobject, Words)
            if caption + text_width(live.mobject.text, size) <= box.width:
                self.place_live(*live)
                return

    def _cross_entropy(self, trajectory: Trajectory) -> None:
        theme, axes, size = self.film.theme, self._axes, self._size
        guessing = trajectory.guess.cross_entropy
        top = float(np.clip(np.nanmax(trajectory.cross_entropy), 1.15 * guessing, 1.9 * guessing))
        # Room for the name of the line of pure guessing above that line.
        above = min((CAPITAL_HEIGHT * size + 2) / axes.height, 0.5)
        top = max(top, guessing / (1 - above))
        curve = EpochCurve(axes, trajectory.cross_entropy, top, theme)
        _, guess_y = curve.place(0, guessing)
        self.place(Bar(Box(axes.left, guess_y - 1, axes.width, 2), theme.frame))
        value = trajectory.guess.text
        note = next(
            text
            for text in (f"guessing: {value}", value, "")
            if text_width(text, size) <= axes.width - 8
        )
        # Above the line and as far to the right as the curve lets it.
        width = text_width(note, size) + 8
        ends = [axes.right, *np.arange(axes.right - 8, axes.left + width, -8)]
        free = (end for end in ends if curve.highest(end - width, end) > guess_y - 8)
        end = next(free, axes.right)
        self.place(Words(note, end - 4, guess_y - 8, size, theme.faint, "right"))
        self._run_along(curve, guess_y)

    def _other_loss(self, trajectory: Trajectory) -> None:
        """Show a loss that is no cross-entropy, as far as it was recorded, and say so."""
        known = trajectory.loss[~np.isnan(trajectory.loss)]
        if not len(known):
            self.note("no loss was recorded")
            return
        if known.min() < 0 or known.max() <= 0:
            self.note("no cross-entropy was recorded, and the loss is not positive")
            return
        curve = EpochCurve(self._axes, trajectory.loss, 1.15 * float(known.max()), self.film.theme)
        self.note(f"the loss of the training, up to {known.max():.3g}", above=True)
        self._run_along(curve, self._axes.top)

    def _run_along(self, curve: EpochCurve, top: float) -> None:
        """Draw the axis of a curve and let its mark follow the film; words end above ``top``."""
        axes, theme, size = curve.box, self.film.theme, self._size
        trajectory = self._playback.trajectory
        last, counting = trajectory.trained_epochs, trajectory.counting
        start = f"{counting.at(0):,}"
        self.place(Words(start, axes.left, axes.bottom - 6, size, theme.faint))
        self.place(Bar(Box(axes.left, axes.bottom, axes.width, 2), theme.frame))
        self.place(*epoch_ticks(self.film, curve, last, size, counting))
        if trajectory.best_epoch is not None:
            self.place(*_best_mark(curve, trajectory.best_epoch, top, theme, size))
        for epoch in self._marked:
            x, _ = curve.place(epoch, 0.0)
            self.place(Bar(Box(x - 1, axes.top, 2, axes.height), theme.ink, 0.5))
        self.place_live(curve, _runner(self._playback, curve), self.box)


class LossStrip(Panel):
    """The cross-entropies of several networks of the same data in one frame, as lines of dashes.

    Parameters
    ----------
    film
        Where to.
    playbacks
        What to show; those that know no cross-entropy have no line.
    dashes
        Of each line, see `EpochCurve`.
    box
        Where, in design pixels.
    size
        Font size of the numbers.
    """

    def __init__(
        self,
        film: Film,
        playbacks: Sequence[Playback],
        dashes: Sequence[Sequence[float]],
        box: Box,
        *,
        size: float = 36,
    ) -> None:
        super().__init__(film, box)
        theme = film.theme
        self.place(Bar(box, theme.panel), Outline(box, theme.frame, 1.0))
        lines = [
            (playback, pattern)
            for playback, pattern in zip(playbacks, dashes, strict=True)
            if playback.trajectory.knows_loss
        ]
        if not lines:
            self.note(LossPanel.lack(playbacks[0].trajectory))
            return
        axes = Box(box.left + 14, box.top + 10, box.width - 28, box.height - 20 - 1.4 * size)
        guess = lines[0][0].trajectory.guess
        last = max(playback.trajectory.trained_epochs for playback, _ in lines)
        room = (CAPITAL_HEIGHT * size + 12) / axes.height
        # Under the line of guessing, at the left, where the losses are still near it.
        top = guess.cross_entropy / (1 - min(room, 0.5))
        curves = []
        for playback, pattern in lines:
            values = np.full(last + 1, np.nan, np.float32)
            known = playback.trajectory.cross_entropy
            values[: len(known)] = known
            curves.append(EpochCurve(axes, values, top, theme, pattern))
        _, level = curves[0].place(0, guess.cross_entropy)
        self.place(Bar(Box(axes.left, level - 1, axes.width, 2), theme.frame))
        note = f"guessing: {guess.text}"
        if text_width(note, size) < 0.5 * axes.width:
            self.place(Words(note, axes.right - 4, level - 6, size, theme.faint, "right"))
        self.place(Bar(Box(axes.left, axes.bottom, axes.width, 2), theme.frame))
        counting = Counting.of([playback.trajectory for playback, _ in lines])
        self.place(*epoch_ticks(film, curves[0], last, size, counting))
        for (playback, _), curve in zip(lines, curves, strict=True):
            self.place_live(curve, _runner(playback, curve), box)


def _runner(playback: Playback, curve: EpochCurve) -> Update:
    """Lets the mark of a curve follow a training."""
    last = playback.trajectory.trained_epochs

    def move(second: float) -> None:
        curve.epoch = min(playback.timeline.epoch_at(second), last)

    return move


def _best_mark(
    curve: EpochCurve, best: int, top: float, theme: Theme, size: float
) -> list[Bar | Words]:
    """A line at the best state, below ``top``, and its name where the curve leaves room for it."""
    axes = curve.box
    x, _ = curve.place(best, 0.0)
    mark: list[Bar | Words] = [Bar(Box(x - 1, top, 2, axes.bottom - top), theme.faint)]
    high, wide = CAPITAL_HEIGHT * size, text_width("best", size) + 8
    sides: tuple[tuple[Side, float], ...] = (("left", x), ("right", x - wide))
    for side, start in sides:
        # At the lower edge there is the first number.
        lefts = {top + high + 6: axes.left, axes.bottom - 6: axes.left + 3 * size}
        for y, left in lefts.items():
            if not left <= start <= axes.right - wide:
                continue
            if not curve.crosses(Box(start, y - high - 4, wide, high + 8)):
                words = Words("best", x + (8 if side == "left" else -8), y, size, theme.faint, side)
                return [*mark, words]
    return mark


def epoch_ticks(
    film: Film, curve: EpochCurve, last: int, size: float, counting: Counting = EPOCHS
) -> list[Bar | Words]:
    """Marks at powers of ten below a curve, with numbers where there is room for them.

    These are epochs, or what a training counts.
    """
    axes, theme = curve.box, film.theme
    free, ticks = axes.left, list[Bar | Words]()
    first, end = counting.at(min(1, last)), counting.at(last)
    for count in [10**power for power in range(19) if first <= 10**power <= end]:
        x, _ = curve.place(counting.state(count), 0.0)
        ticks.append(Bar(Box(x - 1, axes.bottom, 2, 8), theme.frame))
        name = f"{count:,}"
        half = text_width(name, size) / 2
        middle = min(x, axes.right - half)
        if middle - half >= free:
            base = axes.bottom + 1.25 * size
            ticks.append(Words(name, middle, base, size, theme.faint, "centre"))
            free = middle + half + 0.5 * size
    return ticks
