"""What the files of snapshots are called: one name a snapshot, on every system.

Windows refuses some letters, and macOS takes ``Tanh`` and ``tanh``, or two ways to write ``é``, for
one file. What cannot be had as it is gets the beginning of its SHA-256.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from spiralcore.system.file_names import FORBIDDEN, key

ENDING = ".npz"

USUAL, RARE = "-", "+"
"""Between test and name. Names of tests become file names without a `RARE`, so that it settles what
would be the file of two tests: ``test_k[a]`` with the name ``b``, and ``test_k[a-b]``."""

LONGEST = 200
"""Bytes of a name at most."""


@dataclass(frozen=True)
class SnapshotNames:
    """The file names of one test.

    Attributes
    ----------
    folder
        Where its snapshots are.
    stem
        How their names begin.
    others
        How those of the other tests in that folder begin.
    former
        How its own once began, where that was the beginning of others, too.
    """

    folder: Path
    stem: str
    others: frozenset[str] = frozenset()
    former: str = ""

    def file(self, name: str) -> Path:
        """The file of the snapshot with that name; an empty one for the only snapshot."""
        if not name:
            return self.folder / f"{self.stem}{ENDING}"
        part = cleaned(name, LONGEST - len(self.stem.encode()) - len(USUAL))
        usual = f"{self.stem}{USUAL}{part}"
        longer = [other for other in self.others if len(other) > len(self.stem)]
        taken = any(begins(usual, other) for other in longer)
        stem = f"{self.stem}{RARE}{part}" if taken else usual
        return self.folder / f"{stem}{ENDING}"

    def former_file(self, name: str) -> Path | None:
        """The file that it once was, if that is there and it is another one now."""
        ending = f"{USUAL}{name}" if name else ""
        path = self.folder / f"{self.former or self.stem}{ending}{ENDING}"
        try:
            return path if path != self.file(name) and path.is_file() else None
        except (OSError, ValueError):
            return None  # no file could ever have been called that


def module_folder(module: Path) -> str:
    """What the folder for the snapshots of a module is called."""
    return cleaned(module.stem, LONGEST)


def evidence_folder(module: Path, root: Path) -> Path:
    """Where evidence for a module belongs, within a folder for that of a whole project."""
    try:
        place = module.parent.relative_to(root)
    except ValueError:  # a module outside of the project
        place = Path(hashlib.sha256(os.fsencode(module.parent)).hexdigest()[:8])
    return place / module_folder(module)


def cleaned(name: str, most: int) -> str:
    """A name that is one part of a file name on every system.

    Parameters
    ----------
    name
        Any text.
    most
        Bytes of the result at most.
    """
    text = unicodedata.normalize("NFC", name)
    plain = "".join("-" if a in FORBIDDEN or not a.isprintable() else a for a in text).strip(" .")
    if plain == text and len(plain.encode()) <= most:
        return plain
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    short = plain.encode()[: max(most - len(digest) - 1, 0)].decode(errors="ignore").strip(" .")
    return f"{short}-{digest}" if short else digest


def begins(stem: str, test: str) -> bool:
    """Whether a file of that stem could be a snapshot of a test, by the stem of the test."""
    whole, beginning = key(stem), key(test)
    return whole.startswith(beginning) and whole[len(beginning) :][:1] in ("", USUAL, RARE)


def twins(names: Iterable[str]) -> frozenset[str]:
    """Those of some names that are not the only one of their `key`."""
    seen: dict[str, list[str]] = {}
    for name in names:
        seen.setdefault(key(name), []).append(name)
    return frozenset(name for same in seen.values() if len(same) > 1 for name in same)
