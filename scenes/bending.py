"""One network: the spiral bends into the space of its activation.

The data go into the layer before one is asked to understand the layer, the training runs, told by
captions, and in the end its straight cuts go back onto the spiral.

Run it by itself with ``manim render scenes/bending.py Bending``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property

from spiralcore.registry.films import Needs
from spiralcore.stage.film import Film
from spiralcore.stage.marks.words import Words
from spiralcore.stage.panels.board import Board
from spiralcore.stage.panels.data_panel import DataPanel
from spiralcore.stage.panels.hidden_panel import LONG_AFTER, HiddenPanel
from spiralcore.stage.panels.loss_panel import LossPanel
from spiralcore.stage.panels.notes import faults, fidelity_notes
from spiralcore.stage.panels.panel import Live, gated, unmoved
from spiralcore.stage.panels.readings import Readings
from spiralcore.stage.panels.side import divide, loss_captions
from spiralcore.stage.story.caption_line import CaptionLine, training_captions
from spiralcore.stage.story.focus import Focus
from spiralcore.stage.story.morph_panel import FOOTER, MorphPanel
from spiralcore.story.captions import CaptionTrack
from spiralcore.subjects.sentences import data_caption, sentence
from spiralcore.trajectory.play.easing import Keys
from spiralcore.trajectory.play.playback import Playback

CAPTION = 48.0
"""Font size of captions, in 16:9."""

FOOT = 30.0
"""Font size of what is said below the panel of the way of its points."""

REST, CARRIED, REGIONS = 0.28, 0.78, 0.97
"""Shares of the opening at which points leave the data, arrive in the layer, and have regions."""

BACK, HOME, PLAIN = 0.1, 0.6, 0.72
"""Shares of the closing at which they leave the layer, arrive at the data, and have none."""


class Bending(Film):
    """The drawn layer large, the data and the loss beside it."""

    needs = Needs.ONE

    @cached_property
    def captions(self) -> CaptionTrack:
        """What happens in the training."""
        return self._told.shifted(self.time_of.start)

    @cached_property
    def _told(self) -> CaptionTrack:
        """The same in seconds of the action."""
        return training_captions(self)

    def moment(self) -> Hashable:
        """What is said changes while the training stands still."""
        said = self.captions.at(self.film_second)
        return super().moment(), said, said and said.opacity(self.film_second), self._is_over()

    def build(self) -> None:
        """Lay out the picture."""
        trajectory = self.trajectories[0]
        playback = self.playback(trajectory)
        board = Board(
            self,
            f"{trajectory.classes} classes",
            sentence(trajectory),
            side_notes=faults(trajectory)[:1],
            reserve=self._height(),
        )
        large, tick_size = board.large, self.text(30)
        radius = 6.0 * large.width / 880
        focus = Focus.of(self._told, trajectory.classes, lambda: not self.is_on_its_way)
        hidden = HiddenPanel(
            self, playback, large,
            radius=radius, tick_size=tick_size, histogram=True, focus=focus,
        )  # fmt: skip
        hidden.show_while(lambda: not self.is_on_its_way)
        self.show_panels(hidden, self._way(playback, hidden, radius, tick_size))
        captions = data_caption(trajectory), loss_captions(trajectory)
        small, numbers, (lower,) = divide(self, board.side, *captions)
        self.show_panels(
            DataPanel(self, playback, small, radius=3.6 * small.width / 450, focus=focus),
            LossPanel(self, playback, lower, size=self.text(28)),
            Readings(self, playback, numbers),
        )
        self._below(playback, board)

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

    def _line(self, x: float = 0.0, y: float = 0.0) -> CaptionLine:
        """Captions, over the width of the frame."""
        width, classes = 0.94 * self.aspect.width, self.trajectories[0].classes
        return CaptionLine(self.captions, x, y, self.text(CAPTION), width, self.theme, classes)

    def _height(self) -> float:
        """Of captions, or of a line of method."""
        if self.captions.captions:
            return self._line().reserved().height + 14
        return 2.0 * self.text(FOOT)

    def _below(self, playback: Playback, board: Board) -> None:
        """Captions while the network learns; before and after that, how the film is made."""
        free, size = board.captions, self.text(CAPTION)
        line = self._line(free.middle, free.bottom - 0.62 * size)

        def tell(second: float) -> None:
            line.second = self.film_second

        if self.captions.captions:
            self.place_live(line, tell, line.reserved())
        x, y = board.large.left, board.captions.top + 1.5 * self.text(FOOT)
        self._foot(FOOTER, x, y, lambda: self.is_on_its_way)
        self._foot(fidelity_notes(self, playback).text, x, y, self._is_over)

    def _foot(self, text: str, x: float, y: float, shows: Callable[[], bool]) -> None:
        """Say something below the large panel while it holds."""
        words = Words(text, x, y, self.text(FOOT), self.theme.faint)
        self.place_live(*gated(Live(words, unmoved, words.reserved()), shows))

    def _is_over(self) -> bool:
        """Whether the training is over, and all is said of it."""
        second, time = self.film_second, self.time_of
        rests = time.start + time.action <= second <= time.action_over
        return rests and self.captions.at(second) is None
