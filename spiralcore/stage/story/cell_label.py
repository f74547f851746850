"""What stands above the cell of a network."""

from __future__ import annotations

from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.words import Words, text_width
from spiralcore.stage.panels.numbers import accuracy_counter
from spiralcore.trajectory.play.playback import Playback

NAME, COUNT = 28.0, 44.0
"""Font sizes of the name of a network, of a class count, and of what is small."""


def cell_label(film: Film, playback: Playback, name: str, box: Box) -> None:
    """Class count, name and accuracy of a network, as far as there is room above its cell."""
    text, theme, y = film.text_scale, film.theme, box.top - 12
    count, large, size = str(playback.trajectory.classes), COUNT * text, film.text(NAME)
    x = box.left + text_width(count, large, "bold") + 12 * text
    free = box.right - x
    if text_width(name, size) > free:
        size = max(size * free / text_width(name, size), film.text())
    named, number = text_width(name, size), text_width("100.0 %", size)
    film.place(Words(count, box.left, y, large, theme.ink, weight="bold"))
    if named <= free:
        film.place(Words(name, x, y, size, theme.faint))
        x += named
    if x + 16 + number <= box.right:
        film.place_live(*accuracy_counter(film, playback, box.right, y, size))
