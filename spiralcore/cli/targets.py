"""What films can be exported to, by name."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spiralcore.extras import POWERPOINT, Work
from spiralcore.registry.formats import OUTPUT_FORMATS
from spiralcore.talk.deck import DeckDesign
from spiralcore.video.request import FilmOrder


@dataclass(frozen=True)
class Target:
    """Something that films can be exported to.

    Attributes
    ----------
    about
        One line for people.
    formats
        Files of each film that it is made of. All are made in one pass.
    assembler
        ``"module:function"`` where there is more to do than to make these files: it puts all
        films of a call together. Called as ``function(orders, path, design)``, with the `FilmOrder`
        of each film, whose files are there, the path of the file to make, and how it looks.
    is_script
        Whether it is what to read aloud to each film, for which no film is made.
    is_designed
        Whether it has a design, of which one may say more.
    works
        What has to be possible for that.
    """

    about: str
    formats: tuple[str, ...]
    assembler: str = ""
    works: tuple[Work, ...] = ()
    is_designed: bool = False
    is_script: bool = False

    def assemble(self, orders: Sequence[FilmOrder], path: Path, design: DeckDesign) -> None:
        """Put films together."""
        module, name = self.assembler.split(":")
        function: Any = getattr(importlib.import_module(module), name)
        function(orders, path, design)


TARGETS = {
    **{name: Target(entry.about, (name,)) for name, entry in OUTPUT_FORMATS.items()},
    "pptx": Target(
        "PowerPoint: all films of a call, one a slide, with speaker notes",
        ("mp4", "png"),
        "spiralcore.talk.assembly:assemble_powerpoint",
        (POWERPOINT,),
        is_designed=True,
    ),
    "html": Target(
        "the same as one page for any browser, with reveal.js inside",
        ("mp4", "png"),
        "spiralcore.talk.assembly:assemble_page",
    ),
    "script": Target(
        "what to read aloud to a film, one sentence a caption, for --narration", (), is_script=True
    ),
}
"""Decks have an assembler."""
