"""Watches a run and keeps what is needed to show it, with the error that this costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from spiralcore.data import Points, TableData
from spiralcore.recipe import NetworkRecipe
from spiralcore.recipe.layers import drawn_layers
from spiralcore.recording.disk_rows import on_disk
from spiralcore.recording.kept.mixed_classes import owners
from spiralcore.recording.network_candidates import (
    FEWEST_NETWORKS,
    NetworkCandidates,
    most_networks,
    networks_within,
)
from spiralcore.recording.piecewise_linear import PiecewiseLinear
from spiralcore.recording.size_budget import within_budget
from spiralcore.recording.versions import versions
from spiralcore.registry.activations import activation
from spiralcore.training.compiled_perceptron import CompiledPerceptron
from spiralcore.training.trainer import Step, steady_arithmetic
from spiralcore.trajectory.given import CLASS_NAMES
from spiralcore.trajectory.play.motion import panel_width, panel_widths
from spiralcore.trajectory.trajectory import Trajectory


class StepRecorder:
    """Keeps a run of our own trainer as a trajectory.

    Parameters
    ----------
    recipe
        The settings of the run and of the recording.
    points
        The points that are passed through the network.
    earlier
        What became of earlier attempts at the same recipe, for people.
    """

    def __init__(
        self, recipe: NetworkRecipe, points: Points, earlier: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        self._recipe = recipe
        self._earlier = [dict(attempt) for attempt in earlier]
        self._points = points
        self._space = activation(recipe.activation).space
        self._layers = drawn_layers(recipe.network.widths)
        count, classes = recipe.training.epochs + 1, recipe.classes
        units = recipe.network.widths[-1]
        # The drawn layers below each other, the last one at the end.
        self._run = on_disk((count, len(self._layers) * len(points.labels), units))
        self._weight = np.empty((count, classes, units), dtype=np.float32)
        self._bias = np.empty((count, classes), dtype=np.float32)
        self._curves = np.empty((3, count), dtype=np.float32)
        sizes = (points.inputs.shape[1], *recipe.network.widths, classes)
        self._network = CompiledPerceptron(sizes, recipe.layer_activations())
        most = most_networks(self._network.size, recipe.recording.max_megabytes)
        self._most_networks = max(most, FEWEST_NETWORKS)
        self._networks = NetworkCandidates()

    def record(self, step: Step) -> None:
        """Take one epoch; epochs come in order, beginning with 0."""
        epoch, hidden = step.epoch, self._run[step.epoch]
        count = len(self._points.labels)
        for number, layer in enumerate(step.layers):
            hidden[number * count : (number + 1) * count] = layer
        self._weight[epoch] = step.readout_weight
        self._bias[epoch] = step.readout_bias
        self._curves[:, epoch] = (
            step.cross_entropy,
            step.cross_entropy + step.penalty,
            step.accuracy,
        )
        last, ends = hidden[-count:], epoch == self._recipe.training.epochs
        if ends or self._networks.looks_at(epoch):
            self._networks.see(
                epoch,
                last,
                lambda: panel_width(last, self._space),
                owners(last, step.readout_weight.T, step.readout_bias),
                step.parameters.copy,
                last=ends,
            )

    def finish(self) -> tuple[Trajectory, bytes]:
        """End the record: the trajectory, and the bytes of its file."""
        widths = np.stack(
            [panel_widths(part, self._space) for part in self._parted(self._run, 1)], axis=1
        )
        other = self._networks.size_bytes(self._most_networks)
        return within_budget(self._run, widths, self._recipe.recording, self._trajectory, other)

    def _parted(self, run: NDArray[np.float32], axis: int = 0) -> list[NDArray[np.float32]]:
        """Views of the drawn layers, from one epoch or from many."""
        return np.split(run, len(self._layers), axis=axis)

    def _trajectory(self, lines: PiecewiseLinear, room: float) -> Trajectory:
        settings = self._recipe.settings()
        if self._points.names:
            settings.setdefault(CLASS_NAMES, list(self._points.names))
        data = self._recipe.data
        settings["made"] = {
            **({"table": data.title} if isinstance(data, TableData) else {}),
            "earlier_attempts": self._earlier,
            "versions": versions(torch=torch.__version__),
        }
        cross_entropy, loss, accuracy = self._curves
        *others, hidden = self._parted(lines.hidden, 1)
        trajectory = Trajectory(
            recipe=settings,
            epochs=lines.epochs,
            inputs=self._points.inputs,
            labels=self._points.labels,
            hidden=hidden,
            readout_weight=self._weight[lines.epochs],
            readout_bias=self._bias[lines.epochs],
            cross_entropy=cross_entropy,
            loss=loss,
            accuracy=accuracy,
            fidelity=lines.fidelity(),
            hidden_mean=self._parted(lines.means, 1)[-1],
            layers=dict(zip((layer + 1 for layer in self._layers), others, strict=False)),
        )
        with steady_arithmetic():
            most = max(self._most_networks, networks_within(room, self._network.size))
            return self._networks.joined(trajectory, self._network, most)
