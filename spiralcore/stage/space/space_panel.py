"""The panel of a layer of three units: its space in perspective, from a slow orbit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from spiralcore.analysis.network.data_plane import data_plane
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.borders import Bar, Outline
from spiralcore.stage.painted import Painted
from spiralcore.stage.panels.panel import Panel, Update, unmoved
from spiralcore.stage.space.axes import Axes
from spiralcore.stage.space.deep_cloud import DeepCloud, Shadows, SpacePoints
from spiralcore.stage.space.globe import Globe
from spiralcore.stage.space.morph_cloud import MorphCloud
from spiralcore.stage.space.orbit import Halts, Orbit
from spiralcore.stage.space.space_box import SpaceBox
from spiralcore.stage.space.walls import BoxEdges, Floor, Readout, Walls, shadow_colour
from spiralcore.stage.story.focus import Clock
from spiralcore.stage.story.morph import data_limits
from spiralcore.trajectory.moment import Moment
from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.play.view import View

GLASS, SHELL = (0.08, 0.5), (0.52, 0.7)
"""Opacities of the near half of a sphere, in the middle and at the outline: of a ball with points
inside; of one with points on it, where those behind have to step back."""

BEHIND = 0.7
"""Haze over regions on the far half of a sphere whose near half has regions to be looked at."""


class SpacePanel(Panel):
    """A drawn layer of three units.

    Parameters
    ----------
    film
        Where to show it; it has to be `spiralcore.stage.film.Film.restless`.
    playback
        What to show.
    box
        Where, in design pixels.
    radius
        Of the points in the middle of the space, in design pixels.
    share
        How far the points are from their data, 0, to the layer, 1, at a second of the action; left
        out, they are in the layer. The space itself appears with them.
    training
        Second of the training at a second of the action.
    halts
        From when to when the eye rests, in film time.
    """

    def __init__(
        self,
        film: Film,
        playback: Playback,
        box: Box,
        *,
        radius: float,
        share: Clock | None = None,
        training: Clock = lambda second: second,
        halts: Sequence[tuple[float, float]] = (),
    ) -> None:
        super().__init__(film, box)
        self._share, self._training = share, training
        self._halts = Halts(halts, film.time_of.duration)
        trajectory, space = playback.trajectory, playback.trajectory.space
        self._playback = playback
        self._view, self._orbit = View(playback, 0.0), Orbit.around(space)
        self._radius = radius
        # Where points share a place, none of the classes hides the others.
        self._order = np.random.default_rng(0).permutation(trajectory.points)
        margin = 22.0 if space.bounded else 46.0
        self.space_box = SpaceBox(box, self._view.at(0.0), space, self._orbit.azimuths(), margin)
        self._surfaces: list[Walls | Globe] = []
        self._points: list[SpacePoints] = []
        self._coming: list[MorphCloud] = []
        self.place(Bar(box, film.theme.panel), Outline(box, film.theme.frame, 1.0))
        parts = self._round() if space.is_round else self._edged()
        for index, part in enumerate(parts):
            self.place_live(part, self._rule(part, first=index == 0), box)

    def _rule(self, part: Painted, *, first: bool) -> Update:
        """What sets a part: the first one sets all; a space that comes with its points fades in."""
        move, share = self._move if first else unmoved, self._share
        if share is None or isinstance(part, MorphCloud):
            return move

        def appear(second: float) -> None:
            move(second)
            part.set_opacity(share(second))

        return appear

    def _edged(self) -> list[Painted]:
        """Walls with regions, shadows on the lowest, points, and what is before them."""
        space_box, theme = self.space_box, self.film.theme
        walls = Walls(space_box, theme, self._playback.trajectory.classes, None)
        self._surfaces.append(walls)
        if space_box.space.bounded:
            return [walls, self._shadows(), self._cloud(), BoxEdges(space_box, theme)]
        return [walls, Axes(space_box, theme, self.film.text()), self._shadows(), self._cloud()]

    def _round(self) -> list[Painted]:
        """A floor with shadows, and the points between the halves of a sphere, or on them."""
        hollow = self.space_box.space.shape == "ball"
        far = self._globe(near=False, opacities=(1.0, 1.0), haze=0.0 if hollow else BEHIND)
        near = self._globe(near=True, opacities=GLASS if hollow else SHELL)
        self._surfaces += [far, near]
        under: list[Painted] = [Floor(self.space_box, self.film.theme), self._shadows(), far]
        if hollow:
            return [*under, self._cloud(), near]
        return [*under, self._cloud(-1), near, self._cloud(1)]

    def _globe(self, **looks: Any) -> Globe:
        return Globe(
            self.space_box, self.film.theme, self._playback.trajectory.classes, None, **looks
        )

    def _shadows(self) -> Shadows:
        colour = shadow_colour(self.film.theme)
        shadows = Shadows(self.space_box, self._hidden(-10.0), self._radius, colour)
        self._points.append(shadows)
        return shadows

    def _cloud(self, side: int = 0) -> DeepCloud:
        trajectory, theme = self._playback.trajectory, self.film.theme
        of_points = theme.point_colours(trajectory.classes, trajectory.labels, trajectory.targets)
        colours = of_points[self._order]
        known = self.space_box, self._hidden(-10.0), self._radius, theme, colours
        cloud = DeepCloud(*known, side=side)
        if self._share is not None:
            plane = Plane(self.box, data_limits(trajectory))
            starts = plane.to_scene(data_plane(trajectory).points)[self._order]
            cloud = MorphCloud(*known, side=side, starts=starts)
            self._coming.append(cloud)
        self._points.append(cloud)
        return cloud

    def _hidden(self, second: float) -> np.ndarray:
        return self._playback.at(second).hidden[self._order]

    def _move(self, second: float) -> None:
        """Set everything to a second of the training, and the eye to its place."""
        film, trajectory = self.film, self._playback.trajectory
        for cloud in self._coming:
            cloud.share = self._share(second) if self._share else 1.0
        second = self._training(second)
        self.space_box.look_from(self._orbit.azimuth(self._halts.share(film.film_second)))
        self.space_box.limits = self._view.at(second)
        readout = _readout(self._playback.at(second)) if trajectory.knows_readout else None
        for surface in self._surfaces:
            surface.readout = readout
        hidden = self._hidden(second)
        for points in self._points:
            points.hidden = hidden


def _readout(moment: Moment) -> Readout:
    return Readout(moment.readout_weight, moment.readout_bias)
