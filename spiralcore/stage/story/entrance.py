"""An entrance: data are large, bend into the layer, and go into the cell of their network."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from spiralcore.analysis.network.data_plane import data_plane
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.borders import Bar, SpaceFrame
from spiralcore.stage.panels.hidden_panel import LONG_AFTER, HiddenPanel
from spiralcore.stage.panels.panel import Live, Panel, gated, unmoved
from spiralcore.stage.panels.trajectory_cloud import trajectory_cloud
from spiralcore.stage.story.morph import data_limits
from spiralcore.trajectory.play.easing import eased
from spiralcore.trajectory.play.playback import Playback

APPEARED, AS_DATA, CARRIED, LEAVES, WHOLE = 0.3, 0.75, 1.55, 2.0, 2.6
"""Seconds after which a row is there, begins to bend, has bent, goes to its cells, and is there."""

RADIUS = 6.0 / 880
"""Of points, as a part of the side of their panel."""


class Slot(NamedTuple):
    """When a row enters.

    Attributes
    ----------
    start, end
        Film time.
    first
        Whether it is there from the start.
    """

    start: float
    end: float
    first: bool = False

    @property
    def leaves(self) -> float:
        """Film time at which it goes to its cells."""
        return self.start + LEAVES / WHOLE * (self.end - self.start)

    def holds(self, second: float) -> bool:
        """Whether it is on its way."""
        return self.start <= second < self.end

    def opacity(self, second: float) -> float:
        """How far it has appeared."""
        scale = (self.end - self.start) / WHOLE
        return 1.0 if self.first else eased((second - self.start) / (scale * APPEARED))

    def carried(self, second: float) -> float:
        """How far the points are from the data, 0, to the layer, 1."""
        scale = (self.end - self.start) / WHOLE
        return eased((second - self.start - scale * AS_DATA) / (scale * (CARRIED - AS_DATA)))

    def state(self, second: float) -> tuple[float, ...]:
        """All that a picture of it depends on."""
        return self.opacity(second), self.carried(second), self.large(second)

    def large(self, second: float) -> float:
        """How much it is large: 1 until it leaves, 0 in its cells."""
        return 1 - eased((second - self.leaves) / (self.end - self.leaves))


class Entrance(Panel):
    """The points of a network on their way from the data into the cell of its layer.

    Parameters
    ----------
    film
        Where to.
    playback
        Whose points; a layer of two units.
    hidden
        The panel that it becomes.
    large
        Where it is at first, in design pixels; a square.
    slot
        When.
    clock
        The film time that is seen.
    """

    def __init__(
        self,
        film: Film,
        playback: Playback,
        hidden: HiddenPanel,
        large: Box,
        slot: Slot,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(film, hidden.box)
        trajectory, theme = playback.trajectory, film.theme
        self._clock, self._slot, self._large = clock, slot, large
        self._inner = hidden.plane.box
        self._data, self._limits = data_plane(trajectory).points, data_limits(trajectory)
        self._frame = hidden.view.frame(-LONG_AFTER)
        self._hidden, self._space = playback.at(-LONG_AFTER).hidden, trajectory.space
        room = large.around(hidden.box)
        # A border that does not stay is no outline of a panel.
        self._rim, self._bar = Bar(large, theme.frame), Bar(large, theme.panel)
        self._border = SpaceFrame(self._planes(large)[1], theme, 0)
        places = self._planes(large)[0].to_scene(self._data)
        self._cloud = trajectory_cloud(film, trajectory, places, RADIUS * large.width)
        for mobject in (self._rim, self._bar, self._border, self._cloud):
            live = Live(mobject, self._follow if mobject is self._rim else unmoved, room)
            self._live.append(gated(live, lambda: slot.holds(clock())))

    def box_at(self, second: float) -> Box:
        """Where the panel is at a film time."""
        share, large, cell = self._slot.large(second), self._large, self.box
        return Box(*(share * a + (1 - share) * b for a, b in zip(large, cell, strict=True)))

    def _planes(self, box: Box) -> tuple[Plane, Plane]:
        """Those of the data and of the layer, in a box."""
        cell, inner = self.box, self._inner
        scale = box.width / cell.width
        within = Box(
            box.left + scale * (inner.left - cell.left),
            box.top + scale * (inner.top - cell.top),
            scale * inner.width,
            scale * inner.height,
        )
        return Plane(within, self._limits), Plane(
            within, self._frame.limits, self._space, self._frame.rise
        )

    def _follow(self, _: float) -> None:
        """Set all parts to the film time that is seen."""
        second = self._clock()
        box, share = self.box_at(second), self._slot.carried(second)
        data, layer = self._planes(box)
        opacity = self._slot.opacity(second)
        self._bar.set_box(box)
        self._rim.set_box(box.padded(1))
        self._border.plane, self._border.points = layer, layer.box.corners()
        places = (1 - share) * data.to_scene(self._data) + share * layer.to_scene(self._hidden)
        cloud = self._cloud
        cloud.set_positions(places)
        cloud.within = box.corners()
        radius = max(RADIUS * box.width, 1.6)
        cloud.size_up(radius)
        self._bar.opacity = self._rim.opacity = opacity
        self._border.opacity = opacity * share
        cloud.show_by(opacity)
