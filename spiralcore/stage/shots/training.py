"""The training, event by event: each is a shot, and who is stuck is looked at closely."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from spiralcore.analysis.network.data_plane import data_plane
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.words import Words, text_width
from spiralcore.stage.panels.numbers import percentage
from spiralcore.stage.shots.cast import Cast
from spiralcore.stage.shots.moving import WithData, between, label
from spiralcore.stage.shots.network_view import Look, NetworkView
from spiralcore.stage.shots.shot import Said, Shot, Stage
from spiralcore.stage.story.focus import DIMMED, REGIONS, Clock
from spiralcore.stage.story.links import Links, followed
from spiralcore.stage.story.morph import data_limits
from spiralcore.stage.story.trails import MeanPaths, Trails
from spiralcore.story.event import Event
from spiralcore.story.sentences import Speaker
from spiralcore.trajectory.play.easing import Keys, eased
from spiralcore.trajectory.play.playback import Playback

FIRST = 2.6
"""Seconds before the first event from which on it is said that the network learns."""

MOVING = ("settle", "heads", "moves", "takes", "edge", "parts")
"""Kinds of events whose classes draw a trail."""

NUMBER, NAME = 84.0, 32.0
"""Font sizes of numbers beside the square and of their names, in 16:9."""

EASE = 0.5
"""Seconds in which the training sets in and comes to rest."""


class Beat(WithData):
    """From one event of the training to the next.

    Parameters
    ----------
    cast
        The networks.
    start, end
        Seconds of the training, at the usual pace.
    event
        What happens; None before the first event.
    halts
        Whether the training has stood still before, and does after.
    """

    def __init__(
        self,
        cast: Cast,
        start: float,
        end: float,
        event: Event | None,
        halts: tuple[bool, bool] = (False, False),
    ) -> None:
        super().__init__(cast)
        self.event = event
        rest = (EASE * halts[0], EASE * halts[1])
        # A clock that sets in and comes to rest gently takes half of that longer.
        self.length = end - start + (rest[0] + rest[1]) / 2
        self._start, self._end, self._rest = start, end, rest

    @classmethod
    def of(cls, cast: Cast) -> Sequence[Shot]:
        """A shot for each event for which there is time; another one for who is stuck."""
        told, over = cast.told, cast.timeline.duration
        starts = [second for second, _ in told]
        edges = [0.0, *starts, over]
        stuck = [event is not None and Stuck.fits(cast, event) for _, event in told]
        halts = [True, *stuck, True]
        shots: list[Shot] = []
        if edges[1] - edges[0] > 1e-6:
            shots.append(cls(cast, 0.0, edges[1], None, (True, halts[1])))
        for i, (second, event) in enumerate(told):
            if stuck[i]:
                shots.append(Stuck(cast, second, event))
            ends = edges[i + 2]
            if ends - second > 1e-6:
                shots.append(
                    cls(
                        cast,
                        second,
                        ends,
                        None if stuck[i] else event,
                        (halts[i + 1], halts[i + 2]),
                    )
                )
        return shots

    def training(self, second: float) -> float:
        """Second of the training at a second of the shot, at the usual pace."""
        first, last = self._rest
        done = second
        if first and second < first:
            done = second * second / (2 * first)
        elif first:
            done = second - first / 2
        left = self.length - second
        if last and left < last:
            done = self._end - self._start - left * left / (2 * last)
        return self._start + min(max(done, 0.0), self._end - self._start)

    def lines(self, speaker: Speaker) -> list[Said]:
        """The event; before the first one, that the network learns."""
        if self.event is not None:
            return [Said(0.0, min(self.length, 5.0), speaker.line(self.event))]
        if self._start == 0 and self.length >= FIRST:
            return [Said(0.0, self.length, speaker.say("explain_training"))]
        return []

    def depth(self, second: float) -> float:
        """How far others step back."""
        if self.event is None or not 0 < len(self.event.classes) < self.cast.classes:
            return 0.0
        return eased(second / 0.4) - eased((second - min(self.length, 5.0) + 0.4) / 0.4)

    def strengths(self, second: float) -> Any:
        """Opacity of each class."""
        found = np.full(self.cast.lead.classes, 1 - (1 - DIMMED) * self.depth(second))
        if self.event is not None:
            found[list(self.event.classes)] = 1.0
        return found

    def draw(self, stage: Stage) -> None:
        """The layer, trails of who moves, and the numbers; beside it the data."""
        film, box = stage.film, stage.places.large
        self.keep_data(stage, self.strengths)
        playback = film.playback(self.cast.lead)

        def look(second: float) -> Look:
            regions = 1 - (1 - REGIONS) * self.depth(second)
            return Look(box, 1.0, stage.pace * self.training(second), regions,
                        strengths=self.strengths(second))  # fmt: skip

        view = NetworkView(stage, playback, look)
        event = self.event
        if event is not None and event.kind in MOVING and event.classes:
            trails = Trails(view.plane, mean_paths(playback), film.theme,
                            15.0 * box.width / 880)  # fmt: skip
            acts = np.zeros(self.cast.lead.classes)
            acts[list(event.classes)] = 1.0

            def trail(second: float) -> None:
                trails.plane, trails.second = view.plane, stage.pace * self.training(second)
                trails.strengths = acts
                appears = eased(second / 0.4) - eased((second - self.length + 0.4) / 0.4)
                trails.opacity = appears

            stage.add(trails, trail)
        appears, goes = (0.4 * bool(rest) for rest in self._rest)

        def shown(second: float) -> float:
            came = eased(second / appears) if appears else 1.0
            return came - (eased((second - self.length + goes) / goes) if goes else 0.0)

        numbers(stage, self.cast, self.training, shown)


class Stuck(WithData):
    """The training halts: where the points of a class that is stuck are in the data.

    Parameters
    ----------
    cast
        The networks.
    at
        Second of the training, at the usual pace.
    event
        Who is stuck, and where.
    """

    length = 6.8

    def __init__(self, cast: Cast, at: float, event: Event) -> None:
        super().__init__(cast)
        self._at, self._event = at, event
        self._aside = Keys([(0.2, 0), (1.5, 1), (5.3, 1), (6.7, 0)])
        self._links = Keys([(1.6, 0), (2.2, 1), (4.8, 1), (5.3, 0)])

    @staticmethod
    def fits(cast: Cast, event: Event) -> bool:
        """Whether an event is told so: not all of the classes are stuck."""
        return event.kind == "stuck" and len(event.classes) < cast.classes

    def lines(self, speaker: Speaker) -> list[Said]:
        """Who is stuck, and how much of it is right."""
        return [Said(0.1, self.length - 0.1, speaker.line(self._event))]

    def _strengths(self, second: float) -> Any:
        found = np.full(self.cast.lead.classes, 1 - (1 - DIMMED) * self._depth(second))
        found[list(self._event.classes)] = 1.0
        return found

    def _depth(self, second: float) -> float:
        return eased(second / 0.6) - eased((second - self.length + 0.6) / 0.6)

    def draw(self, stage: Stage) -> None:
        """The layer steps aside, the data become large, lines lead from one to the other."""
        film, places, lead = stage.film, stage.places, self.cast.lead
        playback, at = film.playback(lead), stage.pace * self._at
        small, (data, other) = places.small, places.pair

        def layer(second: float) -> Look:
            box = between(places.large, other, self._aside(second))
            regions = 1 - (1 - REGIONS) * self._depth(second)
            return Look(box, 1.0, at, regions, strengths=self._strengths(second))

        def beside(second: float) -> Look:
            shown = self._aside(second)
            box, opacity = data, max(2 * shown - 1, 0.0)
            if small is not None:
                box, opacity = between(small, data, shown), self.stays(second)
            return Look(box, 0.0, at, opacity=opacity, strengths=self._strengths(second))

        NetworkView(stage, playback, beside)
        view = NetworkView(stage, playback, layer)
        chosen = followed(lead).ravel()
        chosen = chosen[np.isin(lead.labels[chosen], self._event.classes)]
        plane = Plane(data, data_limits(lead))
        links = Links(plane, view.plane, data_plane(lead).points[chosen], lead.labels[chosen],
                      film.theme, lead.classes, 13.0 * data.width / 880)  # fmt: skip

        def follow(second: float) -> None:
            links.layer, links.ends = view.plane, playback.at(at).hidden[chosen]
            links.opacity = self._links(second)

        stage.add(links, follow)

    def moment(self, second: float) -> tuple[float, ...]:
        """What moves."""
        ways = (self._aside, self._links, self._depth, self.stays)
        return tuple(way(second) for way in ways)


@lru_cache(maxsize=2)
def mean_paths(playback: Playback) -> MeanPaths:
    """Where the class means are; measured once for all shots of a film."""
    return MeanPaths(playback)


def numbers(stage: Stage, cast: Cast, training: Clock, shown: Clock) -> None:
    """The epoch and the accuracy, beside the square or above it."""
    film, places, lead = stage.film, stage.places, cast.lead
    size, name = film.text(NUMBER), film.text(NAME)
    theme, side = film.theme, places.numbers
    playback = film.playback(lead)
    counting, end = lead.counting, lead.trained_epochs
    last = f"{counting.at(end):,}"
    stacked = places.has_side or places.is_tall
    if not stacked:
        size = 0.8 * size
    wide = max(text_width(last, size, "bold"), text_width("100.0 %", size))
    if stacked:
        size = min(size, size * side.width / wide)
        spots = [(side.left, side.top + 1.3 * size), (side.left, side.top + 3.0 * size)]
        anchors = ["left", "left"]
    else:
        y = side.bottom - 16
        spots, anchors = [(side.left, y), (side.right, y)], ["left", "right"]

    def epoch(second: float) -> str:
        at = film.slowly(stage.pace * training(second))
        return f"{counting.at(min(film.timeline.epoch_at(at) + 1e-6, end)):,}"

    def right(second: float) -> str:
        return percentage(playback.curve_value(lead.accuracy, film.slowly(
            stage.pace * training(second))))  # fmt: skip

    names = (counting.unit, "accuracy")
    for (x, y), anchor, text, longest, what in zip(
        spots, anchors, (epoch, right), (last, "100.0 %"), names, strict=True
    ):
        weight: Any = "bold" if what == counting.unit else "regular"
        words = Words(longest, x, y, size, theme.ink, anchor, weight)  # type: ignore[arg-type]
        label(stage, words, shown, text)
        head = Words(what, x, y - 0.92 * size, name, theme.faint, anchor)  # type: ignore[arg-type]
        label(stage, head, shown)
