"""What has to be said of a film beside its panels: small lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from spiralcore.stage.cloud.point_cloud import PointCloud
from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import UNIT, Box, scene_point
from spiralcore.stage.marks.ghosts import Kind, SampleMark
from spiralcore.stage.marks.value_scale import ValueScale
from spiralcore.stage.marks.words import LEADING, Weight, Words, text_width, wrapped
from spiralcore.subjects.names import highlighted, run_labels, short_names
from spiralcore.subjects.sentences import value_ends
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.playback import Playback
from spiralcore.trajectory.trouble import dead_units

NOTE, STRONG = 26.0, 28.0
"""Font sizes in 16:9."""

MOST_LISTED = 12
"""Classes of a legend; more are named at their places only."""

MARK, BETWEEN, SCALE = 40.0, 36.0, 260.0
"""Room for a mark, between two parts of a line, and for a scale of colours."""

TIMELINE_NOTES = {
    "motion": "time follows motion",
    "log": "time is logarithmic",
    "linear": "time is even",
}


class Note(NamedTuple):
    """A text, or a line of it.

    Attributes
    ----------
    text
        What it says.
    strong
        Whether it has to be seen.
    mark
        What it explains: a mark before it.
    joins
        Whether it goes on in the line of the note before it, where there is room.
    label
        The class that it names, by a disc of its colour before it.
    scale
        Whether the scale of measured values lies before it.
    """

    text: str
    strong: bool = False
    mark: Kind | None = None
    joins: bool = False
    label: int | None = None
    scale: bool = False


def fidelity_notes(film: Film, playback: Playback, *marks: str) -> Note:
    """Say what the film does to time and to the paths.

    Parameters
    ----------
    film, playback
        Which film, and what it shows.
    marks
        What its marks and colours mean: said before that. What is empty is left out.
    """
    time = TIMELINE_NOTES[film.settings.timeline]
    paths = f"paths smoothed {playback.smoothing:.2g} s" if playback.smoothing else "exact paths"
    return Note("; ".join([*filter(None, marks), time, paths]))


def faults(trajectory: Trajectory) -> list[Note]:
    """Say why a run is no result, if it is none.

    Units of the drawn layer may have died, or points lie where its activation cannot put them.
    """
    said = [f"dead: {dead_units(trajectory)}"] if trajectory.dead_since else []
    if str(trajectory.outside):
        said.append(str(trajectory.outside))
    return [Note("; ".join(said), strong=True)] if said else []


def repeated(film: Film, classes: int = 0, *, marked: bool = True) -> list[Note]:
    """Say how classes are told apart that have the colour of another one, if there are such.

    Parameters
    ----------
    film
        Where.
    classes
        How many there are at most; those of the film's trajectories where it is 0.
    marked
        Whether points have marks, see `Theme.class_marks`.
    """
    classes = classes or max((path.classes for path in film.trajectories), default=0)
    said = film.theme.repeated(classes, marked=marked)
    return [*legend(film), *([Note(said)] if said else [])]


def legend(film: Film) -> list[Note]:
    """Say which colour each class has, where all networks of a film have the same few names."""
    if not film.trajectories:
        return []
    first, *others = film.trajectories
    if first.targets is not None:
        found = {value_ends(path) for path in film.trajectories}
        ends = found.pop()
        if found or ends is None:
            return []
        return [Note(f"value: {ends[0]}"), Note(ends[1], joins=True, scale=True)]
    names, chosen = short_names(first), highlighted(first, film.settings.highlight)
    shown = chosen or range(len(names))
    if (
        not names
        or len(shown) > MOST_LISTED
        or any(path.class_names != first.class_names for path in others)
    ):
        return []
    return [Note(names[label], joins=i > 0, label=label) for i, label in enumerate(shown)]


def ended(film: Film, trajectory: Trajectory) -> list[Note]:
    """Say at which epoch a training was over, if others of the film go on: it stands still then."""
    last = max(path.trained_epochs for path in film.trajectories)
    if trajectory.trained_epochs >= last:
        return []
    return [Note(f"ended at {trajectory.counting.named(trajectory.trained_epochs)}", strong=True)]


Line = list[Note]
"""Notes, or parts of one, that lie beside each other."""


def lines_of(film: Film, notes: Sequence[Note], width: float) -> list[Line]:
    """Break notes into lines that are no wider than ``width`` design pixels."""
    lines: list[Line] = []
    for note in notes:
        if note.joins and lines and _width(film, [*lines[-1], note]) <= width:
            lines[-1].append(note)
            continue
        free = width - _before(film, note)
        parts = wrapped(note.text, free, film.text(_size(note)), _weight(note))
        lines += [[note._replace(text=part)] for part in parts]
    return lines


def of_all(
    film: Film,
    otherwise: Sequence[Note],
    rest: Sequence[Note],
    width: float,
    most: int,
    names: Sequence[str] = (),
) -> list[Line]:
    """What has to be said of all networks, in so many lines: as fully as there is room for.

    Parameters
    ----------
    film
        Whose networks.
    otherwise
        What is said where nothing is wrong.
    rest
        What is said below that, where there is room.
    width, most
        Of the lines, in design pixels, and how many there may be.
    names
        Of the networks; as `run_labels` calls them, if there are none.
    """
    names = names or run_labels(film.trajectories)
    wrong = [(name, faults(path) or ended(film, path))
             for name, path in zip(names, film.trajectories, strict=True)]  # fmt: skip
    strong = [note._replace(text=f"{note.text}, {name}")
              for name, found in wrong for note in found]  # fmt: skip
    named = ", ".join(name for name, found in wrong if found)
    count = sum(bool(found) for _, found in wrong)
    ways = [strong or list(otherwise)]
    if strong:
        kinds = {
            "dead": any(path.dead_since for path in film.trajectories),
            "points outside of their space": any(str(p.outside) for p in film.trajectories),
            "ended earlier": any(ended(film, path) for path in film.trajectories),
        }
        kind = " or ".join(name for name, there in kinds.items() if there)
        ways += [[Note(f"{kind}: {who}", strong=True)]
                 for who in (named, f"{count} networks")]  # fmt: skip
    found = [lines_of(film, [*notes, *more], width) for notes in ways for more in (rest, [])]
    # Rather all of the networks in few words than some of them in many.
    order = [*range(0, len(found), 2), *range(1, len(found), 2)]
    return next((found[i] for i in order if len(found[i]) <= most), found[-1][:most])


def foot(film: Film, count: int) -> float:
    """From the lower edge of a panel to the baseline of the last of so many lines."""
    size = film.text(NOTE)
    return 14 + size + LEADING * size * (count - 1) if count else 0.0


def set_up(film: Film, lines: Sequence[Line], x: float, last: float) -> None:
    """Set lines below each other; ``last`` is the baseline of the last one."""
    for i, line in enumerate(lines):
        y = last - LEADING * film.text(NOTE) * (len(lines) - 1 - i)
        for note, left in zip(line, _lefts(film, line), strict=True):
            place, colour = x + left, film.theme.ink if note.strong else film.theme.faint
            if note.mark:
                at = (place + 14 * film.text_scale, y - 9 * film.text_scale)
                film.place(SampleMark(*at, note.mark, 11 * film.text_scale, film.theme.faint))
                place += MARK * film.text_scale
            if note.label is not None:
                at = place + 14 * film.text_scale, y - 9 * film.text_scale
                film.place(_disc(film, note.label, *at))
                place += MARK * film.text_scale
            if note.scale:
                film.place(ValueScale(_scale_box(film, place, y), film.theme))
                place += _before(film, note)
            size, weight = film.text(_size(note)), _weight(note)
            film.place(Words(note.text, place, y, size, colour, "left", weight))


def set_down(film: Film, lines: Sequence[Line], x: float, first: float) -> None:
    """Set lines below each other; ``first`` is the baseline of the first one."""
    set_up(film, lines, x, first + LEADING * film.text(NOTE) * (len(lines) - 1))


def paragraph(film: Film, text: str, x: float, y: float, width: float, size: float = NOTE) -> None:
    """Set a text in lines of at most ``width``; ``y`` is that of the first line."""
    size = film.text(size)
    for i, line in enumerate(wrapped(text, width, size)):
        film.place(Words(line, x, y + LEADING * size * i, size, film.theme.faint))


def _lefts(film: Film, line: Line) -> list[float]:
    """Where the parts of a line begin, from its left end."""
    lefts = [0.0]
    for note in line:
        size = film.text(_size(note))
        wide = text_width(note.text, size, _weight(note)) + _before(film, note)
        lefts.append(lefts[-1] + wide + BETWEEN * film.text_scale)
    return lefts[:-1]


def _width(film: Film, line: Line) -> float:
    last = line[-1]
    return (
        _lefts(film, line)[-1]
        + text_width(last.text, film.text(_size(last)), _weight(last))
        + _before(film, last)
    )


def _before(film: Film, note: Note) -> float:
    """Room for what stands before a text, in design pixels."""
    marked = note.mark is not None or note.label is not None
    return (SCALE if note.scale else MARK if marked else 0.0) * film.text_scale


def _scale_box(film: Film, x: float, y: float) -> Box:
    """Where the scale lies before a text whose baseline is at ``y``."""
    k = film.text_scale
    return Box(x, y - 20 * k, (SCALE - 20) * k, 20 * k)


def _disc(film: Film, label: int, x: float, y: float) -> PointCloud:
    """A point of a class, at a place in design pixels."""
    classes = max(path.classes for path in film.trajectories)
    return PointCloud(
        scene_point(x, y)[None],
        film.theme.class_colours(classes)[label][None],
        marks=film.theme.class_marks(classes)[label][None],
        radius=11 * film.text_scale * UNIT,
    )


def _size(note: Note) -> float:
    return STRONG if note.strong else NOTE


def _weight(note: Note) -> Weight:
    return "bold" if note.strong else "regular"
