"""The first shots: what it is about, what is promised, and what the data are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from spiralcore.registry.themes import Theme, rgb
from spiralcore.stage.layout.box import Box
from spiralcore.stage.painted import Painted
from spiralcore.stage.pixels.canvas import Canvas
from spiralcore.stage.pixels.shapes import Context, fill
from spiralcore.stage.shots.cast import Cast
from spiralcore.stage.shots.facts import RIGHT, accuracy, is_tangled
from spiralcore.stage.shots.moving import headline
from spiralcore.stage.shots.network_view import Look, NetworkView
from spiralcore.stage.shots.shot import Said, Shot, Stage
from spiralcore.stage.story.focus import DIMMED
from spiralcore.story.sentences import Speaker
from spiralcore.subjects.sentences import data_name
from spiralcore.trajectory.play.easing import Keys, eased

SPIRALS = "spirals"


class Title(Shot):
    """The data, and what the film is called."""

    length = 3.2

    def lines(self, speaker: Speaker) -> list[Said]:
        """The title."""
        return [Said(0.0, 3.2, speaker.say("explain_title"))]

    def draw(self, stage: Stage) -> None:
        """The data alone."""
        box = stage.places.large
        NetworkView(stage, stage.film.playback(self.cast.lead), lambda _: Look(box, 0.0))

    def moment(self, second: float) -> float:
        """It stands still."""
        return 0.0


class Promise(Shot):
    """The data go where they will be in the end, and back."""

    length = 7.8

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self._share = Keys([(0.6, 0), (3.4, 1), (4.9, 1), (7.4, 0)])
        self._titled = Keys([(0.0, 0), (0.4, 1)])

    def lines(self, speaker: Speaker) -> list[Said]:
        """What there is, and that one network pulls it apart, if it does."""
        lead, language = self.cast.lead, speaker.language
        kind = "spirals" if data_name([lead]) == SPIRALS else "points"
        count = language.count(self.cast.classes)
        said = [Said(0.1, 3.0, speaker.say(f"explain_{kind}", n=count))]
        right = accuracy(lead)
        if right >= RIGHT:
            said.append(Said(3.1, 7.6, speaker.say("explain_apart")))
        elif not math.isnan(right):
            line = speaker.say("explain_most", v=language.percentage(right))
            said.append(Said(3.1, 7.6, line))
        return said

    def draw(self, stage: Stage) -> None:
        """The points, without their regions; the title stays where there is room above them."""
        box = stage.places.large
        headline(stage, self.speaker(stage), self._titled)
        NetworkView(
            stage,
            stage.film.playback(self.cast.lead),
            lambda second: Look(box, self._share(second), regions=0.0),
        )

    def moment(self, second: float) -> tuple[float, float]:
        """It rests at both ends."""
        return self._share(second), self._titled(second)


class Arms(Shot):
    """Each class lights up in turn; then a straight line turns, and separates none."""

    EACH, LONGEST, LEAST, TURN = 0.9, 7.0, 3.0, 3.8

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self.shown = np.unique(cast.lead.labels)
        self.each = min(self.EACH, self.LONGEST / len(self.shown))
        self._over = max(0.4 + self.each * len(self.shown), self.LEAST)
        self._tangled = is_tangled(cast.lead)
        self.length = self._over + (self.TURN + 0.3 if self._tangled else 0.8)

    def lines(self, speaker: Speaker) -> list[Said]:
        """What a class is, and that no straight line separates two of them."""
        key = "explain_arm" if data_name([self.cast.lead]) == SPIRALS else "explain_colour"
        said = [Said(0.2, self._over, speaker.say(key))]
        if self._tangled:
            end = self._over + self.TURN
            said.append(Said(self._over + 0.1, end, speaker.say("explain_tangled")))
        return said

    def strengths(self, second: float) -> Any:
        """Opacity of each class: the one whose turn it is, in full."""
        depth = eased((second - 0.2) / 0.4) - eased((second - self._over) / 0.4)
        found = np.full(self.cast.lead.classes, 1 - (1 - DIMMED) * depth)
        for i, label in enumerate(self.shown):
            start = 0.4 + self.each * i
            acts = eased((second - start) / 0.3) - eased((second - start - self.each) / 0.3)
            found[label] = max(found[label], 1 - (1 - DIMMED) * depth * (1 - acts))
        return found

    def _turn(self, second: float) -> tuple[float, float]:
        """Opacity and angle of the line."""
        since = second - self._over
        opacity = eased((since - 0.2) / 0.4) - eased((since - self.TURN + 0.2) / 0.4)
        return opacity, math.pi * eased((since - 0.3) / (self.TURN - 0.4))

    def draw(self, stage: Stage) -> None:
        """The data, and the line."""
        box = stage.places.large
        headline(stage, self.speaker(stage), lambda _: 1.0)
        NetworkView(
            stage,
            stage.film.playback(self.cast.lead),
            lambda second: Look(box, 0.0, strengths=self.strengths(second)),
        )
        if self._tangled:
            line = Needle(box, stage.film.theme)

            def turn(second: float) -> None:
                line.opacity, line.angle = self._turn(second)

            stage.add(line, turn)

    def moment(self, second: float) -> tuple[Any, ...]:
        """Who is lit, and where the line is."""
        return tuple(self.strengths(second).round(3)), self._turn(second)


class Needle(Painted):
    """A straight line through the middle of a square.

    Attributes
    ----------
    angle
        In radians, anticlockwise from the horizontal.
    """

    WIDTH = 5.0

    def __init__(self, box: Box, theme: Theme, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.box, self.angle = box, 0.0
        self._ink = rgb(theme.ink)
        self.points = box.corners()

    def room(self) -> Box | None:
        """The square."""
        return self.box

    def paint(self, canvas: Canvas) -> None:
        """Draw it from edge to edge."""
        box = self.box
        x, y = box.middle, box.top + box.height / 2
        across, up = 2 * box.width * math.cos(self.angle), 2 * box.width * math.sin(self.angle)

        def draw(context: Context) -> None:
            context.rectangle(*box)
            context.clip()
            context.set_line_width(self.WIDTH)
            context.move_to(x - across, y + up)
            context.line_to(x + across, y - up)
            context.stroke()

        fill(canvas, box, draw, self._ink, self.opacity)
