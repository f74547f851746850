"""Finished frames in files, as the encoder gets them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.workshop import Workshop, work_off
from spiralcore.recipe import FilmSettings, Quality
from spiralcore.system.engine import Job, Report
from spiralcore.system.worker_pool import WorkerPool


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
        with WorkerPool(1) as pool:
            work_off(pool, [Job(path.name, "benchmarks.footage:write_footage", arguments)])
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
    from spiralcore.video.encode.film_format import FILM_FORMATS
    from spiralcore.video.opening import open_film

    parsed = FilmSettings.model_validate(settings)
    quality = Quality.parse(parsed.quality)
    opened = open_film(film, [Trajectory.load(name) for name in trajectories], parsed, *quality)
    film_format = FILM_FORMATS["mp4", False]
    planes = film_format.planes(quality.width, quality.height)
    with Path(path).open("wb") as file:
        for frame in range(first, first + count):
            film_format.convert(opened.show(frame), planes, None)
            file.write(planes.data)
