"""A network on the stage: its points between data and layer, in a square that may be anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.data_plane import data_plane
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.borders import SpaceFrame
from spiralcore.stage.marks.regions import HiddenRegions
from spiralcore.stage.painted import Painted
from spiralcore.stage.panels.hidden_panel import LONG_AFTER, margin_of
from spiralcore.stage.panels.panel import unmoved
from spiralcore.stage.panels.trajectory_cloud import trajectory_cloud
from spiralcore.stage.shots.as_one import AsOne
from spiralcore.stage.shots.ground import Ground
from spiralcore.stage.shots.shot import Stage
from spiralcore.stage.story.morph import Morph, MorphRegions, data_limits
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.play.timeline import Timeline
from spiralcore.trajectory.play.view import View

RADIUS, LEAST_RADIUS = 6.0 / 880, 1.6
"""Of points, as a part of the side of their square, and in design pixels at least."""

TICKS = 28.0
"""Font size of numbers on an axis, in 16:9."""

TICKED = 500.0
"""Width from which on a square has numbers on its axes, in design pixels."""


BENT_STEP = 6.0
"""Design pixels between the nodes of regions that bend: they are on their way for seconds."""


class Look(NamedTuple):
    """How a network is seen.

    Attributes
    ----------
    box
        Its square, in design pixels.
    share
        How far the points are from the data, 0, to the layer, 1.
    second
        Of the training; far after its end by default.
    regions, opacity
        Of the decision regions, and of everything.
    strengths
        Opacity of the points of each class, shape (K,); None where all are seen in full.
    start
        The square of the data, where that is another one.
    """

    box: Box
    share: float = 1.0
    second: float = LONG_AFTER * 100
    regions: float = 1.0
    opacity: float = 1.0
    strengths: NDArray[np.floating] | None = None
    start: Box | None = None


def at_end(path: Trajectory) -> Playback:
    """A network that has learned, for a film that does not show its training."""
    ends = np.array([0.0, float(max(path.trained_epochs, 1))])
    return Playback(path, Timeline(np.array([0.0, 1.0]), ends))


class NetworkView:
    """A network whose look a shot decides.

    Parameters
    ----------
    stage
        Where to.
    playback
        Of a layer of two units.
    look
        At a second of the shot.
    bends
        The square in which regions bend with the points, where they do that.
    alone
        Whether nothing is below it but what never moves: then it is painted once while it rests.

    Attributes
    ----------
    plane
        Of the layer, as it is in the present frame.
    """

    def __init__(
        self,
        stage: Stage,
        playback: Playback,
        look: Callable[[float], Look],
        bends: Box | None = None,
        *,
        alone: bool = False,
    ) -> None:
        film, path = stage.film, playback.trajectory
        self._playback, self._look = playback, look
        box = look(0.0).box
        large = stage.places.large
        ticks = 0.0 if path.space.bounded else film.text(TICKS)
        self._view = View(playback, margin_of(path, large, ticks))
        self._ticks = ticks
        self._data, self._limits = data_plane(path).points, data_limits(path)
        self.plane = self._layer(box, 0.0)
        theme = film.theme
        self._ground = Ground(box, theme)
        self._regions: HiddenRegions | None = None
        self._bent: MorphRegions | None = None
        if path.knows_readout:
            moment = playback.at(0.0)
            self._regions = HiddenRegions(
                self.plane, theme, moment.readout_weight, moment.readout_bias
            )
        if bends and MorphRegions.has_regions(path):
            self._bent = MorphRegions(Morph(playback, bends, self._view), theme, BENT_STEP)
        self._border = SpaceFrame(self.plane, theme, ticks)
        places = Plane(box, self._limits).to_scene(self._data)
        self._cloud = trajectory_cloud(film, path, places, RADIUS * box.width)
        every = (self._ground, self._bent, self._regions, self._border, self._cloud)
        parts: list[Painted] = [mobject for mobject in every if mobject is not None]
        self._whole = AsOne(parts) if alone else None
        for mobject in [self._whole] if self._whole else parts:
            stage.add(mobject, unmoved if mobject in parts[1:] else self._follow)

    def _layer(self, box: Box, second: float) -> Plane:
        frame = self._view.frame(second)
        return Plane(box, frame.limits, self._playback.trajectory.space, frame.rise)

    def _follow(self, second: float) -> None:
        """Set all parts to a second of the shot."""
        look = self._look(second)
        if self._whole:
            strong = None if look.strengths is None else np.asarray(look.strengths).tobytes()
            state = look._replace(strengths=None), strong
            if state == self._whole.state:
                return
            self._whole.state = state
        box, path = look.box, self._playback.trajectory
        self.plane = self._layer(box, look.second)
        self._ground.set_box(box)
        self._ground.opacity = look.opacity
        moment = self._playback.at(look.second)
        self._border.plane, self._border.points = self.plane, box.corners()
        self._border.opacity = look.opacity * look.share
        self._border.size = self._ticks if box.width >= TICKED else 0.0
        self._colour(look)
        data = Plane(look.start or box, self._limits).to_scene(self._data)
        layer = self.plane.to_scene(moment.hidden)
        cloud, radius = self._cloud, max(RADIUS * box.width, LEAST_RADIUS)
        cloud.set_positions((1 - look.share) * data + look.share * layer)
        cloud.within = (box.around(look.start) if look.start else box).corners()
        cloud.size_up(radius)
        cloud.show_by(look.opacity)
        strengths = np.ones(path.classes) if look.strengths is None else look.strengths
        cloud.emphasise(np.asarray(strengths)[path.labels])

    def _colour(self, look: Look) -> None:
        """Set the regions: in the layer its straight cuts, on the way what bends."""
        opacity, regions, bent = look.regions * look.opacity, self._regions, self._bent
        on_way = bent is not None and look.share < 1
        if regions is not None:
            moment = self._playback.at(look.second)
            regions.plane, regions.points = self.plane, look.box.corners()
            regions.weight, regions.bias = moment.readout_weight, moment.readout_bias
            regions.opacity = opacity if look.share >= 1 else 0.0
        if bent is not None:
            bent.opacity = opacity if on_way else 0.0
            if bent.opacity > 0:
                bent.move(look.second, look.share)
