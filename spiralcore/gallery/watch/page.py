"""What `spiral watch` serves: the explorer, and what it asks for again and again."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from spiralcore.gallery.playground import single_page
from spiralcore.gallery.watch.loopback import Answer, Loopback
from spiralcore.gallery.watch.watched_file import WatchedFile
from spiralcore.system.printable import printable

PLACE = "now"

EVERY = 1000
"""Milliseconds between two questions of the page."""


def watching(path: Path, port: int, token: str) -> tuple[Loopback, WatchedFile]:
    """A server with the explorer of a file, not started yet.

    Raises
    ------
    TrajectoryError
        If there is a file, and it is no trajectory.
    UsageError
        If it cannot be drawn, or the port cannot be used.
    """
    file = WatchedFile(path)
    name = printable(path.name)
    facts = {"only": "network", "watched": {"name": name, "place": PLACE, "every": EVERY}}
    script = (resources.files("spiralcore.gallery.watch") / "watching.js").read_text("utf-8")
    html = single_page(facts, scripts=[script], connects="'self'")
    page = Answer(html.encode(), "text/html; charset=utf-8")
    return Loopback({"": lambda known: page, PLACE: file}, port, token), file
