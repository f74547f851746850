"""The poster of a film: the spiral at the left, where training brings it at the right.

It is seen as small as a thumbnail, so that it has two pictures, the number of the classes as large
as there is room, and no other words.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from spiralcore.registry.films import Needs
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.plate import Plate
from spiralcore.stage.marks.words import CAPITAL_HEIGHT, Words, text_width, use_letters
from spiralcore.stage.painted import Painted, StageCamera
from spiralcore.stage.panels.board import SHAPES
from spiralcore.stage.panels.data_panel import DataPanel
from spiralcore.stage.panels.hidden_panel import LONG_AFTER, HiddenPanel
from spiralcore.stage.pixels.canvas import Pixels
from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.play.timeline import Timeline
from spiralcore.trajectory.trajectory import Trajectory

MOST, PLANE = 2, 2
"""Networks that are shown at most, and units of those that a poster shows."""

BETWEEN, GAP, LARGEST = 280.0, 24.0, 760.0
"""Room for the number between the pictures, space between those of two networks, and side of a
picture at most, in design pixels."""

COUNT, NOUN, ARROW = 320.0, 72.0, 140.0
"""Font sizes of the number, of what is counted, and of the arrow."""


class Places(NamedTuple):
    """Where the parts of a poster go.

    Attributes
    ----------
    data
        A square.
    layers
        One for each network.
    number
        What is free for the number.
    """

    data: Box
    layers: list[Box]
    number: Box


def poster(film: Film, frame: int) -> Pixels:
    """Draw the poster of a film; of one that is no film of flat layers, a frame.

    Parameters
    ----------
    film
        Which one.
    frame
        What is shown where there is no diptych, such as of spaces, of studies and of differences.

    Returns
    -------
    NDArray
        Premultiplied RGBA, shape (height, width, 4).
    """
    paths = shown(film)
    if not paths:
        return film.show(frame)
    use_letters(film.theme)
    places = arranged(film, len(paths))
    parts = [*_pictures(film, paths, places), *_number(film, places.number)]
    if film.theme.transparent:
        parts.insert(0, Plate.under(parts, film.theme, film.aspect))
    own = film.stage_camera
    camera = StageCamera(
        background_color=own.background_color,
        background_opacity=own.background_opacity,
        pixel_width=own.pixel_width,
        pixel_height=own.pixel_height,
        frame_rate=own.frame_rate,
    )
    camera.look_at(film.aspect)
    camera.capture_mobjects(parts)
    return np.array(camera.pixel_array)


def shown(film: Film) -> list[Trajectory]:
    """Whose layers a poster shows: those with the most classes; none where it is a frame."""
    if film.needs not in (Needs.ONE, Needs.ROW, Needs.ALL):
        return []
    most = max(path.classes for path in film.trajectories)
    paths = [path for path in film.trajectories if path.classes == most]
    return paths[:MOST] if all(path.units == PLANE for path in paths) else []


def arranged(film: Film, networks: int) -> Places:
    """Lay a poster out: in a line with the number between, or with the number above or between."""
    wide, high, margin = film.aspect.width, film.aspect.height, SHAPES[film.aspect.name].margin
    free = wide - 2 * margin
    if wide > high:
        side = min((free - BETWEEN - GAP * (networks - 1)) / (1 + networks), LARGEST)
        top = (high - side) / 2
        lefts = [wide - margin - side - (side + GAP) * i for i in reversed(range(networks))]
        middle = Box(margin + side, top, lefts[0] - margin - side, side)
        return Places(
            Box(margin, top, side, side), [Box(x, top, side, side) for x in lefts], middle
        )
    if wide == high:
        side = (free - GAP * networks) / (1 + networks)
        top = high - margin - max(side, 0.35 * high)
        boxes = [Box(margin + (side + GAP) * i, top, side, side) for i in range(1 + networks)]
        return Places(boxes[0], boxes[1:], Box(margin, margin, free, top - 2 * margin))
    side = min(0.9 * LARGEST, free)
    lower = min(side, (free - GAP * (networks - 1)) / networks)
    data = Box((wide - side) / 2, 1.6 * margin, side, side)
    top = high - 1.6 * margin - lower
    first = (wide - networks * lower - GAP * (networks - 1)) / 2
    layers = [Box(first + (lower + GAP) * i, top, lower, lower) for i in range(networks)]
    return Places(data, layers, Box(margin, data.bottom, free, top - data.bottom))


def _pictures(film: Film, paths: list[Trajectory], places: Places) -> list[Painted]:
    """The data with what is predicted in the end, and the layers as they are then."""
    playbacks = [_at_the_end(path) for path in paths]
    radius = 7.0 / LARGEST
    panels = [
        DataPanel(
            film, playbacks[0], places.data,
            radius=radius * places.data.width, stopped=playbacks[0].timeline.duration + LONG_AFTER,
        ),
        *(
            HiddenPanel(
                film, playback, box, radius=radius * box.width, frozen=True, caption=False
            )
            for playback, box in zip(playbacks, places.layers, strict=True)
        ),
    ]  # fmt: skip
    return [part for panel in panels for part in panel.still() if isinstance(part, Painted)]


def _at_the_end(path: Trajectory) -> Playback:
    ends = Timeline(np.array([0.0, 1.0]), np.array([0.0, max(path.trained_epochs, 1)]))
    return Playback(path, ends, smoothing=0.0)


def _number(film: Film, box: Box) -> list[Painted]:
    """How many classes there are, an arrow where the pictures lie beside it."""
    counts = sorted({path.classes for path in film.trajectories})
    text = "–".join(map(str, dict.fromkeys((counts[0], counts[-1]))))
    ink, faint = film.theme.ink, film.theme.faint
    room = 0.9 * min(box.width, box.height)
    size = COUNT * min(1.0, 0.86 * box.width / text_width(text, COUNT, "bold"), room / COUNT * 1.2)
    if box.height > box.width:
        y = box.top + box.height / 2
        return [
            Words(text, box.middle, y, size, ink, "centre", "bold"),
            Words("classes", box.middle, y + 1.2 * NOUN, NOUN, faint, "centre"),
            Words("→", box.middle, y + 1.2 * NOUN + ARROW, ARROW, faint, "centre"),
        ]
    y = box.top + box.height / 2 + CAPITAL_HEIGHT * size / 2
    whole = text_width(text, size, "bold") + NOUN / 2 + text_width("classes", NOUN)
    left = box.middle - whole / 2
    after = left + text_width(text, size, "bold") + NOUN / 2
    return [
        Words(text, left, y, size, ink, weight="bold"),
        Words("classes", after, y, NOUN, faint),
    ]
