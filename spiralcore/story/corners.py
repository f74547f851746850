"""Corners of a square: which classes end without one of their own, and what is said of that."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spiralcore.registry.languages.language import Language
from spiralcore.story.places import NEAR, Places, in_units
from spiralcore.story.sentences import Line, Speaker, text_of
from spiralcore.trajectory.play.motion import panel_width
from spiralcore.trajectory.trajectory import Trajectory

Rows = Sequence[Sequence[Trajectory]]
"""Networks of one class count each, in the order of these counts."""


def corners_of(trajectory: Trajectory) -> Places | None:
    """The corners of the space of a layer of two units; None where it has none."""
    if trajectory.shown is not None or trajectory.units != 2:
        return None
    places = Places.of(trajectory.space, trajectory.units)
    return places if places is not None and places.central is None else None


def cornerless(trajectory: Trajectory) -> tuple[int, ...]:
    """The classes that end without a corner of their own; none where the space has no corners.

    A corner belongs to the class whose mean is nearest to it, if that is nearer than `NEAR`.
    """
    places = corners_of(trajectory)
    if places is None:
        return ()
    final, space = trajectory.hidden[-1], trajectory.space
    shown = np.unique(trajectory.labels)
    means = np.array([final[trajectory.labels == label].mean(axis=0) for label in shown])
    width = np.array([panel_width(final, space)])
    away = places.distances(in_units(means[None], space, width)[0])
    nearest = away.argmin(axis=0)
    owners = {int(shown[i]) for i, distance in zip(nearest, away.min(axis=0), strict=True)
              if distance < NEAR}  # fmt: skip
    return tuple(label for label in shown.tolist() if label not in owners)


def room_title(rows: Rows, language: Language) -> str:
    """More classes in the same space, as far as that is true."""
    paths = [path for row in rows for path in row]
    spaces = list(dict.fromkeys(path.space.name(path.units) for path in paths))
    plain = all(path.units == 2 and path.shown is None for path in paths)
    words = [language.spaces[name] for name in spaces] if plain else []
    key, fields = "title_units", {"n": language.count(paths[0].units)}
    if len(rows) == 1:
        fields = {"n": language.number(paths[0].classes), "m": language.number(len(paths))}
        key = "title_one" if len(words) == 1 else "title_some"
    elif 1 <= len(words) <= 2:
        key = "title_space" if len(words) == 1 else "title_spaces"
    if words:
        fields |= {"what": words[0], "other": words[-1]}
    return text_of(Speaker(language, paths[-1].classes).say(key, (), **fields))


def corner_lines(rows: Rows, language: Language) -> list[Line | None]:
    """For each row how many classes there are for how many corners, where that begins to matter."""
    lines: list[Line | None] = []
    crowded = False
    for row in rows:
        classes, key = row[0].classes, ""
        corners = [len(places.names) for places in map(corners_of, row) if places]
        if corners and classes == corners[0]:
            key = "corners_enough"
        elif corners and classes > corners[0] and not crowded:
            key, crowded = "corners_few", True
        speaker = Speaker.of(row[0], language)
        lines.append(speaker.say(key, n=language.count(classes)) if key else None)
    return lines
