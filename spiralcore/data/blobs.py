"""Round clusters, several of each class, by turns around the origin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from spiralcore.data.generated import EXTENT, GeneratedData, Points, class_by_class, sizes_of
from spiralcore.settings import NotNegative, Positive


def blobs(
    classes: int,
    points_per_class: int | Sequence[int] = 200,
    *,
    rng: np.random.Generator,
    clusters_per_class: int = 2,
    radius: float = 0.8 * EXTENT,
    noise: float = 0.25,
) -> Points:
    """Draw round clusters.

    Their middles are evenly spaced on a circle, and belong to the classes by turns, so that with
    two clusters a class, and more, no straight line parts a class from the others. The points of
    a class go to its clusters by turns; normal noise is added to both coordinates.

    Parameters
    ----------
    classes
        Number of classes.
    points_per_class
        Points of each class, or a number for each of them.
    rng
        The source of the noise.
    clusters_per_class
        Clusters of each class.
    radius
        Radius of the circle of middles.
    noise
        Standard deviation of a coordinate, as a share of the distance from middle to middle,
        which is at most the radius.

    Returns
    -------
    Points
        The points, class by class.
    """
    clusters = classes * clusters_per_class
    apart = radius * min(2 * np.sin(np.pi / clusters), 1.0)

    def class_clusters(label: int, points: int) -> NDArray[np.float64]:
        number = label + classes * (np.arange(points) % clusters_per_class)
        angle = 2 * np.pi * number / clusters
        middles = radius * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
        scattered: NDArray[np.float64] = middles + noise * apart * rng.normal(size=(points, 2))
        return scattered

    return class_by_class(sizes_of(points_per_class, classes), class_clusters)


class Blobs(GeneratedData):
    """Round clusters, see `blobs`."""

    noun = "blobs"
    always = ("kind", "points_per_class", "clusters_per_class", "radius", "noise")
    generator = staticmethod(blobs)

    kind: Literal["blobs"] = "blobs"
    clusters_per_class: Annotated[int, Field(strict=True, ge=1, le=100)] = 2
    radius: Positive = 0.8 * EXTENT
    noise: NotNegative = 0.25
