"""The same classes in other spaces, how the room for classes shrinks, and what is to be kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.cloud.point_cloud import PointCloud
from spiralcore.stage.layout.box import UNIT, Box, scene_point
from spiralcore.stage.marks.words import Words, wrapped
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.shapes import Context, fill
from spiralcore.stage.shots import facts
from spiralcore.stage.shots.cast import Cast
from spiralcore.stage.shots.more import entering
from spiralcore.stage.shots.moving import headline, label
from spiralcore.stage.shots.network_view import Look, NetworkView, at_end
from spiralcore.stage.shots.shot import Said, Shot, Stage
from spiralcore.story.sentences import Line, Speaker
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.easing import Keys, eased

MOST = 3
"""Other spaces that are shown."""

TITLED = 0.4
"""Seconds in which the title appears again."""

NAME, AXIS = 56.0, 32.0
"""Font sizes of names, and of what is along an axis, in 16:9."""

CELL = 0.8
"""Side of a network below the curve, as a part of what there is for each."""

TALLER = 1.4
"""How much larger a name is in an upright frame."""


class Space(Shot):
    """The data bend into another space.

    Parameters
    ----------
    cast
        The networks.
    path
        Which of them.
    """

    length = 6.0

    def __init__(self, cast: Cast, path: Trajectory) -> None:
        super().__init__(cast)
        self._path = path
        self._opacity = Keys([(0.0, 0), (0.4, 1), (5.6, 1), (6.0, 0)])
        self._share = Keys([(0.6, 0), (2.6, 1)])
        self._regions = Keys([(2.5, 0), (3.1, 1)])

    @classmethod
    def of(cls, cast: Cast) -> Sequence[Shot]:
        """One for each other space."""
        return [cls(cast, path) for path in cast.others[:MOST]]

    def lines(self, speaker: Speaker) -> list[Said]:
        """What this space makes of the classes."""
        line = self.line(speaker)
        return [Said(0.3, 5.9, line)] if line else []

    def line(self, speaker: Speaker) -> Line | None:
        """A fan, a ring; else how many points are right."""
        path, language = self._path, speaker.language
        name = path.activation_label
        name = name[0].upper() + name[1:]
        if facts.fans_out(path):
            return speaker.say("explain_fan", name=name)
        if facts.makes_ring(path):
            return speaker.say("explain_ring", name=name)
        right = facts.accuracy(path)
        if math.isnan(right):
            return None
        return speaker.say("explain_other", name=name, v=language.percentage(right))

    def draw(self, stage: Stage) -> None:
        """The network, and its name."""
        box = stage.places.large

        def look(second: float) -> Look:
            return Look(box, self._share(second), regions=self._regions(second),
                        opacity=self._opacity(second))  # fmt: skip

        NetworkView(stage, at_end(self._path), look)
        side, size = stage.places.side, stage.film.text(NAME)
        if stage.places.is_tall:
            size *= TALLER
        y = side.top + size if stage.places.has_side else side.bottom - 20
        words = Words(self._path.activation_label, side.left, y, size, stage.film.theme.ink,
                      weight="bold")  # fmt: skip
        label(stage, words, self._opacity)

    def moment(self, second: float) -> tuple[float, ...]:
        """What moves."""
        return self._opacity(second), self._share(second), self._regions(second)


class Room(Shot):
    """How far apart the closest two classes can be, and are, with more and more of them."""

    length = 7.8

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self._opacity = Keys([(0.0, 0), (0.4, 1), (7.4, 1), (7.8, 0)])
        self._along = Keys([(0.6, 0), (4.6, 1)])
        self._paths = [path for path in cast.rows if len(np.unique(path.labels)) > 1]
        self._counts = [len(np.unique(path.labels)) for path in self._paths]
        self._best = [facts.best_closest(path) for path in self._paths]
        self._own = [facts.closest(path) for path in self._paths]

    @classmethod
    def of(cls, cast: Cast) -> Sequence[Shot]:
        """Where the best possible is known of three class counts at least."""
        if not cast.lead.space.bounded or len(cast.rows) < 3:
            return []
        shot = cls(cast)
        shrinks = shot._best[-1] < shot._best[0] and not any(map(math.isnan, shot._best))
        return [shot] if shrinks else []

    def lines(self, speaker: Speaker) -> list[Said]:
        """By how much the best possible distance shrinks."""
        language = speaker.language
        line = speaker.say(
            "explain_room",
            n=language.count(self._counts[0]),
            m=language.count(self._counts[-1]),
            v=language.percentage(self._best[-1] / self._best[0]),
        )
        return [Said(0.4, 7.5, line)]

    def draw(self, stage: Stage) -> None:
        """A curve that grows, a dot for each network, and the networks below."""
        film, area = stage.film, stage.places.area
        size = film.text(AXIS)
        cell = min(CELL * area.width / (len(self._counts) + 1), 0.25 * area.height)
        chart = Box(area.left + 1.5 * size, area.top + 3.2 * size, area.width - 3 * size,
                    area.height - 5.2 * size - cell)  # fmt: skip
        spread = max(self._counts[-1] - self._counts[0], 1)
        xs = [chart.left + (0.04 + 0.92 * (count - self._counts[0]) / spread) * chart.width
              for count in self._counts]  # fmt: skip

        def y(value: float) -> float:
            return chart.bottom - 0.92 * value * chart.height

        curve = Way(
            [(x, y(best)) for x, best in zip(xs, self._best, strict=True)], chart, film.theme
        )

        def grow(second: float) -> None:
            curve.share, curve.opacity = self._along(second), self._opacity(second)

        stage.add(curve, grow)
        ink, faint = film.theme.ink, film.theme.faint
        for path, x, count in zip(self._paths, xs, self._counts, strict=True):
            words = Words(f"{count}", x, chart.bottom + 1.3 * size, size, ink, "centre", "bold")
            label(stage, words, self._opacity)
            box = Box(x - cell / 2, chart.bottom + 1.9 * size, cell, cell)
            NetworkView(stage, at_end(path), self._in_cell(box), alone=True)
        said = (
            ("distance of the closest two classes: line, the best possible; dots, the networks",
             chart.left, chart.top - 0.8 * size, faint, "left"),
        )  # fmt: skip
        for text, x, place, colour, anchor in said:
            lines = wrapped(text, chart.width, size)
            for i, part in enumerate(lines):
                words = Words(part, x, place - 1.25 * size * (len(lines) - 1 - i), size, colour,
                              anchor)  # type: ignore[arg-type]  # fmt: skip
                label(stage, words, self._opacity)
        for i, (x, own) in enumerate(zip(xs, self._own, strict=True)):
            dot = PointCloud(scene_point(x, y(own))[None], rgb(ink)[None], radius=17 * UNIT,
                             outline=4 * UNIT, outline_color=film.theme.background)  # fmt: skip
            reached = i / max(len(xs) - 1, 1)

            def appear(second: float, dot: PointCloud = dot, reached: float = reached) -> None:
                shown = eased((self._along(second) - reached + 0.04) / 0.05)
                dot.opacity = shown * self._opacity(second)

            stage.add(dot, appear, Box(x, y(own), 0, 0).padded(24))

    def _in_cell(self, box: Box) -> Callable[[float], Look]:
        """A network below its dot."""
        return lambda second: Look(box, opacity=self._opacity(second))

    def moment(self, second: float) -> tuple[float, float]:
        """What moves."""
        return self._opacity(second), self._along(second)


class Way(Painted):
    """A line through places that grows, over a thin axis.

    Attributes
    ----------
    share
        How much of it is drawn, 0 to 1.
    """

    WIDTH = 8.0

    def __init__(
        self, places: Sequence[tuple[float, float]], box: Box, theme: Theme, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._places, self.box, self.share = places, box, 0.0
        self._ink, self._frame = rgb(theme.faint), rgb(theme.frame)
        self.points = box.corners()

    def room(self) -> Box | None:
        """What it is drawn in."""
        return self.box.padded(10)

    def paint(self, canvas: Canvas) -> None:
        """Draw the axis, then as much of the line as has grown."""
        box, reached = self.box, self.share * (len(self._places) - 1)

        def axis(context: Context) -> None:
            context.rectangle(box.left, box.bottom - 2, box.width, 2)
            context.fill()

        def line(context: Context) -> None:
            context.set_line_width(self.WIDTH)
            context.move_to(*self._places[0])
            for i, (one, other) in enumerate(zip(self._places, self._places[1:], strict=False)):
                part = min(max(reached - i, 0.0), 1.0)
                if part > 0:
                    context.line_to(*(a + part * (b - a) for a, b in zip(one, other, strict=True)))
            context.stroke()

        fill(canvas, box, axis, self._frame, self.opacity, rim=4.0)
        fill(canvas, box, line, self._ink, self.opacity, rim=4.0)


class Rules(Shot):
    """What is to be kept: the lead, as it has become."""

    TOLD, SILENT = 4.6, 1.2

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self._packs = facts.nearness(cast.lead) >= facts.WELL
        self._several = len({path.space for path in (cast.lead, *cast.others)}) > 1
        self.length = self.TOLD if self._packs or self._several else self.SILENT
        # It has been there all the time where no others were.
        self._fade = 0.4 if entering(cast) or cast.others else 0.0

    def lines(self, speaker: Speaker) -> list[Said]:
        """That it packs, if it does; and who sets the rules."""
        if not self._packs and not self._several:
            return []
        key = "explain_rules" if self._packs else "explain_space_rules"
        return [Said(0.2, self.length, speaker.say(key))]

    def _opacity(self, second: float) -> float:
        return eased(second / self._fade) if self._fade else 1.0

    def draw(self, stage: Stage) -> None:
        """It appears as it was."""
        box = stage.places.large
        headline(stage, self.speaker(stage), lambda second: eased(second / TITLED))
        NetworkView(
            stage,
            stage.film.playback(self.cast.lead),
            lambda second: Look(box, opacity=self._opacity(second)),
        )

    def moment(self, second: float) -> tuple[float, float]:
        """It stands still once it is there."""
        return self._opacity(second), eased(second / TITLED)
