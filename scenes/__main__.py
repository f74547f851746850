"""Says where the films are, for Manim's own command.

``manim render "$(python -m spiralcore.scenes bending)" Bending``; without a film the folder.
"""

from __future__ import annotations

import sys
from pathlib import Path

from spiralcore.errors import UsageError
from spiralcore.registry.films import film_entry


def place(names: list[str]) -> Path:
    """The file of a film, or the folder of all.

    Raises
    ------
    UsageError
        If there is no such film, or more than one is named.
    """
    folder = Path(__file__).parent
    if not names:
        return folder
    if len(names) > 1:
        raise UsageError(
            f"Found {len(names)} films.", "one, or none.", "python -m spiralcore.scenes bending"
        )
    return folder / f"{film_entry(names[0]).name}.py"


if __name__ == "__main__":
    try:
        print(place(sys.argv[1:]))
    except UsageError as error:
        print(f"spiral: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
