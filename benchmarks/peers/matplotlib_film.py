"""The picture of the film `classes` with matplotlib: FuncAnimation and ffmpeg.

Usage: ``python -m benchmarks.peers.matplotlib_film PICTURE FILM``. Prints JSON: the seconds
from each frame to the next. ``blit`` is without effect when an animation is saved, so what
never moves is drawn once beforehand and put behind as an image. Each class of a panel is a
collection of its own, which matplotlib draws faster than one of many colours.
"""

from __future__ import annotations

import json
import sys
import time

import imageio_ffmpeg
import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.animation import FFMpegWriter, FuncAnimation
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray

from benchmarks.peers.picture import Cloud, Picture, Region

DPI = 100
HALF_WIDTH, HALF_HEIGHT = 64 / 9, 4.0
"""Half the size of Manim's frame in scene units."""

POINTS = 10.8 / (2 * HALF_HEIGHT) * 72
"""Typographic points in a scene unit, on a figure 10.8 inches high."""


def main() -> None:
    """Make the film and print the timings."""
    mpl.use("agg")
    mpl.rcParams["animation.ffmpeg_path"] = imageio_ffmpeg.get_ffmpeg_exe()
    picture = Picture.load(sys.argv[1])
    still = _still(picture)
    figure, axes = _empty(picture)
    figure.figimage(still)
    areas = PolyCollection(
        _corners(picture.regions[0]),
        facecolors=[region.colour for region in picture.regions[0]],
        linewidths=0,
    )
    axes.add_collection(areas, autolim=False)
    groups = [_scatter(axes, cloud) for cloud in picture.moving[0]]
    stamps: list[float] = []

    def move(frame: int) -> list[PathCollection | PolyCollection]:
        stamps.append(time.perf_counter())
        areas.set_verts(_corners(picture.regions[frame]))
        for group, cloud in zip(groups, picture.moving[frame], strict=True):
            for collection, members in group:
                collection.set_offsets(cloud.places[members, :2])
        return [areas, *(collection for group in groups for collection, _ in group)]

    film = FuncAnimation(
        figure, move, frames=len(picture.moving), init_func=lambda: [], blit=True, repeat=False
    )
    film.save(sys.argv[2], writer=FFMpegWriter(fps=picture.frame_rate), dpi=DPI)
    seconds = [after - before for before, after in zip(stamps, stamps[1:], strict=False)]
    print(json.dumps({"seconds": seconds}))


def _empty(picture: Picture) -> tuple[Figure, Axes]:
    figure = plt.figure(figsize=(19.2, 10.8), dpi=DPI, facecolor=picture.background)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(-HALF_WIDTH, HALF_WIDTH)
    axes.set_ylim(-HALF_HEIGHT, HALF_HEIGHT)
    return figure, axes


def _still(picture: Picture) -> NDArray[np.uint8]:
    """What never moves, as an image."""
    figure, axes = _empty(picture)
    axes.add_collection(
        PolyCollection(
            _corners(picture.still_regions),
            facecolors=[region.colour for region in picture.still_regions],
            linewidths=0,
        ),
        autolim=False,
    )
    for cloud in picture.still:
        _scatter(axes, cloud)
    figure.canvas.draw()
    image = np.array(figure.canvas.buffer_rgba())  # type: ignore[attr-defined]
    plt.close(figure)
    return image


def _scatter(axes: Axes, cloud: Cloud) -> list[tuple[PathCollection, NDArray[np.int64]]]:
    """A collection for each colour, and which points belong to it."""
    colours, number = np.unique(cloud.colours, axis=0, return_inverse=True)
    area = (2 * cloud.radius * POINTS) ** 2
    groups = []
    for index, colour in enumerate(colours):
        members = np.flatnonzero(number == index)
        places = cloud.places[members]
        collection = axes.scatter(
            places[:, 0], places[:, 1], s=area, color=colour, alpha=cloud.opacity, linewidths=0
        )
        groups.append((collection, members))
    return groups


def _corners(regions: list[Region]) -> list[NDArray[np.float64]]:
    return [region.corners[:, :2] for region in regions]


if __name__ == "__main__":
    main()
