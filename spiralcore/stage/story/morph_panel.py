"""A panel in which the spiral bends into the layer, and back."""

from __future__ import annotations

from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.borders import Bar, Outline, SpaceFrame
from spiralcore.stage.panels.hidden_panel import margin_of
from spiralcore.stage.panels.panel import Panel
from spiralcore.stage.panels.trajectory_cloud import trajectory_cloud
from spiralcore.stage.story.focus import Clock
from spiralcore.stage.story.morph import Morph, MorphRegions
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.common_view import CommonView
from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.play.view import View

FOOTER = "points drawn on straight paths"
"""What has to be said of it."""


class MorphPanel(Panel):
    """The points of one network between their data and their layer.

    Parameters
    ----------
    film
        Where to.
    playback
        What to show; a layer of two units.
    box
        Where, in design pixels; a square.
    radius
        Of the points, in design pixels.
    share
        How far they are from the data, 0, to the layer, 1, at a second of the action: such as
        `spiralcore.trajectory.play.easing.Keys`.
    regions
        Opacity of the regions, 0 to 1, at a second of the action.
    training
        Second of the training at a second of the action.
    tick_size
        Font size of the ticks of unbounded spaces; 0 for none.
    view
        How much of the layer's plane is seen; left out, as much as it needs.
    framed
        Whether it has a background and an outline; without, it lies in another panel.
    """

    def __init__(
        self,
        film: Film,
        playback: Playback,
        box: Box,
        *,
        radius: float,
        share: Clock,
        regions: Clock = lambda second: 1.0,
        training: Clock = lambda second: second,
        tick_size: float = 0.0,
        view: View | CommonView | None = None,
        framed: bool = True,
    ) -> None:
        super().__init__(film, box)
        self._share, self._regions, self._training = share, regions, training
        margin = margin_of(playback.trajectory, box, tick_size)
        self.morph = Morph(playback, box, view or View(playback, margin))
        if framed:
            self.place(Bar(box, film.theme.panel), Outline(box, film.theme.frame, 1.0))
        if not self.lack(playback.trajectory):
            self._bent = MorphRegions(self.morph, film.theme)
            self.place_live(self._bent, self._bend, box)
        self._frame = SpaceFrame(self.morph.layer, film.theme, tick_size)
        self.place_live(self._frame, self._frame_in, box)
        places = self.morph.places(0.0, 0.0)
        self._cloud = trajectory_cloud(film, playback.trajectory, places, radius)
        self._cloud.within = box.corners()
        self.place_live(self._cloud, self._carry, box)

    @staticmethod
    def lack(trajectory: Trajectory) -> str:
        """Without the whole network there are points, and no regions on their way."""
        return "" if MorphRegions.has_regions(trajectory) else "its network was not recorded"

    def _bend(self, second: float) -> None:
        self._bent.opacity = self._regions(second)
        if self._bent.opacity > 0:
            self._bent.move(self._training(second), self._share(second))

    def _frame_in(self, second: float) -> None:
        self.morph.show(self._training(second))
        self._frame.opacity = self._share(second)

    def _carry(self, second: float) -> None:
        self._cloud.set_positions(self.morph.places(self._training(second), self._share(second)))
