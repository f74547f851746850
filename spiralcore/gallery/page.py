"""A folder with the page: its scripts, its parts, and the files that it links."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spiralcore.errors import UsageError
from spiralcore.gallery.downloads import FOLDER as FILES
from spiralcore.gallery.downloads import Downloads
from spiralcore.gallery.manifest import manifest
from spiralcore.gallery.parts import write_facts, write_packed_facts
from spiralcore.gallery.plan import DATA, Plan
from spiralcore.gallery.playground import site_files
from spiralcore.gallery.shown_networks import ShownNetwork, rows
from spiralcore.gallery.training import worker
from spiralcore.registry.themes import Theme
from spiralcore.shell import quoted
from spiralcore.system.engine import Engine, Event, Failed, Job
from spiralcore.system.files import remove_leftovers, whole_file

OPENS = 4
"""Classes of the network with which the page opens, as near as there is one."""

MANIFEST = "manifest.js"
WORKER = "worker.js"

Watch = Callable[[str, Sequence[Job], Iterable[Event]], list[Failed]]


@dataclass(frozen=True)
class FilmFiles:
    """A film that the page links.

    Attributes
    ----------
    film
        Its name in the catalogue.
    title
        What people call this one.
    trajectories
        The files it shows.
    files
        The films.
    """

    film: str
    title: str
    trajectories: tuple[Path, ...]
    files: tuple[Path, ...]


@dataclass
class Made:
    """What became of a page.

    Attributes
    ----------
    page
        The file to open.
    made, kept
        How many parts were made, and how many were up to date.
    seconds
        How long it took.
    failures
        Jobs that failed.
    """

    page: Path
    made: int = 0
    kept: int = 0
    seconds: float = 0.0
    failures: list[Failed] = field(default_factory=list)


def make_page(
    folder: Path,
    exhibits: Sequence[ShownNetwork],
    films: Sequence[FilmFiles],
    seconds: float,
    timeline: str,
    engine: Engine,
    watch: Watch,
    own: Theme | None = None,
) -> Made:
    """Make the page, or what is missing of it.

    Parameters
    ----------
    folder
        Where to; it is made, or holds an earlier page.
    exhibits
        The networks, at least one.
    films
        Films to link.
    seconds, timeline
        Length and kind of the common timeline.
    engine
        Makes the parts.
    watch
        Shows progress.
    own
        A theme of one's own, in place of those that are shipped.

    Raises
    ------
    UsageError
        If the folder holds other things than a page.
    """
    started = time.monotonic()
    check_folder(folder)
    remove_leftovers(folder, folder / DATA, folder / FILES)
    table = rows(exhibits)
    plan = Plan(folder, table, seconds, timeline)
    made = Made(folder / "index.html")
    for jobs in plan.stages():
        if jobs and not made.failures:
            for job in jobs:
                engine.submit(job)
            made.failures += watch("gallery", jobs, engine.events())
            made.made += len(jobs)
    made.kept = len(plan.parts) - made.made
    if not made.failures:
        downloads = Downloads(folder)
        links = _links(exhibits, films, downloads)
        facts = manifest(table, plan.parts, links, seconds, timeline, own)
        _write_site(folder, _first(table, plan.parts), own)
        write_facts(folder / DATA / WORKER, "worker", worker())
        write_packed_facts(folder / DATA / MANIFEST, "manifest", facts)
        _tidy(folder, plan.parts, downloads.names)
    made.seconds = time.monotonic() - started
    return made


def check_folder(folder: Path) -> None:
    """See to it that nothing else than a page is in the folder.

    Raises
    ------
    UsageError
        If there is.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file.", "a folder for the page.", "--out FOLDER")
    if (folder / DATA / MANIFEST).exists() or not folder.exists():
        return
    strange = next(
        iter(sorted(p.name for p in folder.iterdir() if p.name not in (DATA, FILES))), ""
    )
    if strange:
        raise UsageError(
            f"{folder} holds '{strange}' and no page.",
            "a new folder, an empty one, or one that holds a page.",
            f"--out {quoted(folder / 'gallery')}",
        )


def _links(
    exhibits: Sequence[ShownNetwork], films: Sequence[FilmFiles], downloads: Downloads
) -> dict[str, list[dict[str, Any]]]:
    """Files to download, by the name of their network; under the empty name those of all."""
    links: dict[str, list[dict[str, Any]]] = {"": []}
    shown = {network.path for network in exhibits}
    for network in exhibits:
        file = downloads.add(network.path, network.name)
        links[network.name] = [{"title": "trajectory", "files": [file]}]
    for film in films:
        entry = {
            "title": f"{film.film}, {film.title}",
            "files": [downloads.add(file) for file in film.files],
        }
        cast = set(film.trajectories)
        if cast >= shown and len(shown) > 1:
            links[""].append(entry)
            continue
        for network in exhibits:
            if network.path in cast:
                links[network.name].append(entry)
    return links


def _write_site(folder: Path, first: Mapping[str, Sequence[str]], own: Theme | None) -> None:
    """Write page, style and scripts."""
    files = site_files(first, own)
    for place, text in files.items():
        with whole_file(folder / place) as part:
            part.write_text(text, encoding="utf-8", newline="\n")
    for old in (*(folder / "script").glob("*.js"), *(folder / "style").glob("*.css")):
        if old.relative_to(folder).as_posix() not in files:  # of an earlier version
            old.unlink()


def _first(
    table: Sequence[Sequence[ShownNetwork]], parts: Mapping[str, str]
) -> dict[str, list[str]]:
    """The parts that are seen first, by the view; of one network see `open` in `page.js`."""

    def far(network: ShownNetwork) -> int:
        path = network.trajectory
        return 2 * abs(path.classes - OPENS) + (path.activation_label != "tanh")

    row, shown = min(
        ((row, network) for row in table for network in row), key=lambda found: far(found[1])
    )
    networks = {"table": table[0], "network": [shown, row[0]]}
    return {
        view: [parts[name] for name in ("clock", *dict.fromkeys(f"table-{n.name}" for n in found))]
        for view, found in networks.items()
    }


def _tidy(folder: Path, parts: Mapping[str, str], files: Sequence[str]) -> None:
    """Remove parts and files of an earlier page that this one does not use."""
    used = {folder / place for place in parts.values()} | {
        folder / DATA / MANIFEST,
        folder / DATA / WORKER,
    }
    used |= {folder / FILES / name for name in files}
    for place in (*(folder / DATA).glob("*.js"), *(folder / FILES).glob("*")):
        if place not in used and place.is_file():
            place.unlink()
