"""Finished frames in files, as the encoder gets them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.workshop import Workshop, work_off
from spiralcore.processes import Crew, Job, Report
from spiralcore.recipe import FilmSettings, Quality


def footage(shop: Workshop, film: str, first: int, count: int) -> Path:
    """A file with frames of a default film, planar YUV 4:2:0; drawn when first asked for."""
    path = shop.scratch / f"{film}-{first}-{count}.yuv"
    if not path.exists():
        shop.say(f"{film}: drawing {count} frames for the encoders")
        arguments = {
            "film": film,
            "trajectories": [str(name) for name in shop.cast(film)],
            "settings": shop.recipe.film.model_dump(mode="json"),
            "first": first,
            "count": count,
            "path": str(path),
        }
        with Crew(1) as crew:
            work_off(crew, [Job(path.name, "benchmarks.footage:write_footage", arguments)])
    return path


def write_footage(
    film: str,
    trajectories: list[str],
    settings: dict[str, Any],
    first: int,
    count: int,
    path: str,
    report: Report,
) -> None:
    """Draw frames and write them one after the other, in a worker process."""
    from spiralcore.trajectory import Trajectory
    from spiralcore.video.opening import open_film
    from spiralcore.video.yuv import to_yuv420

    parsed = FilmSettings.model_validate(settings)
    quality = Quality.parse(parsed.quality)
    opened = open_film(film, [Trajectory.load(name) for name in trajectories], parsed, *quality)
    planes = np.empty(quality.width * quality.height * 3 // 2, dtype=np.uint8)
    with Path(path).open("wb") as file:
        for frame in range(first, first + count):
            to_yuv420(opened.show(frame), planes)
            file.write(planes.data)
