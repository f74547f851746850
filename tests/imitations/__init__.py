"""Other systems, imitated on this one, for tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def on_windows(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run code, or ``-m`` and a module with its arguments, on an imitated Windows."""
    return subprocess.run(
        words_on_windows(*words), cwd=folder, capture_output=True, encoding="cp1252", check=False
    )


def words_on_windows(*words: str | Path) -> list[str]:
    """The command of `on_windows`, which works in any folder."""
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tests.imitations import windows"
    kind = words if words[0] == "-m" else ("-c", *words)
    return [sys.executable, "-c", f"{start}; windows.main()", *map(str, kind)]
