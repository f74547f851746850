"""Jobs that workers of another machine do in tests."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from spiralcore.errors import HelperDiedError, UsageError
from spiralcore.system.engine import Report


def joined(sources: tuple[Path, ...], path: Path, more: Path, report: Report) -> list[str]:
    """Join files, and say what they are called where the work is done."""
    path.write_bytes(b"".join(source.read_bytes() for source in sources))
    if len(sources) > 1:
        more.write_bytes(b"several")
    return [source.name for source in sources]


def idle(path: Path, report: Report) -> None:
    """Make nothing of what should be made."""


def refuse(source: Path, report: Report) -> None:
    """Find something wrong with a file."""
    raise UsageError(f"{source} is empty.", "a full one.", f"fill {source}")


def stumble(report: Report) -> None:
    """Do what nobody has foreseen."""
    raise ZeroDivisionError("by hand")


def die(report: Report) -> None:
    """End as one does that is killed."""
    os.kill(os.getpid(), signal.SIGKILL)


def helped(marker: str, report: Report) -> str:
    """Lose a helper, such as an encoder, the first time."""
    place = Path(marker)
    if not place.exists():
        place.touch()
        raise HelperDiedError("ffmpeg was ended by a signal (exit code -9).")
    return "helped"


def patient(report: Report) -> None:
    """Work for some seconds, and say how far it is."""
    for done in range(30):
        report(done / 30)
        time.sleep(0.1)


def endless(marker: str, report: Report) -> None:
    """Work until nobody waits for it any more."""
    place = Path(marker)
    place.touch()
    try:
        while True:
            report(0.5)
            time.sleep(0.05)
    finally:
        place.rename(place.with_suffix(".ended"))
