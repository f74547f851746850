"""The picture of the film `classes` with plain Manim: a VGroup of Dots, and Polygons.

Usage: ``python -m benchmarks.peers.manim_dots PICTURE FOLDER FRAMES``. Prints JSON: the seconds
from each frame to the next while Manim draws and encodes. Dots move by having their points set,
which is faster than ``move_to``; they have no outlines, and the data panels stand still.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import pairwise
from pathlib import Path

from manim import Dot, Mobject, Polygon, Scene, VGroup, VMobject, rgb_to_color, tempconfig

from benchmarks.peers.picture import Cloud, Picture, Region


class Dots(Scene):
    """A stretch of the film.

    Parameters
    ----------
    picture
        What to show.
    frames
        How much of it.
    """

    def __init__(self, picture: Picture, frames: int) -> None:
        super().__init__()
        self.picture = picture
        self.frames = frames
        self.stamps: list[float] = []
        self.moving = VGroup()

    def construct(self) -> None:
        """Add everything, and let one updater move what moves."""
        picture = self.picture
        # Manim draws what comes before the first moving mobject only once.
        self.add(VGroup(_polygon(region) for region in picture.still_regions))
        self.add(VGroup(dot for cloud in picture.still + picture.data for dot in _dots(cloud)))
        polygons = VGroup(_polygon(region) for region in picture.regions[0])
        clouds = [VGroup(_dots(cloud)) for cloud in picture.moving[0]]
        shapes = [cloud[0].points - cloud[0].get_center() for cloud in clouds]

        def move(everything: Mobject, dt: float) -> None:
            frame = min(len(self.stamps), len(picture.moving) - 1)
            self.stamps.append(time.perf_counter())
            for polygon, region in zip(polygons, picture.regions[frame], strict=True):
                _set_corners(polygon, region)
            for group, shape, cloud in zip(clouds, shapes, picture.moving[frame], strict=True):
                for dot, place in zip(group, cloud.places, strict=True):
                    dot.points = shape + place

        self.moving = VGroup(polygons, *clouds)
        self.moving.add_updater(move)
        self.add(self.moving)
        self.wait(self.frames / picture.frame_rate, frozen_frame=False)


def _dots(cloud: Cloud) -> list[Dot]:
    return [
        Dot(place, cloud.radius, color=rgb_to_color(colour), fill_opacity=cloud.opacity)
        for place, colour in zip(cloud.places, cloud.colours.tolist(), strict=True)
    ]


def _polygon(region: Region) -> VMobject:
    corners = region.corners if len(region.corners) else [[0.0, 0.0, 0.0]]
    colour = rgb_to_color(region.colour.tolist())
    polygon = Polygon(*corners, stroke_width=0, fill_color=colour, fill_opacity=1)
    _set_corners(polygon, region)
    return polygon


def _set_corners(polygon: VMobject, region: Region) -> None:
    if len(region.corners):
        polygon.set_points_as_corners([*region.corners, region.corners[0]])
    else:
        polygon.clear_points()


def main() -> None:
    """Make the film and print the timings."""
    picture = Picture.load(sys.argv[1])
    folder = Path(sys.argv[2])
    settings = {
        "pixel_width": 1920, "pixel_height": 1080, "frame_rate": picture.frame_rate,
        "media_dir": str(folder), "disable_caching": True, "progress_bar": "none",
        "verbosity": "ERROR", "background_color": picture.background,
    }  # fmt: skip
    with tempconfig(settings):
        scene = Dots(picture, int(sys.argv[3]))
        scene.render()
    seconds = [after - before for before, after in pairwise(scene.stamps)]
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main()
