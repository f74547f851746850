"""Who plays in the explaining film: the network whose training is told, and the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from spiralcore.story.event import Event
from spiralcore.story.telling import spaced, story
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.pacing import timeline
from spiralcore.trajectory.play.timeline import Timeline

USUAL = 4
"""Class count of the network whose training is told, if there is one."""

BEFORE, AN_EVENT, MOST = 4.0, 3.4, 6
"""Seconds of the training without its events, seconds of each of them, and how many at most."""

LEAST = 0.5
"""Importance of an event from which on it is told."""

UNTRAINED = ("together", "landless")
"""What shots before the training speak of."""


@dataclass(frozen=True, eq=False)
class Cast:
    """The networks of the film by what they play.

    Attributes
    ----------
    lead
        Whose training is told.
    rows
        Networks like it, one of each class count, in their order; it is among them.
    others
        Networks of its class count in other spaces.
    kind
        How film time passes, see `spiralcore.trajectory.play.pacing.timeline`.
    """

    lead: Trajectory
    rows: tuple[Trajectory, ...]
    others: tuple[Trajectory, ...]
    kind: str = "motion"

    @classmethod
    def of(cls, paths: Sequence[Trajectory], kind: str = "motion") -> Cast:
        """Give the networks their parts.

        The lead has four classes, or as near to four as there are, and a square if it may: there
        corners have names.
        """
        lead = min(paths, key=lambda path: (abs(path.classes - USUAL), not path.space.has_walls))
        rows: dict[int, Trajectory] = {}
        for path in (lead, *paths):
            if path.recipe.get("activation") == lead.recipe.get("activation"):
                rows.setdefault(path.classes, path)
        others: dict[str, Trajectory] = {}
        for path in paths:
            if path.classes == lead.classes and path.space != lead.space:
                others.setdefault(path.activation_label, path)
        return cls(lead, tuple(rows[count] for count in sorted(rows)), tuple(others.values()), kind)

    @property
    def classes(self) -> int:
        """How many classes the lead tells apart."""
        return len(np.unique(self.lead.labels))

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What is told of the training, in order."""
        found = [one for one in story(self.lead) if one.kind not in UNTRAINED and one.epoch > 0]
        ranked = sorted(found, key=lambda one: (-one.importance, one.epoch))
        return tuple(sorted(one for one in ranked[:MOST] if one.importance >= LEAST))

    @cached_property
    def timeline(self) -> Timeline:
        """When which epoch is shown, in seconds of the training at the usual pace."""
        stops = [one.epoch for one in sorted(self.events, key=lambda one: -one.importance)]
        length = BEFORE + AN_EVENT * len(stops)
        return timeline([self.lead], length, self.kind, stops, AN_EVENT)

    @cached_property
    def told(self) -> list[tuple[float, Event]]:
        """The events for which there is time, each with its second of the training."""
        return spaced(self.events, self.timeline, 0.85 * AN_EVENT)

    def before(self, kind: str) -> tuple[int, ...]:
        """The classes that an event before the training is about."""
        found = [one.classes for one in story(self.lead) if one.kind == kind and one.epoch == 0]
        return tuple(sorted({label for classes in found for label in classes}))
