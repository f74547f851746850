"""What stands above the cell of a network."""

from __future__ import annotations

from collections.abc import Sequence

from spiralcore.stage.film import Film
from spiralcore.stage.layout.box import Box
from spiralcore.stage.marks.words import Words, text_width
from spiralcore.stage.panels.numbers import accuracy_counter
from spiralcore.trajectory.play.playback import Playback

NAME, COUNT = 28.0, 44.0
"""Font sizes of the name of a network, of a class count, and of what is small."""


def names_once(names: Sequence[str], boxes: Sequence[Box]) -> list[str]:
    """Names of cells, without those that the next cell at the left or above has, too."""

    def before(one: Box) -> list[str]:
        row = [(box.left, name) for name, box in zip(names, boxes, strict=True)
               if abs(box.top - one.top) < 1 and box.left < one.left]  # fmt: skip
        column = [(box.top, name) for name, box in zip(names, boxes, strict=True)
                  if abs(box.left - one.left) < 1 and box.top < one.top]  # fmt: skip
        return [max(found)[1] for found in (row, column) if found]

    return ["" if name in before(box) else name for name, box in zip(names, boxes, strict=True)]


def cell_label(film: Film, playback: Playback, name: str, box: Box, *, counts: bool) -> None:
    """Class count, name and accuracy of a network, as far as there is room above its cell.

    Parameters
    ----------
    film, playback, box
        Of the cell.
    name
        Of the network; nothing where another cell says it.
    counts
        Whether the class count is said, too.
    """
    text, theme, y = film.text_scale, film.theme, box.top - 12
    count, large, size = str(playback.trajectory.classes), COUNT * text, film.text(NAME)
    x = box.left + (text_width(count, large, "bold") + 12 * text if counts else 0.0)
    free = box.right - x
    if text_width(name, size) > free:
        size = max(size * free / text_width(name, size), film.text())
    named, number = text_width(name, size), text_width("100.0 %", size)
    if counts:
        film.place(Words(count, box.left, y, large, theme.ink, weight="bold"))
    if name and named <= free:
        film.place(Words(name, x, y, size, theme.faint))
        x += named
    if x + 16 + number <= box.right:
        film.place_live(*accuracy_counter(film, playback, box.right, y, size))
