"""Before the training: the way through the network, where it leads, and who gets land."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.network_map import NetworkMap
from spiralcore.stage.marks.words import Words
from spiralcore.stage.panels.hidden_panel import LONG_AFTER
from spiralcore.stage.shots.cast import Cast
from spiralcore.stage.shots.ground import Ground
from spiralcore.stage.shots.moving import WithData, between, headline, label
from spiralcore.stage.shots.network_view import Look, NetworkView
from spiralcore.stage.shots.shot import Said, Shot, Stage
from spiralcore.stage.story.focus import DIMMED
from spiralcore.story.event import Event
from spiralcore.story.sentences import Speaker
from spiralcore.trajectory.play.easing import Keys

WIDTHS = 34.0
"""Font size of the widths of layers, in 16:9."""


class Layers(Shot):
    """The data step aside, and a mark goes through the layers to the last hidden one."""

    length = 8.4

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self._aside = Keys([(0.0, 0), (1.4, 1)])
        self._map = Keys([(1.0, 0), (1.6, 1), (6.8, 1), (7.5, 0)])
        self._along = Keys([(1.6, 0), (4.4, 1)])
        self._opens = Keys([(6.6, 0), (8.0, 1)])

    @classmethod
    def of(cls, cast: Cast) -> Sequence[Shot]:
        """Where the network was recorded, which has layers then."""
        return [cls(cast)] if RecordedNetwork.is_in(cast.lead) else []

    @property
    def widths(self) -> tuple[int, ...]:
        """Of the hidden layers."""
        return RecordedNetwork(self.cast.lead).widths

    def lines(self, speaker: Speaker) -> list[Said]:
        """How many layers there are, and that the last is a plane."""
        count = len(self.widths)
        said = []
        if count > 1:
            line = speaker.say("explain_layers", n=speaker.language.count(count))
            said.append(Said(0.8, 4.1, line))
        return [*said, Said(4.2, 8.3, speaker.say("explain_two"))]

    def draw(self, stage: Stage) -> None:
        """The data at one side, the map at the other; then its last layer opens."""
        places, film = stage.places, stage.film
        headline(stage, self.speaker(stage), lambda second: max(1 - 8 * self._aside(second), 0.0))
        data, other = places.pair
        NetworkView(
            stage,
            film.playback(self.cast.lead),
            lambda second: Look(between(places.large, data, self._aside(second)), 0.0),
        )
        size = film.text(WIDTHS)
        room = Box(other.left + 60, other.top + 0.25 * other.height, other.width - 120,
                   0.45 * other.height)  # fmt: skip
        depth = len(self.widths)
        shown = NetworkMap(room, (self.cast.lead.inputs.shape[1], *self.widths), film.theme)

        def along(second: float) -> None:
            shown.opacity = self._map(second)
            shown.position = depth * self._along(second)

        stage.add(shown, along)
        for layer, width in enumerate((self.cast.lead.inputs.shape[1], *self.widths)):
            words = Words(f"{width}", shown.middle(layer), room.bottom + 1.4 * size, size,
                          film.theme.faint, "centre")  # fmt: skip
            label(stage, words, self._map)
        middle = room.top + room.height / 2
        column = Box(shown.middle(depth) - 13, middle - 30, 26, 60)
        empty = Ground(column, film.theme)

        def open_up(second: float) -> None:
            empty.set_box(between(column, other, self._opens(second)))
            empty.opacity = min(4 * self._opens(second), 1.0)

        stage.add(empty, open_up)

    def moment(self, second: float) -> tuple[float, ...]:
        """What moves."""
        return tuple(key(second) for key in (self._aside, self._map, self._along, self._opens))


class Untrained(WithData):
    """The points go from the data into the layer, before the training."""

    length = 7.0

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self._aside = Keys([(0.0, 1 if RecordedNetwork.is_in(cast.lead) else 0), (1.0, 1)])
        self._share = Keys([(0.8, 0), (3.2, 1)])
        self._large = Keys([(5.2, 0), (6.7, 1)])

    def lines(self, speaker: Speaker) -> list[Said]:
        """What the network makes of them."""
        classes = self.cast.before("together")
        line = speaker.say("explain_untrained")
        if classes:
            line = speaker.line(Event(0, 0, "together", classes))
        return [Said(1.0, 6.8, line)]

    def draw(self, stage: Stage) -> None:
        """The data stay; copies of the points go into the layer, which then becomes large."""
        playback, places = stage.film.playback(self.cast.lead), stage.places
        data, other = places.pair
        begins, small = self._aside(0.0), places.small

        def stays(second: float) -> Look:
            box, large = between(places.large, data, self._aside(second)), self._large(second)
            if small is None:
                return Look(box, 0.0, opacity=1 - min(2 * large, 1.0))
            return Look(between(box, small, large), 0.0, opacity=self.stays(second))

        def goes(second: float) -> Look:
            box = between(other, places.large, self._large(second))
            opacity = 1.0 if begins else self._aside(second)
            share = self._share(second)
            return Look(box, share, -LONG_AFTER, 0.0, opacity, start=data if share < 1 else None)

        NetworkView(stage, playback, stays)
        NetworkView(stage, playback, goes)

    def moment(self, second: float) -> tuple[float, ...]:
        """What moves."""
        ways = (self._aside, self._share, self._large, self.stays)
        return tuple(way(second) for way in ways)


class Cuts(WithData):
    """The regions appear, and classes without land blink."""

    BLINKS, PERIOD = 3, 0.8

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self._landless = cast.before("landless")
        self._regions = Keys([(0.3, 0), (1.7, 1)])
        self._from = 3.4
        self.length = self._from + (self.BLINKS * self.PERIOD + 0.8 if self._landless else 0.2)

    @classmethod
    def of(cls, cast: Cast) -> Sequence[Shot]:
        """Where the read-out is known, which cuts the plane."""
        return [cls(cast)] if cast.lead.knows_readout else []

    def lines(self, speaker: Speaker) -> list[Said]:
        """Who decides, and who gets nothing."""
        said = [Said(0.2, 3.3, speaker.say("explain_cuts"))]
        if self._landless:
            line = speaker.line(Event(0, 0, "landless", self._landless, (), (0.0,)))
            said.append(Said(self._from, self.length, line))
        return said

    def _strengths(self, second: float) -> Any:
        since = (second - self._from) / self.PERIOD
        found = np.ones(self.cast.lead.classes)
        if self._landless and 0 < since < self.BLINKS:
            found[:] = 1 - (1 - DIMMED) * min(since * 3, (self.BLINKS - since) * 3, 1)
            found[list(self._landless)] = 0.65 + 0.35 * math.cos(2 * math.pi * since)
        return found

    def draw(self, stage: Stage) -> None:
        """The layer before the training."""
        box = stage.places.large
        self.keep_data(stage, self._strengths)
        NetworkView(
            stage,
            stage.film.playback(self.cast.lead),
            lambda second: Look(
                box, 1.0, -LONG_AFTER, self._regions(second), strengths=self._strengths(second)
            ),
        )

    def moment(self, second: float) -> tuple[Any, ...]:
        """Regions, and who blinks."""
        return self._regions(second), tuple(self._strengths(second)), self.stays(second)
