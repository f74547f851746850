"""A copy of the sources to add something to, and what CONTRIBUTING says of additions."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from tests import warm

ROOT = Path(__file__).parents[2]

SOURCES = ("spiralcore", "scenes", "pyproject.toml", "README.md", "LICENSE")


class Tree:
    """A copy of the sources, in which somebody adds something.

    Parameters
    ----------
    folder
        Where it is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in SOURCES:
            if (ROOT / name).is_dir():
                # With what Python and numba have compiled, which is right for files of this age.
                shutil.copytree(ROOT / name, folder / name)
            else:
                shutil.copy(ROOT / name, folder / name)
        # Where an installed package has its films.
        (folder / "spiralcore" / "scenes").symlink_to(folder / "scenes")
        self.touched: set[str] = set()

    def write(self, name: str, text: str) -> None:
        """Add a file."""
        assert not (self.folder / name).exists()
        (self.folder / name).write_text(text)
        self.touched.add(re.sub(r"[^/]+(?=\.py$)", "NAME", name))

    def edit(self, name: str, before: str, after: str) -> None:
        """Change a file at one place."""
        text = (self.folder / name).read_text()
        assert text.count(before) == 1, (name, before)
        (self.folder / name).write_text(text.replace(before, after))
        self.touched.add(name)

    def run(self, *arguments: str) -> str:
        """What `spiral` says there."""
        return self.python("-m", "spiralcore.cli", *arguments)

    def refused(self, *arguments: str) -> str:
        """What `spiral` says there of a mistake."""
        ran = self._ran("-m", "spiralcore.cli", *arguments)
        assert ran.returncode == 2, ran.stderr
        return ran.stderr

    def python(self, *arguments: str) -> str:
        """What Python says there."""
        ran = self._ran(*arguments)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def failed(self, *arguments: str) -> str:
        """With what Python ends there."""
        ran = self._ran(*arguments)
        assert ran.returncode == 1, ran.stderr
        return ran.stderr.splitlines()[-1]

    def _ran(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return warm.run(*arguments, folder=self.folder, variables={"PYTHONPATH": str(self.folder)})


def named(addition: str) -> set[str]:
    """The files that CONTRIBUTING names for an addition."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    entry = re.search(rf"^- \*\*{addition}\*\*[^:]*:(.*?)(?=^- \*\*|^$)", text, re.M | re.S)
    assert entry is not None
    return set(re.findall(r"`([\w./-]+/[\w.-]+|pyproject.toml)`", entry[1]))
