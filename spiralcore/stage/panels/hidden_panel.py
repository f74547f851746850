"""The panel of the drawn layer: regions, the border of its space, points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.stage.cloud.class_names import ClassNames
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.border_histogram import BorderHistogram
from spiralcore.stage.marks.borders import Bar, Outline, SpaceFrame
from spiralcore.stage.marks.regions import HiddenRegions
from spiralcore.stage.panels.caption import LEAST_WIDTH, captioned
from spiralcore.stage.panels.data_panel import predicted_regions
from spiralcore.stage.panels.panel import Live, Panel, Update, focused, unmoved
from spiralcore.stage.panels.trajectory_cloud import trajectory_cloud
from spiralcore.stage.story.focus import Focus
from spiralcore.subjects.names import highlighted, short_names
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.common_view import CommonView
from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.play.view import MARGIN, SMALL_MARGIN, TICKED_MARGIN, View

LONG_AFTER = 10.0
"""Seconds after the action, and before it, at which everything stands still."""

HOLE_MARK, GHOSTS = 1, 0.4
"""Mark and opacity of the last places of the points."""

ROOM_FOR_NAMES = 280
"""Width from which on a panel has room for names of classes."""

LARGE = 500
"""Width from which on a panel has room for larger words, in design pixels."""


class HiddenPanel(Panel):
    """The drawn layer: regions, border of the space, points.

    Parameters
    ----------
    film
        Where to.
    playback
        What to show.
    box
        Where, in design pixels; a square.
    radius
        Of the points, in design pixels.
    tick_size
        Font size of the ticks of unbounded spaces; 0 for none.
    frozen
        Show the end of the training at all times.
    histogram
        Show beside the border of a square how many points lie on it.
    network
        The network that an inner layer belongs to, where ``playback`` does not play it itself.
    caption
        Say below the plane which layer it is, where that is not simply the last one.
    beside
        Of other panels, which show their layers at the same scale: as much of the plane is seen as
        all of them need.
    focus
        Who acts when: others step back, and so do the regions.
    ghosts
        Show as hollow circles where the points are at the end of the training.

    Attributes
    ----------
    plane
        The plane of the layer, with the limits that it has in the present frame.
    view
        How much of it is seen when.
    """

    def __init__(
        self,
        film: Film,
        playback: Playback,
        box: Box,
        *,
        radius: float,
        tick_size: float = 0,
        frozen: bool = False,
        histogram: bool = False,
        network: Playback | None = None,
        caption: bool = True,
        beside: Sequence[Playback] = (),
        focus: Focus | None = None,
        ghosts: bool = False,
    ) -> None:
        super().__init__(film, box)
        self._focus = focus
        self._playback, self._network = playback, network or playback
        trajectory = playback.trajectory
        margin = margin_of(trajectory, box, tick_size)
        views = [View(shown, margin) for shown in (playback, *beside)]
        self.view = CommonView(views) if beside else views[0]
        self.place(Bar(box, film.theme.panel), Outline(box, film.theme.frame, 1.0))
        inner = captioned(self, playback, frozen=frozen) if caption else box
        end = playback.timeline.duration + LONG_AFTER
        shown = self.view.frame(end if frozen else 0.0)
        self.plane = Plane(inner, shown.limits, trajectory.space, shown.rise)
        regions = self._regions()
        if not regions and inner.width >= LEAST_WIDTH:
            self._say_why(inner)
        frame = SpaceFrame(self.plane, film.theme, tick_size, settled=frozen)
        start = playback.at(end if frozen else -LONG_AFTER)
        self._cloud = trajectory_cloud(film, trajectory, self.plane.to_scene(start.hidden), radius)
        # Points outside of the space may be anywhere, but not over other panels.
        self._cloud.within = inner.corners()
        if frozen:
            for region in regions:
                region.update(end)
                self.place(region.mobject)
            self.place(frame, self._cloud)
            if (names := self._names(inner)) is not None:
                names.follow(self._cloud.points[np.argsort(self._cloud.order)])
                self.place(names)
            return
        self._cloud.playback = playback
        for region in regions:
            update = focused(region, focus) if focus else region.update
            self.place_live(region.mobject, self._zoomed(update), inner)
        self.place_live(frame, self._zoomed(unmoved), inner)
        if histogram and trajectory.space.has_walls:
            bars = BorderHistogram(
                self.plane, film.theme, trajectory.labels, trajectory.classes, trajectory.targets
            )
            self.place_live(bars, lambda second: bars.set_values(playback.at(second).hidden), inner)
        if ghosts:
            self._show_ghosts(playback.at(end).hidden, radius, inner)
        self.place_live(self._cloud, self._move_points, inner)
        if (names := self._names(inner)) is not None:
            self.place_live(names, self._following(names), inner)

    def _names(self, inner: Box) -> ClassNames | None:
        """Names of classes at their places, where there are some and there is room."""
        film, trajectory = self.film, self._playback.trajectory
        texts, chosen = short_names(trajectory), highlighted(trajectory, film.settings.highlight)
        if not texts or inner.width < ROOM_FOR_NAMES:
            return None
        if chosen:
            texts = [text if label in chosen else "" for label, text in enumerate(texts)]
        size = film.text()
        halo = film.theme.panel
        return ClassNames(texts, trajectory.labels, inner, size, film.theme.ink, halo)

    def _following(self, names: ClassNames) -> Update:
        def follow(second: float) -> None:
            names.follow(self.plane.to_scene(self._playback.at(second).hidden))

        return follow

    def _show_ghosts(self, final: NDArray[np.float32], radius: float, inner: Box) -> None:
        """Hollow circles at the last places of the points."""
        trajectory = self._playback.trajectory
        places = self.plane.to_scene(final)
        cloud = trajectory_cloud(self.film, trajectory, places, radius)
        cloud.marks = np.full(len(cloud.order), HOLE_MARK, np.uint8)
        cloud.outline, cloud.opacity, cloud.within = 0.0, GHOSTS, inner.corners()

        def follow(second: float) -> None:
            cloud.set_positions(self.plane.to_scene(final))
            if self._focus:
                cloud.emphasise(self._focus.strengths(second)[trajectory.labels])

        self.place_live(cloud, self._zoomed(follow), inner)

    def _zoomed(self, update: Update) -> Update:
        def run(second: float) -> None:
            self.plane.show(self.view.frame(second))
            update(second)

        return run

    def _move_points(self, second: float) -> None:
        self._cloud.set_positions(self.plane.to_scene(self._playback.at(second).hidden))
        if self._focus:
            labels = self._playback.trajectory.labels
            self._cloud.emphasise(self._focus.strengths(second)[labels])

    def _say_why(self, inner: Box) -> None:
        """Say why there are no regions; below an unbounded space there are numbers."""
        large = inner.width > LARGE
        text = f"no read-out{' was recorded' if large else ''}: no regions"
        above = not self._playback.trajectory.space.bounded
        self.note(text, above=above, within=inner)

    def _regions(self) -> list[Live]:
        """Decision regions, and what sets them to a film time.

        Those of the last layer are those of its linear read-out. Those of an inner layer are what
        the rest of the network makes of it. There are none where that was not recorded.
        """
        playback, plane, network = self._playback, self.plane, self._network
        shown = playback.trajectory.shown
        if shown is not None and shown.layer:
            if not RecordedNetwork.is_in(network.trajectory):
                return []
            return [predicted_regions(self.film, network, plane, shown.layer)]
        if not playback.trajectory.knows_readout:
            return []
        moment = playback.at(0.0)
        linear = HiddenRegions(plane, self.film.theme, moment.readout_weight, moment.readout_bias)

        def move(second: float) -> None:
            moment = playback.at(second)
            linear.weight, linear.bias = moment.readout_weight, moment.readout_bias

        return [Live(linear, move)]


def margin_of(trajectory: Trajectory, box: Box, tick_size: float) -> float:
    """Room around a space on each side, as a part of its width: for the numbers below an axis."""
    usual = MARGIN if box.width > LARGE else TICKED_MARGIN if tick_size else SMALL_MARGIN
    if trajectory.space.bounded or not tick_size:
        return usual
    share = SpaceFrame.reserved(tick_size) / box.width
    return max(usual, share / (1 - 2 * share))
