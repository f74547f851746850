"""What all panels have in common: a box, what stands still in it, and what moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from manim import Mobject

from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.words import Side, Words, wrapped
from spiralcore.stage.painted import Painted
from spiralcore.stage.story.focus import Focus
from spiralcore.trajectory import Trajectory

Update = Callable[[float], None]
"""Sets a mobject to a second of the action, see `spiralcore.stage.film.Film.place_live`."""

NOTE = 26.0
"""Font size of what a panel says it cannot show, in 16:9."""


class Live(NamedTuple):
    """A mobject that changes, the rule that changes it, and where it stays."""

    mobject: Mobject
    update: Update
    within: Box | None = None


class Panel:
    """A part of a film with a box of its own; `spiralcore.stage.film.Film.show_panels` adds it.

    A panel is put together when it is made: subclasses call `place` and `place_live`.

    Parameters
    ----------
    film
        Whose panel: it gives theme, aspect and font sizes.
    box
        Where, in design pixels.
    """

    def __init__(self, film: Film, box: Box) -> None:
        self.film, self.box = film, box
        self._still: list[Mobject] = []
        self._live: list[Live] = []

    @staticmethod
    def lack(trajectory: Trajectory) -> str:
        """What a trajectory lacks to fill such a panel, for people; empty if it has everything."""
        return ""

    def still(self) -> Sequence[Mobject]:
        """What never changes, from the lowest to the highest."""
        return self._still

    def live(self) -> Sequence[Live]:
        """What changes, over all that stands still, from the lowest to the highest."""
        return self._live

    def place(self, *mobjects: Mobject) -> None:
        """Add what never changes."""
        self._still.extend(mobjects)

    def place_live(self, mobject: Mobject, update: Update, within: Box | None = None) -> None:
        """Add what changes."""
        self._live.append(Live(mobject, update, within))

    def show_while(self, shows: Callable[[], bool]) -> None:
        """Draw what changes only while something holds, and move it only then."""
        self._live = [gated(live, shows) for live in self._live]

    def note(
        self, text: str, size: float = NOTE, *, above: bool = False, within: Box | None = None
    ) -> None:
        """Say what it cannot show: below to the left, or above to the right, of it or of a part."""
        film, box, size = self.film, within or self.box, self.film.text(size)
        lines = wrapped(text, box.width - 24, size)
        side: Side = "right" if above else "left"
        x = box.right - 14 if above else box.left + 14
        first = box.bottom - 16 - 1.25 * size * (len(lines) - 1)
        if above:
            first = box.top + 10 + 0.8 * size
        for i, line in enumerate(lines):
            self.place(Words(line, x, first + 1.25 * size * i, size, film.theme.faint, side))


def focused(regions: Live, focus: Focus) -> Update:
    """The rule of regions that also step back while somebody acts."""

    def update(second: float) -> None:
        regions.update(second)
        regions.mobject.set_opacity(focus.regions(second))

    return update


def unmoved(second: float) -> None:
    """The rule of what is drawn over something that moves, and does not move itself."""


def gated(live: Live, shows: Callable[[], bool]) -> Live:
    """Draw a mobject only while something holds, and move it only then."""

    def update(second: float) -> None:
        shown = shows()
        if isinstance(live.mobject, Painted):
            live.mobject.shown = shown
        if shown:
            live.update(second)

    return live._replace(update=update)
