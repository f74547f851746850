"""A script to read: which sentence a speaker records into which file."""

from __future__ import annotations

from pathlib import Path

from spiralcore.errors import UsageError, harmless
from spiralcore.registry.films import film_entry
from spiralcore.registry.languages.catalogue import language
from spiralcore.system.files import whole_file
from spiralcore.talk.notes import title_of
from spiralcore.video.request import FilmOrder
from spiralcore.video.voice import SCRIPT_ENDING, file_name

ENDING = f"-script{SCRIPT_ENDING}"
"""How the name of a script ends, after that of the film."""

HEAD = """{title}: {count} sentences in {language}, of the film '{film}'.
Record each into a file of its own, called as it says before it (or .mp3, .m4a, .ogg, .flac), all in
one folder. Then the same command with --narration FOLDER makes the film with this voice.
"""


def script_text(order: FilmOrder) -> str:
    """A line for each caption: the name of a file, two spaces, and the sentence.

    Raises
    ------
    UsageError
        If the film has no captions.
    """
    film = order.opened(order.settings.model_copy(update={"spoken": ()}))
    captions = film.captions.captions
    if not captions:
        raise UsageError(
            f"The film '{order.film}' has no captions here that could be read.",
            "a film with captions, and no --no-captions.",
            "spiral films",
        )
    head = HEAD.format(
        title=title_of(film, film_entry(order.film)),
        count=len(captions),
        language=language(order.settings.language).name,
        film=order.film,
    )
    lines = [
        f"{file_name(number, len(captions))}  {' '.join(caption.text.split())}"
        for number, caption in enumerate(captions, 1)
    ]
    return harmless("\n".join([head, *lines, ""]))


def write_script(order: FilmOrder, path: Path) -> None:
    """Write the script of a film, see `script_text`."""
    text = script_text(order)
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
