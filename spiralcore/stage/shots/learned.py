"""What has been learned: the corners, the bending undone, and how near the closest two are."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from spiralcore.analysis.packing.class_angles import measure_angles
from spiralcore.stage.marks.pointers import ClosestPairs, Rings
from spiralcore.stage.marks.words import Words, text_width
from spiralcore.stage.shots.cast import Cast
from spiralcore.stage.shots.facts import accuracy, class_means, fills_corners, nearness
from spiralcore.stage.shots.moving import WithData, headline, label
from spiralcore.stage.shots.network_view import Look, NetworkView
from spiralcore.stage.shots.opening import SPIRALS
from spiralcore.stage.shots.shot import Said, Shot, Stage
from spiralcore.stage.story.focus import DIMMED, REGIONS
from spiralcore.stage.story.morph import MorphRegions
from spiralcore.story.sentences import Speaker
from spiralcore.subjects.sentences import data_name
from spiralcore.trajectory.play.easing import Keys

NUMBER = 120.0
"""Font size of the one number, in 16:9."""


class Learned(WithData):
    """The network as it has become: a corner for each class, or how many points are right."""

    length = 4.2

    @classmethod
    def of(cls, cast: Cast) -> Sequence[Shot]:
        """Where there is anything to say of it."""
        known = fills_corners(cast.lead) or not math.isnan(accuracy(cast.lead))
        return [cls(cast)] if known else []

    def lines(self, speaker: Speaker) -> list[Said]:
        """A corner each; else what was reached."""
        lead, language = self.cast.lead, speaker.language
        if fills_corners(lead):
            line = speaker.say("explain_corners", n=language.count(self.cast.classes))
        else:
            line = speaker.say("explain_end", v=language.percentage(accuracy(lead)))
        return [Said(0.3, self.length, line)]

    def draw(self, stage: Stage) -> None:
        """The layer at the end, with a ring around each class that has a corner."""
        box, lead = stage.places.large, self.cast.lead
        self.keep_data(stage)
        view = NetworkView(stage, stage.film.playback(lead), lambda _: Look(box))
        if not fills_corners(lead):
            return
        rings, shown = Rings(view.plane, 34.0 * box.width / 880, stage.film.theme), Keys(
            [(0.4, 0), (1.0, 1), (3.6, 1), (4.1, 0)])  # fmt: skip

        def surround(second: float) -> None:
            rings.plane, rings.places, rings.opacity = view.plane, class_means(lead), shown(second)

        stage.add(rings, surround)

    def moment(self, second: float) -> float:
        """Only rings come and go."""
        return min(second, 1.0) + max(second - 3.6, 0.0)


class Undone(WithData):
    """The regions go back onto the data, and return."""

    length = 9.2

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self._share = Keys([(0.5, 1), (4.0, 0), (6.0, 0), (8.9, 1)])

    @classmethod
    def of(cls, cast: Cast) -> Sequence[Shot]:
        """Where the whole network is known."""
        return [cls(cast)] if MorphRegions.has_regions(cast.lead) else []

    def lines(self, speaker: Speaker) -> list[Said]:
        """What straight cuts become."""
        key = "explain_undone" if data_name([self.cast.lead]) == SPIRALS else "explain_undone_any"
        return [Said(0.3, 7.2, speaker.say(key))]

    def draw(self, stage: Stage) -> None:
        """Points and regions on their way, to what the data are."""
        box = stage.places.large
        self.keep_data(stage)
        NetworkView(
            stage,
            stage.film.playback(self.cast.lead),
            lambda second: Look(box, self._share(second)),
            bends=box,
        )

    def moment(self, second: float) -> tuple[float, float]:
        """It rests at both ends."""
        return self._share(second), self.stays(second)


class Packed(Shot):
    """A line between the closest two, and how near they come to the best possible."""

    length = 6.2

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self._shown = Keys([(0.3, 0), (1.0, 1), (5.5, 1), (6.1, 0)])
        self._near = nearness(cast.lead)

    @classmethod
    def of(cls, cast: Cast) -> Sequence[Shot]:
        """Where the best possible is known."""
        return [cls(cast)] if nearness(cast.lead) > 0 else []

    def lines(self, speaker: Speaker) -> list[Said]:
        """The sentence of the film `packing`."""
        kind = "distance" if self.cast.lead.space.bounded else "angle"
        line = speaker.say(f"packing_{kind}", v=speaker.language.percentage(self._near))
        return [Said(0.4, 6.0, line)]

    def draw(self, stage: Stage) -> None:
        """Points step back; means, the line and the number come forward."""
        film, places, lead = stage.film, stage.places, self.cast.lead
        box = places.large

        def look(second: float) -> Look:
            back = self._shown(second)
            strengths = np.full(lead.classes, 1 - (1 - DIMMED) * back)
            return Look(box, regions=1 - (1 - REGIONS) * back, strengths=strengths)

        view = NetworkView(stage, film.playback(lead), look)
        means, bounded = class_means(lead), lead.space.bounded
        counted = means.copy()
        if not bounded:
            counted[measure_angles(means[None], lead.space).parked[0]] = np.nan
        pairs = ClosestPairs(view.plane, film.theme, angles=not bounded)
        rings = Rings(view.plane, 20.0 * box.width / 880, film.theme)

        def point(second: float) -> None:
            for mark in (pairs, rings):
                mark.plane, mark.opacity = view.plane, self._shown(second)
            pairs.places, rings.places = counted, means

        stage.add(pairs, point)
        stage.add(rings, lambda _: None)
        said = film.settings.words.percentage(self._near)
        side = places.side
        size = film.text(NUMBER)
        if places.has_side:
            size = min(size, size * side.width / text_width(said, size, "bold"))
            at = (side.left, side.top + side.height / 2)
        else:
            size = min(1.6 * size if places.is_tall else 0.8 * size, 0.9 * side.height)
            at = (side.left, side.bottom - (0.25 * size if places.is_tall else 16))
        label(stage, Words(said, *at, size, film.theme.ink, weight="bold"), self._shown)

    def moment(self, second: float) -> float:
        """What comes forward."""
        return self._shown(second)


class Back(Shot):
    """At the end of a film that loops: the points go back to the data."""

    length = 3.6

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self._share = Keys([(0.3, 1), (3.2, 0)])
        self._regions = Keys([(0.0, 1), (0.4, 0)])

    def draw(self, stage: Stage) -> None:
        """Points alone."""
        box = stage.places.large
        headline(stage, self.speaker(stage), self._regions)
        NetworkView(
            stage,
            stage.film.playback(self.cast.lead),
            lambda second: Look(box, self._share(second), regions=self._regions(second)),
        )

    def moment(self, second: float) -> tuple[float, float]:
        """What moves."""
        return self._share(second), self._regions(second)
