"""The picture of the film `classes` with matplotlib: FuncAnimation and ffmpeg.

Usage: ``python -m benchmarks.peers.matplotlib_film PICTURE FILM exact|stamped``. Prints JSON: the
seconds from each frame to the next. Saving an animation never blits (with ``blit=True`` the
artists that move are even left out), so what never moves is drawn once beforehand and put behind
as pixels. All panels share one Axes and all points of one size a collection.

``exact`` draws points where they are and in their order. ``stamped`` has a collection for each
colour, which matplotlib draws by stamping one picture of a point at whole pixels: faster, but
points jump from pixel to pixel and the last class covers the others.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import pairwise

import imageio_ffmpeg
import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.animation import FFMpegWriter, FuncAnimation
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from benchmarks.peers.picture import Cloud, Picture, Region, Tiles

DPI = 100
HALF_WIDTH, HALF_HEIGHT = 64 / 9, 4.0
"""Half the size of Manim's frame in scene units."""

POINTS = 10.8 / (2 * HALF_HEIGHT) * 72
"""Typographic points in a scene unit, on a figure 10.8 inches high."""


def main() -> None:
    """Make the film and print the timings."""
    mpl.use("agg")
    mpl.rcParams["animation.ffmpeg_path"] = imageio_ffmpeg.get_ffmpeg_exe()
    picture, stamped = Picture.load(sys.argv[1]), sys.argv[3] == "stamped"
    still = _still(picture)
    figure, axes = _empty(picture)
    axes.add_artist(_Backdrop(still))
    panels = [_image(axes, tiles) for tiles in picture.tiles[0]]
    areas = PolyCollection(
        _corners(picture.regions[0]),
        facecolors=[region.colour for region in picture.regions[0]],
        linewidths=0,
    )
    axes.add_collection(areas, autolim=False)
    _scatter(axes, picture.data, picture.background, stamped)
    groups = _scatter(axes, picture.moving[0], picture.background, stamped)
    stamps: list[float] = []

    def move(frame: int) -> list[Artist]:
        stamps.append(time.perf_counter())
        for panel, tiles in zip(panels, picture.tiles[frame], strict=True):
            panel.set_data(tiles.colours)
        areas.set_verts(_corners(picture.regions[frame]))
        places = _places(picture.moving[frame])
        for collection, members in groups:
            collection.set_offsets(places[members])
        return []

    film = FuncAnimation(
        figure, move, frames=len(picture.moving), init_func=lambda: [], repeat=False
    )
    film.save(sys.argv[2], writer=FFMpegWriter(fps=picture.frame_rate), dpi=DPI)
    seconds = [after - before for before, after in pairwise(stamps)]
    print(json.dumps({"seconds": seconds}))


class _Backdrop(Artist):
    """Pixels that fill the figure, without the resampling of ``figimage``."""

    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        super().__init__()
        self.set_zorder(-1)
        self._pixels = pixels[::-1]

    def draw(self, renderer: RendererBase) -> None:
        """Copy them."""
        renderer.draw_image(renderer.new_gc(), 0, 0, self._pixels)


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
    _scatter(axes, picture.still, picture.background, stamped=False)
    figure.canvas.draw()
    image = np.array(figure.canvas.buffer_rgba())  # type: ignore[attr-defined]
    plt.close(figure)
    return image


def _scatter(
    axes: Axes, clouds: list[Cloud], rim_colour: str, stamped: bool
) -> list[tuple[PathCollection, NDArray[np.int64]]]:
    """A collection for each size, or each size and colour, and which points belong to it."""
    if not clouds:
        return []
    places = _places(clouds)
    colours = np.concatenate([cloud.colours for cloud in clouds])
    looks = np.concatenate(
        [
            np.tile((cloud.radius, cloud.rim, cloud.opacity), (len(cloud.places), 1))
            for cloud in clouds
        ]
    )
    if stamped:
        looks = np.column_stack((looks, colours))
    kinds, number = np.unique(looks, axis=0, return_inverse=True)
    groups = []
    for index, (radius, rim, opacity, *_) in enumerate(kinds.tolist()):
        members = np.flatnonzero(number == index)
        x, y = places[members].T
        # A stroke lies on the edge, half of it outside.
        area = ((2 * radius - rim) * POINTS) ** 2
        collection = axes.scatter(
            x, y, s=area, facecolors=colours[members[:1] if stamped else members],
            edgecolors=rim_colour, linewidths=rim * POINTS, alpha=opacity,
        )  # fmt: skip
        groups.append((collection, members))
    return groups


def _image(axes: Axes, tiles: Tiles) -> AxesImage:
    (left, top, _), (right, bottom, _) = tiles.corners
    image = axes.imshow(
        tiles.colours, extent=(left, right, bottom, top), interpolation="nearest", aspect="auto"
    )
    axes.set_xlim(-HALF_WIDTH, HALF_WIDTH)
    axes.set_ylim(-HALF_HEIGHT, HALF_HEIGHT)
    return image


def _places(clouds: list[Cloud]) -> NDArray[np.float64]:
    """All points, shape (N, 2)."""
    return np.concatenate([cloud.places[:, :2] for cloud in clouds])


def _corners(regions: list[Region]) -> list[NDArray[np.float64]]:
    return [region.corners[:, :2] for region in regions]


if __name__ == "__main__":
    main()
