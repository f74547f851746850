"""The class that a recorded network predicts, all over a plane."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from spiralcore.analysis.network.projection import ProjectedTrajectory
from spiralcore.analysis.network.recorded_network import RecordedNetwork
from spiralcore.registry.aspects import SHORTER
from spiralcore.stage.layout.plane import Plane
from spiralcore.stage.marks.regions import Covered
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.network_mix import PAIRS, Mix, NetworkMix
from spiralcore.trajectory.play.playback import Playback

Floats = NDArray[np.float32]

GRID_STEP = 3.0
"""Pixels, real ones or design pixels if those are larger, between the nodes at which a network is
evaluated."""

NARROW = 3
"""Units of an inner layer up to which a network is so steep that its nodes are twice as near."""

REMEMBERED = 2 * PAIRS + 2
"""Known networks whose values are kept; frames that follow each other need nearly the same."""

FINER, FINER_IF_NARROW = 3, 2
"""How many times finer the grid is on which an activation with kinks is applied."""


LEVEL = 2**0.25
"""Factor between the sizes of the grids over a plane without an edge, of which the network is asked
anew only where the plane has zoomed by as much."""


def grid_step(step: float, shorter: int, trajectory: Trajectory) -> float:
    """Design pixels between the nodes of a grid.

    Parameters
    ----------
    step
        Pixels between them in a network without narrow layers.
    shorter
        Pixels of the shorter side of the frame.
    trajectory
        Whose network it is.
    """
    pixel = max(SHORTER / shorter, 1.0)
    return step * pixel / (2 if _is_narrow(RecordedNetwork(trajectory)) else 1)


def _is_narrow(network: RecordedNetwork) -> bool:
    return min(network.widths[:-1], default=NARROW + 1) <= NARROW


class PredictedGrid:
    """Logits of a recorded network on a grid over a plane, at any film time.

    The plane is that of the input, or of a hidden layer from where the network goes on. Between
    the epochs at which the whole network is known its drawn layer and its read-out are mixed, see
    `NetworkMix`, which is what `region_fidelity` measures. An activation with kinks is
    applied on a grid that is `FINER` times as fine, so that its edges are no staircases.

    Parameters
    ----------
    playback
        Of the network.
    plane
        In its box; its limits may move.
    step
        Design pixels between nodes.
    layer
        0 for the input plane, otherwise the hidden layer, counted from 1, that the plane is of:
        its two units, or the plane on which the trajectory shows it.

    Attributes
    ----------
    covered
        Coordinates of the first and the last node on each axis, at the latest film time.
    """

    def __init__(self, playback: Playback, plane: Plane, step: float, layer: int = 0) -> None:
        self._playback = playback
        self._network = RecordedNetwork(playback.trajectory)
        self._mix = NetworkMix(
            playback.trajectory,
            self._network.epochs,
            self._network.widths[-1],
            self._network.activations[-1].kinked,
        )
        self._plane = plane
        self._layer = layer
        self._step = step
        self._finer = FINER_IF_NARROW if _is_narrow(self._network) else FINER
        self._latest: tuple[float, Mix] | None = None
        self._known: dict[int, Floats] = {}
        self.covered: Covered = ((0.0, 0.0), (0.0, 0.0))
        self._cover()

    @property
    def nodes(self) -> Floats:
        """The places where the network is asked, shape (rows, columns, 2), rows downwards."""
        across, upright = self.covered
        rows, columns = self._shape
        x = np.linspace(*across, columns, dtype=np.float32)
        y = np.linspace(*upright[::-1], rows, dtype=np.float32)
        return np.stack(np.meshgrid(x, y), axis=-1)

    def at(self, second: float) -> Floats:
        """Logits, shape (rows, columns, K), rows downwards."""
        hidden = self.refined(second)
        weight, bias = self.readout(second)
        units, rows, columns = hidden.shape
        logits = hidden.reshape(units, -1).T @ weight.T + bias
        return logits.reshape(rows, columns, -1)

    def refined(self, second: float) -> Floats:
        """The drawn layer, shape (D, rows, columns): where it has kinks on a finer grid."""
        hidden, activation = self._interpolated(second), self._network.activations[-1]
        if activation.kinked:
            hidden = activation.apply(_refined(_refined(hidden, 1, self._finer), 2, self._finer))
        return hidden

    def hidden(self, second: float) -> Floats:
        """The drawn layer at the nodes, shape (D, rows, columns), rows downwards."""
        values, activation = self._interpolated(second), self._network.activations[-1]
        return activation.apply(values) if activation.kinked else values

    def _interpolated(self, second: float) -> Floats:
        self._cover()
        indices, _ = mix = self._mix_at(second)
        return mix.of([self._drawn(index) for index in indices])

    def _cover(self) -> None:
        """Choose where the nodes are: all over what the space allows of the plane, or farther."""
        across, upright = self._plane.inside, self._plane.inside_upright
        space = self._plane.space
        if space is not None:
            free = (space.lower is None, space.upper is None)
            across, upright = _level(across, *free), _level(upright, *free)
        if self.covered != (across, upright):
            lower, upper = self._plane.limits
            step = self._step * (upper - lower) / self._plane.box.width
            self._shape = _nodes(upright, step), _nodes(across, step)
            self.covered = across, upright
            self._known.clear()

    def _mix_at(self, second: float) -> Mix:
        epoch = self._playback.timeline.epoch_at(second)
        if self._latest is None or self._latest[0] != epoch:
            self._latest = epoch, self._mix.at(epoch)
        return self._latest[1]

    def readout(self, second: float) -> tuple[Floats, Floats]:
        """Weight (K, D) and bias (K,) of the read-out, in between as the drawn layer is."""
        indices, _ = mix = self._mix_at(second)
        heads = [self._network.linear(index, self._network.depth) for index in indices]
        return mix.of([weight for weight, _ in heads]).T, mix.of([bias for _, bias in heads])

    def _drawn(self, index: int) -> Floats:
        """The drawn layer, before its activation if that has kinks, shape (D, rows, columns)."""
        if index not in self._known:
            while len(self._known) >= REMEMBERED:
                del self._known[next(iter(self._known))]
            drawn = self._network.drawn(index, self._places(index), self._layer)
            activation = self._network.activations[-1]
            if not activation.kinked:
                drawn = activation.apply(drawn)
            self._known[index] = drawn.T.reshape(-1, *self._shape)
        return self._known[index]

    def _places(self, index: int) -> Floats:
        """Where the nodes are, as inputs or as values of the layer."""
        nodes = self.nodes.reshape(-1, 2)
        trajectory = self._playback.trajectory
        if self._layer and isinstance(trajectory, ProjectedTrajectory):
            return trajectory.lifted(nodes, float(self._network.epochs[index]))
        return nodes


def _level(limits: tuple[float, float], lower: bool, upper: bool) -> tuple[float, float]:
    """Take limits that may move to the next power of `LEVEL` that is farther from 0."""

    def farther(limit: float) -> float:
        exponent = math.ceil(math.log(max(abs(limit), 1e-9), LEVEL) - 1e-9)
        return math.copysign(LEVEL**exponent, limit)

    low, high = limits
    return farther(low) if lower else low, farther(high) if upper else high


def _nodes(limits: tuple[float, float], step: float) -> int:
    return max(int((limits[1] - limits[0]) / step + 1e-6) + 1, 2)


def _refined(values: Floats, axis: int, times: int) -> Floats:
    """Values on a grid that is so many times as fine along an axis, interpolated linearly."""
    along = np.moveaxis(values, axis, -1)
    shares = np.arange(times, dtype=np.float32) / times
    between = along[..., :-1, None] * (1 - shares) + along[..., 1:, None] * shares
    inner = between.reshape(*along.shape[:-1], -1)
    finer = np.concatenate([inner, along[..., -1:]], axis=-1)
    return np.ascontiguousarray(np.moveaxis(finer, -1, axis))
