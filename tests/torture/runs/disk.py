"""A small disk of one's own, to fill and to lock; for root on Linux only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

MEGABYTES = 64

BALLAST = ".ballast"


class Disk:
    """A tmpfs that is mounted at a folder while the context lasts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / BALLAST

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        _command("mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "none", self.folder)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _command("umount", "--lazy", self.folder)

    def leave(self, area: int | None) -> None:
        """Fill the disk up to so many bytes; None makes all room again."""
        self._ballast.unlink(missing_ok=True)
        if area is not None:
            about = os.statvfs(self.folder)
            size = max(about.f_bavail * about.f_frsize - area, 0)
            with self._ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, size) if size else None

    def lock(self, read_only: bool) -> None:
        """Let nobody write, or everybody."""
        _command("mount", "-o", f"remount,{'ro' if read_only else 'rw'}", self.folder)


def why_no_disk() -> str:
    """Why there can be no `Disk` here; an empty text where there can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "mounting a small disk takes root on Linux"
    tried = subprocess.run(
        ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return "" if tried.returncode == 0 else f"no disk can be mounted here: {tried.stderr.strip()}"


def _command(*words: str | Path) -> None:
    subprocess.run(list(map(str, words)), check=True, capture_output=True)
