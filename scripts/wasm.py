"""Compiles the core that trains in the page: ``python -m scripts.wasm``.

It takes clang and lld of Debian, which nobody needs who does not change the core: what comes of it
is in the repository, beside its source.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "spiralcore" / "gallery" / "worker"
SOURCE, COMPILED = FOLDER / "core.c", FOLDER / "core.wasm"

VERSION = "14"
"""Of clang; another one may give another file, which computes the same."""

FLAGS = (
    "--target=wasm32", "-O3", "-fno-unroll-loops", "-msimd128", "-ffreestanding", "-nostdlib",
    "-ffp-contract=off", "-Wall", "-Wextra", "-Werror",
    "-Wl,--no-entry", "-Wl,--export=__heap_base", "-Wl,--strip-all",
)  # fmt: skip
"""Sums and products are not contracted, so that each is rounded as IEEE 754 says."""


def compiler() -> str:
    """The compiler, if it is here with its linker and of the right version; else nothing."""
    if not shutil.which("wasm-ld"):
        return ""
    for name in (f"clang-{VERSION}", "clang"):
        if shutil.which(name):
            said = subprocess.run([name, "--version"], capture_output=True, text=True, check=True)
            if f"version {VERSION}." in said.stdout:
                return name
    return ""


def compiled(clang: str) -> bytes:
    """What the source gives."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / COMPILED.name
        # By its name alone: paths would be a part of messages.
        subprocess.run([clang, *FLAGS, "-o", target, SOURCE.name], cwd=FOLDER, check=True)
        return target.read_bytes()


def main() -> int:
    """Compile it."""
    clang = compiler()
    if not clang:
        print(f"clang {VERSION} is not here: apt-get install clang lld", file=sys.stderr)
        return 1
    COMPILED.write_bytes(compiled(clang))
    return 0


if __name__ == "__main__":
    sys.exit(main())
