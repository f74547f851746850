"""Runs the tests of data, trajectory and analysis and fails where they run too little of these.

What they run is written into docs/reliability.md.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.torture.page import renew
from tests.torture.parts import Row

ROOT = Path(__file__).parents[1]
ROOMS = ("data", "trajectory", "analysis")
LINES, BRANCHES = 95.0, 90.0


def main() -> int:
    """Test each room by the tests of these rooms alone; print and write a line for each."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "coverage.json")
        tested = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", *(f"tests/{room}" for room in ROOMS)),
                *(f"--cov=spiralcore.{room}" for room in ROOMS),
                *("--cov-branch", "--cov-report=term-missing:skip-covered"),
                f"--cov-report=json:{report}",
            ],
            cwd=ROOT,
            check=False,
        )
        if tested.returncode:
            return tested.returncode
        files = json.loads(report.read_text(encoding="utf-8"))["files"]
    rows = []
    for room in ROOMS:
        parts = [
            file["summary"]
            for name, file in files.items()
            if name.startswith(f"spiralcore/{room}/")
        ]
        lines = share(parts, "covered_lines", "num_statements")
        branches = share(parts, "covered_branches", "num_branches")
        found = f"{lines:.1f} % of {sum(part['num_statements'] for part in parts):,} lines, "
        found += f"{branches:.1f} % of {sum(part['num_branches'] for part in parts):,} branches"
        print(f"{room}: {found}")
        rows.append(Row(f"`spiralcore/{room}`", found, lines > LINES and branches > BRANCHES))
    renew("coverage", rows, time.monotonic() - start)
    enough = all(row.held for row in rows)
    if not enough:
        print(f"wanted: more than {LINES:.0f} % and {BRANCHES:.0f} %")
    return 0 if enough else 1


def share(parts: list[dict[str, int]], covered: str, there: str) -> float:
    """A part of many files together, in percent."""
    return 100 * sum(part[covered] for part in parts) / sum(part[there] for part in parts)


if __name__ == "__main__":
    sys.exit(main())
