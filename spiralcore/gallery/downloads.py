"""Files that the page links: they lie beside it, so that the folder can be moved as it is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spiralcore.gallery.shown_networks import safe, unique
from spiralcore.registry.formats import named_format
from spiralcore.system.files import put, scratch_file

FOLDER = "files"


@dataclass
class Downloads:
    """Puts files into a folder of the page.

    Files are linked there where the disk allows it, so that they take no room twice, and copied
    elsewhere.

    Parameters
    ----------
    page
        The folder of the page.
    """

    page: Path
    _names: dict[Path, str] = field(default_factory=dict)

    def add(self, source: Path, stem: str = "") -> dict[str, Any]:
        """Put a file there, and tell where it is and how large.

        Parameters
        ----------
        source
            The file.
        stem
            What to call it, that of the file if left out.
        """
        suffix, film = source.suffix.lower(), named_format(source)
        if source not in self._names:
            taken = [name.removesuffix(suffix) for name in self.names]
            self._names[source] = unique(safe(stem or source.stem), taken) + suffix
            _place(source, self.page / FOLDER / self._names[source])
        place = f"{FOLDER}/{self._names[source]}"
        kind = suffix.lstrip(".") if film is None else film.name
        return {"kind": kind, "place": place, "bytes": source.stat().st_size}

    @property
    def names(self) -> Sequence[str]:
        """All files that were put there."""
        return list(self._names.values())


def _place(source: Path, target: Path) -> None:
    """Link a file, or copy it; it appears whole or not at all."""
    with suppress(OSError):
        if source.samefile(target):
            return
    with scratch_file(target.parent, target.suffix) as part:
        part.unlink()
        try:
            os.link(source, part)
        except OSError:
            shutil.copyfile(source, part)
        put(part, target)
