"""A panel in which the spiral bends into the layer, and back."""

from __future__ import annotations

from collections.abc import Callable

from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.borders import Bar, Outline, SpaceFrame
from spiralcore.stage.panels.panels import ordered_cloud
from spiralcore.stage.story.morph import Morph, MorphRegions
from spiralcore.trajectory.play.playback import Playback

FOOTER = "points drawn on straight paths"

Clock = Callable[[float], float]


def morph_panel(
    film: Film,
    playback: Playback,
    box: Box,
    *,
    radius: float,
    share: Clock,
    regions: Clock = lambda second: 1.0,
    training: Clock = lambda second: second,
    tick_size: float = 0.0,
) -> Morph:
    """Show the points of one network between their data and their layer.

    Parameters
    ----------
    film
        Where to.
    playback
        What to show; a layer of two units.
    box
        Where, in design pixels; a square.
    radius
        Of the points, in design pixels.
    share
        How far they are from the data, 0, to the layer, 1, at a second of the action: such as
        `spiralcore.stage.clock.easing.Keys`.
    regions
        Opacity of the regions, 0 to 1, at a second of the action.
    training
        Second of the training at a second of the action.
    tick_size
        Font size of the ticks of unbounded spaces; 0 for none.
    """
    trajectory = playback.trajectory
    morph = Morph(playback, box)
    film.place(Bar(box, film.theme.panel), Outline(box, film.theme.frame, 1.0))
    if MorphRegions.has_regions(trajectory):
        bent = MorphRegions(morph, film.theme)

        def bend(second: float) -> None:
            bent.opacity = regions(second)
            if bent.opacity > 0:
                bent.move(training(second), share(second))

        film.place_live(bent, bend, box)
    frame = SpaceFrame(morph.layer, film.theme, tick_size)

    def frame_in(second: float) -> None:
        morph.show(training(second))
        frame.opacity = share(second)

    film.place_live(frame, frame_in, box)
    cloud = ordered_cloud(film, trajectory, morph.places(0.0, 0.0), radius)
    cloud.within = box.corners()
    film.place_live(
        cloud,
        lambda second: _carry(cloud.set_positions, morph, training(second), share(second)),
        box,
    )
    return morph


def _carry(place: Callable[..., object], morph: Morph, second: float, share: float) -> None:
    place(morph.places(second, share))
