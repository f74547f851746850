"""Speaker notes: what to see in a film, and when, computed from what it shows."""

from __future__ import annotations

from collections.abc import Iterable

from spiralcore.analysis.optima.containers import container_of, directions_of
from spiralcore.analysis.optima.table import is_tabled
from spiralcore.analysis.packing.metrics import leading
from spiralcore.analysis.packing.over_epochs import measure
from spiralcore.errors import harmless
from spiralcore.registry.films import FilmEntry
from spiralcore.stage.clock.pauses import names_of
from spiralcore.stage.film import Film
from spiralcore.subjects import subject_of
from spiralcore.system.rounding import percent
from spiralcore.talk.deck import heading
from spiralcore.trajectory import Trajectory
from spiralcore.trajectory.play.counting import Counting
from spiralcore.trajectory.trouble import earlier_attempts, trouble


def speaker_notes(film: Film, entry: FilmEntry) -> str:
    """What a speaker can say to a film: paragraphs in whole sentences.

    Parameters
    ----------
    film
        Need not have drawn anything.
    entry
        Of the catalogue.
    """
    subject = subject_of(entry)
    paragraphs = [subject.told(film.sources), entry.look]
    paragraphs.append(
        "\n".join(f"{clock(moment.second)}  {moment.text}" for moment in film.moments())
    )
    about_training = subject.is_training and entry.of_training
    if about_training:
        paragraphs.append(" ".join(_packing(film.trajectories)))
    paragraphs.append(" ".join(_failures(film.trajectories)))
    paragraphs.append(" ".join(_honesty(film, about_training)))
    return harmless("\n\n".join(part for part in paragraphs if part))


def title_of(film: Film, entry: FilmEntry) -> str:
    """What a slide with a film is called."""
    return heading(subject_of(entry).heading(entry, film.sources))


def clock(second: float) -> str:
    """Film time for people: ``0:07``."""
    whole = int(second)
    return f"{whole // 60}:{whole % 60:02d}"


def _packing(trajectories: Iterable[Trajectory]) -> list[str]:
    """How well the classes are packed at the end, where the best is known."""
    paths = list(trajectories)
    names = names_of(paths) if len(paths) > 1 else [""]
    return [said for said in map(_packed, paths, names) if said]


def _packed(path: Trajectory, name: str) -> str:
    """How near the class means come to the best; nothing where that is not in the table."""
    space, shown = path.space, path.shown
    bounded = container_of(space)
    is_projected = shown is not None and shown.share is not None
    classes = len(set(path.labels.tolist()))
    known = is_tabled(bounded or directions_of(space), path.units, classes)
    if is_projected or classes < 2 or not known:
        return ""
    part = float(measure(path, kept=slice(-1, None)).part(leading(space))[-1])
    if not part > 0:
        return ""
    where = f"With {name} the" if name else "At the end the"
    if bounded:
        return (
            f"{where} two closest class means are as far apart as {percent(part, 0)} of the "
            f"largest distance that the {space.name(path.units)} allows."
        )
    return f"{where} smallest angle between class means is {percent(part, 0)} of the largest."


def _failures(trajectories: Iterable[Trajectory]) -> list[str]:
    """What a speaker must not hide."""
    said = []
    paths = list(trajectories)
    for path, name in zip(paths, names_of(paths), strict=True):
        who = f" with {name}" if len(paths) > 1 else ""
        wrong, earlier = trouble(path), len(earlier_attempts(path))
        if wrong:
            said.append(f"The training{who} failed, so this is no result: {wrong}.")
        if str(path.outside):
            outside = str(path.outside)
            said.append(
                f"{outside[0].upper()}{outside[1:]}{who}, where the activation cannot put them."
            )
        if earlier:
            times = "once" if earlier == 1 else f"{earlier} times"
            said.append(f"The training{who} had failed {times} before, with other first weights.")
    return said


def _honesty(film: Film, about_training: bool) -> list[str]:
    """How film time and pictures differ from what happened, and how the film ends."""
    said = [f"The film {film.leaves_out}."] if film.leaves_out else []
    if about_training and film.settings.timeline == "motion":
        units = Counting.of(film.trajectories).units
        said.append(f"Film time follows the movement, so the {units} do not run evenly.")
    if film.settings.loop:
        back = "goes back the way it came" if film.time_of.closing else "fades back to its start"
        said.append(f"It {back}, and can be repeated without a seam.")
    return said
