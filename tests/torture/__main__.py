"""`make torture`: everything that should not hurt, for hours, and docs/reliability.md of it.

Parts can be named to run these only: `python -m tests.torture killed full`. With `--short` each
takes seconds and the page stays as it is. The exit code is 1 if anything did not hold.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.torture.page import VERDICTS, renew
from tests.torture.parts import PARTS, Row


def main(arguments: Sequence[str] | None = None) -> int:
    """Run parts, print their rows as they come, and renew the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--short", action="store_true", help="seconds; the page stays as it is")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.parts if name not in PARTS]
    if unknown:
        parser.error(f"there is no part '{unknown[0]}'; there are {', '.join(PARTS)}")
    failed = 0
    for name in given.parts or PARTS:
        print(f"{name}: {PARTS[name].about}", flush=True)
        started = time.monotonic()
        rows: list[Row] = []
        with tempfile.TemporaryDirectory(prefix="spiralcore-torture-") as folder:
            for row in PARTS[name].run(Path(folder), given.short):
                rows.append(row)
                verdict = f" ({VERDICTS[row.held].strip('*')})" if row.held is not None else ""
                print(f"  {row.what}: {row.found}{verdict}", flush=True)
        failed += sum(row.held is False for row in rows)
        if not given.short:
            renew(name, rows, time.monotonic() - started)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
