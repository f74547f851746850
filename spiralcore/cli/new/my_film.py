"""My film: the spiral bends into the layer, words say what happens, and the camera goes near."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.words import Words
from spiralcore.stage.story.camera_path import CameraPath, Shot
from spiralcore.stage.story.caption_line import CaptionLine, training_captions
from spiralcore.stage.story.morph_panel import FOOTER, MorphPanel
from spiralcore.story.captions import CaptionTrack
from spiralcore.trajectory.play.easing import Keys

PANEL = Box(left=545, top=110, width=830, height=830)
"""Where the points are, in pixels of a frame of 1920 x 1080."""


class MyFilm(Film):
    """One network: its data become its layer, and the layer learns."""

    restless = True  # captions come and go while the training stands still

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        back = 3.0 if self.settings.loop else 0.0  # seconds before and after the training
        self.time_of = replace(self.time_of, opening=3.0, closing=back)

    @cached_property
    def captions(self) -> CaptionTrack:
        """What happens, computed from the file, in film time."""
        return training_captions(self).shifted(self.time_of.start)

    @cached_property
    def camera_path(self) -> CameraPath:
        """Near to the upper right quarter of the panel, for two seconds before the end."""
        near = Box(PANEL.middle, PANEL.top, PANEL.width / 2, PANEL.height / 2)
        end = self.settings.seconds
        return CameraPath(self.aspect, [Shot(0.8 * end, 0.9 * end, near)], move=0.08 * end)

    def build(self) -> None:
        """Put the picture together, once; rules then set it to any second."""
        network, theme = self.trajectories[0], self.theme
        self.place(Words("My film", 70, 80, 50, theme.ink))
        self.place(Words(FOOTER, 70, PANEL.bottom, 30, theme.faint))
        over = self.time_of.action_over  # from the data, 0, to the layer, 1, and back
        keys = Keys([(0.8, 0.0), (2.6, 1.0), (over + 0.3, 1.0), (over + 2.0, 0.0)])
        share = lambda second: keys(self.film_second)  # noqa: E731
        self.show_panels(MorphPanel(self, self.playback(network), PANEL, radius=6, share=share))
        line = CaptionLine(self.captions, 960, 1030, 46, 1700, theme, network.classes)

        def tell(second: float) -> None:
            line.second = self.film_second

        self.place_live(line, tell, line.reserved())
