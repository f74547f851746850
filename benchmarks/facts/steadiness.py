"""Measure how steadily points move on screen in films of the default set.

For every evolving panel: the length of the second difference of a point's screen position
between frames, in pixels at 1080p60; the 99th percentile over points and frames. Frames of
real events are told apart by the loss: an event is a stretch of epochs in which the
cross-entropy is above its running minimum by more than 5 % of ln K, that is a loss spike, with
a quarter of a second of film around it. Both figures are given, with events and without.

Run as `python benchmarks/facts/steadiness.py`; it needs the films' trajectories in `renders/`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spiralcore import Trajectory
from spiralcore.recipe import Quality, Recipe, load_recipe
from spiralcore.trajectory.play.playback import Playback
from spiralcore.video.opening import open_film
from spiralcore.video.production import film_orders
from spiralcore.video.request import FilmOrder

LIMIT = 0.7
SPIKE = 0.05
AROUND_SECONDS = 0.25


def event_frames(playback: Playback, seconds: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which film times belong to a loss spike."""
    entropy = playback.trajectory.cross_entropy.astype(float)
    above = entropy - np.minimum.accumulate(entropy)
    spikes = np.flatnonzero(above > SPIKE * np.log(playback.trajectory.classes))
    at = playback.timeline.seconds_at(spikes)
    hit = np.zeros(len(seconds), dtype=bool)
    for second in at:
        hit |= np.abs(seconds - second) < AROUND_SECONDS
    return hit


def measure(recipe: Recipe, order: FilmOrder) -> list[tuple[str, float, float, float]]:
    """For each cloud of a film: name, 99th percentile without events, with them, event share."""
    from spiralcore.stage.panels.trajectory_cloud import TrajectoryCloud

    quality = Quality.parse(recipe.film.quality)
    film = open_film(
        order.film,
        [Trajectory.load(path) for path in order.trajectories],
        recipe.film,
        quality.height,
        quality.frame_rate,
    )
    film.show(0)
    clouds = [
        (mobject, mobject.playback)
        for mobject in film.mobjects
        if isinstance(mobject, TrajectoryCloud) and mobject.playback is not None
    ]
    start, rate = film.time_of.start, quality.frame_rate
    frames = range(int(start * rate), int((start + recipe.film.seconds) * rate) + 1)
    scale = film.stage_camera.pixel_width / film.stage_camera.frame_width
    places: list[list[NDArray[np.float32]]] = [[] for _ in clouds]
    for frame in frames:
        film.seek(frame)
        for (cloud, _), list_ in zip(clouds, places, strict=True):
            list_.append((cloud.points[:, :2] * scale).astype(np.float32))
    seconds = np.array(frames)[1:-1] / rate - start
    rows = []
    for (_, playback), list_ in zip(clouds, places, strict=True):
        path = np.stack(list_)
        second = np.linalg.norm(path[2:] - 2 * path[1:-1] + path[:-2], axis=-1)
        events = event_frames(playback, seconds)
        name = f"{order.film} {order.title}: {playback.trajectory.classes} "
        name += playback.trajectory.activation_label
        calm = second[~events]
        rows.append(
            (
                name,
                float(np.quantile(calm, 0.99)) if len(calm) else 0.0,
                float(np.quantile(second, 0.99)),
                float(events.mean()),
            )
        )
    return rows


def main() -> None:
    """Print one line for each panel."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", type=Path)
    options = parser.parse_args()
    recipe = load_recipe(options.recipe)
    worst = 0.0
    print(f"{'panel':44}{'outside events':>16}{'all frames':>12}{'events':>9}")
    for order in film_orders(recipe):
        for name, calm, everything, share in measure(recipe, order):
            worst = max(worst, calm)
            print(f"{name:44}{calm:13.2f} px{everything:9.2f} px{100 * share:7.0f} %")
    print(f"worst outside events: {worst:.2f} px, limit {LIMIT} px")
    sys.exit(worst > LIMIT)


if __name__ == "__main__":
    main()
