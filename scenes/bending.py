"""One network: the spiral bends into the space of its activation.

The data go into the layer before one is asked to understand the layer, the training runs, told by
captions, and in the end its straight cuts go back onto the spiral.

Run it by itself with ``manim render scenes/bending.py Bending``.
"""

from __future__ import annotations

from spiralcore.registry.films import Needs
from spiralcore.stage.panels.board import Board
from spiralcore.stage.panels.data_panel import DataPanel
from spiralcore.stage.panels.hidden_panel import LONG_AFTER, HiddenPanel
from spiralcore.stage.panels.loss_panel import LossPanel
from spiralcore.stage.panels.notes import faults, fidelity_notes
from spiralcore.stage.panels.readings import Readings
from spiralcore.stage.panels.side import divide, loss_captions
from spiralcore.stage.story.captioned_film import CaptionedFilm
from spiralcore.stage.story.focus import Focus
from spiralcore.stage.story.morph_panel import FOOTER, MorphPanel
from spiralcore.subjects.sentences import background, counted, data_captions, heading
from spiralcore.trajectory.play.easing import Keys
from spiralcore.trajectory.play.playback import Playback

REST, CARRIED, REGIONS = 0.28, 0.78, 0.97
"""Shares of the opening at which points leave the data, arrive in the layer, and have regions."""

BACK, HOME, PLAIN = 0.1, 0.6, 0.72
"""Shares of the closing at which they leave the layer, arrive at the data, and have none."""


class Bending(CaptionedFilm):
    """The drawn layer large, the data and the loss beside it."""

    needs = Needs.ONE

    def build(self) -> None:
        """Lay out the picture."""
        trajectory = self.trajectories[0]
        playback = self.playback(trajectory)
        method = fidelity_notes(self, playback, background(trajectory)).text
        board = Board(
            self,
            counted(trajectory),
            heading(trajectory),
            side_notes=faults(trajectory)[:1],
            reserve=self.captions_height(method),
        )
        large, tick_size = board.large, self.text()
        radius = 6.0 * large.width / 880
        focus = Focus.of(self.told, trajectory.classes, lambda: not self.is_on_its_way)
        hidden = HiddenPanel(
            self, playback, large,
            radius=radius, tick_size=tick_size, histogram=True, focus=focus,
        )  # fmt: skip
        hidden.show_while(lambda: not self.is_on_its_way)
        self.show_panels(hidden, self._way(playback, hidden, radius, tick_size))
        captions = data_captions(trajectory), loss_captions(trajectory)
        small, numbers, (lower,) = divide(self, board.side, *captions)
        self.show_panels(
            DataPanel(self, playback, small, radius=3.6 * small.width / 450, focus=focus),
            LossPanel(self, playback, lower, size=self.text()),
            Readings(self, playback, numbers),
        )
        free = board.captions._replace(left=board.large.left)
        self.show_captions(free, method)
        self.say_at_foot(FOOTER, free, lambda: self.is_on_its_way)

    @property
    def is_on_its_way(self) -> bool:
        """Whether the points are between the data and the layer."""
        return self.time_of.is_apart(self.film_second)

    def _way(
        self, playback: Playback, hidden: HiddenPanel, radius: float, tick_size: float
    ) -> MorphPanel:
        """The points on their way into the layer, and out of it at the end."""
        time = self.time_of
        rest, carried, coloured = (share * time.opening for share in (REST, CARRIED, REGIONS))
        over = time.action_over
        back, home, plain = (over + share * time.closing for share in (BACK, HOME, PLAIN))
        share = Keys([(rest, 0), (carried, 1), (back, 1), (home, 0)])
        regions = Keys([(carried, 0), (coloured, 1), (home, 1), (plain, 0)])
        end = self.time_of.action + LONG_AFTER
        panel = MorphPanel(
            self, playback, hidden.plane.box,
            radius=radius,
            share=lambda _: share(self.film_second),
            regions=lambda _: regions(self.film_second),
            training=lambda _: end if self.film_second > over else -LONG_AFTER,
            tick_size=tick_size,
            view=hidden.view,
            framed=False,
        )  # fmt: skip
        panel.show_while(lambda: self.is_on_its_way)
        return panel
