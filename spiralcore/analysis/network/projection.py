"""Wide layers in few dimensions: principal axes that stay the same for a whole film.

Source for principal components: Hotelling 1933, J. Educ. Psychol. 24:417; for laying one
picture on another: Schönemann 1966, Psychometrika 31:1, the orthogonal Procrustes problem.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spiralcore.errors import UsageError
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.pacing import timeline
from spiralcore.trajectory.shown import Shown
from spiralcore.trajectory.unrecorded import unknown

__all__ = ["ProjectedTrajectory", "Projection", "alignment", "principal_axes", "projected"]

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

NO_SPREAD = 1e-12
"""Variance, as a part of the mean square, below which points count as one point."""

SECONDS, HOLD = 20.0, 1.5
"""The usual length of a film, and how long its first and its last picture stand still."""


class Projection(NamedTuple):
    """A few orthogonal axes in a space of D units.

    Attributes
    ----------
    axes
        Columns of length 1, shape (D, units), the one with most of the variance first.
    shares
        For each picture the part of its variance that these axes show, shape (T,).
    share
        The mean of these, with the weights of the pictures.
    """

    axes: Doubles
    shares: Doubles
    share: float


def principal_axes(
    pictures: Iterable[NDArray[Any]], units: int = 2, weights: NDArray[Any] | None = None
) -> Projection:
    """Find the axes that show most of the variance of several pictures.

    The covariance of each picture, of its points about their own mean, is divided by its
    variance. So the axes are those with the largest mean share of the variance, and pictures of
    a late epoch, which may be many times as large as those of an early one, do not drown them.

    Parameters
    ----------
    pictures
        T arrays of the shape (N, D). Those whose points are all in one place do not count;
        their share is 1.
    units
        Number of axes. Where there are more of them than D, the last columns are 0.
    weights
        How much each picture counts, shape (T,), not negative; the same where None.

    Returns
    -------
    Projection
        Signs are such that the entry farthest from 0 of each axis is positive.
    """
    covariances = np.stack([_normalised_covariance(picture) for picture in pictures])
    counts = np.ones(len(covariances)) if weights is None else np.asarray(weights, np.float64)
    counts = counts / counts.sum()
    mean = np.einsum("t,tij->ij", counts, covariances)
    if not mean.any():
        mean = np.diag(np.arange(len(mean), 0.0, -1.0))
    _, vectors = np.linalg.eigh(mean)
    kept = vectors[:, ::-1][:, :units]
    farthest = np.abs(kept).argmax(axis=0)
    axes = np.zeros((len(mean), units))
    axes[:, : kept.shape[1]] = kept * np.sign(kept[farthest, np.arange(kept.shape[1])])
    shares = np.array([_share(axes, covariance) for covariance in covariances])
    return Projection(axes, shares, float(shares @ counts))


def _normalised_covariance(picture: NDArray[Any]) -> Doubles:
    """Covariance of points (N, D) with a trace of 1; 0 where they are all in one place."""
    values = np.asarray(picture, np.float64)
    centred = values - values.mean(axis=0)
    spread = float((centred**2).sum())
    if spread <= NO_SPREAD * max(float((values**2).sum()), NO_SPREAD):
        return np.zeros((values.shape[1], values.shape[1]))
    return np.asarray(centred.T @ centred / spread)


def _share(axes: Doubles, covariance: Doubles) -> float:
    if not covariance.any():
        return 1.0
    return float(np.clip(np.trace(axes.T @ covariance @ axes), 0.0, 1.0))


def alignment(picture: NDArray[Any], reference: NDArray[Any]) -> Doubles:
    """Find the rotation or reflection that lays a picture on another as well as possible.

    Parameters
    ----------
    picture, reference
        The same points, shape (N, d); their means do not matter.

    Returns
    -------
    NDArray
        The orthogonal matrix Q, shape (d, d), with the smallest sum of squares of
        ``picture @ Q - reference``, both about their means.
    """
    from scipy.linalg import orthogonal_procrustes  # here, so that reading files is quick

    one, other = (np.asarray(part, np.float64) for part in (picture, reference))
    matrix, _ = orthogonal_procrustes(one - one.mean(axis=0), other - other.mean(axis=0))
    return np.asarray(matrix)


@dataclass(frozen=True, eq=False)
class ProjectedTrajectory(Trajectory):
    """A wide layer on a plane, or in a space of few dimensions.

    The picture is that of the layer's values on fixed `axes`; the layer's own origin stays the
    origin. The read-out is restricted to the plane that goes through the mean of the points of
    the epoch, so that its regions are those of this plane.

    Attributes
    ----------
    axes
        See `Projection`, shape (D, units).
    offsets
        From the origin to the plane, at right angles, shape (T, D).
    shares
        Part of the variance on screen at each kept epoch, shape (T,).
    """

    axes: Doubles = field(default_factory=lambda: np.empty((0, 0)))
    offsets: Doubles = field(default_factory=lambda: np.empty((0, 0)))
    shares: Doubles = field(default_factory=lambda: np.empty(0))

    def share_at(self, epoch: float) -> float:
        """Part of the variance on screen at any epoch."""
        return float(np.interp(epoch, self.epochs, self.shares))

    def lifted(self, places: Floats, epoch: float) -> Floats:
        """Values of the whole layer at places of the plane.

        Parameters
        ----------
        places
            Shape (M, units).
        epoch
            Which decides how far from the origin the plane is.

        Returns
        -------
        NDArray
            Shape (M, D), float32.
        """
        offset = [np.interp(epoch, self.epochs, column) for column in self.offsets.T]
        return np.asarray(places @ self.axes.T + np.array(offset), np.float32)


def projected(trajectory: Trajectory, units: int = 2) -> Trajectory:
    """Show a wide layer on few axes that stay the same for the whole film.

    The axes are the principal ones of all kept epochs together. Each of these counts as long as
    it is to be seen in a film of the usual length whose time follows the motion of the layer, so
    that the axes show the largest possible share of the variance, on average over the film.

    Parameters
    ----------
    trajectory
        Of a layer of D units.
    units
        Number of axes; where the layer has as many units, it is returned as it is.

    Returns
    -------
    Trajectory
        A `ProjectedTrajectory` with ``hidden`` of the shape (T, N, units). Its recipe tells
        under ``shown`` how wide the layer is and which share of the variance is shown. How far
        it is from the run is unknown.

    Raises
    ------
    UsageError
        If the layer has fewer units than that.
    """
    wide = trajectory.units
    if wide == units:
        return trajectory
    if wide < units:
        raise UsageError(
            f"{trajectory.source}: the layer has {wide} unit{'s' if wide > 1 else ''}.",
            f"{units} units or more.",
        )
    axes, shares, share = principal_axes(trajectory.hidden, units, seconds_on_screen(trajectory))
    means = trajectory.hidden.mean(axis=1, dtype=np.float64)
    offsets = means - means @ axes @ axes.T
    flat = axes.astype(np.float32)
    mean_path = trajectory.hidden_mean
    shown = trajectory.shown or Shown(wide)
    if len(shown.shares) == len(shares):  # the file itself has but a part of the variance
        seconds = seconds_on_screen(trajectory)
        shares = shares * np.array(shown.shares)
        share = float(shares @ seconds / seconds.sum())
    changed: dict[str, Any] = {
        "recipe": {**trajectory.recipe, **shown._replace(share=share, shares=()).note()},
        "hidden": trajectory.hidden @ flat,
        "hidden_mean": None if mean_path is None else mean_path @ flat,
        "readout_weight": unknown(len(means), trajectory.classes, units),
        "fidelity": None,
        "layers": {},
    }
    if trajectory.knows_readout:
        weight = trajectory.readout_weight.astype(np.float64)
        bias = trajectory.readout_bias + np.einsum("tkd,td->tk", weight, offsets)
        changed["readout_weight"] = (weight @ axes).astype(np.float32)
        changed["readout_bias"] = bias.astype(np.float32)
    same = {part.name: getattr(trajectory, part.name) for part in fields(Trajectory)}
    return ProjectedTrajectory(
        **{**same, **changed},
        axes=axes,
        offsets=offsets,
        shares=shares,
    )


def seconds_on_screen(trajectory: Trajectory) -> Doubles:
    """How long each kept epoch is to be seen, shape (T,): see `projected`."""
    times = timeline([trajectory], SECONDS).seconds_at(trajectory.epochs)
    halves = np.diff(times) / 2
    seen = np.append(halves, HOLD)
    seen[1:] += halves
    seen[0] += HOLD
    return seen
