"""Makes the small films of the site's gallery: `python -m scripts.site_films [FILM ...]`.

The commands are those of the page, with a smaller picture and less time. They run in
``build/films``, where what is there is kept; the films go to ``docs/media/films``.
"""

from __future__ import annotations

import argparse
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from docs.conf import film_line
from scripts.installing import ROOT
from spiralcore.registry.films import FILMS

PAGE = ROOT / "docs" / "films.md"
WORK = ROOT / "build" / "films"
MEDIA = ROOT / "docs" / "media" / "films"
SMALL = ["--quality", "360p15", "--seconds", "6", "--max-size", "130kB"]
OF_SHOTS = ["--quality", "288p10", "--seconds", "16", "--max-size", "420kB"]
"""Of a film of many shots, whose lines have to be read."""


def made(line: str) -> Path | None:
    """The file that a command of the page makes."""
    found = re.search(r"(?:--out|>) (\S+)", line)
    return WORK / found[1] if found else None


def run(line: str, *more: str) -> None:
    """Run a command of the page."""
    words = shlex.split(line.partition(" >")[0])[1:]
    command = [sys.executable, "-m", "spiralcore", *words, *more]
    if " >" in line and (target := made(line)):
        target.write_bytes(
            subprocess.run(command, cwd=WORK, check=True, capture_output=True).stdout
        )
    else:
        subprocess.run(command, cwd=WORK, check=True)


def main() -> None:
    """Make what is missing of the networks, and the films that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("films", nargs="*", choices=[[], *FILMS], help="all where none is named")
    named = parser.parse_args().films or list(FILMS)
    WORK.mkdir(parents=True, exist_ok=True)
    MEDIA.mkdir(parents=True, exist_ok=True)
    for line in re.findall(r"(?m)^    (spiral .*)$", PAGE.read_text("utf-8")):
        if not ((target := made(line)) and target.exists()):
            run(line)
    for name in named:
        line = film_line(FILMS[name]).replace("spiral render", "spiral export")
        run(f"{line} --to mp4", *(OF_SHOTS if FILMS[name].in_shots else SMALL))
        shutil.copy(WORK / f"{name}.mp4", MEDIA)


if __name__ == "__main__":
    main()
