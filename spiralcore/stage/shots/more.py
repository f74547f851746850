"""More classes in the same space: each network enters large, and goes into its cell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.pointers import Rings
from spiralcore.stage.marks.words import Words
from spiralcore.stage.shots.cast import Cast
from spiralcore.stage.shots.facts import accuracy, is_opposite, lines_walls
from spiralcore.stage.shots.moving import between, label
from spiralcore.stage.shots.network_view import Look, NetworkView, at_end
from spiralcore.stage.shots.shot import Said, Shot, Stage
from spiralcore.story.corners import cornerless, corners_of
from spiralcore.story.sentences import Line, Speaker
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.easing import Keys, eased

MOST = 6
"""Networks that enter; of more of them the last ones."""

NAME = 34.0
"""Font size of the class count above a cell, in 16:9."""


def entering(cast: Cast) -> tuple[Trajectory, ...]:
    """The networks of other class counts, in their order."""
    return tuple(path for path in cast.rows if path is not cast.lead)[-MOST:]


def cell_boxes(stage: Stage, cast: Cast) -> dict[int, Box]:
    """The cell of each network, by its class count."""
    shown = sorted((cast.lead, *entering(cast)), key=lambda path: path.classes)
    boxes = stage.places.cells(len(shown))
    return {path.classes: box for path, box in zip(shown, boxes, strict=True)}


class NumberedNetwork:
    """A network, the class count above its cell, and rings around classes without a corner.

    Parameters
    ----------
    stage
        Where to.
    path
        The network.
    look
        At a second of the shot.
    named
        Opacity of the count.
    cell
        Where its cell is.
    rests
        Whether it stays there: nothing is below it.
    """

    def __init__(
        self, stage: Stage, path: Trajectory, look: Any, named: Any, cell: Box, *, rests: bool
    ) -> None:
        view = NetworkView(stage, at_end(path), look, alone=rests)
        away = [path.labels == one for one in cornerless(path)]
        if away:
            places = np.array([path.hidden[-1][chosen].mean(axis=0) for chosen in away])
            rings = Rings(view.plane, 12.0, stage.film.theme)

            def surround(second: float) -> None:
                seen = look(second)
                rings.plane, rings.places = view.plane, places
                rings.radius = max(30.0 * seen.box.width / 880, 9.0)
                arrived = max(4 * seen.share - 3, 0.0)
                rings.opacity = seen.opacity * arrived * min(seen.regions, 1.0)

            stage.add(rings, surround)
        size = stage.film.text(NAME)
        words = Words(f"{path.classes}", cell.left, cell.top - 12, size, stage.film.theme.ink,
                      weight="bold")  # fmt: skip
        label(stage, words, named)


class Aside(Shot):
    """The lead goes into its cell."""

    length = 2.0

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self._cell = Keys([(0.1, 0), (1.7, 1)])

    @classmethod
    def of(cls, cast: Cast) -> Sequence[Shot]:
        """Where other class counts follow."""
        return [cls(cast)] if entering(cast) else []

    def draw(self, stage: Stage) -> None:
        """The lead on its way."""
        large, cell = stage.places.large, cell_boxes(stage, self.cast)[self.cast.lead.classes]

        def look(second: float) -> Look:
            return Look(between(large, cell, self._cell(second)))

        NumberedNetwork(
            stage, self.cast.lead, look, lambda second: max(2 * self._cell(second) - 1, 0.0),
            cell, rests=False,
        )  # fmt: skip

    def moment(self, second: float) -> float:
        """Where it is."""
        return self._cell(second)


class Enter(Shot):
    """One more class count: its data are large, bend into its layer, and go into the cell.

    Parameters
    ----------
    cast
        The networks.
    path
        Which of them enters.
    before
        Those that are in their cells.
    """

    FEW, MANY = 3.4, 4.1

    def __init__(self, cast: Cast, path: Trajectory, before: tuple[Trajectory, ...]) -> None:
        super().__init__(cast)
        self._path, self._before = path, before
        self._opacity = Keys([(0.0, 0), (0.3, 1)])
        self._share = Keys([(0.4, 0), (1.9, 1)])
        self._regions = Keys([(1.8, 0), (2.3, 1)])
        self.length = self.MANY if cornerless(path) else self.FEW
        self._cell = Keys([(self.length - 0.8, 0), (self.length, 1)])

    @classmethod
    def of(cls, cast: Cast) -> Sequence[Shot]:
        """One for each class count but that of the lead."""
        paths = entering(cast)
        return [cls(cast, path, (cast.lead, *paths[:i])) for i, path in enumerate(paths)]

    def lines(self, speaker: Speaker) -> list[Said]:
        """What becomes of so many classes."""
        line = self.line(speaker)
        return [Said(0.2, self.length - 0.1, line)] if line else []

    def line(self, speaker: Speaker) -> Line | None:
        """How many find a corner; how many points are right where there are none."""
        path, language = self._path, speaker.language
        places, without = corners_of(path), cornerless(path)
        own = Speaker.of(path, language)
        count = language.count(path.classes)
        if places is not None and path.classes > len(places.names):
            if len(without) == 1:
                return own.say("explain_without_one", without, n=count)
            if without:
                return own.say("explain_without", n=count, m=language.count(len(without)))
        if is_opposite(path):
            return own.say("explain_opposite", n=count)
        if places is not None and not without:
            return own.say("explain_corner_each", n=count)
        right = accuracy(path)
        if math.isnan(right):
            return None
        return own.say("explain_count", n=count, v=language.percentage(right))

    def draw(self, stage: Stage) -> None:
        """The others go, and are in their cells again when this one goes to its own."""
        boxes, large = cell_boxes(stage, self.cast), stage.places.large

        def back(second: float) -> float:
            return 1 - self._opacity(second) * (1 - self._cell(second))

        for path in self._before:
            cell = boxes[path.classes]
            NumberedNetwork(
                stage, path, lambda second, cell=cell: Look(cell, opacity=back(second)),
                back, cell, rests=True,
            )  # fmt: skip
        own = boxes[self._path.classes]

        def look(second: float) -> Look:
            return Look(
                between(large, own, self._cell(second)), self._share(second),
                regions=self._regions(second), opacity=self._opacity(second),
            )  # fmt: skip

        NumberedNetwork(
            stage, self._path, look, lambda second: max(2 * self._cell(second) - 1, 0.0),
            own, rests=False,
        )  # fmt: skip

    def moment(self, second: float) -> tuple[float, ...]:
        """What moves."""
        keys = (self._opacity, self._share, self._regions, self._cell)
        return tuple(key(second) for key in keys)


class Together(Shot):
    """All of them in their cells; then the one with most classes is large, and the others go."""

    REST = 1.0

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self._last = cast.rows[-1]
        self._lined = self._last is not cast.lead and lines_walls(self._last)
        self._lined = self._lined and self._last.classes > 4
        self._large = Keys([(self.REST, 0), (self.REST + 1.4, 1)])
        self.length = self.REST + (6.2 if self._lined else 0.6)

    @classmethod
    def of(cls, cast: Cast) -> Sequence[Shot]:
        """Where there are other class counts."""
        return [cls(cast)] if entering(cast) else []

    def lines(self, speaker: Speaker) -> list[Said]:
        """Where so many classes are, if they are there."""
        if not self._lined:
            return []
        count = speaker.language.count(self._last.classes)
        return [Said(self.REST + 1.0, self.length - 0.5, speaker.say("explain_walls", n=count))]

    def draw(self, stage: Stage) -> None:
        """The cells, and the last one on its way."""
        boxes, large = cell_boxes(stage, self.cast), stage.places.large
        shown = (self.cast.lead, *entering(self.cast))

        def goes(second: float) -> float:
            return 1 - eased((second - self.length + 0.5) / 0.5)

        def stays(second: float) -> float:
            return goes(second) if not self._lined else 1 - min(1.5 * self._large(second), 1.0)

        for path in sorted(shown, key=lambda path: path is self._last):
            cell = boxes[path.classes]
            if path is self._last and self._lined:
                NumberedNetwork(
                    stage, path,
                    lambda second, cell=cell: Look(
                        between(cell, large, self._large(second)), opacity=goes(second)
                    ),
                    stays, cell, rests=False,
                )  # fmt: skip
            else:
                NumberedNetwork(
                    stage, path, lambda second, cell=cell: Look(cell, opacity=stays(second)),
                    stays, cell, rests=True,
                )  # fmt: skip

    def moment(self, second: float) -> tuple[float, ...]:
        """What moves."""
        return self._large(second), eased((second - self.length + 0.5) / 0.5)
