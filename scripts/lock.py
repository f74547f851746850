"""Writes the locks: every package that `make setup` installs, with the hashes of its files.

``python -m scripts.lock`` keeps every version that still fits ``pyproject.toml`` and adds what is
new there; ``--upgrade`` takes the newest of everything. It resolves for every Python and for
Linux and macOS at once, and then writes ``docs/licences.md`` for what it found.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import product
from pathlib import Path
from urllib.parse import unquote, urlsplit

from packaging.markers import Marker

from scripts import installing

ROOT = Path(__file__).parents[1]
LOCKS = ROOT / "locks"
PACKAGES, TORCH, CUDA, BUILD = (
    LOCKS / f"{name}.lock" for name in ("packages", "torch", "cuda", "build")
)

ON_DEMAND = {extra: LOCKS / f"{extra}.lock" for extra in ("docs", "release", "lab")}
"""Extras of people who work on the code that `make setup` leaves out, each with a lock of its own
for what it needs beside the packages."""

INTEGRATIONS = LOCKS / "integrations.lock"
"""What the frameworks need that trainings are recorded of, beside the packages: for
`make test-integrations`, in an environment of its own."""

FRAMEWORKS = ("flax", "keras", "lightning", "sklearn", "transformers")
"""Their extras."""

MACHINES = (
    ("linux", "Linux", "x86_64"),
    ("linux", "Linux", "aarch64"),
    ("darwin", "Darwin", "arm64"),
)
PYTHONS = tuple(f"{major}.{minor}" for major, minor in installing.PYTHONS)

HEADS = {
    PACKAGES: "What `make setup` installs on Linux and macOS (arm64), "
    f"Python {PYTHONS[0]} to {PYTHONS[-1]}.",
    TORCH: "One version of torch, in all builds that are known.",
    BUILD: "What builds those of the packages that come as source, and this one. Installed first.",
    CUDA: "What torch asks for where its wheel is one for CUDA. Installed only there.",
    INTEGRATIONS: "The frameworks of the integrations, beside the packages. "
    "For `make test-integrations`.",
    ON_DEMAND["docs"]: "What builds the site, beside the packages. For `make docs`.",
    ON_DEMAND["release"]: "What checks a release, beside the packages. For `make package`.",
    ON_DEMAND["lab"]: "A JupyterLab for the widget, beside the packages. For `make test-widget`.",
}


@dataclass(frozen=True)
class Pin:
    """One package of a lock."""

    name: str
    version: str
    marker: str = ""
    hashes: tuple[str, ...] = ()
    wanted_by: tuple[str, ...] = ()

    def text(self) -> str:
        """The lines of the lock."""
        marker = f" ; {self.marker}" if self.marker else ""
        lines = [f"{self.name}=={self.version}{marker}", *(f"    --hash={h}" for h in self.hashes)]
        return " \\\n".join(lines) + f"\n    # via {', '.join(self.wanted_by)}"

    def fits(self, environment: dict[str, str]) -> bool:
        """Whether a machine installs it."""
        return not self.marker or Marker(self.marker).evaluate(environment)


def environments() -> Iterator[dict[str, str]]:
    """What markers are asked about, for each machine and Python that the locks are for."""
    for (sys_platform, system, machine), python in product(MACHINES, PYTHONS):
        yield {
            "sys_platform": sys_platform,
            "platform_system": system,
            "platform_machine": machine,
            "python_version": python,
            "python_full_version": f"{python}.9",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "os_name": "posix",
        }


def parse(text: str) -> list[Pin]:
    """The packages of a lock, or of what uv writes."""
    pins: list[Pin] = []
    for line in text.splitlines():
        if found := re.match(r"([\w.-]+)==([^\s;]+)(?: ; (.*?))?(?: \\)?$", line):
            pins.append(Pin(found[1], found[2], found[3] or ""))
        elif found := re.match(r"\s+--hash=(sha256:[0-9a-f]{64})", line):
            pins[-1] = replace(pins[-1], hashes=(*pins[-1].hashes, found[1]))
        elif (found := re.match(r"\s+#(?: via)? +(\w.*)", line)) and found[1] != "via":
            wanted = tuple(name.partition(" ")[0] for name in found[1].split(", "))
            pins[-1] = replace(pins[-1], wanted_by=(*pins[-1].wanted_by, *wanted))
    return pins


def compiled(*options: str, constraints: Sequence[Path] = (), kept: str = "") -> list[Pin]:
    """Let uv resolve for all machines at once; versions in `kept` stay where they can."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder, "resolved.txt")
        result.write_text(kept, encoding="utf-8")
        subprocess.run(
            [
                str(Path(sys.executable).with_name("uv")),
                *("pip", "compile", "--quiet", "--universal", "--python-version", PYTHONS[0]),
                *("--generate-hashes", "--no-header", "--output-file", str(result)),
                *(f"--constraint={path}" for path in constraints),
                *options,
            ],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        found = parse(result.read_text(encoding="utf-8"))
    return [pin for pin in found if any(pin.fits(place) for place in environments())]


def only_for_cuda(pins: list[Pin]) -> set[str]:
    """Names of what nothing but torch asks for, directly or not, and on Linux only."""
    cuda: set[str] = set()
    while True:
        more = {
            pin.name
            for pin in pins
            if pin.wanted_by
            and set(pin.wanted_by) <= cuda | {"torch"}
            and "sys_platform == 'linux'" in pin.marker
        }
        if more == cuda:
            return cuda
        cuda = more


def here(pin: Pin) -> str | None:
    """Hash of the file that pip would take for a package on this machine, if it is quick to tell.

    A machine may have files of its own (a torch without CUDA, say) of which the index knows
    nothing.
    """
    report = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--dry-run", "--no-deps", "--ignore-installed", "--report", "-"),
            f"{pin.name}=={pin.version}",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    taken = json.loads(report.stdout)["install"][0]["download_info"]
    if taken["url"].startswith("file:"):
        data = Path(unquote(urlsplit(taken["url"]).path)).read_bytes()
        return f"sha256:{sha256(data).hexdigest()}"
    found = taken.get("archive_info", {}).get("hashes", {}).get("sha256")
    return f"sha256:{found}" if found else None


def with_known_files(pins: list[Pin], old: list[Pin]) -> list[Pin]:
    """Add further hashes of the same version: those of the old lock, and of torch here."""
    known = {(pin.name, pin.version): pin.hashes for pin in old}
    complete = []
    for pin in pins:
        hashes = {*pin.hashes, *known.get((pin.name, pin.version), ())}
        if pin.name == "torch" and (mine := here(pin)):
            hashes.add(mine)
        complete.append(replace(pin, hashes=tuple(sorted(hashes))))
    return complete


def write(path: Path, pins: list[Pin]) -> None:
    """Write a lock."""
    head = f"# {HEADS[path]}\n# Made by `make lock` from pyproject.toml.\n"
    path.parent.mkdir(exist_ok=True)
    path.write_text(head + "".join(pin.text() + "\n" for pin in pins), encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {len(pins)} packages")


def main() -> None:
    """Write the locks and the page of licences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="newest versions of everything")
    upgrade = parser.parse_args().upgrade
    locks = (PACKAGES, TORCH, CUDA, BUILD, *ON_DEMAND.values(), INTEGRATIONS)
    texts = {path: path.read_text() if path.exists() else "" for path in locks}
    old = parse("".join(texts.values()))
    kept = "" if upgrade else texts[PACKAGES] + texts[TORCH] + texts[CUDA]
    pins = compiled("--extra", "dev", "pyproject.toml", kept=kept)
    pins = with_known_files(pins, old)
    cuda = only_for_cuda(pins)
    write(PACKAGES, [pin for pin in pins if pin.name not in {"torch", *cuda}])
    write(TORCH, [pin for pin in pins if pin.name == "torch"])
    write(CUDA, [pin for pin in pins if pin.name in cuda])
    tools = compiled(
        "--group", "build", constraints=[PACKAGES], kept="" if upgrade else texts[BUILD]
    )
    write(BUILD, with_known_files(tools, old))
    there, before = {pin.name for pin in pins}, [PACKAGES]
    for extra, lock in ON_DEMAND.items():
        kept = "" if upgrade else texts[lock]
        more = compiled("--extra", extra, "pyproject.toml", constraints=before, kept=kept)
        write(lock, with_known_files([pin for pin in more if pin.name not in there], old))
        before.append(lock)
    asked = [word for extra in FRAMEWORKS for word in ("--extra", extra)]
    kept = "" if upgrade else texts[INTEGRATIONS]
    more = compiled(*asked, "pyproject.toml", constraints=[PACKAGES, TORCH, CUDA], kept=kept)
    write(INTEGRATIONS, with_known_files([pin for pin in more if pin.name not in there], old))
    subprocess.run([sys.executable, "-m", "scripts.licences"], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
