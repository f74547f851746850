"""What stands above the cell of a network."""

from __future__ import annotations

from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.words import Words, text_width
from spiralcore.stage.panels.numbers import accuracy_counter
from spiralcore.trajectory.play.playback import Playback

NAME, COUNT, LEAST = 28.0, 36.0, 24.0
"""Font sizes of the name of a network, of a class count, and of what is small."""


def cell_label(film: Film, playback: Playback, name: str, box: Box) -> None:
    """Class count, name and accuracy of a network, as far as there is room above its cell."""
    text, theme, y = film.text(1.0), film.theme, box.top - 12
    count, large, size = str(playback.trajectory.classes), COUNT * text, NAME * text
    x = box.left + text_width(count, large, "bold") + 12 * text
    free = box.right - x
    if text_width(name, size) > free:
        size = max(size * free / text_width(name, size), film.text(LEAST))
    named, number = text_width(name, size), text_width("100.0 %", size)
    film.place(Words(count, box.left, y, large, theme.ink, weight="bold"))
    if named <= free:
        film.place(Words(name, x, y, size, theme.faint))
        x += named
    if x + 16 + number <= box.right:
        film.place_live(*accuracy_counter(film, playback, box.right, y, size))
