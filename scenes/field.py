"""The function from plane to plane: where the network sends each place of the input plane.

Run it by itself with ``manim render scenes/field.py Field``.
"""

from __future__ import annotations

from spiralcore.registry.films import Needs
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.arrows import ArrowField
from spiralcore.stage.marks.borders import Bar, Outline
from spiralcore.stage.marks.predicted_grid import GRID_STEP, PredictedGrid
from spiralcore.stage.panels.board import Board
from spiralcore.stage.panels.data_panel import input_plane, predicted_regions
from spiralcore.stage.panels.hidden_panel import HiddenPanel
from spiralcore.stage.panels.loss_panel import LossPanel
from spiralcore.stage.panels.notes import faults, fidelity_notes
from spiralcore.stage.panels.readings import Readings
from spiralcore.stage.panels.side import divide, loss_captions
from spiralcore.stage.panels.trajectory_cloud import trajectory_cloud
from spiralcore.stage.story.captioned_film import CaptionedFilm
from spiralcore.stage.story.focus import Focus
from spiralcore.subjects.sentences import counted
from spiralcore.trajectory.play.playback import Playback

ARROWS = 23
"""Arrows in each row and column."""

ARROW, DOT = "arrows: direction in the hidden layer", "dots: its origin"
"""What marks mean."""

POINTS = 0.8
"""Opacity of the data below them."""


class Field(CaptionedFilm):
    """The directions of the function large, the layer that it leads to beside it."""

    needs = Needs.ONE

    def build(self) -> None:
        """Lay out the picture."""
        trajectory = self.trajectories[0]
        playback = self.playback(trajectory)
        method = fidelity_notes(self, playback, ARROW, DOT).text
        board = Board(
            self,
            counted(trajectory),
            f"where {trajectory.activation_label} sends each place",
            side_notes=faults(trajectory),
            reserve=self.captions_height(method),
        )
        captions = ("hidden layer",), loss_captions(trajectory)
        small, numbers, (lower,) = divide(self, board.side, *captions)
        focus = Focus.of(self.told, trajectory.classes)
        self._field(playback, board.large, focus)
        radius, tick_size = 3.6 * small.width / 450, self.text()
        self.show_panels(
            HiddenPanel(self, playback, small, radius=radius, tick_size=tick_size, focus=focus),
            LossPanel(self, playback, lower, size=self.text()),
            Readings(self, playback, numbers),
        )
        self.show_captions(board.captions, method)

    def _field(self, playback: Playback, box: Box, focus: Focus) -> None:
        """Regions, over them the data, over these the arrows."""
        self.place(Bar(box, self.theme.panel), Outline(box, self.theme.frame, 1.0))
        plane = input_plane(playback.trajectory, box)
        # A panel four times as large has a grid twice as wide.
        self.place_live(*predicted_regions(self, playback, plane, step=2 * GRID_STEP))
        trajectory = playback.trajectory
        places = plane.to_scene(trajectory.inputs)
        cloud = trajectory_cloud(self, trajectory, places, 5.0 * box.width / 880)

        def step_back(second: float) -> None:
            cloud.emphasise(POINTS * focus.strengths(second)[trajectory.labels])

        self.place_live(cloud, step_back, box)
        step = box.width / ARROWS
        grid = PredictedGrid(playback, plane, step)
        # The nodes reach to the edges, where half an arrow would be cut off.
        inner = grid.nodes[1:-1, 1:-1].reshape(-1, 2)
        arrows = ArrowField(plane, inner, step, self.theme.ink)

        def turn(second: float) -> None:
            vectors = grid.hidden(second)[:, 1:-1, 1:-1]
            arrows.vectors = vectors.reshape(len(vectors), -1).T

        self.place_live(arrows, turn, box)
