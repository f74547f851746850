"""What the film `classes` shows, as plain arrays, for peers to draw.

Everything is worked out before a peer's clock starts: it only has to draw. Texts, curves and bars
are left out.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spiralcore.recipe import FilmSettings, Quality
from spiralcore.system.engine import Report


@dataclass(frozen=True)
class Cloud:
    """Points of one panel: places (N, 3) in Manim's scene units, colours (N, 3), 0 to 1."""

    places: NDArray[np.float64]
    colours: NDArray[np.float32]
    radius: float
    rim: float
    opacity: float


@dataclass(frozen=True)
class Region:
    """A decision region: its corners (M, 3) in scene units, and its colour (3,), 0 to 1."""

    corners: NDArray[np.float64]
    colour: NDArray[np.float32]


@dataclass(frozen=True)
class Tiles:
    """Predicted classes in a data panel: upper left and lower right corner, colours (M, M, 3)."""

    corners: NDArray[np.float64]
    colours: NDArray[np.float32]


@dataclass(frozen=True)
class Picture:
    """A stretch of a film.

    Attributes
    ----------
    still, still_regions
        What is the same in all frames.
    data
        Points that stand still over moving regions.
    moving, regions, tiles
        What moves: for each frame the same number of clouds, regions and panels of tiles.
    """

    background: str
    frame_rate: int
    still: list[Cloud]
    still_regions: list[Region]
    data: list[Cloud]
    moving: list[list[Cloud]]
    regions: list[list[Region]]
    tiles: list[list[Tiles]]

    @staticmethod
    def load(path: str | Path) -> Picture:
        """Read what `write_picture` wrote."""
        with Path(path).open("rb") as file:
            picture = pickle.load(file)
        assert isinstance(picture, Picture)
        return picture


def write_picture(
    trajectories: list[str], first: int, count: int, path: str, report: Report
) -> None:
    """Take a stretch of the film `classes` apart, in a worker process."""
    from spiralcore.stage.marks.regions import HiddenRegions, InputRegions
    from spiralcore.stage.panels.trajectory_cloud import TrajectoryCloud
    from spiralcore.trajectory import Trajectory
    from spiralcore.video.opening import open_film

    settings = FilmSettings()
    quality = Quality.parse(settings.quality)
    film = open_film(
        "classes", [Trajectory.load(name) for name in trajectories], settings, *quality
    )
    film.seek(first)
    clouds = [mobject for mobject in film.mobjects if isinstance(mobject, TrajectoryCloud)]
    hidden = [mobject for mobject in film.mobjects if isinstance(mobject, HiddenRegions)]
    inputs = [mobject for mobject in film.mobjects if isinstance(mobject, InputRegions)]
    moving: list[list[Cloud]] = []
    regions: list[list[Region]] = []
    tiles: list[list[Tiles]] = []
    for frame in range(first, first + count):
        film.seek(frame)
        moving.append([_cloud(cloud) for cloud in clouds if cloud.playback is not None])
        regions.append([r for panel in hidden if panel.updaters for r in _regions(panel)])
        tiles.append([_tiles(panel) for panel in inputs])
    resting = [cloud for cloud in clouds if cloud.playback is None]
    picture = Picture(
        background=film.theme.background,
        frame_rate=quality.frame_rate,
        still=[_cloud(cloud) for cloud in resting if not cloud.updaters],
        still_regions=[r for panel in hidden if not panel.updaters for r in _regions(panel)],
        data=[_cloud(cloud) for cloud in resting if cloud.updaters],
        moving=moving,
        regions=regions,
        tiles=tiles,
    )
    with Path(path).open("wb") as file:
        pickle.dump(picture, file)


def _cloud(cloud) -> Cloud:  # type: ignore[no-untyped-def]  # Manim loads with the film only
    return Cloud(
        cloud.points.copy(), cloud.colors / 255, cloud.radius, cloud.outline, cloud.opacity
    )


def _regions(panel) -> list[Region]:  # type: ignore[no-untyped-def]
    return [
        Region(panel.plane.to_scene(corners), fill / 255)
        for corners, fill in zip(panel.polygons(), panel.fills, strict=True)
    ]


def _tiles(panel) -> Tiles:  # type: ignore[no-untyped-def]
    return Tiles(panel.points[:2].copy(), panel.fills[panel.values.argmax(axis=2)] / 255)
